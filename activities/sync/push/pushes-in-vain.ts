/**
 * Updates that come to nothing each time: the record changed at the vendor meanwhile, or nobody knows what came of the write.
 * After a pass of such tries the push rests, and after some such passes a person is told. It goes on being tried; the first
 * write that succeeds ends both.
 */
import type { JsonObject } from '../../../domain/json.ts';
import type { Tx } from '../../../store/index.ts';
import type { Counts } from '../context.ts';
import { count } from '../context.ts';
import { TRIES_A_PASS } from './decide-push.ts';
import type { EntityWork } from '../entity-work.ts';
import type { InVain } from './effect-of.ts';

/** Passes in a row, each with all its tries in vain, before a person is told: by then about a minute has gone. */
const TOLD_AFTER_PASSES = 5;

/** An update that was in vain at the last try of its pass. */
export interface WriteInVain {
  hubId: string;
  why: InVain;
  /** What should have been written. */
  payload: JsonObject;
}

/** Part of the transaction that stores the answers, after they are merged: a merge makes what it queues due at once. */
export async function postponeInVain(
  work: EntityWork,
  tx: Tx,
  at: string,
  writes: readonly WriteInVain[],
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
  const told = writes.flatMap(({ hubId, payload, why }) => {
    const inRow = passes.get(hubId) ?? 0;
    return inRow < TOLD_AFTER_PASSES
      ? []
      : [{ subject: hubId, data: payload, why, message: sentence(why, connection.name, inRow) }];
  });
  const discarded = await repo.quarantine.discardedPushes(tx, scope.connectionId, scope.entity, told);
  const rows = told.filter(({ subject }) => !discarded.has(subject));
  await repo.quarantine.add(
    tx,
    { ...scope, at },
    'push',
    rows.map(({ subject, data, message, why }) => ({
      id: deps.newId(),
      subject,
      rawHash: null,
      data,
      problems: [{ path: '', message, rule: why }],
    })),
  );
  count(counts, 'push_quarantined', rows.length);
}

function sentence(why: InVain, system: string, passes: number): string {
  const tries = String(passes * TRIES_A_PASS);
  const goesOn =
    'it is tried again every few minutes and leaves quarantine with the first write that succeeds';
  return why === 'stale'
    ? `Changed in ${system} each time we wanted to write to it, tried ${tries} times; ${goesOn}, so look for who or what changes it in ${system} all the time.`
    : `${system} gave no answer that tells whether this was written, asked ${tries} times; ${goesOn}, so look at the record there, and at what stands between.`;
}
