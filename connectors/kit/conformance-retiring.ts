/** Conformance: taking records out of use in the vendor's own way, and back; or refused where the capability table has no way. */
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import { createOp, drain, expectFailure, insertMany } from './conformance-bench.ts';
import type { Bench, Stand } from './conformance-bench.ts';
import type { EntityFixture } from './conformance-options.ts';
import type { ExternalRecord, RetireOutcome } from './contract.ts';

const NOBODY = { externalId: '999999999', address: null };

export function proveRetiring(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const { retire } = bench.connector.manifest.capabilities[entity];
  const prove = bench.proofs(entity);

  if (retire === undefined) {
    prove('retiring', 'taking out of use is refused, not tried', async () => {
      const { session, sandbox, secret } = await bench.open();
      if (session.retire === undefined) return;
      await expectFailure(session.retire(entity, NOBODY), 'invalid_request', secret);
      expect(sandbox.control.stats().writes).toEqual({ created: {}, updated: {}, deleted: {} });
    });
    return;
  }

  prove(
    'retiring',
    'a record is taken out of use, and a second time is fine and writes nothing',
    async () => {
      const stand = await bench.open();
      const before = await subject(stand, entity, fixture);
      const retired = recordIn(await retireOne(stand, entity, before));
      expect(isRetired(fixture, retired)).toBe(true);
      expect(await stand.session.read(entity, [before.externalId])).toEqual([retired]);
      const writes = stand.sandbox.control.stats().writes;
      expect(recordIn(await retireOne(stand, entity, retired))).toEqual(retired);
      expect(stand.sandbox.control.stats().writes).toEqual(writes);
    },
  );

  prove('retiring', 'a record that is gone is missing', async () => {
    const stand = await bench.open();
    expect((await stand.session.retire?.(entity, NOBODY))?.outcome).toBe('missing');
  });

  if (retire.undo) {
    prove('retiring', 'the way back leads to where it was', async () => {
      const stand = await bench.open();
      const before = await subject(stand, entity, fixture);
      const gone = await retireOne(stand, entity, before);
      const { externalId, address } = recordIn(gone);
      const undo = gone.outcome === 'done' ? gone.undo : null;
      const back = async (): Promise<ExternalRecord> =>
        recordIn(await stand.session.reinstate?.(entity, { externalId, address, undo }));
      const again = await back();
      expect(isRetired(fixture, again)).toBe(false);
      const writes = stand.sandbox.control.stats().writes;
      expect(await back()).toEqual(again);
      expect(stand.sandbox.control.stats().writes).toEqual(writes);
    });
  }

  const { retireCall } = fixture;
  if (retireCall !== undefined) {
    prove('retiring', 'a lost answer is unknown or found out, and the next try finds it done', async () => {
      const stand = await bench.open();
      const before = await subject(stand, entity, fixture);
      stand.sandbox.control.setFaults({
        rules: [{ match: { ...retireCall }, effect: 'drop_after_commit', times: 1 }],
      });
      const outcome = await retireOne(stand, entity, before);
      expect(stand.sandbox.control.stats().faultsFired).toMatchObject({ drop_after_commit: 1 });
      stand.sandbox.control.clearFaults();
      expect(['unknown', 'done']).toContain(outcome.outcome);
      expect(isRetired(fixture, recordIn(await retireOne(stand, entity, before)))).toBe(true);
    });
  }
}

async function retireOne(stand: Stand, entity: Entity, record: ExternalRecord): Promise<RetireOutcome> {
  const { externalId, address } = record;
  const outcome = await stand.session.retire?.(entity, { externalId, address });
  if (outcome === undefined)
    throw new Error('The manifest says that it retires records, the session does not.');
  return outcome;
}

function recordIn(outcome: RetireOutcome | undefined): ExternalRecord {
  if (outcome?.outcome === 'done' && outcome.record !== null) return outcome.record;
  const why = outcome !== undefined && 'failure' in outcome ? `: ${outcome.failure.message}` : '';
  throw new Error(`It was expected to be done and is ${outcome?.outcome ?? 'nothing'}${why}`);
}

function isRetired(fixture: EntityFixture, record: ExternalRecord): boolean {
  if (fixture.retired === undefined) throw new Error('The fixture does not say how a retired record shows.');
  return fixture.retired(record.raw);
}

async function subject(stand: Stand, entity: Entity, fixture: EntityFixture): Promise<ExternalRecord> {
  if (fixture.create) {
    const op = createOp('hub-0', fixture.create(50, stand.sandbox));
    const [outcome] = await stand.session.create(entity, [op]);
    if (outcome?.outcome === 'done') return outcome.record;
    throw new Error(`Nothing was made to retire: ${outcome?.outcome ?? 'no outcome'}.`);
  }
  insertMany(stand.sandbox, fixture, 0, 1);
  const [record] = (await drain(stand.session, entity, null, 5)).records;
  if (!record) throw new Error('The sandbox holds nothing to retire.');
  return record;
}
