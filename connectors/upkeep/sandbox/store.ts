/**
 * All rows of the account: ids, timestamps, the sequence of work order numbers. Knows no rules of any resource.
 */
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
import { OBJECTS, SCHEMA, type ObjectName } from './schema.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

type Fields = Readonly<Record<string, unknown>>;

export interface Row {
  readonly id: string;
  /** Order of creation; breaks ties of equal timestamps. */
  readonly seq: number;
  /** What the single get shows, references as ids. */
  readonly fields: Fields;
  /** What is never shown: passwords, team members, the requester of a request. */
  readonly hidden: Fields;
}

export interface Store {
  tables: Tables<ObjectName, Row>;
  past: Past<ObjectName, Row>;
  /** The time of a write. */
  stamp(): string;
  add(
    object: ObjectName,
    fields: Fields,
    hidden?: Fields,
    at?: { createdAt: string; updatedAt: string },
  ): Row;
  /** Null values leave the record. `at` null keeps the timestamps. */
  replace(object: ObjectName, row: Row, fields: Fields, at: string | null, hidden?: Fields): Row;
  nextWorkOrderNo(): string;
}

/** ISO timestamps of one format compare as text; rows without the field come first. */
export function sortValue(row: Row, field: string): string {
  const value = row.fields[field];
  return typeof value === 'string' ? value : '';
}

const byCreation = byField<Row>(({ seq }) => seq);

export function orderBy(field: string): Compare<Row> {
  const own = byField<Row>((row) => sortValue(row, field));
  return (a, b) => own(a, b) || byCreation(a, b);
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function createStore(world: SandboxWorld, dials: Dials): Store {
  const { clock, random } = world;
  const tables = createTables<ObjectName, Row>({
    names: OBJECTS,
    idOf: ({ id }) => id,
    order: () => byCreation,
    field: ({ fields }, name) => fields[name],
  });
  const stamp = createStamp(clock, dials);
  const now = (): string => new Date(stamp()).toISOString();
  function freshId(object: ObjectName): string {
    const make = (): string =>
      SCHEMA[object].ids === 'hex' ? random.text(24, '0123456789abcdef') : random.text(10, ALPHABET);
    let id = make();
    while (tables.get(object, id) !== undefined) id = make();
    return id;
  }
  return {
    tables,
    past: createPast({ tables, clock, dials, idOf: ({ id }) => id }),
    stamp: now,
    add(object, fields, hidden = {}, at) {
      const id = freshId(object);
      const createdAt = at?.createdAt ?? now();
      const stamps = { createdAt, updatedAt: at?.updatedAt ?? createdAt };
      return tables.put(object, {
        id,
        seq: tables.next('seq'),
        fields: { id, ...present(fields), ...stamps },
        hidden,
      });
    },
    replace(object, row, fields, at, hidden = row.hidden) {
      const updatedAt = at ?? row.fields['updatedAt'];
      return tables.put(object, {
        ...row,
        fields: present({ ...row.fields, ...fields, updatedAt }),
        hidden,
      });
    },
    nextWorkOrderNo: () => String(tables.next('workOrderNo')),
  };
}
