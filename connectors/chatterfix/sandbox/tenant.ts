/** One installation: the tables of the generation that runs, ids, change times. Knows no routes. */
import type { SandboxWorld } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import {
  OBJECTS,
  UniqueViolation,
  type FieldValues,
  type Generation,
  type ObjectName,
  type TableDef,
  type Tenant,
} from './generation.ts';
import type { Sessions } from './sessions.ts';
import { asInserted, createTable, type Row, type Table } from './table.ts';
import { textOf } from './text-of.ts';

export interface Sequences {
  seq: number;
  ids: Record<string, number>;
}

/** What only the sandbox itself uses. */
export interface Keeping {
  revision(): number;
  sequences(): Sequences;
  restore(sequences: Sequences, rows: Iterable<readonly [object: ObjectName, row: Row]>): void;
}

interface Parts {
  world: SandboxWorld;
  dials: Dials;
  sessions: Sessions;
  generation: () => Generation;
}

const NO_TABLE: TableDef = { columns: {}, order: asInserted };

export function createTenant({ world, dials, sessions, generation }: Parts): Tenant & Keeping {
  let tables = new Map<ObjectName, Table>();
  let uniques = new Map<string, Set<unknown>>();
  let ids: Record<string, number> = {};
  let seq = 0;
  let revision = 0;
  /** Moves on when a name shown inside other records may have changed. */
  let names = 0;
  const texts = new WeakMap<Row, { names: number; text: string }>();

  const def = (object: ObjectName): TableDef => generation().tables[object] ?? NO_TABLE;
  function table(object: ObjectName): Table {
    let found = tables.get(object);
    if (found === undefined) {
      found = createTable(def(object).order);
      tables.set(object, found);
    }
    return found;
  }
  function taken(object: ObjectName): Set<unknown> {
    let found = uniques.get(object);
    if (found === undefined) {
      found = new Set();
      uniques.set(object, found);
    }
    return found;
  }
  function claim(object: ObjectName, before: Row | undefined, fields: FieldValues): void {
    const column = def(object).unique;
    if (column === undefined) return;
    const value = fields[column];
    const old = before?.fields[column];
    if (value === old) return;
    if (value !== null && taken(object).has(value)) {
      throw new UniqueViolation(object.replace('-', '_'), column, textOf(value));
    }
    taken(object).delete(old);
    if (value !== null) taken(object).add(value);
  }
  function put(object: ObjectName, row: Row): Row {
    table(object).put(row);
    revision += 1;
    if (object === 'assets' || object === 'users') names += 1;
    return row;
  }
  function freshId(object: ObjectName, tenant: Tenant): string | number {
    const { makeId, firstId = 1 } = def(object);
    if (makeId !== undefined) return makeId(tenant);
    const next = (ids[object] ?? firstId - 1) + 1;
    ids[object] = next;
    return next;
  }
  const tenant: Tenant & Keeping = {
    world,
    dials,
    sessions,
    generation,
    now: () => world.clock.now(),
    stamp: () => generation().stamp(world.clock.now(), dials),
    rows: (object) => table(object).rows(),
    get: (object, id) => table(object).get(String(id)),
    insert(object, given) {
      const { columns, created, updated } = def(object);
      const at = tenant.stamp();
      const stamps = {
        ...(created === undefined ? {} : { [created]: given[created] ?? at }),
        ...(updated === undefined ? {} : { [updated]: given[updated] ?? at }),
      };
      const fields = { ...columns, ...given, ...stamps };
      claim(object, undefined, fields);
      const id = given['id'] ?? freshId(object, tenant);
      if (typeof id === 'number') ids[object] = Math.max(ids[object] ?? 0, id);
      const derived = given['id'] === undefined ? (def(object).derive?.(textOf(id)) ?? {}) : {};
      seq += 1;
      return put(object, { key: textOf(id), seq, fields: { id, ...fields, ...derived } });
    },
    update(object, row, fields, quiet = false) {
      const { updated } = def(object);
      const stamps = updated === undefined || quiet ? {} : { [updated]: tenant.stamp() };
      const next = { ...row, fields: { ...row.fields, ...fields, ...stamps } };
      claim(object, row, next.fields);
      return put(object, next);
    },
    remove(object, row) {
      const column = def(object).unique;
      if (column !== undefined) taken(object).delete(row.fields[column]);
      table(object).drop(row.key);
      revision += 1;
      if (object === 'assets' || object === 'users') names += 1;
    },
    clear() {
      tables = new Map();
      uniques = new Map();
      ids = {};
      revision += 1;
      names += 1;
    },
    show(object, row) {
      const hidden = def(object).hidden ?? [];
      const shown = generation().show?.(tenant, object, row) ?? row.fields;
      return hidden.length === 0
        ? shown
        : Object.fromEntries(Object.entries(shown).filter(([name]) => !hidden.includes(name)));
    },
    text(object, row) {
      const kept = texts.get(row);
      if (kept?.names === names) return kept.text;
      const text = JSON.stringify(tenant.show(object, row));
      texts.set(row, { names, text });
      return text;
    },
    wrote: (kind, object) => world.stats.wrote(kind, object),
    revision: () => revision,
    sequences: () => ({ seq, ids }),
    restore(sequences, rows) {
      ({ seq, ids } = sequences);
      for (const [object, row] of rows) {
        claim(object, undefined, row.fields);
        put(object, row);
      }
    },
  };
  return tenant;
}

/** Throws one sentence when there is no such object. */
export function objectName(object: string): ObjectName {
  const found = OBJECTS.find((name) => name === object);
  if (found === undefined)
    throw new TypeError(`There is no object "${object}"; use one of ${OBJECTS.join(', ')}.`);
  return found;
}
