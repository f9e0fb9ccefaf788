import { z } from 'zod';
import { changeAsset as change } from '../../../../plant/assets/assets.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { assertVersion } from '../../frame/register.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { line } from '../plain-records/shapes.ts';
import { asset, assetId, assetParams, assetType, optionalFields } from './shapes.ts';

export const changeAsset = route({
  method: 'PATCH',
  url: '/assets/:asset_id',
  id: 'changeAsset',
  tag: 'Assets',
  summary: 'Change an asset',
  description: 'Covers its status too. Fields left out keep their values; null clears a field.',
  permission: 'assets:update',
  params: assetParams,
  body: z.strictObject({
    asset_id: assetId.optional(),
    name: line.optional(),
    asset_type: assetType.nullish(),
    ...optionalFields,
  }),
  responses: { 200: envelope({ asset }) },
  example: {
    params: { asset_id: EXAMPLE.assetTag },
    body: { status: 'maintenance', department: 'Workshop' },
  },
  async handle({ person, params, body, ifMatch }) {
    const { version, shown } = await change(person, params.asset_id, body, (at) =>
      assertVersion(ifMatch, at),
    );
    return { version, body: { success: true, asset: shown } };
  },
});
