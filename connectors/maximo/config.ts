/** What a Maximo connection is told: where it is, how to log in, which site. Secrets are a schema of their own. */
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';

/** What is read beside the entities, and the object structure it is usually read from. */
export const BESIDE = {
  inventory: 'mxapiinventory',
  meterMaster: 'mxapimeter',
  labor: 'mxapilabor',
  synonyms: 'mxapisynonymdomain',
} as const;
export type Beside = keyof typeof BESIDE;
const STRUCTURE_NAMES = [...ENTITIES, ...(Object.keys(BESIDE) as Beside[])] as const;

const siteCode = z
  .string()
  .min(1)
  .max(8)
  .transform((code) => code.toUpperCase());

export const maximoConfig = z.strictObject({
  /** Everything up to the context root, e.g. `https://plant.example.com/maximo` (contract 1.1: the context is configuration). */
  baseUrl: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** `apikey` talks to `/api` without cookies; `maxauth` and `basic` log in at `/oslc` and keep a session (contract 1.2). */
  auth: z.enum(['apikey', 'maxauth', 'basic']).default('apikey'),
  /**
   * The one site this connection reads and writes: wonum, assetnum and location are unique per site only. The account's own
   * when absent, found out with the first login (complete-settings.ts).
   */
  site: siteCode.optional(),
  org: siteCode.optional(),
  /** Limits parts to one item set, and is that of new parts; found out together with the site, else all sets the account may see. */
  itemSet: siteCode.optional(),
  /** Storeroom that parts are issued from when neither the row nor an earlier issue names one. */
  storeroom: z.string().min(1).optional(),
  /** Numbers Maximo uses for our priorities: there is no safe default (contract 8.3), mappings read them. */
  woPriority: z
    .strictObject({ critical: z.int(), high: z.int(), medium: z.int(), low: z.int() })
    .default({ critical: 1, high: 2, medium: 3, low: 4 }),
  /**
   * Names of object structures where they are not the usual ones (`mxapiwodetail`, `mxapiasset` ...): by entity, and
   * `inventory`, `meterMaster`, `labor`, `synonyms` for what is read beside them. `false`: this Maximo has none.
   */
  structures: z
    .partialRecord(z.enum(STRUCTURE_NAMES), z.union([z.string().regex(/^\w{1,60}$/), z.literal(false)]))
    .default({}),
  /** CLOSE makes a work order read-only for ever. */
  allowClose: z.boolean().default(false),
  /** CAN makes a work order read-only for ever. */
  allowCancel: z.boolean().default(false),
});
export type MaximoSettings = z.infer<typeof maximoConfig>;
/** With the site known: what everything but the login needs. */
export type MaximoConfig = MaximoSettings & { site: string };

export const maximoSecret = z.union([
  z.strictObject({ apiKey: z.string().min(1) }),
  z.strictObject({ user: z.string().min(1), password: z.string().min(1) }),
]);
export type MaximoSecret = z.infer<typeof maximoSecret>;
