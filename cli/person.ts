/**
 * What commands have in common: what they are given, how they print, and waking the connections after a change. What takes
 * long to load (mappings, connectors, Temporal) is loaded by those that need it.
 */
import { Option, type Command } from 'commander';
import type { ConnectionDeps } from '../plant/connections/connections.ts';
import { findConnection, type PersonDeps } from '../plant/person.ts';
import { ENTITIES, type Entity } from '../domain/entities/index.ts';
import type { Json } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { shortenText } from '../domain/kernel/text.ts';
import type { ConnectionRow } from '../store/connections/connections.ts';
import { withMappings, withProgram, withStore } from './open.ts';
import { storeDeps, type StoreDeps } from './store-deps.ts';
import type { Program } from './wiring.ts';

export interface OutputOptions {
  json?: boolean;
}

/** Runs an operation that only reads the store, and prints its result: JSON when asked, else one line each. */
export async function lookInStore<T>(
  options: OutputOptions,
  read: (deps: StoreDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await withStore(async ({ store, tenant }) =>
    print(options, await read(storeDeps(store, tenant.id)), lines),
  );
}

/** The same for an operation that needs the mappings too. */
export async function look<T>(
  options: OutputOptions,
  read: (deps: PersonDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  const { personDeps } = await import('./person-deps.ts');
  await withMappings(async ({ sync, tenant }) =>
    print(options, await read(personDeps(sync, tenant.id)), lines),
  );
}

/** The same for an operation that changes something: the connections are woken when it is done. */
export async function decide<T>(
  options: OutputOptions,
  change: (deps: PersonDeps) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  await operate(
    options,
    async (deps, program) => {
      const result = await change(deps);
      const { pokeAll } = await import('./wiring.ts');
      await pokeAll(program, deps.tenantId);
      return result;
    },
    lines,
  );
}

/** The same for an operation that reaches Temporal or a system. */
export async function operate<T>(
  options: OutputOptions,
  work: (deps: ConnectionDeps, program: Program) => Promise<T>,
  lines: (result: T) => string[],
): Promise<void> {
  const { connectionDeps } = await import('./connection-deps.ts');
  await withProgram(async ({ program, tenant }) => {
    print(options, await work(connectionDeps(program, tenant.id), program), lines);
  });
}

/** The connection that is called so, by name or id. */
export async function connectionCalled(
  { store, tenantId }: Pick<PersonDeps, 'store' | 'tenantId'>,
  name: string,
): Promise<ConnectionRow> {
  return store.inTenant(tenantId, (tx) => findConnection(tx, name));
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
