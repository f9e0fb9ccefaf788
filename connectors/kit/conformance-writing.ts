/** Conformance: one effect per write, whatever happens to the answer. */
import { expect } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import {
  assertNoSecret,
  controlIdOf,
  createOp,
  drain,
  held,
  heldIds,
  insertMany,
  shows,
  updateOp,
} from './conformance-bench.ts';
import type { Bench, Stand } from './conformance-bench.ts';
import type { CallMatch, EntityFixture } from './conformance-options.ts';
import type { FaultEffect } from './sandbox/index.ts';
import type { CreateOp, ExternalRecord, NewComment, WriteOutcome } from './contract.ts';

export function proveWriting(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const capability = bench.connector.manifest.capabilities[entity];
  const { create, update, change } = fixture;

  if (create && capability.create) proveCreate(bench, entity, fixture, create);
  if (update && capability.update) proveUpdate(bench, entity, fixture, update, change);
}

function proveCreate(
  bench: Bench,
  entity: Entity,
  fixture: EntityFixture,
  create: NonNullable<EntityFixture['create']>,
): void {
  const prove = bench.proofs(entity);
  const { findCreated } = bench.connector.manifest.capabilities[entity];
  const { faults = 'http' } = bench.options;
  const call = faults === 'none' ? undefined : fixture.createCall;

  prove('creating', 'creates what it was told, in the order of the operations', async () => {
    const { sandbox, session } = await bench.open();
    const ops = [0, 1, 2].map((n) => createOp(`hub-${String(n)}`, create(n, sandbox)));
    const before = heldIds(sandbox, fixture).length;
    const outcomes = await session.create(entity, ops);
    expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual(ops.map(({ key }) => [key, 'done']));
    expect(heldIds(sandbox, fixture)).toHaveLength(before + 3);
    const records = outcomes.map(recordOf);
    // As a pull would now show it.
    const ids = records.map(({ externalId }) => externalId);
    const shown = new Map((await session.read(entity, ids)).map((record) => [record.externalId, record]));
    // Reading promises no order: writes that ran side by side may have got their ids in another one.
    expect(ids.map((id) => shown.get(id))).toEqual(records);
    expect(shown.size).toBe(ids.length);
  });

  if (fixture.refused) {
    const { refused } = fixture;
    prove(
      'creating',
      'what the vendor refuses is rejected with its words, and the rest goes on',
      async () => {
        const stand = await bench.open();
        const ops = [createOp('bad', refused), createOp('good', create(1, stand.sandbox))];
        const before = heldIds(stand.sandbox, fixture).length;
        const outcomes = await stand.session.create(entity, ops);
        expect(outcomes.map(({ outcome }) => outcome)).toEqual(['rejected', 'done']);
        expect(heldIds(stand.sandbox, fixture)).toHaveLength(before + 1);
        const [bad] = outcomes;
        if (bad?.outcome === 'rejected') assertNoSecret(bad.failure, stand.secret);
      },
    );

    prove('creating', 'one bad record among good ones: an outcome for each, in their order', async () => {
      const stand = await bench.open();
      const ops = [
        createOp('good-1', create(1, stand.sandbox)),
        createOp('bad', refused),
        createOp('good-2', create(2, stand.sandbox)),
        createOp('good-3', create(3, stand.sandbox)),
      ];
      const before = heldIds(stand.sandbox, fixture).length;
      const outcomes = await stand.session.create(entity, ops);
      expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([
        ['good-1', 'done'],
        ['bad', 'rejected'],
        ['good-2', 'done'],
        ['good-3', 'done'],
      ]);
      expect(heldIds(stand.sandbox, fixture)).toHaveLength(before + 3);
    });
  }

  if (!call || findCreated === 'none') return;

  prove('lost answers', 'a create whose answer is lost is unknown, and found again once', async () => {
    const losses =
      faults === 'http' ? (['drop_after_commit', 'truncate'] as const) : (['drop_after_commit'] as const);
    for (const effect of losses) {
      const stand = await bench.open();
      const { sandbox, session } = stand;
      const op = createOp('hub-1', create(1, sandbox));
      const before = heldIds(sandbox, fixture).length;
      const outcome = await under(stand, call, effect, () => only(session.create(entity, [op])));
      expect(outcome.outcome).toBe('unknown');
      if (outcome.outcome === 'unknown') assertNoSecret(outcome.failure, stand.secret);
      expect(heldIds(sandbox, fixture)).toHaveLength(before + 1);
      const candidates = await candidatesOf(stand, entity, op);
      expect(candidates).toHaveLength(1);
      expect(
        await session.read(
          entity,
          candidates.map(({ externalId }) => externalId),
        ),
      ).toEqual(candidates);
    }
  });

  prove('lost answers', 'a create that never arrived is not found', async () => {
    const stand = await bench.open();
    const op = createOp('hub-1', create(1, stand.sandbox));
    const outcome = await under(stand, call, 'reset_before', () => only(stand.session.create(entity, [op])));
    expect(['unknown', 'retry']).toContain(outcome.outcome);
    expect(await candidatesOf(stand, entity, op)).toEqual([]);
  });

  prove('lost answers', 'another record with another name is no candidate', async () => {
    const stand = await bench.open();
    await stand.session.create(entity, [createOp('other', create(2, stand.sandbox))]);
    expect(await candidatesOf(stand, entity, createOp('hub-1', create(1, stand.sandbox)))).toEqual([]);
  });

  if (faults !== 'http') return;
  prove('lost answers', 'a throttled create happens once', async () => {
    const stand = await bench.open();
    const before = heldIds(stand.sandbox, fixture).length;
    const op = createOp('hub-1', create(1, stand.sandbox));
    const outcome = await under(stand, call, 'http_429', () => only(stand.session.create(entity, [op])));
    expect(['done', 'retry']).toContain(outcome.outcome);
    expect(heldIds(stand.sandbox, fixture)).toHaveLength(before + (outcome.outcome === 'done' ? 1 : 0));
  });
}

