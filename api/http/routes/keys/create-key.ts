import { z } from 'zod';
import { ROLES } from '../../../../domain/access/permissions.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { route } from '../../frame/route.ts';
import { envelope, instantInput } from '../../frame/shapes.ts';
import { apiKey } from './shapes.ts';

export const createKey = route({
  method: 'POST',
  url: '/keys',
  id: 'createKey',
  tag: 'Keys',
  summary: 'Create an API key',
  description:
    'The key is in this answer and is never shown again. It may do no more than the key or token that creates it, and lives no longer than that key.',
  permission: 'keys:create',
  wakes: false,
  body: z.strictObject({
    name: z.string().trim().min(1).max(200),
    role: z.enum(ROLES),
    scopes: z.array(z.string().max(100)).min(1).max(100).optional(),
    expires_at: instantInput.optional(),
  }),
  responses: { 201: envelope({ key: z.string(), api_key: apiKey }) },
  example: { body: { name: 'Planning board', role: 'viewer', scopes: ['work_orders:read'] } },
  async handle({ person, principal, body }) {
    const { key, ...shown } = await createApiKey(person, principal, {
      name: body.name,
      role: body.role,
      scopes: body.scopes,
      expiresAt: body.expires_at,
    });
    return {
      status: 201,
      location: `/keys/${shown.id}`,
      body: { success: true, key, api_key: shown },
      shownOnce: true,
    };
  },
});
