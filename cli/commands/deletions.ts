/** Commands over deletions that were stopped, and over records that wait for another one. */
import { Option, type Command } from 'commander';
import {
  confirmDeletions,
  dismissDeletions,
  listBreakers,
  listWaiting,
  type BreakerRequest,
} from '../../plant/exceptions/waiting.ts';
import { decide, json, lookInStore, none, readEntity, type OutputOptions } from '../person.ts';

interface StoppedOptions extends OutputOptions {
  out?: boolean;
}

const outward = (): Option =>
  new Option('--out', 'deletions of the hub on their way to the system, instead of those found there');

function requestOf(connection: string, entity: string, { out }: StoppedOptions): BreakerRequest {
  return { connection, entity: readEntity(entity), direction: out === true ? 'out' : 'in' };
}

export function addDeletionCommands(deletions: Command): void {
  deletions
    .command('list')
    .description('what was stopped, by connection and entity')
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, listBreakers, (rows) => [
        ...none(rows, 'No deletions are stopped.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.entity}  ${String(row.externalIds.length)} of ${String(row.total)} ${row.direction === 'in' ? 'gone there' : 'deleted in the hub'}  policy ${row.deletePolicy}  since ${row.openedAt.toISOString()}`,
        ),
      ]),
    );
  deletions
    .command('confirm')
    .argument('<connection>')
    .argument('<entity>')
    .addOption(outward())
    .addOption(json())
    .description('carries out the policy for exactly those listed')
    .action((connection: string, entity: string, options: StoppedOptions) =>
      decide(
        options,
        (deps) => confirmDeletions(deps, requestOf(connection, entity, options)),
        ({ gone, returned }) => [
          `${String(gone.length)} records are gone${returned.length === 0 ? '' : `; ${String(returned.length)} were seen again and stay`}.`,
        ],
      ),
    );
  deletions
    .command('dismiss')
    .argument('<connection>')
    .argument('<entity>')
    .addOption(outward())
    .addOption(json())
    .description('nothing is deleted: the sweeps count anew, what the hub deleted stays at the system')
    .action((connection: string, entity: string, options: StoppedOptions) =>
      decide(
        options,
        (deps) => dismissDeletions(deps, requestOf(connection, entity, options)),
        ({ kept }) => [`${String(kept.length)} records stay.`],
      ),
    );
}

export function addParkedCommand(parked: Command): void {
  parked
    .addOption(json())
    .action((options: OutputOptions) =>
      lookInStore(options, listWaiting, (rows) => [
        ...none(rows, 'Nothing waits for another record.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.direction}  ${row.entity} ${row.subject} waits for ${row.waitsEntity} ${row.waitsFor}  since ${row.since.toISOString()}`,
        ),
      ]),
    );
}
