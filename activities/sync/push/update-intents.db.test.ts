/** A write that was begun stays known as ours until its outcome is known: it never counts as an edit of the vendor's people. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Entity } from '../../../domain/entities/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { Failure } from '../../../domain/kernel/failure.ts';
import { listQuarantine } from '../../../plant/exceptions/quarantine.ts';
import type { PersonDeps } from '../../../plant/person.ts';
import { createRecord } from '../../../plant/records/change-record.ts';
import { setRecordFields } from '../../../plant/records/records.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { waitOut } from '../../../test/faults/wait-out.ts';
import { createManualSteps } from '../manual-steps.ts';

const ENTITIES: readonly Entity[] = ['person', 'location', 'asset', 'work_order'];

let database: TestDatabase;
let plant: Plant;
let person: PersonDeps;
let offsetMs: number;
let hook: ((name: string) => void) | null;
beforeEach(async () => {
  database = await createTestDatabase();
  offsetMs = 0;
  hook = null;
  plant = await createPlant({
    url: database.url,
    now: () => Date.now() + offsetMs,
    crashPoint: (name) => hook?.(name),
  });
  person = {
    store: plant.store,
    tenantId: plant.tenantId,
    actor: 'test:maria',
    now: plant.deps.now,
    newId: plant.deps.newId,
    steps: createManualSteps(plant.deps),
  };
});
afterEach(async () => {
  await plant.close();
  await database.drop();
});

async function newOrder(fields: JsonObject): Promise<string> {
  const { number } = await plant.store.inTenant(plant.tenantId, (tx) =>
    createRecord(person, tx, 'work_order', fields, {
      at: new Date(plant.deps.now()).toISOString(),
      readingSource: 'hub',
    }),
  );
  await settle();
  return number;
}
async function set(number: string, fields: JsonObject): Promise<void> {
  offsetMs += 2_000;
  await setRecordFields(person, { number, fields: () => fields });
}
async function later(): Promise<void> {
  offsetMs += 15_000;
  await plant.store.inTenant(plant.tenantId, waitOut);
}
async function settle(): Promise<void> {
  await later();
  await plant.settle();
  await later();
  await plant.settle();
}
/** A pass that ends badly, as the vendor or the machine ends it. */
async function brokenPass(connection: PlantConnection, options: { pull?: boolean } = {}): Promise<void> {
  await plant.pass(connection, { entities: ENTITIES, ...options }).catch(() => undefined);
}
async function query<T>(text: string): Promise<T[]> {
  return plant.store.inTenant(plant.tenantId, async (tx) => (await sql.raw<T>(text).execute(tx)).rows);
}
const orders = async (): Promise<JsonObject[]> =>
  (await query<{ fields: JsonObject }>(`select fields from hub_record where entity = 'work_order'`)).map(
    ({ fields }) => fields,
  );
const conflicts = (): Promise<unknown[]> =>
  query('select field, policy, winner, hub_value, external_value from conflict');
const intents = (): Promise<unknown[]> => query('select hub_id, state, wanted, steps from update_intent');
const there = (connection: PlantConnection, table: string): JsonObject[] =>
  connection.sandbox.control.list(table) as JsonObject[];

/** The worker dies right after the vendor's answer: nothing of it is stored. */
async function dieAfterAnswer(connection: PlantConnection): Promise<void> {
  const { store } = plant.deps;
  let dead = false;
  plant.deps.store = {
    ...store,
    inTenant: (tenantId, work) => (dead ? Promise.reject(new Error('dead')) : store.inTenant(tenantId, work)),
  };
  hook = (name) => {
    if (name !== 'push:updated') return;
    dead = true;
    throw new Error('the worker dies');
  };
  await brokenPass(connection, { pull: false });
  expect(dead).toBe(true);
  hook = null;
  plant.deps.store = store;
}

describe('a completion that Maximo takes by several steps', () => {
  const faults = [
    { name: 'a 503', rule: { effect: 'http_503' } },
    { name: 'a reset', rule: { effect: 'reset_before' } },
    { name: 'a lost answer', rule: { effect: 'drop_after_commit' } },
    { name: 'a 400', rule: { effect: 'http_500', status: 400 } },
  ] as const;
  for (const { name, rule } of faults) {
    for (const skip of [1, 2]) {
      it(`goes on after ${name} behind step ${String(skip)}`, async () => {
        const maximo = await plant.connect('maximo', { seed: 'empty' });
        const number = await newOrder({ title: 'Grease the bearing', status: 'requested' });
        expect(there(maximo, 'mxapiwodetail')).toMatchObject([{ status: 'WAPPR' }]);
        await set(number, { status: 'completed' });
        maximo.sandbox.control.setFaults({
          rules: [{ match: { method: 'POST', path: 'mxapiwodetail' }, skip, times: 6, ...rule }],
        });
        await brokenPass(maximo, { pull: false });
        maximo.sandbox.control.clearFaults();
        await settle();
        expect(await orders()).toMatchObject([{ status: 'completed' }]);
        expect(await conflicts()).toEqual([]);
        if (name !== 'a 400') {
          expect(there(maximo, 'mxapiwodetail')).toMatchObject([{ status: 'COMP' }]);
          expect(await intents()).toEqual([]);
        } else expect(await listQuarantine(person)).toMatchObject([{ direction: 'push' }]);
      });
    }
  }
});

