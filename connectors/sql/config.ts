/** What a connection to somebody's database is configured with: where it is, and which table or query holds which entity. */
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import { defaultEntities } from './default-layout.ts';

const column = z.string().min(1).max(128);
const table = z
  .string()
  .min(1)
  .max(260)
  .regex(/^[^.]+(\.[^.]+)?$/, 'expected table or schema.table');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const zone = z.string().refine(isZone, 'expected an IANA time zone such as Australia/Perth');

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

const entity = z
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

export const configSchema = z
  .strictObject({
    dialect: z.enum(['postgres', 'mysql', 'sqlite']),
    host: z
      .string()
      .regex(/^[A-Za-z0-9._:-]+$/, 'expected a host name or an address')
      .optional(),
    port: z.number().int().min(1).max(65_535).optional(),
    database: z.string().min(1).max(128).optional(),
    /** SQLite only. */
    file: z.string().min(1).optional(),
    /** `verify` checks the certificate, `require` only encrypts, `off` sends everything readable. */
    tls: z.enum(['verify', 'require', 'off']).default('verify'),
    /** Certificate authority, PEM. */
    ca: z.string().min(1).optional(),
    /** Where times without offset were written. */
    zone: zone.default('UTC'),
    timeoutMs: z.number().int().min(100).max(300_000).default(30_000),
    connectionsMax: z.number().int().min(1).max(10).default(2),
    /** Absent: the default layout of the README. */
    entities: z
      .partialRecord(z.enum(ENTITIES), entity)
      .refine((all) => Object.keys(all).length > 0, 'name at least one entity')
      .default(() => defaultEntities()),
  })
  .superRefine((config, context) => {
    const wanted = config.dialect === 'sqlite' ? (['file'] as const) : (['host', 'database'] as const);
    for (const field of wanted) {
      if (config[field] !== undefined) continue;
      context.addIssue({ code: 'custom', path: [field], message: `${config.dialect} needs it` });
    }
  });
export type SqlConfig = z.infer<typeof configSchema>;
export type Dialect = SqlConfig['dialect'];

/** Sealed at rest. SQLite wants none. */
export const secretSchema = z
  .strictObject({ user: z.string().min(1).optional(), password: z.string().optional() })
  .meta({ secret: true });
export type SqlSecret = z.infer<typeof secretSchema>;

function isZone(value: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
