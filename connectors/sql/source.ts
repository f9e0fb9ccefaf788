/** One entity's place in the database, as reading and writing share it. It is found and checked in resolve-source.ts. */
import type { RawBuilder } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { TableShape } from './catalog.ts';
import type { Dialect } from './config.ts';
import type { EntityConfig } from './entity-config.ts';

export interface Source {
  entity: Entity;
  dialect: Dialect;
  config: EntityConfig;
  /** How messages name it. */
  name: string;
  key: readonly string[];
  /** Columns of the key that may be empty. */
  nullableKey: readonly string[];
  zone: string;
  /** Of the table read; null for a query, whose columns nobody describes. */
  shape: TableShape | null;
  /** Of the table written; null when nothing is. */
  target: { table: string; shape: TableShape } | null;
  /** What stands after `from`. */
  from: RawBuilder<unknown>;
  columns: RawBuilder<unknown>;
  references: readonly Reference[];
  /** What orders rows by their change; null without a changed-at column. */
  mark: ChangeMark | null;
  /** Whether times of the changed-at column have a place. */
  zoned: boolean;
  /** Whether its column is of a type that holds times and nothing else. */
  timed: boolean;
}

/** What orders rows by their change. */
export interface ChangeMark {
  /** What rows are ordered and bounded by. */
  by: RawBuilder<unknown>;
  /** Where a row shows it. */
  column: string;
  /** Put in order here, in milliseconds, because the column mixes spellings; then a select has to show it. */
  computed: boolean;
}

/** A column that holds the key of another entity's row. */
export interface Reference {
  column: string;
  /** Where the row shows the key it means. */
  alias: string;
  /** The key, as a column of the select. */
  select: RawBuilder<unknown>;
}
