/** Conformance: pages, cursors, sweeps and single reads lose nothing while the data moves. */
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import {
  controlIdOf,
  drain,
  expectFailure,
  held,
  heldIds,
  idOf,
  insertMany,
  shows,
  sweep,
} from './conformance-bench.ts';
import type { Bench } from './conformance-bench.ts';
import type { EntityFixture } from './conformance-options.ts';
import type { ExternalRecord } from './contract.ts';

const COUNT = 23;
const PAGE_SIZE = 4;

export function proveReading(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const capability = bench.connector.manifest.capabilities[entity];
  const { change } = fixture;
  const prove = bench.proofs(entity);
  if (capability.pull === 'none') return;

  prove('reading', 'pages cover every record exactly once', async () => {
    const { sandbox, session } = await bench.open();
    if (fixture.insert) insertMany(sandbox, fixture, 0, COUNT);
    const { records } = await drain(session, entity, null, PAGE_SIZE);
    expect(idsOf(records)).toEqual(heldIds(sandbox, fixture));
    expect(records.length).toBeGreaterThan(0);
  });

  prove('reading', 'the size of a page does not matter', async () => {
    const { sandbox, session } = await bench.open();
    if (fixture.insert) insertMany(sandbox, fixture, 0, 7);
    for (const pageSize of [1, 2, 7, bench.connector.manifest.limits.pageSizeMax]) {
      expect(idsOf((await drain(session, entity, null, pageSize)).records)).toEqual(
        heldIds(sandbox, fixture),
      );
    }
  });

  prove('reading', 'another worker goes on from a cursor', async () => {
    const stand = await bench.open();
    if (fixture.insert) insertMany(stand.sandbox, fixture, 0, COUNT);
    const first = await stand.session.pull(entity, { cursor: null, pageSize: PAGE_SIZE });
    await stand.session.close();
    const rest = first.more ? (await drain(stand.connect(), entity, first.cursor, PAGE_SIZE)).records : [];
    expect(idsOf([...first.records, ...rest])).toEqual(heldIds(stand.sandbox, fixture));
  });

  prove('reading', 'the key sweep is complete', async () => {
    const { sandbox, session } = await bench.open();
    if (fixture.insert) insertMany(sandbox, fixture, 0, COUNT);
    expect([...new Set(await sweep(session, entity))].sort()).toEqual(heldIds(sandbox, fixture));
  });

  prove('reading', 'single reads find what exists and leave out what does not', async () => {
    const { sandbox, session } = await bench.open();
    if (fixture.insert) insertMany(sandbox, fixture, 0, 2);
    const [pulled] = (await drain(session, entity, null, PAGE_SIZE)).records;
    if (!pulled) throw new Error('The sandbox holds nothing to read.');
    const missing = `${pulled.externalId.slice(0, -4)}none`;
    expect(await session.read(entity, [missing, pulled.externalId])).toEqual([pulled]);
  });

  prove('removing', 'removing is honest about what is possible', async () => {
    const stand = await bench.open();
    if (fixture.insert) insertMany(stand.sandbox, fixture, 0, 3);
    const [victim] = (await drain(stand.session, entity, null, PAGE_SIZE)).records;
    if (!victim) throw new Error('The sandbox holds nothing to remove.');
    const removal = stand.session.remove(entity, victim.externalId, victim.address);
    if (!capability.remove) {
      await expectFailure(removal, 'invalid_request', stand.secret);
      return;
    }
    await removal;
    await stand.session.remove(entity, victim.externalId, victim.address);
    expect(await stand.session.read(entity, [victim.externalId])).toEqual([]);
    expect(await sweep(stand.session, entity)).not.toContain(victim.externalId);
  });

  if (fixture.insert) {
    prove('movement', 'what is inserted and changed while paging is not lost', async () => {
      const { sandbox, session } = await bench.open();
      insertMany(sandbox, fixture, 0, COUNT);
      const seen = new Map<string, ExternalRecord>();
      let cursor: string | null = null;
      let more = true;
      for (let page = 0; more; page += 1) {
        const pulled = await session.pull(entity, { cursor, pageSize: PAGE_SIZE });
        for (const record of pulled.records) seen.set(record.externalId, record);
        ({ cursor, more } = pulled);
        if (page < 3) insertMany(sandbox, fixture, 1_000 + page * 10, 2);
        if (change && page === 1) {
          for (const record of held(sandbox, fixture).filter((_, i) => i % 3 === 0)) {
            sandbox.control.change(fixture.object, idOf(record, fixture), change);
          }
        }
      }
      const next = await drain(session, entity, cursor, PAGE_SIZE);
      for (const record of next.records) seen.set(record.externalId, record);
      expect([...seen.keys()].sort()).toEqual(heldIds(sandbox, fixture));
      const now = await session.read(entity, [...seen.keys()]);
      expect([...seen.values()].sort(byId)).toEqual(now.sort(byId));
    });

    prove('movement', 'what is deleted while paging does not hide others', async () => {
      const { sandbox, session } = await bench.open();
      insertMany(sandbox, fixture, 0, COUNT);
      const first = await session.pull(entity, { cursor: null, pageSize: PAGE_SIZE });
      for (const { externalId } of first.records) {
        sandbox.control.remove(fixture.object, controlIdOf(sandbox, fixture, externalId));
      }
      const rest = first.more ? (await drain(session, entity, first.cursor, PAGE_SIZE)).records : [];
      expect(rest.map((record) => record.externalId)).toEqual(
        expect.arrayContaining(heldIds(sandbox, fixture)),
      );
    });
  }

  if (fixture.insert && change) {
    prove('movement', 'the next pass sees what changed since, at whatever clock the vendor has', async () => {
      for (const offsetMs of [0, 3_600_000, -3_600_000]) {
        const { sandbox, session } = await bench.open();
        sandbox.control.setClock(offsetMs);
        insertMany(sandbox, fixture, 0, 9);
        const first = await drain(session, entity, null, PAGE_SIZE);
        const target = first.records[2];
        if (!target) throw new Error('The sandbox shows too few records.');
        sandbox.control.setClock(offsetMs + 2_000);
        sandbox.control.change(fixture.object, controlIdOf(sandbox, fixture, target.externalId), change);
        const second = await drain(session, entity, first.cursor, PAGE_SIZE);
        const found = second.records.find((record) => record.externalId === target.externalId);
        expect(found && shows(fixture, found.raw, change)).toBe(true);
        expect(found?.version).not.toBe(target.version);
      }
    });

    if (capability.pull !== 'incremental') return;
    prove('movement', 'a pass that finds nothing new says so with few records', async () => {
      const { sandbox, session } = await bench.open();
      // Older than any overlap window.
      sandbox.control.setClock(-86_400_000);
      insertMany(sandbox, fixture, 0, COUNT);
      sandbox.control.setClock(0);
      insertMany(sandbox, fixture, COUNT, 1);
      const first = await drain(session, entity, null, PAGE_SIZE);
      const second = await drain(session, entity, first.cursor, PAGE_SIZE);
      expect(second.records.length).toBeLessThan(COUNT);
    });
  }
}

function idsOf(records: readonly ExternalRecord[]): string[] {
  return records.map((record) => record.externalId).sort();
}

function byId(a: ExternalRecord, b: ExternalRecord): number {
  return a.externalId < b.externalId ? -1 : 1;
}
