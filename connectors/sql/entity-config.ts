/** Which table or query holds an entity, how it is read, and how it is written. */
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';

export const column = z.string().min(1).max(128);
const table = z
  .string()
  .min(1)
  .max(260)
  .regex(/^[^.]+(\.[^.]+)?$/, 'expected table or schema.table');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
export const zone = z.string().refine(isZone, 'expected an IANA time zone such as Australia/Perth');

const write = z.strictObject({
  /** Where rows are written, when reading is a query or a view; its key columns have the same names. */
  table: table.optional(),
  /** `upsert` overwrites a row whose key the payload names. */
  insert: z.enum(['insert', 'upsert', 'never']).default('insert'),
  update: z.boolean().default(true),
  /** `row` deletes the row; a marker sets a column instead. */
  delete: z.union([z.enum(['row', 'never']), z.strictObject({ column, value: scalar })]).default('never'),
  /** A column that takes our reference, so that a create with a lost answer is found again. */
  reference: column.optional(),
  /** Columns that find it where there is no reference column. */
  naturalKey: z.array(column).min(1).optional(),
  /** When a row was made: tells ours from older ones of the same natural key. */
  createdAt: column.optional(),
  /** The connector sets the changed-at column itself; for tables without trigger. */
  stamp: z.boolean().default(false),
});

export const entity = z
  .strictObject({
    table: table.optional(),
    /** A select without a semicolon, in place of a table. */
    query: z
      .string()
      .regex(/^\s*(select|with)\b[^;]*$/i, 'expected one select without a semicolon')
      .optional(),
    /** Absent: the primary key of the table. */
    key: z.array(column).min(1).max(4).optional(),
    /** Absent: every pull reads everything. */
    changedAt: column.optional(),
    /** Where times without offset were written; the connection's zone when absent. */
    zone: zone.optional(),
    overlapMinutes: z.number().min(0).max(10_080).default(10),
    /** Absent: all. Key, changed-at and reference columns are always among them. */
    columns: z.array(column).min(1).optional(),
    number: column.optional(),
    /** Columns whose 0 and 1 are false and true, where the database has no type of its own for that (MySQL's tinyint(1)). */
    booleans: z.array(column).optional(),
    /** Columns that hold the key of another entity's row; foreign keys are known without being named. */
    references: z.record(column, z.enum(ENTITIES)).optional(),
    /** Rows with this value there (without `value`: with anything there) count as deleted. */
    deleted: z.strictObject({ column, value: scalar.optional() }).optional(),
    write: write.optional(),
  })
  .refine(({ table: named, query }) => (named === undefined) !== (query === undefined), {
    path: ['table'],
    message: 'give either table or query',
  })
  .refine(({ query, key }) => query === undefined || key !== undefined, {
    path: ['key'],
    message: 'a query needs its key columns named',
  })
  .refine(
    ({ query, write: writes }) => query === undefined || writes === undefined || writes.table !== undefined,
    {
      path: ['write', 'table'],
      message: 'a query cannot be written; name the table',
    },
  )
  .refine(({ write: writes, changedAt }) => writes?.stamp !== true || changedAt !== undefined, {
    path: ['changedAt'],
    message: 'stamp needs changedAt',
  });
export type EntityConfig = z.infer<typeof entity>;

function isZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
