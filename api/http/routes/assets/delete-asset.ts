import { deleteAsset as remove } from '../../../../plant/assets/assets.ts';
import { assertVersion } from '../../frame/register.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { assetParams } from './shapes.ts';

export const deleteAsset = route({
  method: 'DELETE',
  url: '/assets/:asset_id',
  id: 'deleteAsset',
  tag: 'Assets',
  summary: 'Delete an asset',
  description:
    'Refused while work on it is open or other assets are part of it. Each connected system follows by the delete policy of its connection.',
  permission: 'assets:delete',
  params: assetParams,
  responses: { 200: envelope({}) },
  example: { params: { asset_id: 'EX-B' } },
  async handle({ person, params, ifMatch }) {
    await remove(person, params.asset_id, (version) => assertVersion(ifMatch, version));
    return { body: { success: true, message: `Asset ${params.asset_id} is deleted.` } };
  },
});
