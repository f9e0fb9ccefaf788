/** Lists that people edit on both sides, through the real mappings and the vendors' sandboxes; and what waits for a person. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { listConflicts, resolveConflict } from '../../../plant/exceptions/conflicts.ts';
import { takeReadings } from '../../../plant/meters/meters.ts';
import { openTestPlant, type TestPlant } from '../../../plant/plant.fixture.ts';
import { createRecord } from '../../../plant/records/change-record.ts';
import { setRecordFields } from '../../../plant/records/records.ts';
import { completeStep } from '../../../plant/work-orders/steps.ts';
import type { PlantConnection } from '../../../test/support/plant.ts';

const DRAIN = { sequence: 10, title: 'Drain', status: 'pending' };
const FILL = { sequence: 20, title: 'Fill', status: 'pending' };

let plant: TestPlant;
beforeEach(async () => {
  plant = await openTestPlant();
});
afterEach(() => plant.close());

async function create(entity: 'part' | 'work_order' | 'asset' | 'meter', fields: JsonObject) {
  return plant.store.inTenant(plant.tenantId, (tx) =>
    createRecord(plant.person, tx, entity, fields, {
      at: new Date(plant.deps.now()).toISOString(),
      readingSource: 'hub',
    }),
  );
}

async function hubField(entity: string, field: string): Promise<Json> {
  const found = await plant.store.inTenant(plant.tenantId, (tx) =>
    sql<{ value: Json }>`
      select fields -> ${field} as value from hub_record where entity = ${entity} order by number`.execute(
      tx,
    ),
  );
  return found.rows[0]?.value ?? null;
}

async function conflictRows(): Promise<JsonObject[]> {
  const found = await plant.store.inTenant(plant.tenantId, (tx) =>
    sql<JsonObject>`
      select field, policy, winner, resolved_by, hub_value, external_value from conflict order by id`.execute(
      tx,
    ),
  );
  return found.rows;
}

/** The connection's own rule: which policy decides a field of its work orders. */
async function setPolicy(connection: PlantConnection, field: string, policy: string): Promise<void> {
  const document = JSON.stringify({ conflict: { fields: { [field]: policy } } });
  await plant.store.inTenant(plant.tenantId, async (tx) => {
    await sql`update mapping_override set active = false where connection_id = ${connection.id}`.execute(tx);
    await sql`
      insert into mapping_override (tenant_id, connection_id, entity, version, document, active, created_by, created_at)
      select ${plant.tenantId}::uuid, ${connection.id}::uuid, 'work_order', 1 + count(*), ${document}::jsonb, true, 'test', now()
      from mapping_override where connection_id = ${connection.id}`.execute(tx);
  });
}

/** What one vendor calls the steps of an order, and how a person there edits them. */
interface StepsOf {
  titles(connection: PlantConnection): [number, string][];
  rename(connection: PlantConnection, sequence: number, title: string): void;
  add(connection: PlantConnection, sequence: number, title: string): void;
}

type Row = Record<string, Json>;
/** A field of a sandbox's row as text. */
const textOf = (row: Row | undefined, name: string): string => {
  const value = row?.[name];
  return typeof value === 'number' ? String(value) : typeof value === 'string' ? value : '';
};
const rowsOf = ({ sandbox }: PlantConnection, object: string): Row[] => sandbox.control.list(object) as Row[];

const MAXIMO: StepsOf = {
  titles: (connection) =>
    ((rowsOf(connection, 'mxapiwodetail')[0]?.['woactivity'] ?? []) as Row[]).map((task) => [
      Number(task['taskid']),
      textOf(task, 'description'),
    ]),
  rename: (connection, taskid, description) => editOrder(connection, taskid, description),
  add: (connection, taskid, description) => editOrder(connection, taskid, description),
};

/** Maximo adds the task when there is none of that number. */
function editOrder(connection: PlantConnection, taskid: number, description: string): void {
  const id = textOf(rowsOf(connection, 'mxapiwodetail')[0], 'id');
  connection.sandbox.control.change('mxapiwodetail', id, { woactivity: [{ taskid, description }] });
}

const FIIX: StepsOf = {
  titles: (connection) =>
    rowsOf(connection, 'WorkOrderTask').map((task) => [
      Number(task['intOrder']),
      textOf(task, 'strDescription'),
    ]),
  rename(connection, sequence, strDescription) {
    const task = rowsOf(connection, 'WorkOrderTask').find(({ intOrder }) => intOrder === sequence);
    connection.sandbox.control.change('WorkOrderTask', textOf(task, 'id'), { strDescription });
    touchFiix(connection);
  },
  add(connection, intOrder, strDescription) {
    const order = rowsOf(connection, 'WorkOrder')[0]?.['id'];
    connection.sandbox.control.insert('WorkOrderTask', {
      intWorkOrderID: order,
      intTaskType: 0,
      intOrder,
      strDescription,
    });
    touchFiix(connection);
  },
};

