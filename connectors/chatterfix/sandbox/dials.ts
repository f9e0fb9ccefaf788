/** The vendor-specific dials: which ChatterFix this is, and what real installations do that a client must survive. */
import {
  choice,
  count,
  flag,
  pageDials,
  staleReads,
  written,
  type DialValues,
} from '../../kit/sandbox/index.ts';
import { isZone } from './python-time.ts';

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

const AUTH_MODES = ['own', 'none', 'bearer', 'bearer-login', 'x-api-key'] as const;
export type AuthMode = (typeof AUTH_MODES)[number];

export const DIALS = {
  /** Setting this, `zone` or `database` deploys anew from the seed: nothing survives a change of generation (contract 13.8). */
  generation: choice('unified', GENERATIONS),
  /** The zone of the server, and of its PostgreSQL sessions. */
  zone: written('UTC', 'the name of a time zone', (zone) => (isZone(zone) ? zone : null)),
  database: choice('sqlite', ['sqlite', 'postgresql']),
  /** `own`: as that generation does it. The others stand for a proxy in front. */
  auth: choice('own', AUTH_MODES),
  tokenLifetimeMs: count(86_400_000),
  openapi: choice('on', ['on', 'off', 'protected']),
  /** Lists answer made-up rows instead of the real ones. */
  placeholders: flag(),
  databaseAway: flag(),
  /** Rows of one timestamp come in another order with every page. */
  shuffleTies: flag(),
  ...pageDials(['work-orders', 'assets', 'parts'], 'work-orders'),
  /** How far lists lag behind. */
  staleReads: staleReads(),
  /** `POST /api/query` and its like are served. */
  rawSql: flag(true),
  /** Wording of 422 answers. */
  pydantic: choice(2, [1, 2]),
  /** unified as at f6b65c4: without reads and writes by id, bulk routes and attachments. */
  short: flag(),
  /** cmms6b lists come from the Redis cache for 60 s (orders) and 300 s (assets). */
  cache: flag(),
  /** The next so many writes end in an unhandled error: a 500 as text/plain, nothing done. */
  crashes: count(0),
};

export type Dials = DialValues<typeof DIALS>;
