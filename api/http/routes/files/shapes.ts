/** Files of records as the API shows them. */
import { z } from 'zod';
import { instantOutput, uuid } from '../../frame/shapes.ts';

const state = z.enum(['sending', 'linked', 'unknown', 'rejected', 'too_large']);

export const attachment = z.object({
  id: uuid,
  record_id: uuid,
  name: z.string(),
  media_type: z.string(),
  bytes: z.number().int(),
  sha256: z.string(),
  origin_connection_id: uuid.nullable().meta({ description: 'Null: a person added it here.' }),
  added_by: z.string().nullable(),
  added_at: instantOutput,
  connections: z
    .array(
      z.object({
        connection_id: uuid,
        state,
        reason: z.string().nullable(),
        external_id: z.string().nullable(),
      }),
    )
    .meta({ description: 'Where it stands at the other systems.' }),
});

export const refusedFile = z.object({
  connection_id: uuid,
  name: z.string(),
  bytes: z.number().int().nullable(),
  state,
  reason: z.string().nullable(),
});