/** An edit of a task moves the order's own time there too. */
function touchFiix(connection: PlantConnection): void {
  const [order] = rowsOf(connection, 'WorkOrder');
  connection.sandbox.control.change('WorkOrder', textOf(order, 'id'), {
    strDescription: `${textOf(order, 'strDescription')} `,
  });
}

describe.each([
  ['maximo', MAXIMO],
  ['fiix', FIIX],
])('steps of an order in %s', (system, steps) => {
  let there: PlantConnection;
  let id: string;
  let number: string;
  beforeEach(async () => {
    there = await plant.connect(system, { seed: 'empty' });
    ({ id, number } = await create('work_order', { title: 'Service', tasks: [DRAIN, FILL] }));
    await plant.settle();
  });

  const setTasks = (tasks: JsonObject[]): Promise<unknown> =>
    setRecordFields(plant.person, { number, fields: () => ({ tasks }) });
  const hubTitles = async (): Promise<[Json, Json][]> =>
    ((await hubField('work_order', 'tasks')) as JsonObject[]).map(({ sequence, title }) => [
      sequence ?? null,
      title ?? null,
    ]);

  it('what was done in the hub stays when somebody there renames another step', async () => {
    await completeStep(plant.person, id, 10, {
      outcome: 'completed',
      completedBy: 'Tom',
      actualDuration: 25,
      notes: 'bolt M12 sheared',
    });
    await plant.settle();
    steps.rename(there, 20, 'Fill slowly');
    await plant.settle();
    expect(await hubField('work_order', 'tasks')).toMatchObject([
      {
        sequence: 10,
        title: 'Drain',
        status: 'completed',
        notes: 'bolt M12 sheared',
        actualMinutes: 25,
        completedBy: 'Tom',
      },
      { sequence: 20, title: 'Fill slowly', status: 'pending' },
    ]);
    expect(await conflictRows()).toEqual([]);
  });

  it('edits of both sides meet: added there, renamed there, renamed here', async () => {
    steps.rename(there, 10, 'Drain the oil');
    steps.add(there, 40, 'Check the level');
    await setTasks([DRAIN, { ...FILL, title: 'Fill slowly' }, { sequence: 30, title: 'Run' }]);
    await plant.settle();
    const titles = [
      [10, 'Drain the oil'],
      [20, 'Fill slowly'],
      [30, 'Run'],
      [40, 'Check the level'],
    ];
    expect(await hubTitles()).toEqual(titles);
    expect(steps.titles(there).toSorted(([a], [b]) => a - b)).toEqual(titles);
    expect(await conflictRows()).toEqual([]);
    expect(await plant.settle()).toBe(1);
  });

  it('where people decide, one member waits; the other steps go on, and the vendor keeps its word', async () => {
    await setPolicy(there, 'tasks', 'manual');
    steps.rename(there, 10, 'theirs');
    await setTasks([
      { ...DRAIN, title: 'ours' },
      { ...FILL, title: 'Fill slowly' },
    ]);
    await plant.settle();
    const [open, ...more] = await listConflicts(plant.person, { field: 'tasks' });
    expect(more).toEqual([]);
    expect(open).toMatchObject({ field: 'tasks[10].title', hubValue: 'ours', externalValue: 'theirs' });
    expect(steps.titles(there)).toEqual([
      [10, 'theirs'],
      [20, 'Fill slowly'],
    ]);
    expect(await hubTitles()).toEqual([
      [10, 'ours'],
      [20, 'Fill slowly'],
    ]);
    await resolveConflict(plant.person, { id: open?.id ?? '', decision: { value: 'agreed' } });
    await plant.settle();
    expect(steps.titles(there)[0]).toEqual([10, 'agreed']);
    expect((await hubTitles())[0]).toEqual([10, 'agreed']);
    expect(await plant.settle()).toBe(1);
  });
});

it('a part that somebody adds in UpKeep does not round what the hub knows of the others', async () => {
  const upkeep = await plant.connect('upkeep', { seed: 'empty' });
  const oil = await create('part', { name: 'Oil' });
  const belt = await create('part', { name: 'Belt' });
  await create('work_order', { title: 'Service', parts: [{ part: oil.number, quantity: 1.5 }] });
  await plant.settle();
  const partId = (name: string): string => String(plant.find(upkeep, 'parts', 'name', name)['id']);
  const order = String(plant.find(upkeep, 'work-orders', 'title', 'Service')['id']);
  upkeep.sandbox.control.change('work-orders', order, {
    parts: [partId('Oil'), partId('Belt')],
    respectivePartQuantityUsed: [2, 4],
  });
  await plant.settle();
  const used = new Map(
    ((await hubField('work_order', 'parts')) as { part: string; quantity: number }[]).map((line) => [
      line.part,
      line.quantity,
    ]),
  );
  expect(used).toEqual(
    new Map([
      [oil.id, 1.5],
      [belt.id, 4],
    ]),
  );
});

