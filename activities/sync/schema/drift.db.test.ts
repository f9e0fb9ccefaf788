/** A vendor's schema changes under a running sync, with a real sandbox: what is concerned waits, the rest flows, nothing is lost. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Json, JsonObject } from '../../../domain/json.ts';
import { versionOfRules } from '../../../domain/merge/held-fields.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { discoverSchemas, isLookDue } from './discover.ts';
import { createSchemaActions } from './schema-actions.ts';

const ENTITIES = ['person', 'location', 'asset', 'work_order'] as const;
const textOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

describe('a field that SAP has no more', () => {
  let database: TestDatabase;
  let plant: Plant;
  let sap: PlantConnection;
  let upkeep: PlantConnection;
  let key: string;
  let clockMs: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    clockMs = 0;
    removed = [];
    plant = await createPlant({ url: database.url, now: () => Date.now() + clockMs });
    sap = await plant.connect('sap_pm', { seed: 'empty' });
    upkeep = await plant.connect('upkeep', { seed: 'empty' });
    key = insertOrder('Seal leaks', '2');
    await look(sap);
    await both();
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  function insertOrder(text: string, priority: string): string {
    const fields = {
      MaintenanceOrderDesc: text,
      MaintenanceOrderType: 'PM01',
      MaintenancePlanningPlant: '1000',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: '1000',
      MaintPriority: priority,
    };
    const row = onScreen(() => sap.sandbox.control.insert('MaintenanceOrder', fields)) as JsonObject;
    return textOf(row['MaintenanceOrder']);
  }
  const both = async (): Promise<void> => {
    await plant.pass(sap, { entities: ENTITIES });
    await plant.pass(upkeep, { entities: ENTITIES });
    await plant.pass(sap, { entities: ENTITIES });
  };
  const look = (connection: PlantConnection) =>
    discoverSchemas(
      plant.deps,
      { tenantId: plant.tenantId, connectionId: connection.id, runId: null },
      new AbortController().signal,
    );
  const row = () =>
    plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.connections.load(tx, sap.id));
  const drift = () => plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.drift.open(tx, sap.id));
  const inSap = (id = key): JsonObject =>
    (sap.sandbox.control.list('MaintenanceOrder') as JsonObject[]).find(
      (order) => order['MaintenanceOrder'] === id,
    ) ?? {};
  const inUpkeep = (title: RegExp): JsonObject =>
    (upkeep.sandbox.control.list('work-orders') as JsonObject[]).find((order) =>
      title.test(textOf(order['title'])),
    ) ?? {};
  const inHub = async (title: string): Promise<JsonObject> => {
    const found = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<{
        fields: JsonObject;
      }>`select fields from hub_record where entity = 'work_order' and fields->>'title' = ${title}`.execute(
        tx,
      ),
    );
    return found.rows[0]?.fields ?? {};
  };
  let removed: string[] = [];
  /** SAP's own screens know what its services do not show. */
  function onScreen<T>(work: () => T): T {
    sap.sandbox.control.setDial('removeFields', []);
    try {
      return work();
    } finally {
      sap.sandbox.control.setDial('removeFields', removed);
    }
  }
  const editInSap = (fields: JsonObject): void => {
    onScreen(() => sap.sandbox.control.change('MaintenanceOrder', key, fields));
  };
  const editInUpkeep = (title: RegExp, fields: JsonObject): void => {
    upkeep.sandbox.control.change('work-orders', textOf(inUpkeep(title)['id']), fields);
  };
  const takeAway = (...fields: string[]): void => {
    removed = fields.map((name) => `MaintenanceOrder.${name}`);
    sap.sandbox.control.setDial('removeFields', removed);
  };

  it('is held alone: its value stays on both sides while the rest of the order flows both ways', async () => {
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'high' });
    takeAway('MaintPriority');
    expect(await look(sap)).toMatchObject({ failure: null, found: 2 });
    expect(
      (await drift()).map(({ direction, rule, kind, effect }) => [direction, rule, kind, effect]),
    ).toEqual([
      ['pull', 'priority', 'lost', 'held'],
      ['push', 'MaintPriority', 'lost', 'held'],
    ]);
    expect((await row()).held).toEqual({ work_order: { pull: ['priority'], push: ['MaintPriority'] } });

    editInSap({ MaintenanceOrderDesc: 'Seal leaks badly' });
    await both();
    expect(await inHub('Seal leaks badly')).toMatchObject({ priority: 'high' });
    expect(inUpkeep(/badly/)).toMatchObject({ priority: 3 });

    editInUpkeep(/badly/, { title: 'Replace the seal', priority: 1 });
    await both();
    await both();
    expect(await inHub('Replace the seal')).toMatchObject({ priority: 'low' });
    expect(inSap()).toMatchObject({ MaintenanceOrderDesc: 'Replace the seal', MaintPriority: '2' });

    takeAway();
    expect(await look(sap)).toMatchObject({ found: 0, ended: 2 });
    expect((await row()).held).toEqual({});
    await both();
    expect(inSap()).toMatchObject({ MaintenanceOrderDesc: 'Replace the seal', MaintPriority: '4' });
    expect(await inHub('Replace the seal')).toMatchObject({ priority: 'low' });
    expect((await row()).reread).toEqual({});
  });

  it('what SAP changed unseen meanwhile comes with the field', async () => {
    takeAway('MaintPriority');
    await look(sap);
    editInSap({ MaintenanceOrderDesc: 'Seal leaks badly', MaintPriority: '1' });
    await both();
    expect(await inHub('Seal leaks badly')).toMatchObject({ priority: 'high' });
    takeAway();
    await look(sap);
    expect((await row()).reread).toEqual({ work_order: 'wanted' });
    await both();
    expect(await inHub('Seal leaks badly')).toMatchObject({ priority: 'critical' });
    expect(inUpkeep(/badly/)).toMatchObject({ priority: 3 });
    expect((await row()).reread).toEqual({});
  });

  it('what people changed here meanwhile goes there with the field, also where nothing else moved', async () => {
    // Another order a day later: the first is out of what passes read again.
    sap.sandbox.control.setClock(24 * 60 * 60 * 1_000);
    insertOrder('Grease bearing', '1');
    await both();
    takeAway('MaintPriority');
    await look(sap);
    editInUpkeep(/Seal/, { priority: 1 });
    await both();
    await both();
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'low' });
    takeAway();
    await look(sap);
    await both();
    expect(inSap()).toMatchObject({ MaintPriority: '4' });
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'low' });
  });

  it('both sides changed it meanwhile: the policy decides and the conflict is written down', async () => {
    takeAway('MaintPriority');
    await look(sap);
    editInUpkeep(/Seal/, { priority: 1 });
    editInSap({ MaintPriority: '3' });
    await both();
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'low' });
    takeAway();
    await look(sap);
    await both();
    const conflicts = await plant.store.inTenant(plant.tenantId, (tx) =>
      sql<JsonObject>`select field, hub_value, external_value from conflict`.execute(tx),
    );
    expect(conflicts.rows).toEqual([{ field: 'priority', hubValue: 'low', externalValue: 'medium' }]);
    const shown: Record<string, string> = { '3': 'medium', '4': 'low' };
    expect(await inHub('Seal leaks')).toMatchObject({
      priority: shown[textOf(inSap()['MaintPriority'])] ?? 'none of them',
    });
  });

  it('records that came to be meanwhile get it when it is back', async () => {
    takeAway('MaintPriority');
    await look(sap);
    const other = insertOrder('Grease bearing', '1');
    upkeep.sandbox.control.insert('work-orders', { title: 'Change oil', priority: 2 });
    await both();
    await both();
    expect((await inHub('Grease bearing'))['priority']).toBeUndefined();
    const made = (sap.sandbox.control.list('MaintenanceOrder') as JsonObject[]).find(
      (order) => order['MaintenanceOrderDesc'] === 'Change oil',
    );
    expect(made).toBeDefined();
    takeAway();
    await look(sap);
    await both();
    expect(await inHub('Grease bearing')).toMatchObject({ priority: 'critical' });
    expect(inSap(other)).toMatchObject({ MaintPriority: '1' });
    expect(await inHub('Change oil')).toMatchObject({ priority: 'medium' });
    expect(inSap(textOf(made?.['MaintenanceOrder']))).toMatchObject({ MaintPriority: '3' });
  });

  it('the only source of a required field: records wait in quarantine with the reason, and leave it again', async () => {
    takeAway('MaintenanceOrderDesc');
    await look(sap);
    expect((await drift()).map(({ rule, effect }) => [rule, effect])).toEqual([
      ['title', 'quarantine'],
      ['MaintenanceOrderDesc', 'held'],
    ]);
    editInSap({ MaintPriority: '1' });
    await both();
    const waiting = () =>
      plant.store.inTenant(plant.tenantId, (tx) =>
        sql<{ problems: JsonObject[] }>`select problems from quarantine where closed_at is null`.execute(tx),
      );
    expect((await waiting()).rows[0]?.problems).toMatchObject([{ path: 'title' }]);
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'high' });
    takeAway();
    await look(sap);
    await both();
    expect((await waiting()).rows).toEqual([]);
    expect(await inHub('Seal leaks')).toMatchObject({ priority: 'critical' });
  });

  it('a full read meanwhile leaves nobody in quarantine when the field is back', async () => {
    const waiting = async (): Promise<number> =>
      (
        await plant.store.inTenant(plant.tenantId, (tx) =>
          sql`select 1 from quarantine where closed_at is null`.execute(tx),
        )
      ).rows.length;
    takeAway('MaintenanceOrderDesc');
    await look(sap);
    await plant.pass(sap, { entities: ENTITIES, full: true });
    expect(await waiting()).toBe(1);
    takeAway();
    await look(sap);
    await both();
    expect(await waiting()).toBe(0);
  });

  it('a renamed field is shown with what is new there', async () => {
    sap.sandbox.control.setDial('renameFields', { 'MaintenanceOrder.MaintPriority': 'OrderPriority' });
    await look(sap);
    expect((await drift())[0]?.detail).toContain('(new there: OrderPriority)');
  });

  it('the same schema is one version, and its hash comes back with it', async () => {
    const versions = () =>
      plant.store.inTenant(plant.tenantId, (tx) =>
        plant.deps.repo.schemas.versions(tx, sap.id, 'work_order', 10),
      );
    const [first] = await versions();
    clockMs += 1_000;
    await look(sap);
    expect(await versions()).toHaveLength(1);
    takeAway('MaintPriority');
    clockMs += 1_000;
    await look(sap);
    expect(await versions()).toHaveLength(2);
    takeAway();
    clockMs += 1_000;
    await look(sap);
    const all = await versions();
    expect(all).toHaveLength(2);
    expect(all[0]?.hash).toBe(first?.hash);
  });

  it('a look that fails is noted, changes nothing and stops nothing', async () => {
    takeAway('MaintPriority');
    await look(sap);
    const before = await drift();
    sap.sandbox.control.setFaults({
      rules: [{ match: { path: 'metadata' }, effect: 'html', times: 20 }],
    });
    expect(await look(sap)).toMatchObject({ failure: { kind: 'unexpected_response' }, found: 0, ended: 0 });
    sap.sandbox.control.clearFaults();
    const last = await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.schemas.lastLook(tx, sap.id),
    );
    expect(last?.failure?.kind).toBe('unexpected_response');
    expect(await drift()).toEqual(before);
  });

  it('mappings that are changed to read another field let go of what was held', async () => {
    takeAway('MaintPriority');
    await look(sap);
    const override = { pull: { priority: null }, push: { MaintPriority: null } };
    await plant.store.inTenant(plant.tenantId, (tx) =>
      sql`insert into mapping_override (tenant_id, connection_id, entity, version, document, active, created_by)
        values (${plant.tenantId}, ${sap.id}, 'work_order', 1, ${JSON.stringify(override)}::jsonb, true, 'test')`.execute(
        tx,
      ),
    );
    const last = await plant.store.inTenant(plant.tenantId, (tx) =>
      plant.deps.repo.schemas.lastLook(tx, sap.id),
    );
    expect(isLookDue(plant.deps, await row(), last, 'poll')).toBe(true);
    await look(sap);
    expect(await drift()).toEqual([]);
  });

  it('is looked for once in a while, before everything that reads all, and never while somebody waits', async () => {
    const last = () =>
      plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.schemas.lastLook(tx, sap.id));
    const due = async (mode: Parameters<typeof isLookDue>[3]): Promise<boolean> =>
      isLookDue(plant.deps, await row(), await last(), mode);
    expect(await due('poll')).toBe(false);
    expect([await due('full'), await due('sweep'), await due('hub')]).toEqual([true, true, false]);
    clockMs += LIMITS.schemaLookMs;
    expect([await due('poll'), await due('hint')]).toEqual([true, false]);
    takeAway('MaintPriority');
    await look(sap);
    // A mapping without held rules is no other mapping.
    expect(await due('poll')).toBe(false);
    const version = plant.deps.mapping(await row(), 'work_order')?.version ?? '';
    expect(version).toBe(`${versionOfRules(version)}~priority`);
  });

  it('is noticed between two looks: a page that would empty it is not applied before SAP was asked', async () => {
    takeAway('MaintPriority');
    editInSap({ MaintenanceOrderDesc: 'Seal leaks badly' });
    await both();
    expect(await inHub('Seal leaks badly')).toMatchObject({ priority: 'high' });
    expect((await row()).held).toMatchObject({ work_order: { pull: ['priority'] } });
  });

  it('is noticed in the answer to our own write', async () => {
    editInUpkeep(/Seal/, { title: 'Replace the seal' });
    await plant.pass(upkeep, { entities: ENTITIES });
    takeAway('MaintPriority');
    await plant.pass(sap, { entities: ENTITIES, pull: false });
    expect(inSap()).toMatchObject({ MaintenanceOrderDesc: 'Replace the seal', MaintPriority: '2' });
    expect(await inHub('Replace the seal')).toMatchObject({ priority: 'high' });
    expect((await row()).held).toMatchObject({ work_order: { pull: ['priority'] } });
  });

  it('what somebody emptied is emptied, after one look', async () => {
    editInSap({ MaintPriority: '' });
    await both();
    expect(await inHub('Seal leaks')).not.toHaveProperty('priority');
    expect(await drift()).toEqual([]);
  });

  it('a person lets go of a field that is still gone: empty there is empty here', async () => {
    takeAway('MaintPriority');
    await look(sap);
    const scope = {
      tenantId: plant.tenantId,
      connectionId: sap.id,
      runId: null,
      at: new Date(plant.deps.now()).toISOString(),
    };
    const rows = await drift();
    await plant.store.inTenant(plant.tenantId, (tx) =>
      createSchemaActions(plant.deps).release(tx, scope, rows, 'test:maria'),
    );
    expect((await row()).held).toEqual({});
    editInSap({ MaintenanceOrderDesc: 'Seal leaks badly' });
    await both();
    expect(await inHub('Seal leaks badly')).not.toHaveProperty('priority');
    await look(sap);
    expect(await drift()).toEqual([]);
  });
});

