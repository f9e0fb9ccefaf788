/**
 * What the system holds when it starts. The pit as a corporate system knows it: the five machines by their serial numbers under the
 * accountants' names, and every real order of 2009 and later.
 */
import {
  DAY_MS,
  plantOfSeed,
  type Plant,
  type PlantMachine,
  type PlantOrder,
} from '../../kit/sandbox/index.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import type { Store, Values } from './store.ts';

const START_MS = Date.UTC(2008, 11, 1, 8);
const FROM = '2009-01-01';
const OPEN_ORDERS = 30;
const PEOPLE = ['wilson.reed', 'maria.santos', 'tom.baker', 'anna.novak'];
const PARTS = 3;
const STATUSES = {
  new: 'open',
  released: 'open',
  started: 'in_progress',
  completed: 'completed',
  closed: 'closed',
};
const TYPES: Readonly<Record<string, string>> = {
  PM01: 'corrective',
  PM02: 'preventive',
  PM05: 'calibration',
};
const PRIORITIES: Readonly<Record<string, string>> = { PM01: 'high', PM02: 'medium', PM13: 'low' };

type Put = (object: ObjectName, values: Values, createdAt?: number, updatedAt?: number) => string;

/** Puts records in as if they had been there for long, every column filled; gives the id. */
function putInto(store: Store): Put {
  return (object, values, createdAt = START_MS, updatedAt = createdAt) => {
    const rest = Object.entries(SCHEMA[object].columns).map(([name, { fallback }]) => [
      name,
      fallback ?? null,
    ]);
    const all = { ...(Object.fromEntries(rest) as Values), ...values };
    return store.add(object, { values: all, at: { createdAt, updatedAt } }).id;
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

function seedPeople(put: Put, { people }: Plant): string[] {
  const own = PEOPLE.flatMap((wanted) => people.find(({ key }) => key === wanted) ?? []);
  return own.map(({ first, last, mail, trade }) =>
    put('people', {
      ...{ name: `${first} ${last}`, first_name: first, last_name: last, email: mail, job_title: trade },
    }),
  );
}

function machineValues({ key, number, serial }: PlantMachine, kind: Plant['kind']): Values {
  if (kind === 'pumps') return { name: `Pump ${key}`, asset_tag: `PU-${key}`, serial_number: serial };
  return {
    ...{ asset_tag: `FA-4100-0${number}`, name: `HYD EXCAVATOR ${key}`, asset_type: 'vehicle' },
    description: `Hydraulic excavator ${key}, cost centre 4100-${number}`,
    ...{ manufacturer: 'O&K', model: 'RH120E', serial_number: serial, installation_date: '2001-01-01' },
    ...{ expected_lifespan: 240, department: 'Mining', tags: ['fleet'] },
    specifications: { operating_mass_t: 280, bucket_m3: 15 },
  };
}

function seedMachines(put: Put, { machines, kind }: Plant): { site: string; assets: Map<string, string> } {
  const place = (code: string, name: string, parent_id?: string): string =>
    put('locations', { code, name, parent_id: parent_id ?? null });
  const site = kind === 'pumps' ? place('SYN', 'Synthetic plant') : place('4100', 'Pit Mine Operations');
  const pits =
    kind === 'pumps'
      ? { north: site, south: site }
      : { north: place('4100-N', 'Pit North', site), south: place('4100-S', 'Pit South', site) };
  const assets = machines.map((machine): [string, string] => {
    const values = { ...machineValues(machine, kind), location_id: pits[machine.pit] };
    return [machine.key, put('assets', values, START_MS + machine.number * 1000)];
  });
  return { site, assets: new Map(assets) };
}

/** Meters, yearly inspections and a wish for each machine. */
function seedAround(put: Put, { machines }: Plant, assets: ReadonlyMap<string, string>, asks?: string): void {
  const [read, asked] = [Date.UTC(2012, 11, 1, 6), Date.UTC(2012, 11, 3, 9)];
  for (const { key, hours } of machines) {
    const asset_id = assets.get(key);
    const last = { last_reading: hours, last_reading_at: iso(read) };
    put('meters', { name: `Engine hours ${key}`, unit: 'h', asset_id, ...last }, START_MS, read);
    put('schedules', {
      ...{ name: `Statutory inspection ${key}`, description: 'Brakes, steering, fire suppression' },
      ...{ maintenance_type: 'preventive', priority: 'high', frequency: 'yearly', interval: 1 },
      ...{ estimated_duration: 480, asset_ids: [asset_id] },
      ...{ last_executed: '2012-03-05T08:00:00.000Z', next_scheduled: '2013-03-04T08:00:00.000Z' },
      steps: [
        { name: 'Brakes', estimated_duration: 180, sequence_order: 1 },
        { name: 'Fire suppression', estimated_duration: 120, sequence_order: 2 },
      ],
    });
    const wish = { title: `Repaint machine number on ${key}`, asset_id, requested_by: asks };
    put('requests', { ...wish, requested_at: iso(asked), priority: 'low' }, asked);
  }
}

function seedOrder(
  put: Put,
  order: PlantOrder,
  asset_id: string | undefined,
  people: readonly string[],
): void {
  const { number, text, about, system, part, action, state, kind, day, open, cost } = order;
  const ended = open ? null : iso(day + DAY_MS);
  const values = {
    ...{ work_order_number: `SAP-${400_000 + number}`, title: text, asset_id },
    description: about ?? ([system, part, action].filter(Boolean).join(', ') || null),
    ...{ status: STATUSES[state], priority: PRIORITIES[kind] ?? 'medium', work_order_type: TYPES[kind] },
    ...{ assigned_to: people[1 + (number % 2)] ?? null, requested_by: people[0] ?? null },
    ...{ due_date: iso(day), scheduled_start: iso(day), scheduled_end: ended },
    ...{ actual_start: open ? null : iso(day), actual_end: ended, actual_cost: open ? null : cost },
  };
  put('work-orders', { work_order_type: 'corrective', ...defined(values) }, day, open ? day : day + DAY_MS);
}

function defined(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export async function seedStore(store: Store, seed: string): Promise<void> {
  const plant = await plantOfSeed(seed, { open: OPEN_ORDERS, keeps: ({ date }) => date >= FROM });
  const put = putInto(store);
  if (plant === null) {
    put('people', { name: 'Integration', email: 'integration@pitmine.example' });
    return;
  }
  const people = seedPeople(put, plant);
  const { site, assets } = seedMachines(put, plant);
  plant.parts.slice(0, PARTS).forEach(({ number, name, stock, least, price, unit, bin }, i) => {
    const amounts = { quantity: stock - 2 * i, min_quantity: least, unit_cost: price, unit, bin };
    put('parts', { part_number: number, name: name.toUpperCase(), ...amounts, location_id: site });
  });
  if (plant.kind === 'pit') seedAround(put, plant, assets, people[3]);
  for (const order of plant.orders) seedOrder(put, order, assets.get(order.machine), people);
}
