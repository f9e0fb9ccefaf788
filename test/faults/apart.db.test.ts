/** Records that a system keeps to itself: left alone through the passes, and the law that says so can be broken. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { checkApart } from './apart.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import { runScript } from './run-script.ts';
import type { Script, Step } from './script.ts';
import { createWorld, type World } from './world.ts';

const steps: Step[] = [
  { do: 'create', side: 'custom', kind: 'location', key: 'K1', fields: { name: 'K1 v1' } },
  { do: 'create', side: 'maximo', kind: 'location', key: 'K2', fields: { name: 'K2 v2' } },
  { do: 'create', side: 'hub', kind: 'location', key: 'K3', fields: { name: 'K3 v3' } },
  { do: 'create', side: 'custom', kind: 'location', key: 'K4', fields: { name: 'K4 v4' } },
  { do: 'pass', side: 'custom' },
  { do: 'pass', side: 'maximo' },
  { do: 'edit', side: 'custom', kind: 'location', key: 'K1', field: 'name', value: 'K1 v5' },
  { do: 'delete', side: 'custom', kind: 'location', key: 'K4' },
];
/** An odd seed: the generic system, whose contract names no locations; an even one: a document names them. */
const scriptOf = (seed: number): Script => ({
  seed,
  systems: { custom: 'custom', maximo: 'maximo' },
  deletePolicy: 'ignore',
  pageSize: 100,
  skewMs: {},
  steps,
});

describe('records that a system keeps to itself', () => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database.drop());

  it.each([
    { contract: 'the generic contract', seed: 10_075 },
    { contract: 'a document', seed: 10_076 },
  ])('hold the laws under $contract', async ({ seed }) => {
    expect((await runScript(database.url, scriptOf(seed))).breaks).toEqual([]);
  });

  describe('the law', () => {
    let world: World;
    let evidence: Evidence;
    beforeEach(async () => {
      world = await createWorld(database.url, scriptOf(10_075));
      await world.create({
        do: 'create',
        side: 'custom',
        kind: 'location',
        key: 'K1',
        fields: { name: 'K1 v1' },
      });
      evidence = await gatherEvidence(world);
    });
    afterEach(() => world.close());

    const control = () => {
      const found = world.connections.get('custom');
      if (found === undefined) throw new Error('The plant has no generic system.');
      return found.sandbox.control;
    };

    it('holds while nobody touches them', () => {
      expect(world.edits).toEqual([]);
      expect(checkApart(world, evidence)).toEqual([]);
    });

    it('breaks when one is written over', () => {
      const [row] = control().list('locations') as { id: string }[];
      control().change('locations', row?.id ?? '', { name: 'K1 v9' });
      expect(checkApart(world, evidence)).toEqual([expect.stringMatching(/^2: K1\.name, kept apart/)]);
    });

    it('breaks when one is gone', () => {
      const [row] = control().list('locations') as { id: string }[];
      control().remove('locations', row?.id ?? '');
      expect(checkApart(world, evidence)).toEqual([expect.stringMatching(/^2: K1\.name, kept apart/)]);
    });

    it('breaks when one is made among them', () => {
      control().insert('locations', { name: 'K7 v7' });
      expect(checkApart(world, evidence)).toEqual([expect.stringMatching(/^3: .*nobody typed/)]);
    });

    it('breaks when one is in the hub, or linked', () => {
      const connection_id = world.connections.get('custom')?.id ?? '';
      const hub = { id: 'h', entity: 'location', fields: { name: 'K1 v1' } } as unknown as HubRecord;
      const link = {
        connectionId: connection_id,
        entity: 'location',
        externalId: 'L-00001',
      } as Evidence['links'][number];
      expect(checkApart(world, { ...evidence, hubs: [hub], links: [link] })).toEqual([
        expect.stringMatching(/^3: .*is linked/),
        expect.stringMatching(/^3: K1, .*in the hub/),
      ]);
    });

    it('breaks when the connection says that it carries them', () => {
      const boastful: World = {
        ...world,
        capability: (connection, kind) => ({ ...world.capability(connection, kind), read: true }),
      };
      expect(checkApart(boastful, evidence)).toEqual([expect.stringMatching(/^2: custom says/)]);
    });
  });
});