describe('ChatterFix', () => {
  let database: TestDatabase;
  let plant: Plant;
  let chatterfix: PlantConnection;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    chatterfix = await plant.connect('chatterfix', { seed: 'excavators' });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });
  const look = () =>
    discoverSchemas(
      plant.deps,
      { tenantId: plant.tenantId, connectionId: chatterfix.id, runId: null },
      new AbortController().signal,
    );
  const drift = () =>
    plant.store.inTenant(plant.tenantId, (tx) => plant.deps.repo.drift.open(tx, chatterfix.id));

  it('a description of an unknown generation is classified and said in one sentence, and holds nothing', async () => {
    expect(await look()).toEqual({ failure: null, found: 0, ended: 0 });
    chatterfix.sandbox.control.setDial('generation', 'unknown');
    const { failure } = await look();
    expect(failure?.kind).toMatch(/^(invalid_config|unexpected_response)$/);
    expect(failure?.message).toContain('no known generation of ChatterFix');
    expect(await drift()).toEqual([]);
  });

  it('no description, or empty tables, prove nothing', async () => {
    await look();
    chatterfix.sandbox.control.setDial('openapi', 'off');
    await look();
    expect(await drift()).toEqual([]);
    chatterfix.sandbox.control.setDial('openapi', null);
    for (const object of chatterfix.sandbox.control.objects())
      for (const { id } of chatterfix.sandbox.control.list(object) as { id: unknown }[])
        chatterfix.sandbox.control.remove(object, String(id));
    expect(await look()).toEqual({ failure: null, found: 0, ended: 0 });
  });
});

describe('samples', () => {
  it('hold nothing back and grow with what is seen', async () => {
    const database = await createTestDatabase();
    const plant = await createPlant({ url: database.url });
    const upkeep = await plant.connect('upkeep', { seed: 'excavators' });
    const look = () =>
      discoverSchemas(
        plant.deps,
        { tenantId: plant.tenantId, connectionId: upkeep.id, runId: null },
        new AbortController().signal,
      );
    const fields = async (): Promise<string[]> => {
      const found = await plant.store.inTenant(plant.tenantId, (tx) =>
        plant.deps.repo.schemas.latest(tx, upkeep.id),
      );
      return Object.keys(found.find(({ entity }) => entity === 'work_order')?.fields ?? {});
    };
    expect(await look()).toEqual({ failure: null, found: 0, ended: 0 });
    const before = await fields();
    expect(before).toContain('title');
    for (const { id } of upkeep.sandbox.control.list('work-orders') as { id: string }[])
      upkeep.sandbox.control.remove('work-orders', id);
    expect(await look()).toEqual({ failure: null, found: 0, ended: 0 });
    expect((await fields()).sort()).toEqual([...before].sort());
    await plant.close();
    await database.drop();
  });
});
