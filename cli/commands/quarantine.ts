/** Commands over quarantine: records that could not be mapped or were refused. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import {
  discardQuarantined,
  listQuarantine,
  replayQuarantined,
  showQuarantined,
} from '../../plant/exceptions/quarantine.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  decide,
  json,
  listOptions,
  lookInStore,
  none,
  parseJson,
  scopeOf,
  type ListOptions,
  type OutputOptions,
} from '../person.ts';

export function addQuarantineCommands(quarantine: Command): void {
  listOptions(quarantine.command('list').description('what is in it, oldest first')).action(
    (options: ListOptions) =>
      lookInStore(
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
    .addOption(json())
    .description('the data and what is wrong with it, as JSON')
    .action((id: string) =>
      lookInStore(
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
