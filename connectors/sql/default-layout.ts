/** The tables a connection means when it names none; their definitions are in the README, their columns in mappings/sql/. */
import type { Entity } from '../../domain/entities/index.ts';
import type { EntityConfig } from './entity-config.ts';

const TABLES = {
  person: 'people',
  location: 'locations',
  asset: 'assets',
  part: 'parts',
  meter: 'meters',
  plan: 'maintenance_schedules',
  request: 'requests',
  work_order: 'work_orders',
} as const satisfies Record<Entity, string>;

/** Whose tables have a column `is_active`. */
const HAS_ACTIVE: ReadonlySet<string> = new Set(['person', 'location', 'part', 'meter', 'plan']);

export function defaultEntities(): Record<Entity, EntityConfig> {
  const entries = Object.entries(TABLES).map(([entity, table]): [string, EntityConfig] => [
    entity,
    {
      table,
      key: ['id'],
      changedAt: 'updated_at',
      overlapMinutes: 10,
      ...(entity === 'work_order' ? { number: 'work_order_number' } : {}),
      ...(HAS_ACTIVE.has(entity) ? { booleans: ['is_active'] } : {}),
      write: { insert: 'insert', update: true, delete: 'row', reference: 'external_ref', stamp: false },
    },
  ]);
  return Object.fromEntries(entries) as Record<Entity, EntityConfig>;
}
