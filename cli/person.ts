/** Commands in which a person decides or edits something: who it is, what is said about it, and waking the connections afterwards. */
import { userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import { createManualSteps } from '../activities/sync/manual-steps.ts';
import type { ConnectionDeps } from '../plant/connections/connections.ts';
import type { PersonDeps } from '../plant/person.ts';
import { createConnectionActions } from './connection-actions.ts';
import { ENTITIES, type Entity } from '../domain/entities/index.ts';
import type { Json } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { shortenText } from '../domain/kernel/text.ts';
import { withProgram } from './open.ts';
import { pokeAll } from './wiring.ts';

export interface OutputOptions {
  json?: boolean;
}

/** Runs an operation that only reads, and prints its result: JSON when asked, else one line each. */
export async function look<T>(
  options: OutputOptions,
  read: (deps: PersonDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await withProgram(async ({ program, tenant }) =>
    print(options, await read(personDeps(program, tenant.id)), lines),
  );
}

/** The same for an operation that changes something: the connections are woken when it is done. */
export async function decide<T>(
  options: OutputOptions,
  change: (deps: PersonDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await withProgram(async ({ program, tenant }) => {
    const result = await change(personDeps(program, tenant.id));
    await pokeAll(program, tenant.id);
    print(options, result, lines);
  });
}

export function personDeps(
  program: Parameters<Parameters<typeof withProgram>[0]>[0]['program'],
  tenantId: string,
): PersonDeps {
  return {
    store: program.store,
    tenantId,
    actor: `cli:${userInfo().username}`,
    now: program.sync.now,
    newId: program.sync.newId,
    steps: createManualSteps(program.sync),
  };
}

/** The same for what reaches Temporal and the systems. */
export function connectionDeps(
  program: Parameters<Parameters<typeof withProgram>[0]>[0]['program'],
  tenantId: string,
): ConnectionDeps {
  return { ...personDeps(program, tenantId), actions: createConnectionActions(program) };
}

export function print<T>(options: OutputOptions, result: T, lines: (result: T) => string[]): void {
  const text = options.json === true ? JSON.stringify(result, null, 2) : lines(result).join('\n');
  process.stdout.write(`${text}\n`);
}

export interface ListOptions extends OutputOptions {
  connection?: string;
  entity?: string;
}

export const json = (): Option => new Option('--json', 'prints JSON');

/** What every list can be narrowed by. */
export function listOptions(command: Command): Command {
  return command.option('--connection <name>').option('--entity <entity>').addOption(json());
}

export function scopeOf(options: ListOptions): { connection?: string; entity?: Entity } {
  return {
    ...(options.connection === undefined ? {} : { connection: options.connection }),
    ...(options.entity === undefined ? {} : { entity: readEntity(options.entity) }),
  };
}

export function readEntity(text: string): Entity {
  const entity = ENTITIES.find((one) => one === text);
  if (entity !== undefined) return entity;
  throw new Failure('invalid_request', `There is no entity "${text}"; choose one of ${ENTITIES.join(', ')}.`);
}

/** One value on one line, cut where a screen ends; `--json` shows it whole. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '(empty)';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const flat = text.replaceAll(/\s+/g, ' ');
  return shortenText(flat, 80, '…');
}

export function none(rows: readonly unknown[], sentence: string): string[] {
  return rows.length === 0 ? [sentence] : [];
}

export function parseJson(text: string, what: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new Failure(
      'invalid_request',
      `${what} is not JSON; a text needs quotes, for example '"Replace seal"'.`,
    );
  }
}
