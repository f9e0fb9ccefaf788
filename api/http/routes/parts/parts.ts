import { PART } from '../../../../plant/records/plain-records-kinds.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { plainRoutes, plainShape } from '../plain-records/plain-routes.ts';

export const part = plainShape('part');

export const parts = plainRoutes({
  kind: PART,
  resource: 'parts',
  title: 'Part',
  tag: 'Parts',
  shown: part,
  examples: {
    id: EXAMPLE.part,
    create: {
      name: 'Hydraulic hose 3/4 inch',
      part_number: 'HH-034',
      unit: 'pcs',
      unit_cost: 35.5,
      on_hand: 4,
    },
    change: { reorder_point: 2, bin: 'A-12' },
    list: { limit: '10' },
  },
});