describe('a worker that dies between the answer and its being stored', () => {
  const cases: [string, JsonObject, JsonObject][] = [
    ['upkeep', { status: 'in_progress' }, { status: 'cancelled' }],
    ['upkeep', { status: 'in_progress' }, { status: 'closed' }],
    ['upkeep', { priority: 'low' }, { priority: 'critical' }],
    ['maximo', { type: 'corrective', priority: 'low' }, { type: 'cleaning', priority: 'none' }],
    ['maximo', { status: 'requested' }, { status: 'completed' }],
    ['fiix', { status: 'in_progress', priority: 'low' }, { status: 'closed', priority: 'none' }],
    ['custom', { status: 'in_progress', priority: 'low' }, { status: 'closed', priority: 'none' }],
    ['sap_pm', { type: 'corrective', status: 'in_progress' }, { type: 'cleaning', status: 'on_hold' }],
  ];
  it.each(cases)('leaves what was written to %s ours: %j to %j', async (system, from, to) => {
    const connection = await plant.connect(system, { seed: 'empty' });
    const number = await newOrder({ title: 'Order', ...from });
    await set(number, to);
    connection.sandbox.control.setClock(offsetMs);
    await dieAfterAnswer(connection);
    await settle();
    expect(await orders()).toMatchObject([to]);
    expect(await conflicts()).toEqual([]);
    expect(await intents()).toEqual([]);
  });
});

describe('a refusal', () => {
  it('of a completion, half-way, leaves the order completed where a person completed it', async () => {
    const maximo = await plant.connect('maximo', { seed: 'empty' }, { name: 'Maximo' });
    maximo.sandbox.control.insert('mxapiwodetail', { description: 'Seal leaks', siteid: 'BEDFORD' });
    await settle();
    const upkeep = await plant.connect('upkeep', { seed: 'empty' }, { name: 'UpKeep' });
    await settle();
    maximo.sandbox.control.setDial('statusRequiresWorklog', true);
    const [order] = there(upkeep, 'work-orders') as { id: string }[];
    offsetMs += 2_000;
    upkeep.sandbox.control.setClock(offsetMs);
    upkeep.sandbox.control.change('work-orders', order?.id ?? '', { status: 'complete' });
    for (const connection of [upkeep, maximo, upkeep, maximo, upkeep]) {
      await brokenPass(connection);
      await later();
    }
    expect(await orders()).toMatchObject([{ status: 'completed' }]);
    expect(there(upkeep, 'work-orders')).toMatchObject([{ status: 'complete' }]);
    expect(await conflicts()).toEqual([]);
    expect(await listQuarantine(person)).toMatchObject([{ direction: 'push' }]);
  });

  it('does not swallow a correction that was made while it was under way', async () => {
    const maximo = await plant.connect('maximo', { seed: 'empty' });
    const number = await newOrder({ title: 'Order', priority: 'low' });
    await set(number, { title: 'Bad title' });
    const open = plant.deps.openSession;
    let refused = false;
    plant.deps.openSession = async (...args) => {
      const session = await open(...args);
      return {
        ...session,
        async update(entity, ops) {
          const [op] = ops;
          if (refused || op === undefined) return session.update(entity, ops);
          refused = true;
          // Part of it is there, the rest is refused, and somebody corrects it at this moment.
          const [row] = there(maximo, 'mxapiwodetail') as { wonum: string }[];
          maximo.sandbox.control.change('mxapiwodetail', row?.wonum ?? '', { wopriority: 1 });
          const [record] = await session.read(entity, [op.externalId]);
          await setRecordFields(person, { number, fields: () => ({ title: 'Good title' }) });
          const failure = new Failure('rejected', 'The title is not allowed.');
          return [{ key: op.key, outcome: 'rejected', failure, ...(record === undefined ? {} : { record }) }];
        },
      };
    };
    await brokenPass(maximo);
    await settle();
    expect(refused).toBe(true);
    expect(there(maximo, 'mxapiwodetail')).toMatchObject([{ description: 'Good title' }]);
    expect(await orders()).toMatchObject([{ title: 'Good title' }]);
  });
});

describe('the new title of an SAP order that is held', () => {
  it.each(['http_503', 'reset_before'] as const)('leaves it held after %s on the change', async (effect) => {
    const sap = await plant.connect('sap_pm', { seed: 'empty' });
    const number = await newOrder({ title: 'Order', status: 'scheduled' });
    await set(number, { status: 'on_hold' });
    await settle();
    await set(number, { title: 'Order renamed' });
    sap.sandbox.control.setFaults({ rules: [{ match: { method: 'PATCH' }, effect }] });
    await brokenPass(sap, { pull: false });
    sap.sandbox.control.clearFaults();
    await settle();
    expect(await orders()).toMatchObject([{ title: 'Order renamed', status: 'on_hold' }]);
    expect(there(sap, 'MaintenanceOrder')).toMatchObject([{ MaintenanceOrderDesc: 'Order renamed' }]);
    expect(await conflicts()).toEqual([]);
  });
});
