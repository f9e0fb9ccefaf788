/** All rows of the tenant: ids, change times, numbers of work orders. Knows no rules of any class. */
import {
  byField,
  createPast,
  createStamp,
  createTables,
  type Compare,
  type Past,
  type SandboxWorld,
  type Tables,
} from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { CLASS_NAMES, schemaOf, type ClassName } from './schema.ts';

export type Value = string | number;

export interface Row {
  readonly id: number;
  /** Columns that are not empty; `id` is one of them. */
  readonly fields: Readonly<Record<string, Value>>;
}

/** Null clears. */
export type Changes = Readonly<Record<string, Value | null | undefined>>;

export interface Store {
  tables: Tables<ClassName, Row>;
  past: Past<ClassName, Row>;
  get(className: ClassName, id: unknown): Row | undefined;
  /** Ascending by `intUpdated`, then id; or by id alone. */
  ordered(className: ClassName, by: OrderName): readonly Row[];
  /** Rows whose column holds the value, ascending by id. */
  referring(className: ClassName, column: string, value: Value): Row[];
  /** Makes the id, and `intUpdated` from `at` where the class has it. */
  add(className: ClassName, fields: Changes, at?: number): Row;
  /** `intUpdated` moves strictly forward; with `quiet` it stays. */
  replace(className: ClassName, row: Row, changes: Changes, quiet?: boolean): Row;
  nextCode(of: string): number;
  /** The last id of the class that was given. */
  lastId(className: ClassName): number;
}

export type OrderName = 'id' | 'intUpdated';

/** Ids of a class start somewhere of its own, so that a mixed-up reference is noticed. */
const FIRST_ID_STEP = 7;

export function stampOf(row: Row): number {
  const stamp = row.fields['intUpdated'];
  return typeof stamp === 'number' ? stamp : 0;
}

export const byId = byField<Row>(({ id }) => id);
const byChange = byField<Row>(stampOf);
const ORDERS: Readonly<Record<OrderName, Compare<Row>>> = {
  id: byId,
  intUpdated: (a, b) => byChange(a, b) || byId(a, b),
};

function present(fields: Changes): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== null && value !== undefined) out[name] = value;
  }
  return out;
}

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const tables = createTables<ClassName, Row>({
    names: CLASS_NAMES,
    idOf: ({ id }) => id,
    order: () => byId,
    field: ({ fields }, name) => fields[name],
  });
  const stamp = createStamp(world.clock, dials);
  const firstId = (className: ClassName): number => (CLASS_NAMES.indexOf(className) + 1) * FIRST_ID_STEP + 1;
  return {
    tables,
    past: createPast({ tables, clock: world.clock, dials, idOf: ({ id }) => id }),
    get: (className, id) => (typeof id === 'number' ? tables.get(className, id) : undefined),
    ordered: (className, by) => tables.ordered(className, by, ORDERS[by]),
    referring: (className, column, value) => tables.where(className, [column], [value]),
    add(className, fields, at) {
      const id = tables.next(className, firstId(className));
      const stamped = schemaOf(className).columns.has('intUpdated') ? { intUpdated: at ?? stamp() } : {};
      return tables.put(className, { id, fields: { id, ...present(fields), ...stamped } });
    },
    replace(className, row, changes, quiet = false) {
      const moves = !quiet && schemaOf(className).columns.has('intUpdated');
      const at = moves ? stamp() : 0;
      const intUpdated = dials.equalTimestamps > 1 ? at : Math.max(at, stampOf(row) + 1);
      return tables.put(className, {
        id: row.id,
        fields: present({ ...row.fields, ...changes, ...(moves ? { intUpdated } : {}) }),
      });
    },
    nextCode: (of) => tables.next(`number of ${of}`),
    lastId: (className) => tables.last(className) ?? firstId(className) - 1,
  };
}
