import { LOCATION } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes } from '../plain-records/plain-routes.ts';

export const locations = plainRoutes({
  kind: LOCATION,
  resource: 'locations',
  title: 'Location',
  tag: 'Locations',
  examples: {
    id: EXAMPLE.location,
    create: { name: 'Pit south', code: 'PIT-S', kind: 'area', latitude: -22.3401, longitude: 118.5652 },
    change: { description: 'Benches 1 to 6' },
    list: { limit: '10', sort: '-updated_at' },
  },
});
