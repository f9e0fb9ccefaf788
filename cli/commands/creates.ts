/** Commands over creates that a person decides: those with an unknown outcome, and those that were stopped. */
import type { Command } from 'commander';
import { denyAmbiguousCreate, listAmbiguousCreates } from '../../plant/exceptions/ambiguous-creates.ts';
import { acceptReview } from '../../plant/exceptions/reviews.ts';
import { allowCreates, listStoppedCreates, whyStopped } from '../../plant/exceptions/stopped-creates.ts';
import type { AmbiguousCreateRow } from '../../store/exceptions/review-list.ts';
import { decide, json, lookInStore, none, readEntity, type OutputOptions } from '../person.ts';

export function addCreateCommands(creates: Command): void {
  addStoppedCommands(creates);
  addAmbiguousCommands(creates);
}

function addStoppedCommands(creates: Command): void {
  creates
    .command('stopped')
    .description('creates that wait for your word, and why')
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, listStoppedCreates, (rows) => [
        ...none(rows, 'No creates are stopped.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.entity}  ${whyStopped(row)}  since ${row.openedAt.toISOString()}`,
        ),
      ]),
    );
  creates
    .command('allow')
    .argument('<connection>')
    .argument('<entity>')
    .addOption(json())
    .description(
      'as many as are stopped may be made, or the first reading was complete although it does not look so',
    )
    .action((connection: string, entity: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => allowCreates(deps, { connection, entity: readEntity(entity) }),
        ({ why, allowed }) => [
          why === 'too_many'
            ? `${String(allowed)} records may be created; the next pass does it.`
            : 'The next reading counts as complete; after it records are created there.',
        ],
      ),
    );
}

function addAmbiguousCommands(creates: Command): void {
  creates
    .command('list')
    .description('each with the vendor records it may have become')
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, listAmbiguousCreates, (rows) => [
        ...none(rows, 'No create waits for a person.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.entity} ${row.number}  ${candidatesOf(row)}  since ${row.intendedAt.toISOString()}`,
        ),
      ]),
    );
  creates
    .command('adopt')
    .argument('<connection>')
    .argument('<number>', 'the hub record')
    .argument('<external-id>', 'the vendor record that our create made')
    .addOption(json())
    .description('links the two')
    .action((connection: string, number: string, externalId: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => acceptReview(deps, { connection, externalId, number }),
        (done) => [`${done.externalId} is ${done.number}.`],
      ),
    );
  creates
    .command('none')
    .argument('<connection>')
    .argument('<number>', 'the hub record')
    .addOption(json())
    .description('it was not created: it is created now, and what was found becomes records of their own')
    .action((connection: string, number: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => denyAmbiguousCreate(deps, { connection, number }),
        (done) => [
          `${done.number} is created by the next pass.`,
          ...done.own.map((own) => `  ${own.externalId} is a record of its own: ${own.number}.`),
        ],
      ),
    );
}

function candidatesOf({ candidates }: AmbiguousCreateRow): string {
  if (candidates.length === 0) return 'not found, and nothing it could be found by: look for it there';
  return candidates
    .map(({ externalId, number }) => (number === null ? externalId : `${externalId} (${number})`))
    .join(', ');
}
