import { readAsset } from '../../../../plant/assets/assets.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { asset, assetParams } from './shapes.ts';

export const getAsset = route({
  method: 'GET',
  url: '/assets/:asset_id',
  id: 'getAsset',
  tag: 'Assets',
  summary: 'Get an asset',
  description: 'Includes its current place and condition.',
  permission: 'assets:read',
  params: assetParams,
  responses: { 200: envelope({ asset }) },
  example: { params: { asset_id: EXAMPLE.assetTag } },
  async handle({ person, params }) {
    const { version, shown } = await readAsset(person, params.asset_id);
    return { version, body: { success: true, asset: shown } };
  },
});
