/** Commands over conflicts: fields that both sides changed and a person decides. */
import { Option, type Command } from 'commander';
import {
  listConflicts,
  resolveConflict,
  resolveConflicts,
  type ConflictDecision,
  type ConflictQuery,
  type ResolvedConflict,
} from '../../plant/exceptions/conflicts.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  decide,
  json,
  listOptions,
  lookInStore,
  none,
  parseJson,
  scopeOf,
  shown,
  type ListOptions,
} from '../person.ts';

export function addConflictCommands(conflicts: Command): void {
  listOptions(conflicts.command('list').description('open conflicts, oldest first'))
    .option('--field <name>')
    .action((options: ListOptions & { field?: string }) =>
      lookInStore(
        options,
        (deps) => listConflicts(deps, conflictQuery(options)),
        (rows) => [
          ...none(rows, 'There is no open conflict.'),
          ...rows.map(
            (row) =>
              `${row.id}  ${row.connection}  ${row.number} ${row.field}  hub: ${shown(row.hubValue)}  ${row.system}: ${shown(row.externalValue)}  since ${row.since.toISOString()}`,
          ),
        ],
      ),
    );
  conflicts
    .command('resolve')
    .argument('[id]')
    .addOption(new Option('--take <side>', 'whose value holds').choices(['hub', 'external']))
    .option('--value <json>', 'a third value, as JSON')
    .option('--all', 'every open conflict that --connection, --entity and --field choose')
    .option('--connection <name>')
    .option('--entity <entity>')
    .option('--field <name>')
    .addOption(json())
    .description('decides one conflict, or many with --all')
    .action((id: string | undefined, options: ResolveOptions) =>
      decide(
        options,
        async (deps): Promise<ResolvedConflict[]> => {
          if (options.all !== true) {
            if (id === undefined) throw new Failure('invalid_request', 'Name the conflict, or add --all.');
            return [await resolveConflict(deps, { id, decision: readDecision(options) })];
          }
          if (id !== undefined || options.take === undefined) {
            throw new Failure('invalid_request', 'With --all give --take hub or --take external, and no id.');
          }
          return resolveConflicts(deps, { query: conflictQuery(options), take: options.take });
        },
        (rows) => [
          ...none(rows, 'There is no open conflict.'),
          ...rows.map(
            (row) =>
              `${row.number} ${row.field} is ${shown(row.value)}${row.pushes ? '; the push is under way' : ''}.`,
          ),
        ],
      ),
    );
}

interface ResolveOptions extends ListOptions {
  take?: 'hub' | 'external';
  value?: string;
  all?: boolean;
  field?: string;
}

function conflictQuery(options: ListOptions & { field?: string }): ConflictQuery {
  return {
    ...scopeOf(options),
    ...(options.field === undefined ? {} : { field: options.field }),
  };
}

function readDecision({ take, value }: ResolveOptions): ConflictDecision {
  if ((take === undefined) === (value === undefined)) {
    throw new Failure(
      'invalid_request',
      'Decide with --take hub, --take external or --value <json>; one of them.',
    );
  }
  return take === undefined ? { value: parseJson(value ?? '', '--value') } : { take };
}
