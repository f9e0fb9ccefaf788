/** What a connection to ChatterFix is configured with (contract 1, 3.3, 4.5). */
import { z } from 'zod';

/** The generations this connector speaks; `unified` is the one the deployment guide names. */
export const PROFILE_NAMES = [
  'unified',
  'microservices',
  'consolidated',
  'cmms6b',
  'enterprise3',
  'september',
  'firestore',
] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

const address = z.url({ protocol: /^https?$/ });
const zone = z.string().refine(isZone, 'must be an IANA time zone such as Europe/Berlin');

export const configSchema = z.strictObject({
  /** Root of the backend, not of the user interface's gateway (contract 4.9). */
  baseUrl: address,
  /** Hosts of their own for assets and parts, as the microservices have them (contract 5). */
  assetsUrl: address.optional(),
  partsUrl: address.optional(),
  /** What the server said it is when it was first asked; else, and when detection is off, `unified` unless said otherwise. */
  profile: z.enum(PROFILE_NAMES).optional(),
  detectProfile: z.boolean().default(true),
  /** Zone of naive times the application stamps (contract 9, timestamps). */
  serverZone: zone.default('UTC'),
  /** Zone of naive times the database stamps: UTC on SQLite, the session's zone on PostgreSQL. */
  databaseZone: zone.default('UTC'),
  /** How a user name and a password become a token (contract 3.3); the defaults are those of the September generation. */
  login: z
    .strictObject({
      /** A path under the base URL, or an absolute URL: the microservices log in at a host of its own. */
      url: z.string().min(1).default('/api/login'),
      encoding: z.enum(['form', 'json']).default('form'),
      tokenField: z.string().min(1).default('access_token'),
      lifetimeSeconds: z.number().int().positive().default(86_400),
    })
    .prefault({}),
  apiKeyHeader: z.string().min(1).default('x-api-key'),
  /** `[ext:...]` at the end of descriptions, by which a create whose answer was lost is found again (contract 9). */
  marker: z.boolean().default(true),
  /** The word microservices get for an open work order (contract 12.2). */
  openStatus: z.enum(['pending', 'open']).default('pending'),
  /** Refuses lists of made-up rows (contract 7, placeholder-row guard). */
  placeholderGuard: z.boolean().default(true),
  /** Work orders of the unified backend are changed through `POST /api/query` (contract 4.8). */
  sqlFallback: z.boolean().default(false),
  /** Who is who: ChatterFix has no route for users (contract 4.5). `id` is what `assigned_to` holds. */
  people: z
    .array(
      z.strictObject({
        id: z.string().min(1).max(200),
        name: z.string().min(1).max(1_000),
        username: z.string().min(1).optional(),
        email: z.string().min(3).optional(),
      }),
    )
    .default([]),
  /** Which texts in an asset's `location` are which location: ChatterFix has no locations of its own (contract 9). */
  locations: z
    .array(
      z.strictObject({
        text: z.string().min(1).max(200),
        name: z.string().min(1).max(1_000).optional(),
        code: z.string().min(1).optional(),
      }),
    )
    .default([]),
});
export type ChatterfixConfig = z.infer<typeof configSchema>;

/** Sealed at rest. Nothing at all is a valid answer: the unified backend asks nobody who they are (contract 3.3). */
export const secretSchema = z
  .union([
    z.strictObject({}),
    z.strictObject({ token: z.string().min(1) }),
    z.strictObject({ apiKey: z.string().min(1) }),
    z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
  ])
  .meta({ secret: true });
export type ChatterfixSecret = z.infer<typeof secretSchema>;

function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
