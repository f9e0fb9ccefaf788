import { METER } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';

export const meters = plainRoutes({
  kind: METER,
  resource: 'meters',
  title: 'Meter',
  tag: 'Meters',
  examples: {
    id: EXAMPLE.meter,
    create: { name: 'Engine hours', code: 'HOURS', kind: 'counter', unit: 'h', asset_id: EXAMPLE.assetTag },
    change: { unit: 'hours' },
    list: { asset_id: EXAMPLE.assetTag },
  },
});
