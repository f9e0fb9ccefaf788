/** The vendor-specific dials: which ChatterFix this is, and what real installations do that a client must survive. */
import { checkZone } from './python-time.ts';

export const GENERATIONS = [
  'unified',
  'gateway',
  'microservices',
  'consolidated',
  'cmms6b',
  'enterprise3',
  'september',
  'vm-monolith',
  'micro-oct1',
  'firestore',
  'unknown',
] as const;
export type GenerationName = (typeof GENERATIONS)[number];

export const AUTH_MODES = ['own', 'none', 'bearer', 'bearer-login', 'x-api-key'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export interface Paging {
  object: string;
  times: number;
}

export interface Dials {
  /** Setting this, `zone` or `database` deploys anew from the seed: nothing survives a change of generation (contract 13.8). */
  generation: GenerationName;
  /** The zone of the server, and of its PostgreSQL sessions. */
  zone: string;
  database: 'sqlite' | 'postgresql';
  /** `own`: as that generation does it. The others stand for a proxy in front. */
  auth: AuthMode;
  tokenLifetimeMs: number;
  openapi: 'on' | 'off' | 'protected';
  /** Lists answer made-up rows instead of the real ones. */
  placeholders: boolean;
  databaseAway: boolean;
  /** Rows of one timestamp come in another order with every page. */
  shuffleTies: boolean;
  insertWhilePaging: Paging;
  removeWhilePaging: Paging;
  /** `POST /api/query` and its like are served. */
  rawSql: boolean;
  /** Wording of 422 answers. */
  pydantic: 1 | 2;
  /** unified as at f6b65c4: without reads and writes by id, bulk routes and attachments. */
  short: boolean;
  /** cmms6b lists come from the Redis cache for 60 s (orders) and 300 s (assets). */
  cache: boolean;
  /** The next so many writes end in an unhandled error: a 500 as text/plain, nothing done. */
  crashes: number;
}

export function createDials(): Dials {
  return {
    generation: 'unified',
    zone: 'UTC',
    database: 'sqlite',
    auth: 'own',
    tokenLifetimeMs: 86_400_000,
    openapi: 'on',
    placeholders: false,
    databaseAway: false,
    shuffleTies: false,
    insertWhilePaging: { object: 'work-orders', times: 0 },
    removeWhilePaging: { object: 'work-orders', times: 0 },
    rawSql: true,
    pydantic: 2,
    short: false,
    cache: false,
    crashes: 0,
  };
}

function oneOf<T>(name: string, value: unknown, choices: readonly T[], rest: T): T {
  if (value === null || value === false) return rest;
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new TypeError(`"${name}" must be one of ${choices.join(', ')}.`);
  return found;
}

function count(name: string, value: unknown, rest: number): number {
  if (value === null || value === false) return rest;
  if (typeof value !== 'number' || value < 0) throw new TypeError(`"${name}" must be a number of 0 or more.`);
  return value;
}

function paging(name: string, value: unknown, objects: readonly string[]): Paging {
  const isObject = typeof value === 'object' && value !== null;
  const { object = 'work-orders', times }: { object?: unknown; times?: unknown } = isObject
    ? value
    : { times: value };
  const found = oneOf(`${name}.object`, object, objects, 'work-orders');
  return { object: found, times: times === true ? Number.MAX_SAFE_INTEGER : count(name, times ?? 0, 0) };
}

const PAGED = ['work-orders', 'assets', 'parts'] as const;

/** Sets one dial; null or false returns it to rest. */
export function setDial(dials: Dials, name: string, value: unknown): void {
  const rest = createDials();
  switch (name) {
    case 'generation':
      dials.generation = oneOf(name, value, GENERATIONS, rest.generation);
      return;
    case 'auth':
      dials.auth = oneOf(name, value, AUTH_MODES, rest.auth);
      return;
    case 'openapi':
      dials.openapi = value === false ? 'off' : oneOf(name, value, ['on', 'off', 'protected'], rest.openapi);
      return;
    case 'database':
      dials.database = oneOf(name, value, ['sqlite', 'postgresql'], rest.database);
      return;
    case 'zone':
      dials.zone = typeof value === 'string' ? checkZone(value) : rest.zone;
      return;
    case 'pydantic':
      dials.pydantic = oneOf(name, value, [1, 2], rest.pydantic);
      return;
    case 'rawSql':
      dials.rawSql = value === null || value === true;
      return;
    case 'placeholders':
    case 'databaseAway':
    case 'shuffleTies':
    case 'short':
    case 'cache':
      dials[name] = value === true;
      return;
    case 'tokenLifetimeMs':
    case 'crashes':
      dials[name] = count(name, value, rest[name]);
      return;
    case 'insertWhilePaging':
    case 'removeWhilePaging':
      dials[name] = paging(name, value, PAGED);
      return;
    default:
      throw new TypeError(
        `The dial "${name}" is unknown; use one of ${[...Object.keys(rest), 'restart'].join(', ')}.`,
      );
  }
}
