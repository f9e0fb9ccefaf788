/** What a connection to UpKeep is configured with. */
import { z } from 'zod';

export const configSchema = z.strictObject({
  /** Root of the API, version included. */
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.onupkeep.com/api/v2'),
  /** Names us in UpKeep's logs. */
  userAgent: z.string().min(1).max(200).default('chatterfix-sync'),
});
export type UpkeepConfig = z.infer<typeof configSchema>;

/**
 * Sealed at rest. One login sees one site only, so a tenant with several sites needs a connection per site (contract 1.3);
 * it should be an administrator's: a limited account silently sees less (contract 6, 9).
 */
export const secretSchema = z
  .union([
    z.strictObject({ token: z.string().min(1) }),
    z.strictObject({
      /** Matched with case on the server; sent in lower case (contract 1.1). */
      email: z.string().min(3).toLowerCase(),
      password: z.string().min(1),
    }),
  ])
  .meta({ secret: true });
export type UpkeepSecret = z.infer<typeof secretSchema>;
