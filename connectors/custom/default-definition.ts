/**
 * The generic system a connection of this kind means when it brings no document of its own: lists at `/api/work-orders`,
 * `/api/schedules` and `/api/assets`, bare or under the key of their name. Only the lists are promised there; writing follows the usual manners of REST and is refused by the system where it has none.
 */
import { definitionSchema } from './definition.ts';
import type { Definition } from './definition.ts';

function resource(segment: string, records: string, naturalKey: readonly string[]): object {
  const path = `/api/${segment}`;
  return {
    list: { path, records },
    updated: 'updated_at',
    created: 'created_at',
    item: { path: `${path}/{id}` },
    create: { path },
    update: { path: `${path}/{id}` },
    delete: { path: `${path}/{id}` },
    naturalKey,
  };
}

export function defaultDefinition(): Definition {
  return definitionSchema.parse({
    resources: {
      asset: resource('assets', 'assets', ['name']),
      plan: resource('schedules', 'schedules', ['name']),
      work_order: {
        ...resource('work-orders', 'work_orders', ['title', 'asset_id']),
        number: 'work_order_number',
      },
    },
  });
}