describe('what a person has to decide', () => {
  it('goes out with the value of the vendor when it shares its field there with another', async () => {
    // One text in Fiix: its first line is the title, the rest the description.
    const fiix = await plant.connect('fiix', { seed: 'empty' });
    const { number } = await create('work_order', { title: 'Grease', description: 'base' });
    await plant.settle();
    const text = (): Json => rowsOf(fiix, 'WorkOrder')[0]?.['strDescription'] ?? null;
    const id = textOf(rowsOf(fiix, 'WorkOrder')[0], 'id');
    fiix.sandbox.control.change('WorkOrder', id, { strDescription: 'Grease\ntheirs' });
    await setRecordFields(plant.person, { number, fields: () => ({ description: 'ours' }) });
    await plant.settle();
    await setRecordFields(plant.person, { number, fields: () => ({ title: 'Grease well' }) });
    await plant.settle();
    expect(text()).toBe('Grease well\ntheirs');
    expect(await hubField('work_order', 'description')).toBe('ours');
    expect(await listConflicts(plant.person)).toMatchObject([
      { field: 'description', hubValue: 'ours', externalValue: 'theirs' },
    ]);
  });

  describe('ends', () => {
    let upkeep: PlantConnection;
    let number: string;
    beforeEach(async () => {
      upkeep = await plant.connect('upkeep', { seed: 'empty' });
      ({ number } = await create('work_order', { title: 'Order', description: 'base' }));
      await plant.settle();
      const id = String(plant.find(upkeep, 'work-orders', 'title', 'Order')['id']);
      upkeep.sandbox.control.change('work-orders', id, { description: 'theirs' });
      await describe('ours');
      expect(await listConflicts(plant.person)).toHaveLength(1);
    });

    async function describe(description: string): Promise<void> {
      await setRecordFields(plant.person, { number, fields: () => ({ description }) });
      await plant.settle();
    }
    const shown = (): Json => rowsOf(upkeep, 'work-orders')[0]?.['description'] ?? null;

    it("when somebody types the vendor's value into the hub, and nothing is held any more", async () => {
      await describe('theirs');
      expect(await conflictRows()).toMatchObject([{ resolvedBy: 'agreement', winner: 'external' }]);
      await describe('a later word');
      expect(shown()).toBe('a later word');
    });

    it.each([
      ['external', 'theirs'],
      ['hub', 'ours'],
    ])('when the policy is %s by now and the record is read again', async (policy, description) => {
      await setPolicy(upkeep, 'description', policy);
      await plant.pass(upkeep, { full: true });
      await plant.settle();
      expect([await hubField('work_order', 'description'), shown()]).toEqual([description, description]);
      expect(await listConflicts(plant.person)).toEqual([]);
      await describe('a later word');
      expect(shown()).toBe('a later word');
    });

    it('when the policy decides by now and the record is pushed', async () => {
      await setPolicy(upkeep, 'description', 'external');
      await setRecordFields(plant.person, { number, fields: () => ({ title: 'Order of Maria' }) });
      await plant.pass(upkeep, { pull: false });
      expect(await hubField('work_order', 'description')).toBe('theirs');
      expect(rowsOf(upkeep, 'work-orders')[0]).toMatchObject({
        title: 'Order of Maria',
        description: 'theirs',
      });
      expect(await conflictRows()).toMatchObject([{ resolvedBy: 'policy', winner: 'external' }]);
    });
  });
});

it('of two readings of a meter the one taken later holds in all systems; the older one is kept', async () => {
  const north = await plant.connect('upkeep', { seed: 'empty' }, { name: 'north' });
  const south = await plant.connect('upkeep', { seed: 'empty' }, { name: 'south' });
  const asset = await create('asset', { name: 'Pump', serialNumber: 'S1' });
  const ten = Math.floor(plant.deps.now() / 1_000) * 1_000 - 10 * 3_600_000;
  const at = (hours: number): string => new Date(ten + hours * 3_600_000).toISOString();
  const meter = await create('meter', {
    name: 'Hours',
    unit: 'h',
    asset: asset.number,
    lastReading: { value: 50, at: at(0) },
  });
  await plant.settle();
  await takeReadings(
    plant.person,
    [{ meter: meter.number, value: 120, at: at(2), source: 'hub' }],
    (_index, field) => field,
  );
  const there = textOf(rowsOf(north, 'meters')[0], 'id');
  north.sandbox.control.insert('readings', { meter: there, value: 100, date: ten + 3_600_000 });
  await plant.settle();
  expect(await hubField('meter', 'lastReading')).toEqual({ value: 120, at: at(2) });
  const values = (connection: PlantConnection): Json[] =>
    rowsOf(connection, 'readings')
      .map(({ value }) => value ?? null)
      .toSorted();
  expect([values(north), values(south)]).toEqual([
    [100, 120, 50],
    [120, 50],
  ]);
  const kept = await plant.store.inTenant(plant.tenantId, (tx) =>
    sql<{ value: Json }>`select value from meter_reading order by at`.execute(tx),
  );
  expect(kept.rows.map(({ value }) => value)).toEqual(expect.arrayContaining([50, 100, 120]));
  expect(await conflictRows()).toEqual([]);
  expect(await plant.settle()).toBe(1);
});
