/** What a system can do, and what a connection to it is configured with. */
import { z } from 'zod';

export const connectorSummary = z.object({
  system: z.string(),
  title: z.string(),
  source: z.string(),
  auth_modes: z.array(z.string()),
  webhooks: z.boolean(),
  limits: z.record(z.string(), z.number()),
  capabilities: z.record(
    z.string(),
    z.object({
      read: z.boolean(),
      pull: z.string(),
      create: z.boolean(),
      update: z.boolean(),
      remove: z.boolean(),
      comments: z.string(),
      attachments: z.string(),
      find_created: z.string(),
      note: z.string().nullable(),
    }),
  ),
});

export const connector = connectorSummary.extend({
  config_schema: z.record(z.string(), z.json()).meta({ description: 'JSON Schema of the settings.' }),
  secret_schema: z.record(z.string(), z.json()).meta({ description: 'JSON Schema of the credentials.' }),
});
