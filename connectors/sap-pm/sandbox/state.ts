/** What of the system outlives its process: rows, number ranges, dials. Sessions, tokens and failed logons do not. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import type { Values } from './schema.ts';
import type { Database, Row } from './tables.ts';

export interface SapSettings {
  sequences: Record<string, number>;
  dials: Dials;
}

type SavedRow = readonly [id: string, version: number, values: Values];

export function savedRows(
  rows: readonly (readonly [table: string, row: unknown])[],
): (readonly [string, Row])[] {
  return rows.map(([table, saved]): readonly [string, Row] => {
    const [id, version, values] = saved as SavedRow;
    return [table, { id, version, values }];
  });
}

export function createState(db: Database, dials: Dials): VendorState {
  return {
    revision: () => db.revision(),
    settings: (): SapSettings => ({ sequences: db.sequences(), dials }),
    *rows() {
      for (const name of db.names()) for (const row of db.rows(name)) yield [name, row];
    },
    encode(_table, row): SavedRow {
      const { id, version, values } = row as Row;
      return [id, version, values];
    },
  };
}