function proveUpdate(
  bench: Bench,
  entity: Entity,
  fixture: EntityFixture,
  update: JsonObject,
  change: EntityFixture['change'],
): void {
  const prove = bench.proofs(entity);
  const call = bench.options.faults === 'none' ? undefined : fixture.updateCall;

  prove('updating', 'updates the fields it was told and tells the new state', async () => {
    const stand = await bench.open();
    const before = await subject(stand, entity, fixture);
    const after = recordOf(await only(stand.session.update(entity, [updateOp(before, update)])));
    expect(shows(fixture, after.raw, update)).toBe(true);
    expect(await stand.session.read(entity, [before.externalId])).toEqual([after]);
  });

  prove('updating', 'a record that is gone is missing', async () => {
    const stand = await bench.open();
    const before = await subject(stand, entity, fixture);
    stand.sandbox.control.remove(fixture.object, controlIdOf(stand.sandbox, fixture, before.externalId));
    const outcome = await only(stand.session.update(entity, [updateOp(before, update)]));
    expect(outcome.outcome).toBe('missing');
  });

  if (change) {
    prove('updating', 'a record that moved is stale and nothing is written', async () => {
      const stand = await bench.open();
      const before = await subject(stand, entity, fixture);
      // Marks of change may be no finer than a second.
      stand.sandbox.control.setClock(2_000);
      stand.sandbox.control.change(
        fixture.object,
        controlIdOf(stand.sandbox, fixture, before.externalId),
        change,
      );
      const moved = JSON.stringify(held(stand.sandbox, fixture));
      const outcome = await only(stand.session.update(entity, [updateOp(before, update)]));
      expect(outcome.outcome).toBe('stale');
      if (outcome.outcome === 'stale') expect(shows(fixture, outcome.record.raw, change)).toBe(true);
      expect(JSON.stringify(held(stand.sandbox, fixture))).toBe(moved);
    });
  }

  if (change && fixture.create) {
    prove(
      'updating',
      'records gone and moved among others: an outcome for each, in their order',
      async () => {
        const stand = await bench.open();
        const { sandbox, session } = stand;
        const made = await session.create(
          entity,
          [60, 61, 62, 63].map((n) => createOp(`hub-${String(n)}`, fixture.create?.(n, sandbox) ?? {})),
        );
        const records = made.map(recordOf);
        const [, gone, moved] = records;
        if (gone === undefined || moved === undefined) throw new Error('Too few records were created.');
        sandbox.control.setClock(2_000);
        sandbox.control.remove(fixture.object, controlIdOf(sandbox, fixture, gone.externalId));
        sandbox.control.change(fixture.object, controlIdOf(sandbox, fixture, moved.externalId), change);
        const outcomes = await session.update(
          entity,
          records.map((record, n) => ({ ...updateOp(record, update), key: `hub-${String(n)}` })),
        );
        expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([
          ['hub-0', 'done'],
          ['hub-1', 'missing'],
          ['hub-2', 'stale'],
          ['hub-3', 'done'],
        ]);
      },
    );
  }

  if (bench.options.sessions !== false) {
    prove(
      'sessions',
      'what ends between reading and writing is renewed, and the write happens once',
      async () => {
        const stand = await bench.open();
        const before = await subject(stand, entity, fixture);
        stand.sandbox.control.expireSessions();
        stand.sandbox.control.resetStats();
        const after = recordOf(await only(stand.session.update(entity, [updateOp(before, update)])));
        expect(shows(fixture, after.raw, update)).toBe(true);
        expect(await stand.session.read(entity, [before.externalId])).toEqual([after]);
      },
    );
    if (call) {
      prove('sessions', 'what ends as the write arrives is renewed, and the write happens once', async () => {
        const stand = await bench.open();
        const before = await subject(stand, entity, fixture);
        const after = recordOf(
          await under(stand, call, 'expire_session', () =>
            only(stand.session.update(entity, [updateOp(before, update)])),
          ),
        );
        expect(shows(fixture, after.raw, update)).toBe(true);
        expect(await stand.session.read(entity, [before.externalId])).toEqual([after]);
      });
    }
  }

  if (call) {
    prove(
      'lost answers',
      'an update whose answer is lost is applied, and said to be done or unknown',
      async () => {
        const stand = await bench.open();
        const before = await subject(stand, entity, fixture);
        const outcome = await under(stand, call, 'drop_after_commit', () =>
          only(stand.session.update(entity, [updateOp(before, update)])),
        );
        expect(['done', 'unknown']).toContain(outcome.outcome);
        const [after] = await stand.session.read(entity, [before.externalId]);
        expect(after && shows(fixture, after.raw, update)).toBe(true);
      },
    );

    prove(
      'lost answers',
      'an update that never arrived is never said to be done without being so',
      async () => {
        const stand = await bench.open();
        const before = await subject(stand, entity, fixture);
        const outcome = await under(stand, call, 'reset_before', () =>
          only(stand.session.update(entity, [updateOp(before, update)])),
        );
        const [after] = await stand.session.read(entity, [before.externalId]);
        if (outcome.outcome === 'done') expect(after && shows(fixture, after.raw, update)).toBe(true);
        else expect(['unknown', 'retry']).toContain(outcome.outcome);
      },
    );
  }

  proveComments(bench, entity, fixture);
}

