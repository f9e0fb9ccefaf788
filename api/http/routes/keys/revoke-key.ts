import { revokeKey as revoke } from '../../../../plant/keys/api-keys.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { apiKey } from './shapes.ts';

export const revokeKey = route({
  method: 'DELETE',
  url: '/keys/:id',
  id: 'revokeKey',
  tag: 'Keys',
  summary: 'Revoke an API key',
  description: 'Takes effect at once.',
  permission: 'keys:delete',
  wakes: false,
  params: idParams,
  responses: { 200: envelope({ api_key: apiKey }) },
  example: { params: { id: EXAMPLE.key } },
  async handle({ person, params }) {
    return { body: { success: true, api_key: await revoke(person, params.id) } };
  },
});
