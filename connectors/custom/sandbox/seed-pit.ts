/**
 * `excavators`: the pit as a corporate system knows it (data/README.md): the five machines by their serial numbers under the
 * accountants' names, and every real order of 2009 and later.
 */
import {
  EXCAVATORS,
  ordersOfSite,
  type Excavator,
  type ExcavatorOrder,
  type ExcavatorSite,
} from '../../kit/sandbox/index.ts';
import { putRecord } from './put-record.ts';
import type { Store } from './store.ts';

const START_MS = Date.UTC(2008, 11, 1, 8);
const FROM = '2009-01-01';
const OPEN_ORDERS = 30;
const DAY_MS = 86_400_000;

const PEOPLE = [
  ['Wilson', 'Reed', 'wilson.reed', 'Superintendent maintenance'],
  ['Maria', 'Santos', 'maria.santos', 'Fitter'],
  ['Tom', 'Baker', 'tom.baker', 'Electrician'],
  ['Anna', 'Novak', 'anna.novak', 'Cost controller'],
] as const;

const PARTS = [
  ['GET-120-T', 'BUCKET TOOTH RH120', 24, 10, 310, 'EA'],
  ['CYL-SK-77', 'SEAL KIT BUCKET CYLINDER', 4, 2, 845.5, 'KIT'],
  ['EF-3555', 'FILTER OIL ENGINE', 16, 8, 41.75, 'EA'],
] as const;

const TYPES: Readonly<Record<string, string>> = {
  PM01: 'corrective',
  PM02: 'preventive',
  PM05: 'calibration',
};

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

interface Places {
  site: string;
  pits: Readonly<Record<Excavator, string>>;
}

function seedPlaces(store: Store): Places {
  const add = (code: string, name: string, parent_id: string | null): string =>
    putRecord(store, 'locations', { code, name, parent_id }, START_MS).id;
  const site = add('4100', 'Pit Mine Operations', null);
  const north = add('4100-N', 'Pit North', site);
  const south = add('4100-S', 'Pit South', site);
  return { site, pits: { A: north, B: north, C: north, D: south, E: south } };
}

function seedMachines(store: Store, letters: readonly Excavator[], { pits }: Places): Map<string, string> {
  return new Map(
    letters.map((letter) => {
      const number = EXCAVATORS.indexOf(letter) + 1;
      const values = {
        asset_tag: `FA-4100-0${number}`,
        name: `HYD EXCAVATOR ${letter}`,
        description: `Hydraulic excavator ${letter}, cost centre 4100-${number}`,
        asset_type: 'vehicle',
        manufacturer: 'O&K',
        model: 'RH120E',
        serial_number: `RH120-${letter}-000${number}`,
        installation_date: '2001-01-01',
        expected_lifespan: 240,
        department: 'Mining',
        location_id: pits[letter],
        tags: ['fleet'],
        specifications: { operating_mass_t: 280, bucket_m3: 15 },
      };
      return [letter, putRecord(store, 'assets', values, START_MS + number * 1000).id];
    }),
  );
}

function seedRest(
  store: Store,
  assets: Map<string, string>,
  places: Places,
  people: readonly string[],
): void {
  for (const [part_number, name, quantity, min_quantity, unit_cost, unit] of PARTS) {
    const values = { part_number, name, quantity, min_quantity, unit_cost, unit, location_id: places.site };
    putRecord(store, 'parts', { ...values, bin: `${part_number.slice(0, 1)}-01` }, START_MS);
  }
  let hours = 18_000;
  for (const [letter, asset_id] of assets) {
    hours += 2_350;
    const last = { last_reading: hours, last_reading_at: '2012-12-01T06:00:00.000Z' };
    putRecord(
      store,
      'meters',
      { name: `Engine hours ${letter}`, unit: 'h', asset_id, ...last },
      START_MS,
      Date.UTC(2012, 11, 1, 6),
    );
    const schedule = {
      name: `Statutory inspection ${letter}`,
      description: 'Brakes, steering, fire suppression',
      maintenance_type: 'preventive',
      priority: 'high',
      ...{ frequency: 'yearly', interval: 1, estimated_duration: 480, asset_ids: [asset_id] },
      ...{ last_executed: '2012-03-05T08:00:00.000Z', next_scheduled: '2013-03-04T08:00:00.000Z' },
      steps: [
        { name: 'Brakes', estimated_duration: 180, sequence_order: 1 },
        { name: 'Fire suppression', estimated_duration: 120, sequence_order: 2 },
      ],
    };
    putRecord(store, 'schedules', schedule, START_MS);
    const request = { title: `Repaint machine number on ${letter}`, asset_id, requested_by: people[3] };
    putRecord(
      store,
      'requests',
      { ...request, requested_at: '2012-12-03T09:00:00.000Z', priority: 'low' },
      Date.UTC(2012, 11, 3, 9),
    );
  }
}

function orderValues(order: ExcavatorOrder, open: boolean, asset: string, people: readonly string[]): object {
  const day = Date.parse(`${order.date}T00:00:00Z`);
  const ended = open ? null : iso(day + DAY_MS);
  const openStatus = order.line % 2 === 0 ? 'open' : 'in_progress';
  return {
    work_order_number: `SAP-${400_000 + order.line}`,
    title: order.text,
    description: [order.majorSystem, order.part, order.action].filter(Boolean).join(', ') || null,
    status: open ? openStatus : order.date < '2012' ? 'closed' : 'completed',
    priority: order.pmType === 'PM01' ? 'high' : 'medium',
    work_order_type: TYPES[order.pmType] ?? 'corrective',
    asset_id: asset,
    assigned_to: people[1 + (order.line % 2)],
    requested_by: people[0],
    ...{ due_date: iso(day), scheduled_start: iso(day), scheduled_end: ended },
    ...{ actual_start: open ? null : iso(day), actual_end: ended },
    ...{ actual_cost: open ? null : order.cost, estimated_cost: null },
  };
}

export function seedPit(store: Store, orders: readonly ExcavatorOrder[], site: ExcavatorSite): void {
  const people = PEOPLE.map(([first_name, last_name, mail, job_title]) => {
    const values = { name: `${first_name} ${last_name}`, first_name, last_name, job_title };
    return putRecord(store, 'people', { ...values, email: `${mail}@pitmine.example` }, START_MS).id;
  });
  const places = seedPlaces(store);
  const assets = seedMachines(store, site.machines, places);
  seedRest(store, assets, places, people);
  const own = ordersOfSite(orders, site)
    .filter(({ broken, date, asset }) => broken === null && date >= FROM && assets.has(asset))
    .sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : a.line - b.line));
  own.forEach((order, i) => {
    const open = i >= own.length - OPEN_ORDERS;
    const created = Date.parse(`${order.date}T00:00:00Z`);
    const values = orderValues(order, open, assets.get(order.asset) ?? '', people);
    putRecord(store, 'work-orders', { ...values }, created, open ? created : created + DAY_MS);
  });
}