function proveComments(bench: Bench, entity: Entity, fixture: EntityFixture): void {
  const { comments } = bench.connector.manifest.capabilities[entity];
  const { commentsOf } = fixture;
  const prove = bench.proofs(entity);
  if (!commentsOf || (comments !== 'read_write' && comments !== 'write')) return;
  const comment: NewComment = {
    key: 'c-1',
    text: 'Bearing greased, noise gone.',
    author: null,
    at: '2026-03-01T08:15:00.000Z',
    maybeSent: false,
  };
  const mine = (stand: Stand, id: string): number =>
    commentsOf(stand.sandbox, id).filter((text) => text.includes(comment.text)).length;

  prove('comments', 'a comment is appended once, without touching the fields', async () => {
    const stand = await bench.open();
    const before = await subject(stand, entity, fixture);
    const outcome = await only(
      stand.session.update(entity, [{ ...updateOp(before, {}), comments: [comment] }]),
    );
    expect(outcome).toMatchObject({ outcome: 'done', comments: [{ key: 'c-1', outcome: 'done' }] });
    expect(mine(stand, before.externalId)).toBe(1);
  });

  prove('comments', 'a comment that may have been sent is not sent again blindly', async () => {
    const stand = await bench.open();
    const before = await subject(stand, entity, fixture);
    await stand.session.update(entity, [{ ...updateOp(before, {}), comments: [comment] }]);
    const [current = before] = await stand.session.read(entity, [before.externalId]);
    const again = { ...updateOp(current, {}), comments: [{ ...comment, maybeSent: true }] };
    const outcome = await only(stand.session.update(entity, [again]));
    const expected = comments === 'write' ? 'unknown' : 'done';
    expect(outcome).toMatchObject({ outcome: 'done', comments: [{ key: 'c-1', outcome: expected }] });
    expect(mine(stand, before.externalId)).toBe(1);
  });

  prove('comments', 'a comment goes with a create', async () => {
    const stand = await bench.open();
    const op = { ...createOp('hub-1', fixture.create?.(1, stand.sandbox) ?? {}), comments: [comment] };
    const outcome = await only(stand.session.create(entity, [op]));
    expect(outcome).toMatchObject({ outcome: 'done', comments: [{ key: 'c-1', outcome: 'done' }] });
    expect(mine(stand, recordOf(outcome).externalId)).toBe(1);
  });
}

