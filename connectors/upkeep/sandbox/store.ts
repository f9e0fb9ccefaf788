/**
 * All rows of the account: ids, timestamps, the sequence of work order numbers, and the recent history that stale list
 * reads are undone from. Knows no rules of any resource.
 */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';
import { createTable, type Row, type Table } from './table.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const HISTORY_MAX = 10_000;

type Fields = Record<string, unknown>;

export interface Sequences {
  seq: number;
  workOrderNo: number;
}

export interface Store {
  table(object: ObjectName): Table;
  /** The time of a write; several share one when the dial says so. */
  stamp(): string;
  add(
    object: ObjectName,
    fields: Fields,
    hidden?: Fields,
    at?: { createdAt: string; updatedAt: string },
  ): Row;
  /** Null values leave the record. `at` null keeps the timestamps. */
  replace(object: ObjectName, row: Row, fields: Fields, at: string | null, hidden?: Fields): Row;
  drop(object: ObjectName, id: string): void;
  nextWorkOrderNo(): string;
  /** Moves on with every change. */
  revision(): number;
  /** Where the sequences stand. */
  sequences(): Sequences;
  /** Fills an empty account with rows and sequences as they were. */
  restore(sequences: Sequences, rows: Iterable<readonly [object: ObjectName, row: Row]>): void;
  /** What lists must not show yet: rows as they were, null for rows that did not exist. Null when nothing lags. */
  lag(object: ObjectName): ReadonlyMap<string, Row | null> | null;
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const { clock, random } = world;
  const tables = new Map<ObjectName, Table>(OBJECTS.map((object) => [object, createTable()]));
  let history: { at: number; object: ObjectName; id: string; before: Row | null }[] = [];
  let seq = 0;
  let workOrderNo = 0;
  let revision = 0;
  let shared = { stamp: '', left: 0 };

  function table(object: ObjectName): Table {
    const found = tables.get(object);
    if (found === undefined)
      throw new TypeError(`There is no object "${object}"; use one of ${OBJECTS.join(', ')}.`);
    return found;
  }
  function freshId(object: ObjectName): string {
    const make = (): string =>
      SCHEMA[object].ids === 'hex' ? random.text(24, '0123456789abcdef') : random.text(10, ALPHABET);
    let id = make();
    while (table(object).get(id) !== undefined) id = make();
    return id;
  }
  /** Follows every change but those of the seed. */
  function remember(object: ObjectName, id: string, before: Row | null): void {
    revision += 1;
    if (dials.staleReads.ms === 0 && dials.staleReads.writes === 0) return;
    history.push({ at: clock.now(), object, id, before });
    if (history.length > HISTORY_MAX) history = history.slice(HISTORY_MAX / 2);
  }
  return {
    table,
    stamp() {
      if (dials.equalTimestamps > 1 && shared.left > 0) shared.left -= 1;
      else
        shared = { stamp: new Date(clock.now()).toISOString(), left: Math.max(0, dials.equalTimestamps - 1) };
      return shared.stamp;
    },
    add(object, fields, hidden = {}, at) {
      const id = freshId(object);
      const createdAt = at?.createdAt ?? this.stamp();
      const stamps = { createdAt, updatedAt: at?.updatedAt ?? createdAt };
      seq += 1;
      const row: Row = { id, seq, fields: { id, ...present(fields), ...stamps }, hidden, text: null };
      table(object).put(row);
      if (at === undefined) remember(object, id, null);
      return row;
    },
    replace(object, row, fields, at, hidden = row.hidden) {
      const updatedAt = at ?? row.fields['updatedAt'];
      const next: Row = {
        ...row,
        fields: present({ ...row.fields, ...fields, updatedAt }),
        hidden,
        text: null,
      };
      table(object).put(next);
      remember(object, row.id, row);
      return next;
    },
    drop(object, id) {
      const before = table(object).get(id);
      if (before === undefined) return;
      table(object).drop(id);
      remember(object, id, before);
    },
    nextWorkOrderNo() {
      workOrderNo += 1;
      return String(workOrderNo);
    },
    revision: () => revision,
    sequences: () => ({ seq, workOrderNo }),
    restore(sequences, rows) {
      ({ seq, workOrderNo } = sequences);
      for (const [object, row] of rows) table(object).put(row);
    },
    lag(object) {
      const { ms, writes } = dials.staleReads;
      if (ms === 0 && writes === 0) return null;
      const since = clock.now() - ms;
      const undone = new Map<string, Row | null>();
      history.forEach((entry, i) => {
        const young = (ms > 0 && entry.at > since) || i >= history.length - writes;
        if (young && entry.object === object && !undone.has(entry.id)) undone.set(entry.id, entry.before);
      });
      return undone.size === 0 ? null : undone;
    },
  };
}
