/**
 * What the database holds when it starts: `empty`, `excavators`, `site:<letters>`, `orders:N`. The machines are the
 * owner's by serial number, under the names of a contractor who keeps his own books (data/README.md has the source).
 */
import { loadExcavatorOrders } from '../../kit/sandbox/index.ts';
import type { Engine, Row } from './engine.ts';

const START = '2001-06-01 00:00:00.000';
const PITS: Readonly<Record<string, string>> = {
  A: 'North Pit',
  B: 'North Pit',
  C: 'North Pit',
  D: 'South Pit',
  E: 'South Pit',
};
const PEOPLE = [
  ['wilson.reed', 'Wilson', 'Reed', 'Maintenance superintendent'],
  ['maria.santos', 'Maria', 'Santos', 'Fitter'],
  ['tom.baker', 'Tom', 'Baker', 'Auto electrician'],
] as const;
const PARTS = [
  ['GET-120-T', 'Bucket tooth', 48, 12, 310],
  ['HH-125-4SP', 'Hydraulic hose 1 1/4 in', 35, 10, 128.9],
  ['EF-3555', 'Engine oil filter', 22, 8, 41.75],
] as const;
/** One in so many of the real orders; the rest is in other systems. */
const SHARE = 5;
const LIVE_ORDERS = 30;
const ROWS_PER_INSERT = 200;
/** Synthetic orders start here, one second apart. */
const EPOCH_MS = Date.UTC(2025, 0, 1);

export async function seedDatabase(engine: Engine, seed: string): Promise<void> {
  if (seed === 'empty') return;
  const orders = /^orders:(\d+)$/.exec(seed);
  if (orders !== null) return seedOrders(engine, Number(orders[1]));
  const site = /^site:([A-E]+)$/.exec(seed);
  if (site === null && seed !== 'excavators') {
    throw new TypeError(
      `The seed "${seed}" is unknown; use empty, excavators, site:<letters A to E> or orders:<number>.`,
    );
  }
  await seedExcavators(engine, (site?.[1] ?? 'ABCDE').split(''));
}

async function seedExcavators(engine: Engine, letters: string[]): Promise<void> {
  const stamps = { created_at: START, updated_at: START };
  await insert(
    engine,
    'people',
    PEOPLE.map(([mail, first, last, job], i) => ({
      id: i + 1,
      code: mail,
      name: `${first} ${last}`,
      first_name: first,
      last_name: last,
      email: `${mail}@pitmine.example`,
      job_title: job,
      is_active: true,
      ...stamps,
    })),
  );
  const places = ['Pit Mine', 'North Pit', 'South Pit', 'Heavy Workshop'];
  await insert(
    engine,
    'locations',
    places.map((name, i) => ({
      id: i + 1,
      code: `L-${i + 1}`,
      name,
      parent_id: i === 0 ? null : 1,
      kind: i === 0 ? 'site' : 'area',
      is_active: true,
      ...stamps,
    })),
  );
  const placeOf = (letter: string): number => places.indexOf(PITS[letter] ?? '') + 1;
  const assetOf = (letter: string): number => 'ABCDE'.indexOf(letter) + 1;
  await insert(
    engine,
    'assets',
    letters.map((letter) => ({
      id: assetOf(letter),
      tag: `HX-${letter}`,
      name: `Shovel ${letter}`,
      description: 'Hydraulic shovel O&K RH120',
      asset_type: 'machinery',
      category: 'Excavator',
      status: 'operational',
      location_id: placeOf(letter),
      manufacturer: 'O&K',
      model: 'RH120E',
      serial_number: `RH120-${letter}-000${assetOf(letter)}`,
      ...stamps,
    })),
  );
  await insert(
    engine,
    'parts',
    PARTS.map(([number, name, stock, least, cost], i) => ({
      id: i + 1,
      part_number: number,
      name,
      quantity_on_hand: stock,
      reorder_point: least,
      unit_cost: cost,
      location_id: 4,
      is_active: true,
      ...stamps,
    })),
  );
  await insert(
    engine,
    'meters',
    letters.map((letter) => ({
      id: assetOf(letter),
      code: `HRS-${letter}`,
      name: `Engine hours ${letter}`,
      meter_type: 'counter',
      unit: 'h',
      asset_id: assetOf(letter),
      last_reading: 18_000 + 2_350 * assetOf(letter),
      last_reading_at: '2012-12-01 06:00:00.000',
      is_active: true,
      ...stamps,
    })),
  );
  await insert(
    engine,
    'maintenance_schedules',
    letters.map((letter) => ({
      id: assetOf(letter),
      code: `PM-${letter}`,
      name: `Grease round ${letter}`,
      asset_id: assetOf(letter),
      assigned_to: 2,
      maintenance_type: 'lubrication',
      priority: 'medium',
      is_active: true,
      every_n: 4,
      every_unit: 'week',
      next_scheduled: '2013-01-07 22:00:00.000',
      estimated_duration: 90,
      ...stamps,
    })),
  );
  await insert(engine, 'requests', [
    {
      id: 1,
      title: `Cab air conditioner blows warm on ${letters[0] ?? ''}`,
      status: 'submitted',
      priority: 'medium',
      asset_id: assetOf(letters[0] ?? 'A'),
      requested_by: 1,
      requested_at: '2012-12-02 05:30:00.000',
      ...stamps,
    },
  ]);
  const sound = (await loadExcavatorOrders()).filter(
    ({ broken, asset }) => broken === null && letters.includes(asset),
  );
  const chosen = sound
    .filter((_, i) => i % SHARE === 0)
    .sort((a, b) => a.date.localeCompare(b.date) || a.line - b.line);
  await insert(
    engine,
    'work_orders',
    chosen.map((order, i) => {
      const live = i >= chosen.length - LIVE_ORDERS;
      const day = `${order.date} 00:00:00.000`;
      return {
        id: i + 1,
        work_order_number: `H-${String(i + 1).padStart(5, '0')}`,
        title: order.text,
        status: live ? 'scheduled' : 'completed',
        priority: order.pmType === 'PM01' ? 'high' : 'medium',
        work_order_type: 'corrective',
        category: order.majorSystem,
        asset_id: assetOf(order.asset),
        location_id: placeOf(order.asset),
        assigned_to: live ? null : 2,
        requested_at: day,
        due_date: day,
        actual_end: live ? null : day,
        actual_cost: order.cost,
        created_at: day,
        updated_at: day,
      };
    }),
  );
}

async function seedOrders(engine: Engine, count: number): Promise<void> {
  const stamp = (i: number): string =>
    new Date(EPOCH_MS + i * 1_000).toISOString().replace('T', ' ').replace('Z', '');
  await insert(
    engine,
    'assets',
    Array.from({ length: 10 }, (_, i) => ({
      id: i + 1,
      name: `Pump ${i + 1}`,
      serial_number: `SYN-${i + 1}`,
      created_at: stamp(i),
      updated_at: stamp(i),
    })),
  );
  const row = (i: number): Row => ({
    id: i + 1,
    work_order_number: `S-${i + 1}`,
    title: `Synthetic order ${i + 1}`,
    description: 'Check, tighten and report. Made for measuring.',
    status: 'scheduled',
    priority: 'medium',
    asset_id: (i % 10) + 1,
    due_date: stamp((i % 365) * 86_400),
    created_at: stamp(i),
    updated_at: stamp(i),
  });
  for (let from = 0; from < count; from += ROWS_PER_INSERT) {
    await insert(
      engine,
      'work_orders',
      Array.from({ length: Math.min(ROWS_PER_INSERT, count - from) }, (_, i) => row(from + i)),
    );
  }
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