/** A record to update: created by us where that is possible, otherwise by a person there. */
async function subject(stand: Stand, entity: Entity, fixture: EntityFixture): Promise<ExternalRecord> {
  if (fixture.create) {
    return recordOf(
      await only(stand.session.create(entity, [createOp('hub-0', fixture.create(50, stand.sandbox))])),
    );
  }
  insertMany(stand.sandbox, fixture, 0, 1);
  const [record] = (await drain(stand.session, entity, null, 5)).records;
  if (!record) throw new Error('The sandbox holds nothing to update.');
  return record;
}

/** Real throttles ask for whole seconds; the client honours fractions just the same. */
const SOON: Readonly<Partial<Record<FaultEffect, { retryAfterS: number }>>> = {
  http_429: { retryAfterS: 0.05 },
};

async function under<T>(
  stand: Stand,
  call: CallMatch,
  effect: 'drop_after_commit' | 'truncate' | 'reset_before' | 'http_429' | 'expire_session',
  act: () => Promise<T>,
): Promise<T> {
  await stand.session.probe();
  stand.sandbox.control.setFaults({ rules: [{ match: { ...call }, effect, times: 1, ...SOON[effect] }] });
  const result = await act();
  expect(stand.sandbox.control.stats().faultsFired).toMatchObject({ [effect]: 1 });
  stand.sandbox.control.clearFaults();
  return result;
}

async function candidatesOf(stand: Stand, entity: Entity, op: CreateOp): Promise<ExternalRecord[]> {
  const [found] = await stand.session.findCreated(entity, [op]);
  expect(found?.key).toBe(op.key);
  return found?.candidates ?? [];
}

async function only(outcomes: Promise<WriteOutcome[]>): Promise<WriteOutcome> {
  const [outcome, ...others] = await outcomes;
  expect(others).toEqual([]);
  if (!outcome) throw new Error('The write gave no outcome.');
  return outcome;
}

function recordOf(outcome: WriteOutcome): ExternalRecord {
  if (outcome.outcome !== 'done') {
    const why = 'failure' in outcome ? `: ${outcome.failure.message}` : '';
    throw new Error(`The write was expected to be done and is ${outcome.outcome}${why}`);
  }
  return outcome.record;
}
