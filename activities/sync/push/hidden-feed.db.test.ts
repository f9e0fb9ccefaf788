/** A change that was committed before a push began, and stands behind a transaction that still runs, is part of that push. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { setRecordFields } from '../../../plant/records/records.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';
import { newId } from '../../../domain/id.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { SyncDeps } from '../context.ts';
import { runStep } from '../entity-work.ts';
import { createManualSteps } from '../manual-steps.ts';
import { pushEntity } from './push-entity.ts';

describe('a change behind a running transaction', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let wonum: string;
  beforeEach(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
    maximo = await plant.connect('maximo', { seed: 'empty' }, { name: 'Maximo north' });
    const order = maximo.sandbox.control.insert('mxapiwodetail', {
      description: 'Seal leaks',
      siteid: 'BEDFORD',
      wopriority: 3,
    });
    ({ wonum } = order as { wonum: string });
    await plant.pass(maximo, { entities: ['person', 'location', 'asset', 'work_order'] });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  const titleThere = (): unknown =>
    (maximo.sandbox.control.list('mxapiwodetail') as { wonum: string; description: string }[]).find(
      (order) => order.wonum === wonum,
    )?.description;

  /** A transaction that has a number and stays open until told. */
  async function holdTransaction(): Promise<() => Promise<void>> {
    const begun = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    const work = plant.store.inTenant(plant.tenantId, async (tx) => {
      await sql`select pg_current_xact_id()`.execute(tx);
      begun.resolve(undefined);
      await gate.promise;
    });
    await begun.promise;
    return async () => {
      gate.resolve(undefined);
      await work;
    };
  }

  /** Tests of other files share the server, and their transactions hide changes as well as ours. */
  async function untilReadable(): Promise<void> {
    for (let looks = 0; looks < 5_000; looks += 1) {
      const found = await plant.store.inTenant(plant.tenantId, (tx) =>
        sql<{ hidden: boolean }>`
          select exists (select 1 from change where xid >= pg_snapshot_xmin(pg_current_snapshot())) as hidden`.execute(
          tx,
        ),
      );
      if (found.rows[0]?.hidden === false) return;
    }
    throw new Error('another transaction hides the change for too long');
  }

  /** Counts the looks at the feed, and does something after each. */
  function watched(afterLook: (looks: number) => Promise<void>): { deps: SyncDeps; looks: () => number } {
    const { pushes } = plant.deps.repo;
    let looks = 0;
    const drainFeed: typeof pushes.drainFeed = async (...args) => {
      const drained = await pushes.drainFeed(...args);
      looks += 1;
      await afterLook(looks);
      return drained;
    };
    const repo = { ...plant.deps.repo, pushes: { ...pushes, drainFeed } };
    return { deps: { ...plant.deps, repo }, looks: () => looks };
  }

  async function push(deps: SyncDeps): Promise<void> {
    const runId = newId(Date.now());
    await plant.store.inTenant(plant.tenantId, (tx) =>
      deps.repo.runs.start(tx, {
        id: runId,
        tenantId: plant.tenantId,
        connectionId: maximo.id,
        kind: 'pass',
        at: new Date().toISOString(),
        mappingVersions: {},
      }),
    );
    await runStep(
      deps,
      {
        step: { tenantId: plant.tenantId, connectionId: maximo.id, runId, entity: 'work_order' },
        signal: new AbortController().signal,
        progress: () => undefined,
      },
      pushEntity,
    );
  }

  async function retitle(): Promise<void> {
    const { store, tenantId, deps } = plant;
    const steps = createManualSteps(deps);
    await setRecordFields(
      { store, tenantId, actor: 'test:maria', now: deps.now, newId: deps.newId, steps },
      { number: 'WO-000001', fields: () => ({ title: 'Seal replaced' }) },
    );
  }

  it('is waited for and sent, when that transaction ends in time', async () => {
    const release = await holdTransaction();
    await retitle();
    const { deps, looks } = watched(async (n) => {
      if (n === 2) await release();
    });
    await push(deps);
    expect(titleThere()).toBe('Seal replaced');
    expect(looks()).toBeGreaterThanOrEqual(3);
  });

  it('is left to the next pass, when that transaction outlives the bound', async () => {
    const release = await holdTransaction();
    await retitle();
    const { deps, looks } = watched(() => Promise.resolve());
    await push(deps);
    expect([titleThere(), looks()]).toEqual(['Seal leaks', LIMITS.feedLooksMax + 1]);
    await release();
    await untilReadable();
    await push(plant.deps);
    expect(titleThere()).toBe('Seal replaced');
  });
});
