/** An API key as the API shows it; the key itself is shown once, when it is made. */
import { z } from 'zod';
import { ROLES } from '../../../../domain/access/permissions.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const apiKey = z.object({
  id: uuid,
  name: z.string(),
  prefix: z.string().meta({ description: 'Start of the key, to tell keys apart.' }),
  role: z.enum(ROLES),
  scopes: z.array(z.string()).nullable().meta({ description: 'Null: all that the role allows.' }),
  created_by: z.string(),
  created_at: instantOutput,
  expires_at: instantOutput.nullable(),
  revoked_at: instantOutput.nullable(),
  last_used_at: instantOutput.nullable(),
});
