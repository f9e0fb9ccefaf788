/**
 * Lists that lag behind: what readers must not see yet is undone for them, by the recent history of the tables. The dial says
 * how far: the last so many milliseconds, the last so many changes, or everything since it was turned for so many reads.
 */
import type { SandboxClock } from './clock.ts';
import { count, either, kept, shape, type Dial } from './dials.ts';
import type { RowId } from './table-key.ts';
import type { Compare } from './table-order.ts';
import type { Change, Tables } from './tables.ts';

export interface StaleReads {
  ms: number;
  writes: number;
  reads: number;
}

const REST: StaleReads = { ms: 0, writes: 0, reads: 0 };
const HISTORY_MAX = 10_000;

/** A number alone counts reads. */
export function staleReads(): Dial<StaleReads> {
  const whole = shape({ ms: count(0), writes: count(0), reads: count(0) });
  return kept(either(count(0), whole), REST, (value) =>
    typeof value === 'number' ? { ...REST, reads: value } : value,
  );
}

export interface Past<N extends string, R> {
  /** The dial was turned. */
  turned(): void;
  /** A read that may lag was answered. */
  answered(): void;
  /** Rows as readers must see them, undefined for rows that were not there yet; null when nothing lags. */
  undone(table: N): ReadonlyMap<RowId, R | undefined> | null;
  /** `rows` as readers see them, in that order. */
  seen(table: N, rows: readonly R[], order: Compare<R>): readonly R[];
  /** One row as readers see it. */
  seenRow(table: N, id: RowId): R | undefined;
}

interface PastParts<N extends string, R> {
  tables: Tables<N, R>;
  clock: SandboxClock;
  dials: { staleReads: StaleReads };
  idOf: (row: R, table: N) => RowId;
}

export function createPast<N extends string, R>(parts: PastParts<N, R>): Past<N, R> {
  const { tables, clock, dials, idOf } = parts;
  let history: { at: number; change: Change<N, R> }[] = [];
  const lags = (): boolean => {
    const { ms, writes, reads } = dials.staleReads;
    return ms > 0 || writes > 0 || reads > 0;
  };
  tables.onCommit((changes) => {
    if (!lags()) return;
    const at = clock.now();
    for (const change of changes) history.push({ at, change });
    if (history.length > HISTORY_MAX) history = history.slice(-HISTORY_MAX / 2);
  });
  function undone(table: N): ReadonlyMap<RowId, R | undefined> | null {
    if (!lags()) return null;
    const { ms, writes, reads } = dials.staleReads;
    const since = clock.now() - ms;
    const rows = new Map<RowId, R | undefined>();
    history.forEach(({ at, change }, i) => {
      const young = reads > 0 || (ms > 0 && at > since) || i >= history.length - writes;
      if (young && change.table === table && !rows.has(change.id)) rows.set(change.id, change.before);
    });
    return rows.size === 0 ? null : rows;
  }
  return {
    turned() {
      history = [];
    },
    answered() {
      if (dials.staleReads.reads > 0) dials.staleReads.reads -= 1;
    },
    undone,
    seen(table, rows, order) {
      const hidden = undone(table);
      if (hidden === null) return rows;
      const before = [...hidden.values()].filter((row) => row !== undefined);
      return [...rows.filter((row) => !hidden.has(idOf(row, table))), ...before].sort(order);
    },
    seenRow(table, id) {
      const hidden = undone(table);
      return hidden?.has(id) === true ? hidden.get(id) : tables.get(table, id);
    },
  };
}
