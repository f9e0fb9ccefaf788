/** One installation: the tables of the generation that runs, ids, change times. Knows no routes. */
import {
  createPast,
  createTables,
  type Compare,
  type SandboxWorld,
  type Tables,
} from '../../kit/sandbox/index.ts';
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
import { pagingOf } from './pages.ts';
import type { Sessions } from './sessions.ts';
import { asInserted, type Row } from './table.ts';
import { textOf } from './text-of.ts';

interface Parts {
  world: SandboxWorld;
  dials: Dials;
  sessions: Sessions;
  generation: () => Generation;
}

/** What only the sandbox itself uses. */
export interface Keeping {
  tables: Tables<ObjectName, Row>;
}

const NO_TABLE: TableDef = { columns: {}, order: asInserted };

export function createTenant({ world, dials, sessions, generation }: Parts): Tenant & Keeping {
  const def = (object: ObjectName): TableDef => generation().tables[object] ?? NO_TABLE;
  const orderOf = (object: ObjectName): Compare<Row> => {
    const { order } = def(object);
    return (a, b) => order(a, b) || a.seq - b.seq;
  };
  const tables = createTables<ObjectName, Row>({
    names: OBJECTS,
    idOf: ({ key }) => key,
    order: orderOf,
    field: ({ fields }, name) => fields[name],
  });
  const past = createPast({ tables, clock: world.clock, dials, idOf: ({ key }) => key });
  const texts = new WeakMap<Row, { names: number; text: string }>();
  /** Moves on when a name shown inside other records may have changed. */
  const names = (): number => tables.version('assets') + tables.version('users');

  function claim(object: ObjectName, key: string | null, fields: FieldValues): void {
    const column = def(object).unique;
    const value = column === undefined ? null : (fields[column] ?? null);
    if (column === undefined || value === null) return;
    if (tables.where(object, [column], [value]).some((row) => row.key !== key)) {
      throw new UniqueViolation(object.replace('-', '_'), column, textOf(value));
    }
  }
  function freshId(object: ObjectName): string | number {
    const { makeId, firstId = 1 } = def(object);
    return makeId?.(tenant) ?? tables.next(object, firstId);
  }
  const tenant: Tenant & Keeping = {
    ...{ world, dials, sessions, generation, tables, past },
    get paging() {
      return paging;
    },
    now: () => world.clock.now(),
    stamp: () => generation().stamp(world.clock.now(), dials),
    rows: (object) => tables.rows(object),
    get: (object, id) => tables.get(object, String(id)),
    insert(object, given) {
      const { columns, created, updated, derive } = def(object);
      const at = tenant.stamp();
      const stamps = {
        ...(created === undefined ? {} : { [created]: given[created] ?? at }),
        ...(updated === undefined ? {} : { [updated]: given[updated] ?? at }),
      };
      const fields = { ...columns, ...given, ...stamps };
      claim(object, null, fields);
      const id = given['id'] ?? freshId(object);
      if (typeof id === 'number') tables.passed(object, id);
      const derived = given['id'] === undefined ? (derive?.(textOf(id)) ?? {}) : {};
      const row = { key: textOf(id), seq: tables.next('seq'), fields: { id, ...fields, ...derived } };
      return tables.put(object, row);
    },
    update(object, row, fields, quiet = false) {
      const { updated } = def(object);
      const stamps = updated === undefined || quiet ? {} : { [updated]: tenant.stamp() };
      const next = { ...row, fields: { ...row.fields, ...fields, ...stamps } };
      claim(object, row.key, next.fields);
      return tables.put(object, next);
    },
    remove: (object, row) => tables.drop(object, row.key),
    clear: () => tables.clear(),
    seen: (object) => past.seen(object, tables.rows(object), orderOf(object)),
    show(object, row) {
      const hidden = def(object).hidden ?? [];
      const shown = generation().show?.(tenant, object, row) ?? row.fields;
      return hidden.length === 0
        ? shown
        : Object.fromEntries(Object.entries(shown).filter(([name]) => !hidden.includes(name)));
    },
    text(object, row) {
      const kept = texts.get(row);
      if (kept?.names === names()) return kept.text;
      const text = JSON.stringify(tenant.show(object, row));
      texts.set(row, { names: names(), text });
      return text;
    },
    wrote: (kind, object) => world.stats.wrote(kind, object),
  };
  const paging = pagingOf(tenant);
  return tenant;
}
