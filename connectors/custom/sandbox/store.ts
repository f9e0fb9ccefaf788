/** All rows: ids, versions, change times. Knows no rules. */
import {
  byField,
  createPast,
  createStamp,
  createTables,
  type Past,
  type SandboxWorld,
  type Tables,
} from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';

export type Values = Readonly<Record<string, unknown>>;

export interface Row {
  readonly id: string;
  /** Order of creation. */
  readonly seq: number;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly deletedAt: number | null;
  /** Our reference, whatever the dial calls it. */
  readonly reference: string | null;
  readonly values: Values;
}

export interface Added {
  /** A function when they need the new id. */
  values: Values | ((id: string) => Values);
  reference?: string | null;
  at?: { createdAt: number; updatedAt: number };
}

export interface Store {
  /** In order of creation, deleted ones among them. */
  tables: Tables<ObjectName, Row>;
  past: Past<ObjectName, Row>;
  add(object: ObjectName, added: Added): Row;
  /** Moves version and change time. */
  replace(object: ObjectName, row: Row, next: Partial<Pick<Row, 'values' | 'reference' | 'deletedAt'>>): Row;
}

export const byCreation = byField<Row>(({ seq }) => seq);

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const tables = createTables<ObjectName, Row>({
    names: OBJECTS,
    idOf: ({ id }) => id,
    order: () => byCreation,
    field: ({ values }, name) => values[name],
  });
  const stamp = createStamp(world.clock, dials);
  return {
    tables,
    past: createPast({ tables, clock: world.clock, dials, idOf: ({ id }) => id }),
    add(object, { values, reference = null, at }) {
      const id = `${SCHEMA[object].prefix}-${String(tables.next(object)).padStart(5, '0')}`;
      const now = at?.createdAt ?? stamp();
      return tables.put(object, {
        ...{ id, seq: tables.next('seq'), version: 1, deletedAt: null, reference },
        ...(at ?? { createdAt: now, updatedAt: now }),
        values: typeof values === 'function' ? values(id) : values,
      });
    },
    replace: (object, row, next) =>
      tables.put(object, { ...row, ...next, version: row.version + 1, updatedAt: stamp() }),
  };
}
