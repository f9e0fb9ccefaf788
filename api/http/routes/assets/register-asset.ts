import { z } from 'zod';
import { registerAsset as register } from '../../../../plant/assets/assets.ts';
import { route } from '../../frame/route.ts';
import { envelope, notRead } from '../../frame/shapes.ts';
import { line } from '../plain-records/shapes.ts';
import { asset, assetId, assetType, optionalFields } from './shapes.ts';

/** Some clients call the id `id` and send an empty status. */
function fromOldClient(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body;
  const { id, ...rest } = body as Record<string, unknown>;
  if (rest['status'] === '') delete rest['status'];
  return { ...(id === undefined ? {} : { asset_id: id }), ...rest };
}

export const registerAsset = route({
  method: 'POST',
  url: '/assets',
  id: 'registerAsset',
  tag: 'Assets',
  summary: 'Register an asset',
  description: 'Refused when an asset with this id exists. The id `statistics` is reserved.',
  permission: 'assets:create',
  body: z.preprocess(
    fromOldClient,
    z.strictObject({
      asset_id: assetId,
      name: line,
      asset_type: assetType,
      ...optionalFields,
      ...notRead('created_at', 'updated_at'),
    }),
  ),
  responses: { 201: envelope({ asset_id: z.string(), asset }) },
  example: {
    body: {
      asset_id: 'EX-301',
      name: 'Excavator 301',
      asset_type: 'machinery',
      manufacturer: 'Liebherr',
      model: 'R 9800',
      serial_number: 'LH-9800-301',
      installation_date: '2021-05-01T00:00:00Z',
      expected_lifespan: 180,
      department: 'Pit south',
      responsible_person: 'supervisor_1',
      tags: ['mining', 'critical'],
      specifications: { power_kw: 2984, tracked: true },
    },
  },
  async handle({ person, body }) {
    const { created_at: _made, updated_at: _changed, ...input } = body;
    const { version, shown } = await register(person, input);
    const id = shown['asset_id'] as string;
    return {
      status: 201,
      version,
      location: `/assets/${encodeURIComponent(id)}`,
      body: { success: true, asset_id: id, asset: shown, message: `Asset ${id} is registered.` },
    };
  },
});
