/** The default layout's entities for the conformance suite, the same for every dialect. */
import type { EntityFixture } from '../kit/conformance-options.ts';
import type { Entity } from '../../domain/entities/index.ts';

const COMMIT = { method: 'SQL', path: 'commit' };

function fixture(object: string, nameColumn: string, more: Partial<EntityFixture> = {}): EntityFixture {
  return {
    object,
    insert: (n) => ({ [nameColumn]: `Thing ${String(n)}` }),
    change: { description: 'Seen by a person' },
    create: (n) => ({ [nameColumn]: `Made ${String(n)}`, description: null }),
    createCall: COMMIT,
    update: { description: 'Changed by us; "quoted", O\'Brien -- \\ 🔧' },
    updateCall: COMMIT,
    // The column may not be empty.
    refused: { [nameColumn]: null },
    ...more,
  };
}

export const FIXTURES: Partial<Record<Entity, EntityFixture>> = {
  person: fixture('people', 'name', {
    change: { phone: '555' },
    update: { phone: null, job_title: 'Fitter' },
    create: (n) => ({ name: `P ${String(n)}`, phone: '1' }),
  }),
  location: fixture('locations', 'name'),
  asset: fixture('assets', 'name', {
    create: (n) => ({
      name: `Fan ${String(n)}`,
      serial_number: `F-${String(n)}`,
      purchase_cost: 12.5,
      installation_date: '2020-02-29',
    }),
    // A reference to nothing.
    refused: { name: 'Lost', location_id: '999999' },
  }),
  part: fixture('parts', 'name', {
    update: { quantity_on_hand: 7.25, is_active: true },
    create: (n) => ({ name: `Seal ${String(n)}`, is_active: false }),
  }),
  meter: fixture('meters', 'name', {
    change: { unit: 'km' },
    create: (n) => ({ name: `Hours ${String(n)}`, unit: 'h' }),
    update: { last_reading: 250.5, last_reading_at: '2026-04-01T06:30:00.123Z' },
  }),
  plan: fixture('maintenance_schedules', 'name'),
  request: fixture('requests', 'title'),
  work_order: fixture('work_orders', 'title', {
    create: (n) => ({ title: `Fix ${String(n)}`, due_date: '2031-01-01T00:00:00.000Z' }),
    update: { due_date: '2031-02-03T04:05:06.789Z', status: 'completed' },
    literals: { text: 'description', instant: 'due_date', number: 'estimated_hours' },
  }),
};
