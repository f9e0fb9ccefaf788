/** What a generation of ChatterFix declares, and the installation it runs in. */
import type { Paging, Past, SandboxWorld } from '../../kit/sandbox/index.ts';
import type { App } from './app.ts';
import type { Dials, GenerationName } from './dials.ts';
import type { Plant } from './plant.ts';
import type { Sessions } from './sessions.ts';
import type { Compare, Row } from './table.ts';

export const OBJECTS = [
  'work-orders',
  'assets',
  'parts',
  'pm-schedules',
  'users',
  'attachments',
  'meters',
] as const;
export type ObjectName = (typeof OBJECTS)[number];
export type FieldValues = Readonly<Record<string, unknown>>;

export interface TableDef {
  /** In the order of the wire, with what a row gets that does not say. */
  columns: FieldValues;
  order: Compare;
  /** Columns the database sets; a generation without them shows no change times. */
  created?: string;
  updated?: string;
  /** The first serial id; 1 when absent. */
  firstId?: number;
  makeId?: (tenant: Tenant) => string;
  /** Columns made from the new id. */
  derive?: (id: string) => FieldValues;
  /** A column no two rows may share. */
  unique?: string;
  /** Never shown. */
  hidden?: readonly string[];
}

/** An app below a path: '' for the whole host. */
export interface Mount {
  prefix: string;
  app: App;
}

export interface Generation {
  name: GenerationName;
  /** Asks for `x-api-key` by itself. */
  apiKey?: boolean;
  /** Hands out tokens at `POST /api/login`. */
  login?: boolean;
  tables: Readonly<Partial<Record<ObjectName, TableDef>>>;
  /** How its database writes a moment. */
  stamp(ms: number, dials: Dials): string;
  mounts(tenant: Tenant): readonly Mount[];
  fill(tenant: Tenant, plant: Plant): void;
  /** A row as its lists show it; the columns alone when absent. */
  show?(tenant: Tenant, object: ObjectName, row: Row): FieldValues;
  /** Loses everything but this when its process restarts. */
  restart?(tenant: Tenant): void;
}

export interface Tenant {
  world: SandboxWorld;
  dials: Dials;
  sessions: Sessions;
  past: Past<ObjectName, Row>;
  paging: Paging;
  generation(): Generation;
  now(): number;
  /** This moment as the database writes it. */
  stamp(): string;
  rows: (object: ObjectName) => readonly Row[];
  /** As lists see them, which may lag behind. */
  seen(object: ObjectName): readonly Row[];
  get: (object: ObjectName, id: unknown) => Row | undefined;
  /** Fills in id, defaults and times; `fields` may bring its own times. Throws a UniqueViolation. */
  insert(object: ObjectName, fields: FieldValues): Row;
  /** Moves the change time unless `quiet`. */
  update(object: ObjectName, row: Row, fields: FieldValues, quiet?: boolean): Row;
  remove(object: ObjectName, row: Row): void;
  clear(): void;
  /** The row as lists show it, and the same as JSON. */
  show(object: ObjectName, row: Row): FieldValues;
  text(object: ObjectName, row: Row): string;
  /** A client wrote through the API. */
  wrote(kind: 'created' | 'updated' | 'deleted', object: ObjectName): void;
}

export class UniqueViolation extends Error {
  readonly table: string;
  readonly column: string;
  readonly value: string;

  constructor(table: string, column: string, value: string) {
    super(`UNIQUE constraint failed: ${table}.${column}`);
    this.name = 'UniqueViolation';
    this.table = table;
    this.column = column;
    this.value = value;
  }
}
