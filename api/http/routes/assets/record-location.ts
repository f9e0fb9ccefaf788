import { z } from 'zod';
import { recordLocation } from '../../../../plant/assets/reports.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';
import { line, text } from '../plain-records/shapes.ts';
import { assetLocation, assetParams } from './shapes.ts';

const coordinates = z
  .tuple([z.number().min(-90).max(90), z.number().min(-180).max(180)])
  .meta({ description: 'Latitude and longitude.' });

export const recordAssetLocation = route({
  method: 'POST',
  url: '/assets/:asset_id/location',
  id: 'recordAssetLocation',
  tag: 'Assets',
  summary: 'Record where an asset is',
  description:
    'Earlier places stay in its history. If the name belongs to exactly one location of the plant, the asset is moved there. For existing clients, the fields are also accepted as query parameters with a bare array `[latitude, longitude]` as the body.',
  permission: 'assets:report',
  params: assetParams,
  queryAsBody: true,
  anyBody: true,
  body: z.strictObject({
    location_name: line,
    building: text.nullish(),
    floor: text.nullish(),
    room: text.nullish(),
    coordinates: coordinates.nullish(),
    address: text.nullish(),
    zone: text.nullish(),
    department: text.nullish(),
    updated_by: line.nullish().meta({ description: 'The caller when absent.' }),
    body: coordinates.optional().meta({ description: 'Where a bare array as the body is put.' }),
  }),
  responses: { 201: envelope({ location_id: uuid, location: assetLocation }) },
  example: {
    params: { asset_id: EXAMPLE.assetTag },
    body: {
      location_name: 'Pit south, bench 4',
      building: 'Open pit',
      zone: 'South',
      coordinates: [-22.3401, 118.5652],
      updated_by: 'dispatcher_1',
    },
  },
  async handle({ person, params, body: { body: bare, ...given } }) {
    const location = await recordLocation(person, params.asset_id, {
      location_name: given.location_name,
      building: given.building ?? null,
      floor: given.floor ?? null,
      room: given.room ?? null,
      coordinates: bare ?? given.coordinates ?? null,
      address: given.address ?? null,
      zone: given.zone ?? null,
      department: given.department ?? null,
      updated_by: given.updated_by ?? null,
    });
    return {
      status: 201,
      body: { success: true, location_id: location['id'], location, message: 'The location is recorded.' },
    };
  },
});
