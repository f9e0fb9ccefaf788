/**
 * What the database holds when it starts. The machines are the owner's by serial number, under the names of a contractor who keeps
 * his own books (data/README.md has the source).
 */
import { plantOfSeed, type Plant, type PlantOrder } from '../../kit/sandbox/index.ts';
import type { Engine, Row } from './engine.ts';

const START = '2001-06-01 00:00:00.000';
const STAMPS = { created_at: START, updated_at: START };
/** One in so many of the real orders; the rest is in other systems. */
const SHARE = 5;
const OPEN_ORDERS = 30;
const PEOPLE = 3;
const PARTS = 3;
const ROWS_PER_INSERT = 200;
const PLACES = ['Pit Mine', 'North Pit', 'South Pit', 'Heavy Workshop'];
const PIT_IDS = { north: 2, south: 3 };

function time(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

export async function seedDatabase(engine: Engine, seed: string): Promise<void> {
  // Who asks for so many of the newest gets them.
  const share = /:\d+$/.test(seed) ? 1 : SHARE;
  const keeps = ({ line }: { line: number }): boolean => line % share === 0;
  const plant = await plantOfSeed(seed, { open: OPEN_ORDERS, keeps });
  if (plant === null) return;
  if (plant.kind === 'pit') await seedPit(engine, plant);
  const pumps = plant.kind === 'pumps' ? plant.machines : [];
  await insert(
    engine,
    'assets',
    pumps.map(({ number, serial }) => ({
      ...{ id: number, name: `Pump ${number}`, serial_number: serial, ...STAMPS },
    })),
  );
  const number = new Map(plant.machines.map((machine) => [machine.key, machine]));
  await insert(
    engine,
    'work_orders',
    plant.orders.map((order, i) => orderRow(order, i + 1, plant.kind, number.get(order.machine))),
  );
}

function orderRow(
  order: PlantOrder,
  id: number,
  kind: Plant['kind'],
  machine: Plant['machines'][number] | undefined,
): Row {
  const { text, about, open, kind: type, system, day, cost } = order;
  const pit = kind === 'pit';
  return {
    ...{ id, work_order_number: `H-${String(id).padStart(5, '0')}`, title: text, description: about },
    ...{ status: open ? 'scheduled' : 'completed', priority: type === 'PM01' ? 'high' : 'medium' },
    ...{ work_order_type: 'corrective', category: system, asset_id: machine?.number },
    location_id: pit && machine !== undefined ? PIT_IDS[machine.pit] : null,
    ...{ assigned_to: pit && !open ? 2 : null, requested_at: time(day), due_date: time(day) },
    ...{ actual_end: open ? null : time(day), actual_cost: cost },
    ...{ created_at: time(day), updated_at: time(day) },
  };
}

async function seedPit(engine: Engine, { people, machines, parts }: Plant): Promise<void> {
  const put = (table: string, rows: Row[]): Promise<void> =>
    insert(
      engine,
      table,
      rows.map((row, i) => ({ id: i + 1, ...row, ...STAMPS })),
    );
  await put(
    'people',
    people.slice(0, PEOPLE).map(({ key, first, last, mail, trade }) => ({
      ...{ code: key, name: `${first} ${last}`, first_name: first, last_name: last, email: mail },
      ...{ job_title: trade, is_active: true },
    })),
  );
  await put(
    'locations',
    PLACES.map((name, i) => ({
      ...{ code: `L-${i + 1}`, name, parent_id: i === 0 ? null : 1, kind: i === 0 ? 'site' : 'area' },
      is_active: true,
    })),
  );
  await put(
    'assets',
    machines.map(({ key, number, serial, pit }) => ({
      ...{ id: number, tag: `HX-${key}`, name: `Shovel ${key}`, description: 'Hydraulic shovel O&K RH120' },
      ...{ asset_type: 'machinery', category: 'Excavator', status: 'operational', serial_number: serial },
      ...{ location_id: PIT_IDS[pit], manufacturer: 'O&K', model: 'RH120E' },
    })),
  );
  await put(
    'parts',
    parts.slice(0, PARTS).map(({ number, name, stock, least, price }, i) => ({
      ...{ part_number: number, name, quantity_on_hand: stock + 3 * i, reorder_point: least },
      ...{ unit_cost: price, location_id: PLACES.length, is_active: true },
    })),
  );
  await put(
    'meters',
    machines.map(({ key, number, hours }) => ({
      ...{ id: number, code: `HRS-${key}`, name: `Engine hours ${key}`, meter_type: 'counter', unit: 'h' },
      ...{ asset_id: number, last_reading: hours, last_reading_at: '2012-12-01 06:00:00.000' },
      is_active: true,
    })),
  );
  await put(
    'maintenance_schedules',
    machines.map(({ key, number }) => ({
      ...{ id: number, code: `PM-${key}`, name: `Grease round ${key}`, asset_id: number, assigned_to: 2 },
      ...{ maintenance_type: 'lubrication', priority: 'medium', is_active: true, every_n: 4 },
      ...{ every_unit: 'week', next_scheduled: '2013-01-07 22:00:00.000', estimated_duration: 90 },
    })),
  );
  const [first] = machines;
  await put('requests', [
    {
      ...{ title: `Cab air conditioner blows warm on ${first?.key ?? ''}`, status: 'submitted' },
      ...{ priority: 'medium', asset_id: first?.number, requested_by: 1 },
      requested_at: '2012-12-02 05:30:00.000',
    },
  ]);
}

async function insert(engine: Engine, table: string, rows: Row[]): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const names = Object.keys(first);
  for (let from = 0; from < rows.length; from += ROWS_PER_INSERT) {
    const some = rows.slice(from, from + ROWS_PER_INSERT);
    const marks = some.map(() => `(${names.map(() => '?').join(', ')})`).join(', ');
    await engine.query(
      `insert into ${table} (${names.join(', ')}) values ${marks}`,
      some.flatMap((row) => names.map((name) => row[name])),
    );
  }
}

/** Rows that were given their ids: the counters go on behind them. */
export const AFTER_SEED_POSTGRES = (table: string): string =>
  `select setval(pg_get_serial_sequence('${table}', 'id'), coalesce(max(id), 0) + 1, false) from ${table}`;
