/**
 * Records that changed at the vendor each time they were to be written: after a pass of such tries the push rests, and
 * after some such passes a person is told. It goes on being tried; the first write that succeeds ends both.
 */
import type { JsonObject } from '../../../domain/json.ts';
import type { Tx } from '../../../store/index.ts';
import type { Counts } from '../context.ts';
import { count } from '../context.ts';
import { TRIES_A_PASS } from './decide-push.ts';
import type { EntityWork } from '../entity-work.ts';

/** Passes in a row, each with all its tries in vain, before a person is told: by then about a minute has gone. */
const TOLD_AFTER_PASSES = 5;

/** A write that was stale at the last try of its pass. */
export interface StaleWrite {
  hubId: string;
  /** What should have been written. */
  payload: JsonObject;
}

/** Part of the transaction that stores the answers, after they are merged: a merge makes what it queues due at once. */
export async function postponeStale(
  work: EntityWork,
  tx: Tx,
  at: string,
  writes: readonly StaleWrite[],
  counts: Counts,
): Promise<void> {
  const { deps, scope, connection } = work;
  const { repo } = deps;
  const passes = await repo.pushes.postponeStale(
    tx,
    scope.connectionId,
    writes.map(({ hubId }) => hubId),
  );
  count(counts, 'postponed', passes.size);
  const told = writes.flatMap(({ hubId, payload }) => {
    const inRow = passes.get(hubId) ?? 0;
    return inRow < TOLD_AFTER_PASSES
      ? []
      : [{ subject: hubId, data: payload, message: sentence(connection.name, inRow) }];
  });
  const discarded = await repo.quarantine.discardedPushes(tx, scope.connectionId, scope.entity, told);
  const rows = told.filter(({ subject }) => !discarded.has(subject));
  await repo.quarantine.add(
    tx,
    { ...scope, at },
    'push',
    rows.map(({ subject, data, message }) => ({
      id: deps.newId(),
      subject,
      rawHash: null,
      data,
      problems: [{ path: '', message, rule: 'stale' }],
    })),
  );
  count(counts, 'push_quarantined', rows.length);
}

function sentence(system: string, passes: number): string {
  return (
    `Changed in ${system} each time we wanted to write to it, tried ${String(passes * TRIES_A_PASS)} times; ` +
    'it is tried again every few minutes and leaves quarantine with the first write that succeeds, ' +
    `so look for who or what changes it in ${system} all the time.`
  );
}
