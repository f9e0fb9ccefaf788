/**
 * The sandbox's tables: rows with a unique id, and one rowstamp sequence for all of them. It knows no Maximo rules.
 */
import {
  byField,
  createTables,
  keyPart,
  keyWith,
  type Change,
  type Tables,
} from '../../kit/sandbox/index.ts';
import type { Mbo, Model, Value, Values } from './model.ts';
import { encodeRestId } from './rest-id.ts';

export interface Row {
  readonly uid: number;
  readonly rowstamp: number;
  readonly values: Values;
}

export interface Table {
  readonly mbo: Mbo;
  /** Moves on with every change; what was computed from the table is good for one version. */
  readonly version: number;
}

export type RowChange = Change<string, Row>;

export interface Database {
  model: Model;
  tables: Tables<string, Row>;
  table(mbo: string): Table;
  get(mbo: string, uid: number): Row | undefined;
  /** Rows in order of their unique id. */
  all(mbo: string): readonly Row[];
  find(mbo: string, attributes: readonly string[], values: readonly Value[]): Row[];
  /** `find` prepared for many rows: by the values of their attributes `ours`; none when one of those is null. */
  finder(mbo: string, attributes: readonly string[]): (values: Values, ours: readonly string[]) => Row[];
  byKey(mbo: string, values: Values): Row | null;
  insert(mbo: string, values: Record<string, Value>): Row;
  replace(mbo: string, row: Row, values: Values): Row;
  remove(mbo: string, row: Row): void;
  /** Runs the work; when it throws, everything it changed is put back. */
  atomically<T>(work: () => T): T;
}

/** Attachments are rows of a table that no object structure shows. */
export const DOCLINKS = 'DOCLINKS';
const FIRST_ROWSTAMP = 1001;

export const byUid = byField<Row>(({ uid }) => uid);

const restIds = new WeakMap<Row, string>();

export function restIdOf(mbo: Mbo, row: Row): string {
  let id = restIds.get(row);
  if (id === undefined) {
    const parts = mbo.keys.map((key) => row.values[key] ?? null);
    id = encodeRestId(parts.map((part) => (typeof part === 'boolean' ? Number(part) : part)));
    restIds.set(row, id);
  }
  return id;
}

export function createDatabase(model: Model): Database {
  const tables = createTables<string, Row>({
    names: [...model.mbos.keys(), DOCLINKS],
    idOf: ({ uid }) => uid,
    order: () => byUid,
    field: ({ values }, name) => values[name],
  });
  const views = new Map(
    [...model.mbos].map(([name, mbo]): [string, Table] => [
      name,
      {
        mbo,
        get version() {
          return tables.version(name);
        },
      },
    ]),
  );
  const table = (mbo: string): Table => {
    const found = views.get(mbo);
    if (found === undefined) throw new Error(`There is no table ${mbo}.`);
    return found;
  };
  const stamped = (mbo: string, uid: number, values: Values): Row =>
    tables.put(mbo, { uid, rowstamp: tables.next('rowstamp', FIRST_ROWSTAMP), values });
  return {
    model,
    tables,
    table,
    get: tables.get,
    all: tables.rows,
    find: (mbo, attributes, values) => tables.where(mbo, attributes, values),
    finder(mbo, attributes) {
      const find = tables.finder(mbo, attributes);
      return (values, ours) => {
        let key = '';
        for (let at = 0; at < ours.length; at += 1) {
          const value = values[ours[at] ?? ''] ?? null;
          if (value === null) return [];
          key = at === 0 ? keyPart(value) : keyWith(key, value);
        }
        return find(key);
      };
    },
    byKey(mbo, values) {
      const { keys } = table(mbo).mbo;
      const [found] = tables.where(
        mbo,
        keys,
        keys.map((key) => values[key]),
      );
      return found ?? null;
    },
    insert(mbo, values) {
      const own = views.get(mbo)?.mbo.uid;
      const uid = tables.next(own === undefined ? mbo : 'uid');
      if (own !== undefined) values[own] = uid;
      return stamped(mbo, uid, values);
    },
    replace: (mbo, { uid }, values) => stamped(mbo, uid, values),
    remove: (mbo, { uid }) => tables.drop(mbo, uid),
    atomically: tables.atomically,
  };
}
