/** Commands over what waits for a person: conflicts, quarantine, matches, unclear creates, stopped deletions, parked records. */
import { readFile } from 'node:fs/promises';
import { Option, type Command } from 'commander';
import {
  listConflicts,
  resolveConflict,
  resolveConflicts,
  type ConflictDecision,
  type ConflictQuery,
  type ResolvedConflict,
} from '../../api/operations/conflicts.ts';
import {
  discardQuarantined,
  listQuarantine,
  replayQuarantined,
  showQuarantined,
} from '../../api/operations/quarantine.ts';
import {
  acceptReview,
  denyAmbiguousCreate,
  listReviews,
  rejectReview,
  type Review,
} from '../../api/operations/reviews.ts';
import {
  confirmDeletions,
  dismissDeletions,
  listAmbiguousCreates,
  listBreakers,
  listWaiting,
} from '../../api/operations/waiting.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { decide, look, none, readEntity, shown, type OutputOptions } from '../person.ts';

const json = (): Option => new Option('--json', 'prints JSON');

interface ListOptions extends OutputOptions {
  connection?: string;
  entity?: string;
}

export function addExceptionCommands(program: Command): void {
  addConflictCommands(program);
  addQuarantineCommands(program);
  addReviewCommands(program);
  addCreateCommands(program);
  addDeletionCommands(program);
  program
    .command('parked')
    .description('records that wait for another one, and for which')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listWaiting, (rows) => [
        ...none(rows, 'Nothing waits for another record.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.direction}  ${row.entity} ${row.subject} waits for ${row.waits_entity} ${row.waits_for}  since ${row.since.toISOString()}`,
        ),
      ]),
    );
}

