import { z } from 'zod';
import { locationTree, TREE_DEPTH_MAX, TREE_NODES_MAX } from '../../../../plant/locations/locations.ts';
import { route } from '../../frame/route.ts';
import { envelope, integerInput, uuid } from '../../frame/shapes.ts';
import { named } from '../plain-records/shapes.ts';

const node = z
  .object({
    id: uuid,
    number: z.string(),
    code: z.string().nullable(),
    name: z.string(),
    kind: z.string().nullable(),
    get children() {
      return z.array(node);
    },
  })
  .meta({ id: 'LocationNode' });

export const getLocationTree = route({
  method: 'GET',
  url: '/locations/tree',
  id: 'getLocationTree',
  tag: 'Locations',
  summary: 'Get the location tree',
  description: `Shows locations with everything below them, up to ${String(TREE_NODES_MAX)}. A larger tree is refused: ask for one branch at a time.`,
  permission: 'locations:read',
  query: z.strictObject({
    root: named
      .optional()
      .meta({ description: 'Location to start from; those without a parent when absent.' }),
    depth: integerInput
      .pipe(z.number().min(0).max(TREE_DEPTH_MAX))
      .default(TREE_DEPTH_MAX)
      .meta({ description: 'Levels below the first.' }),
  }),
  responses: { 200: envelope({ locations: z.array(node) }) },
  example: { query: { depth: '3' } },
  async handle({ person, query }) {
    const locations = await locationTree(person, { root: query.root ?? null, depth: query.depth });
    return { body: { success: true, locations } };
  },
});
