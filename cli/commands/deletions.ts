/** Commands over deletions that were stopped, and over records that wait for another one. */
import type { Command } from 'commander';
import {
  confirmDeletions,
  dismissDeletions,
  listBreakers,
  listWaiting,
} from '../../plant/exceptions/waiting.ts';
import { decide, json, look, none, readEntity, type OutputOptions } from '../person.ts';

export function addDeletionCommands(program: Command): void {
  const deletions = program
    .command('deletions')
    .description('deletions at a vendor that were too many to be carried out unasked');
  deletions
    .command('list')
    .description('what was stopped, by connection and entity')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listBreakers, (rows) => [
        ...none(rows, 'No deletions are stopped.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.entity}  ${String(row.externalIds.length)} of ${String(row.total)} gone  policy ${row.deletePolicy}  since ${row.openedAt.toISOString()}`,
        ),
      ]),
    );
  deletions
    .command('confirm')
    .argument('<connection>')
    .argument('<entity>')
    .addOption(json())
    .description('they are gone: carries out the policy for exactly those listed')
    .action((connection: string, entity: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => confirmDeletions(deps, { connection, entity: readEntity(entity) }),
        ({ gone, returned }) => [
          `${String(gone.length)} records are gone${returned.length === 0 ? '' : `; ${String(returned.length)} were seen again and stay`}.`,
        ],
      ),
    );
  deletions
    .command('dismiss')
    .argument('<connection>')
    .argument('<entity>')
    .addOption(json())
    .description('they are not gone: the sweeps count anew')
    .action((connection: string, entity: string, options: OutputOptions) =>
      decide(
        options,
        (deps) => dismissDeletions(deps, { connection, entity: readEntity(entity) }),
        ({ kept }) => [`${String(kept.length)} records stay.`],
      ),
    );
}

export function addParkedCommand(program: Command): void {
  program
    .command('parked')
    .description('records that wait for another one, and for which')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listWaiting, (rows) => [
        ...none(rows, 'Nothing waits for another record.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.direction}  ${row.entity} ${row.subject} waits for ${row.waitsEntity} ${row.waitsFor}  since ${row.since.toISOString()}`,
        ),
      ]),
    );
}
