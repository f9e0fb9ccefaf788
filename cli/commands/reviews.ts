/** Commands over matches and creates that a person decides. */
import type { Command } from 'commander';
import { denyAmbiguousCreate, listAmbiguousCreates } from '../../plant/exceptions/ambiguous-creates.ts';
import { allowCreates, listStoppedCreates, whyStopped } from '../../plant/exceptions/stopped-creates.ts';
import type { AmbiguousCreateRow } from '../../store/exceptions/review-list.ts';
import { acceptReview, listReviews, rejectReview, type Review } from '../../plant/exceptions/reviews.ts';
import {
  decide,
  json,
  listOptions,
  look,
  none,
  readEntity,
  scopeOf,
  shown,
  type ListOptions,
  type OutputOptions,
} from '../person.ts';

export function addReviewCommands(program: Command): void {
  const reviews = program
    .command('reviews')
    .description('vendor records that may be one of several hub records');
  listOptions(reviews.command('list').description('each with its candidates side by side')).action(
    (options: ListOptions) =>
      look(
        options,
        (deps) => listReviews(deps, scopeOf(options)),
        (rows) => [...none(rows, 'No match waits for a person.'), ...rows.flatMap(reviewLines)],
      ),
  );
  reviews
    .command('accept')
    .argument('<connection>')
    .argument('<external-id>')
    .argument('<number>', 'the hub record it is')
    .option('--entity <entity>', 'when two entities share the id')
    .addOption(json())
    .description('links the two')
    .action((connection: string, externalId: string, number: string, options: ListOptions) =>
      decide(
        options,
        (deps) => acceptReview(deps, { connection, externalId, number, ...entityOf(options) }),
        (done) => [`${done.externalId} is ${done.number}.`],
      ),
    );
  reviews
    .command('reject')
    .argument('<connection>')
    .argument('<external-id>')
    .option('--entity <entity>', 'when two entities share the id')
    .addOption(json())
    .description('makes it a hub record of its own')
    .action((connection: string, externalId: string, options: ListOptions) =>
      decide(
        options,
        (deps) => rejectReview(deps, { connection, externalId, ...entityOf(options) }),
        (done) => [`${done.externalId} is a record of its own: ${done.number}.`],
      ),
    );
}

/** One column a record, the vendor's first. */
function reviewLines(review: Review): string[] {
  const columns = [review.fields ?? {}, ...review.candidates.map(({ fields }) => fields)];
  const names = [...new Set(columns.flatMap((fields) => Object.keys(fields)))].sort();
  const heads = review.candidates.map(
    ({ number, linkedTo }) => `${number}${linkedTo === null ? '' : ` (linked with ${linkedTo} already)`}`,
  );
  const number = review.record.number === null ? '' : ` (${review.record.number})`;
  return [
    `${review.connection}  ${review.entity} ${review.externalId}${number} | ${heads.join(' | ')}`,
    ...names.map((name) => `  ${name}: ${columns.map((fields) => shown(fields[name])).join(' | ')}`),
  ];
}

export function addCreateCommands(program: Command): void {
  const creates = program
    .command('creates')
    .description(
      'creates with an unknown outcome: several vendor records may be it, or the system cannot be searched for it; and creates that are stopped',
    );
  creates
    .command('stopped')
    .description('creates that wait for your word, and why')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listStoppedCreates, (rows) => [
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
  creates
    .command('list')
    .description('each with the vendor records it may have become')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listAmbiguousCreates, (rows) => [
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

function entityOf({ entity }: ListOptions): Pick<ReturnType<typeof scopeOf>, 'entity'> {
  return entity === undefined ? {} : { entity: readEntity(entity) };
}
