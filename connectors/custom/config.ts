/** What a connection to a described REST system is configured with. */
import { z } from 'zod';
import { definitionDocument } from './definition.ts';

export const configSchema = z.strictObject({
  /** What all paths of the document are appended to. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** The document, as an object or as YAML text; absent: the generic system. */
  definition: definitionDocument.optional(),
  timeoutMs: z.number().int().min(1_000).max(300_000).default(60_000),
});
export type CustomConfig = z.infer<typeof configSchema>;

/** Sealed at rest. Which of them are needed depends on the document's `auth`. */
export const secretSchema = z
  .strictObject({
    /** For `bearer` and `api_key`. */
    apiKey: z.string().min(1).optional(),
    /** For `basic`. */
    username: z.string().min(1).optional(),
    password: z.string().optional(),
    /** For `oauth2`. */
    clientId: z.string().min(1).optional(),
    clientSecret: z.string().min(1).optional(),
  })
  .meta({ secret: true });
export type CustomSecret = z.infer<typeof secretSchema>;
