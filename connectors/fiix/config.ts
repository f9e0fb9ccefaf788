/** What a connection to Fiix is configured with. Which records are read and where new ones go is said by site. */
import { z } from 'zod';
import { MAINTENANCE_TYPES, PRIORITIES } from '../../domain/entities/vocabulary.ts';

/** The name of a site (any case), its code, or its id: names are what people see in Fiix. */
const site = z.string().min(1).max(200);

export const configSchema = z.strictObject({
  /** `https://<tenant>.macmms.com`, with or without `/api/` (contract 1.1). */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /**
   * Site of new records that no asset or location places. When absent the tenant is asked with the first login (complete-settings.ts);
   * null is its answer where none stands out, and such records are rejected until somebody names one.
   */
  site: site.nullish(),
  /** Reads these sites only; all the keys may see otherwise. */
  sites: z.array(site).min(1).max(100).optional(),
  /** Names of this tenant's priorities and maintenance types for ours, where they are not the usual ones (contract 3.5). */
  priorities: z.partialRecord(z.enum(PRIORITIES), z.string().min(1)).default({}),
  /** Note on an order that is closed without one: Fiix's own app asks for it (contract 3.2). */
  completionNote: z.string().min(1).max(1_000).default('Closed through ChatterFix Sync.'),
  maintenanceTypes: z.partialRecord(z.enum(MAINTENANCE_TYPES), z.string().min(1)).default({}),
});
export type FiixConfig = z.infer<typeof configSchema>;

/**
 * Sealed at rest. The keys belong to a Fiix user and see what this user sees: those of an administrator, or records are
 * silently missing (contract 5.17).
 */
export const secretSchema = z
  .strictObject({
    /** Starts `macmmsaakp` (contract 1.1). */
    accessKey: z.string().min(1),
    /** Starts `macmmsackp`. */
    appKey: z.string().min(1),
    /** Starts `macmmsaskp`; shown once when the keys are made. */
    secret: z.string().min(1),
  })
  .meta({ secret: true });
export type FiixSecret = z.infer<typeof secretSchema>;

const PREFIXES = { macmmsaakp: 'accessKey', macmmsackp: 'appKey', macmmsaskp: 'secret' } as const;
type Part = keyof FiixSecret;

/**
 * Three keys out of a form with fewer fields: `apiKey` as "accessKey:appKey:secret", or the application key there and
 * access key and secret as user name and password. A key that shows its kind by its prefix may stand anywhere.
 */
export function secretFromBasics(basics: {
  apiKey: string | null;
  username: string | null;
  password: string | null;
}): Partial<Record<Part, string>> {
  const listed = (basics.apiKey ?? '').split(/[:;,\s]+/).filter((key) => key !== '');
  const places: readonly Part[] = listed.length === 1 ? ['appKey'] : ['accessKey', 'appKey', 'secret'];
  const given: (readonly [Part, string])[] = listed.flatMap((key, i) => {
    const place = kindOf(key) ?? places[i];
    return place === undefined ? [] : [[place, key] as const];
  });
  if (basics.username !== null) given.push([kindOf(basics.username) ?? 'accessKey', basics.username]);
  if (basics.password !== null) given.push([kindOf(basics.password) ?? 'secret', basics.password]);
  return Object.fromEntries(given);
}

function kindOf(key: string): Part | null {
  const prefix = Object.keys(PREFIXES).find((start) => key.startsWith(start));
  return prefix === undefined ? null : PREFIXES[prefix as keyof typeof PREFIXES];
}
