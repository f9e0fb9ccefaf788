/**
 * The change feed as a stream: what changed since a cursor, then what changes, each record's change once and in the order of commits.
 * A watcher without a cursor begins now, or with every record that is there. It reads as fast as its consumer takes, and
 * holds nobody: between two reads no transaction is open.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../../store/index.ts';
import {
  feedHorizon,
  isAheadOfFeed,
  presentRecords,
  readFeed,
  type FeedChange,
  type FeedPoint,
} from '../../store/hub/watch-feed.ts';
import type { PersonDeps } from '../person.ts';

/** Where a watcher stands: in the feed, or still among the records that were there, behind which it joins the feed. */
export interface WatchPoint {
  feed: FeedPoint;
  /** Number of the last record shown; null in the feed. */
  present: string | null;
}

export type WatchedChange = Pick<
  FeedChange,
  'entity' | 'recordId' | 'version' | 'originConnectionId' | 'runId'
> & {
  at: WatchPoint;
};

/** `at` is where to go on behind the changes; the first batch of a watcher may have none. */
export interface WatchedBatch {
  changes: WatchedChange[];
  at: WatchPoint;
}

export interface WatchOptions {
  entities: readonly Entity[];
  from: WatchPoint | 'now' | 'start';
  /** Ends after this time, at the end of the feed. */
  forMs: number;
  signal: AbortSignal;
}

/** A transaction that is still running hides what was committed behind it; nothing signals its end. */
const HIDDEN_MS = 20;
const HIDDEN_MS_MAX = 1_000;
/** In case a signal was lost with a connection that nobody saw break. */
const LOOK_AGAIN_MS = 15_000;

type Deps = Pick<PersonDeps, 'store' | 'tenantId' | 'now'>;

export async function* watchChanges(deps: Deps, options: WatchOptions): AsyncGenerator<WatchedBatch> {
  const subscription = deps.store.signals.subscribe(`change:${deps.tenantId}`);
  try {
    yield* readOn(deps, options, (ms) => subscription.wait(ms, options.signal));
  } finally {
    subscription.close();
  }
}

async function* readOn(
  deps: Deps,
  { entities, from, forMs, signal }: WatchOptions,
  rest: (ms: number) => Promise<void>,
): AsyncGenerator<WatchedBatch> {
  const scope = { tenantId: deps.tenantId, entities };
  const end = deps.now() + forMs;
  let point = await deps.store.inTenant(deps.tenantId, (tx) => startOf(tx, from));
  yield { changes: [], at: point };
  let hiddenMs = HIDDEN_MS;
  while (!signal.aborted) {
    const at = point;
    const { batch, hidden } = await deps.store.inTenant(deps.tenantId, (tx) => readBehind(tx, scope, at));
    point = batch.at;
    if (batch.changes.length > 0) {
      hiddenMs = HIDDEN_MS;
      yield batch;
      continue;
    }
    if (at.present !== null) continue;
    const left = end - deps.now();
    if (left <= 0) return;
    await rest(Math.min(hidden ? hiddenMs : LOOK_AGAIN_MS, left));
    hiddenMs = Math.min(hiddenMs * 2, HIDDEN_MS_MAX);
  }
}

async function startOf(tx: Tx, from: WatchOptions['from']): Promise<WatchPoint> {
  if (from === 'now' || from === 'start') {
    return { feed: await feedHorizon(tx), present: from === 'start' ? '' : null };
  }
  if (await isAheadOfFeed(tx, from.feed)) {
    throw new Failure(
      'invalid_request',
      'cursor: was given by another database server; watch from the start again.',
      { path: 'cursor' },
    );
  }
  return from;
}

async function readBehind(
  tx: Tx,
  scope: { tenantId: string; entities: readonly Entity[] },
  at: WatchPoint,
): Promise<{ batch: WatchedBatch; hidden: boolean }> {
  if (at.present === null) {
    const { changes, hidden } = await readFeed(tx, scope, at.feed);
    const shown = changes.map((change) => ({ ...change, at: { feed: change.at, present: null } }));
    return { batch: { changes: shown, at: shown.at(-1)?.at ?? at }, hidden };
  }
  const records = await presentRecords(tx, scope, at.present);
  const changes = records.map(({ number, ...record }) => ({
    ...record,
    originConnectionId: null,
    runId: null,
    at: { feed: at.feed, present: number },
  }));
  return { batch: { changes, at: changes.at(-1)?.at ?? { ...at, present: null } }, hidden: false };
}
