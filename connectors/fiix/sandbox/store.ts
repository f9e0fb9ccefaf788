/**
 * All rows of the tenant: ids, change times, numbers of work orders, and the undoing of a batch that fails. Knows no rules
 * of any class.
 */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { CLASS_NAMES, schemaOf, type ClassName } from './schema.ts';
import { createTable, stampOf, type Row, type Table, type Value } from './table.ts';

/** Null clears. */
export type Changes = Readonly<Record<string, Value | null | undefined>>;

export interface Sequences {
  /** Last id of each class. */
  ids: Record<string, number>;
  /** Last work order, plan and purchase order number. */
  codes: Record<string, number>;
}

export interface Store {
  table(className: ClassName): Table;
  get(className: ClassName, id: unknown): Row | undefined;
  /** The time of a write; several share one when the dial says so. */
  stamp(): number;
  /** Makes the id, and `intUpdated` from `at` where the class has it. */
  add(className: ClassName, fields: Changes, at?: number): Row;
  /** `intUpdated` moves strictly forward; with `quiet` it stays. */
  replace(className: ClassName, row: Row, changes: Changes, quiet?: boolean): Row;
  drop(className: ClassName, id: number): void;
  nextCode(of: string): number;
  /** Runs the work; when it throws, everything it stored is undone. */
  atomically<T>(work: () => T): T;
  revision(): number;
  sequences(): Sequences;
  restore(sequences: Sequences, rows: Iterable<readonly [className: ClassName, row: Row]>): void;
}

/** Ids of a class start somewhere of its own, so that a mixed-up reference is noticed. */
const FIRST_ID_STEP = 7;

function present(fields: Changes): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) out[name] = value;
  }
  return out;
}

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const tables = new Map<ClassName, Table>(CLASS_NAMES.map((name) => [name, createTable()]));
  let ids: Record<string, number> = Object.fromEntries(
    CLASS_NAMES.map((name, i) => [name, (i + 1) * FIRST_ID_STEP]),
  );
  let codes: Record<string, number> = {};
  let journal: { className: ClassName; id: number; before: Row | undefined }[] | null = null;
  let revision = 0;
  let shared = { stamp: 0, left: 0 };

  function table(className: ClassName): Table {
    const found = tables.get(className);
    if (found === undefined) throw new TypeError(`There is no class "${className}".`);
    return found;
  }
  function note(className: ClassName, id: number): void {
    revision += 1;
    journal?.push({ className, id, before: table(className).get(id) });
  }
  function undo(entries: NonNullable<typeof journal>): void {
    for (const { className, id, before } of entries.reverse()) {
      if (before === undefined) table(className).drop(id);
      else table(className).put(before);
    }
  }
  return {
    table,
    get: (className, id) => (typeof id === 'number' ? table(className).get(id) : undefined),
    stamp() {
      if (dials.equalTimestamps > 1 && shared.left > 0) shared.left -= 1;
      else shared = { stamp: world.clock.now(), left: Math.max(0, dials.equalTimestamps - 1) };
      return shared.stamp;
    },
    add(className, fields, at) {
      const id = (ids[className] ?? 0) + 1;
      ids[className] = id;
      const stamped = schemaOf(className).columns.has('intUpdated') ? { intUpdated: at ?? this.stamp() } : {};
      const row: Row = { id, fields: { id, ...present(fields), ...stamped } };
      note(className, id);
      table(className).put(row);
      return row;
    },
    replace(className, row, changes, quiet = false) {
      const moved =
        quiet || !schemaOf(className).columns.has('intUpdated')
          ? {}
          : {
              intUpdated: dials.equalTimestamps > 1 ? this.stamp() : Math.max(this.stamp(), stampOf(row) + 1),
            };
      const next: Row = { id: row.id, fields: present({ ...row.fields, ...changes, ...moved }) };
      note(className, row.id);
      table(className).put(next);
      return next;
    },
    drop(className, id) {
      note(className, id);
      table(className).drop(id);
    },
    nextCode(of) {
      const next = (codes[of] ?? 0) + 1;
      codes[of] = next;
      return next;
    },
    atomically(work) {
      const outer = journal;
      const own: NonNullable<typeof journal> = [];
      journal = own;
      try {
        const result = work();
        outer?.push(...own);
        return result;
      } catch (error) {
        undo(own);
        throw error;
      } finally {
        journal = outer;
      }
    },
    revision: () => revision,
    sequences: () => ({ ids, codes }),
    restore(sequences, rows) {
      ids = { ...ids, ...sequences.ids };
      codes = { ...sequences.codes };
      for (const [className, row] of rows) table(className).put(row);
    },
  };
}