function addConflictCommands(program: Command): void {
  const conflicts = program
    .command('conflicts')
    .description('fields that both sides changed and a person decides');
  listOptions(conflicts.command('list').description('open conflicts, oldest first'))
    .option('--field <name>')
    .action((options: ListOptions & { field?: string }) =>
      look(
        options,
        (deps) => listConflicts(deps, conflictQuery(options)),
        (rows) => [
          ...none(rows, 'There is no open conflict.'),
          ...rows.map(
            (row) =>
              `${row.id}  ${row.connection}  ${row.number} ${row.field}  hub: ${shown(row.hub_value)}  ${row.system}: ${shown(row.external_value)}  since ${row.since.toISOString()}`,
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
    ...(options.connection === undefined ? {} : { connection: options.connection }),
    ...(options.field === undefined ? {} : { field: options.field }),
    ...readEntity(options.entity),
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

function addQuarantineCommands(program: Command): void {
  const quarantine = program
    .command('quarantine')
    .description('records that could not be mapped or were refused');
  listOptions(quarantine.command('list').description('what is in it, oldest first')).action(
    (options: ListOptions) =>
      look(
        options,
        (deps) => listQuarantine(deps, scopeOf(options)),
        (rows) => [
          ...none(rows, 'Quarantine is empty.'),
          ...rows.map(
            (row) =>
              `${row.id}  ${row.connection}  ${row.direction}  ${row.entity} ${row.number ?? row.subject}  ${row.problems.map(({ path, message }) => `${path}: ${message}`).join(' | ')}`,
          ),
        ],
      ),
  );
  quarantine
    .command('show')
    .argument('<id>')
    .description('the data and what is wrong with it, as JSON')
    .action((id: string) =>
      look(
        { json: true },
        (deps) => showQuarantined(deps, id),
        () => [],
      ),
    );
  quarantine
    .command('replay')
    .argument('<id>')
    .option('--data <file>', 'JSON file with the repaired vendor record')
    .addOption(json())
    .description('sends it through once more, with the present mapping')
    .action(async (id: string, options: OutputOptions & { data?: string }) => {
      const data = options.data === undefined ? undefined : await readJsonFile(options.data);
      await decide(
        options,
        (deps) => replayQuarantined(deps, { id, ...(data === undefined ? {} : { data }) }),
        ({ outcome, problems }) => [
          REPLAYED[outcome],
          ...(outcome === 'still_bad'
            ? problems.map(({ path, message, rule }) => `  ${path}: ${message} (${rule})`)
            : []),
        ],
      );
    });
  quarantine
    .command('discard')
    .argument('<id>')
    .requiredOption('--reason <text>', 'why it is given up; kept in the audit log')
    .addOption(json())
    .description('gives it up; the same content does not come back')
    .action((id: string, options: OutputOptions & { reason: string }) =>
      decide(
        options,
        (deps) => discardQuarantined(deps, { id, reason: options.reason }),
        (row) => [`${row.entity} ${row.number ?? row.subject} is given up.`],
      ),
    );
}

const REPLAYED = {
  applied: 'It went through.',
  waits: 'It could be mapped, and waits for a record it refers to or for a match.',
  queued: 'The push is tried again now.',
  still_bad: 'It still cannot be mapped:',
} as const;

function addReviewCommands(program: Command): void {
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
        (deps) => acceptReview(deps, { connection, externalId, number, ...readEntity(options.entity) }),
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
        (deps) => rejectReview(deps, { connection, externalId, ...readEntity(options.entity) }),
        (done) => [`${done.externalId} is a record of its own: ${done.number}.`],
      ),
    );
}

/** One column a record: the vendor's own view is raw, since a mapping stands between the two. */
function reviewLines(review: Review): string[] {
  const fields = [...new Set(review.candidates.flatMap((candidate) => Object.keys(candidate.fields)))].sort();
  return [
    `${review.connection}  ${review.entity} ${review.external_id}${review.record.number === null ? '' : ` (${review.record.number})`}  ${shown(review.raw)}`,
    ...review.candidates.map(
      ({ number, linkedTo }) => `  ${number}${linkedTo === null ? '' : `  linked with ${linkedTo} already`}`,
    ),
    ...fields.map(
      (field) =>
        `    ${field}: ${review.candidates.map((candidate) => shown(candidate.fields[field])).join(' | ')}`,
    ),
  ];
}

function addCreateCommands(program: Command): void {
  const creates = program
    .command('creates')
    .description('creates with an unknown outcome for which several vendor records were found');
  creates
    .command('list')
    .description('each with the vendor records it may have become')
    .addOption(json())
    .action((options: OutputOptions) =>
      look(options, listAmbiguousCreates, (rows) => [
        ...none(rows, 'No create waits for a person.'),
        ...rows.map(
          (row) =>
            `${row.connection}  ${row.entity} ${row.number}  ${row.candidates.map(({ externalId, number }) => (number === null ? externalId : `${externalId} (${number})`)).join(', ')}  since ${row.intended_at.toISOString()}`,
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
    .description('none of them is it: it is created, and they become records of their own')
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

function addDeletionCommands(program: Command): void {
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
            `${row.connection}  ${row.entity}  ${String(row.external_ids.length)} of ${String(row.total)} gone  policy ${row.delete_policy}  since ${row.opened_at.toISOString()}`,
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
        (deps) => confirmDeletions(deps, { connection, ...requiredEntity(entity) }),
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
        (deps) => dismissDeletions(deps, { connection, ...requiredEntity(entity) }),
        ({ kept }) => [`${String(kept.length)} records stay.`],
      ),
    );
}

function requiredEntity(text: string): Required<ReturnType<typeof readEntity>> {
  return readEntity(text) as Required<ReturnType<typeof readEntity>>;
}

function listOptions(command: Command): Command {
  return command.option('--connection <name>').option('--entity <entity>').addOption(json());
}

function scopeOf(options: ListOptions): Omit<ConflictQuery, 'field'> {
  return conflictQuery(options);
}

async function readJsonFile(file: string): Promise<JsonObject> {
  let text: string;
  try {
    text = await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch {
    throw new Failure('invalid_request', `The file ${file} cannot be read.`);
  }
  const value = parseJson(text, `The file ${file}`);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new Failure(
    'invalid_request',
    `The file ${file} must hold one JSON object: the whole vendor record.`,
  );
}

function parseJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Failure(
      'invalid_request',
      `${what} is not JSON; a text needs quotes, for example '"Replace seal"'.`,
    );
  }
}
