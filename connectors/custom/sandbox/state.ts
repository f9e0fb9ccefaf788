/** What of the system outlives the sandbox's process: rows, sequences, dials. Files do not. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, type ObjectName } from './schema.ts';
import type { Row, Sequences } from './store.ts';

/** Beside the rows. */
export interface CustomSettings {
  sequences: Sequences;
  dials: Dials;
}

export function savedRows(
  rows: readonly (readonly [table: string, row: unknown])[],
): (readonly [object: ObjectName, row: Row])[] {
  return rows.map(([object, row]): [object: ObjectName, row: Row] => [object as ObjectName, row as Row]);
}

export function createState({ store, dials }: Account): VendorState {
  return {
    revision: () => store.revision(),
    settings: (): CustomSettings => ({ sequences: store.sequences(), dials }),
    *rows() {
      for (const object of OBJECTS) for (const row of store.rows(object)) yield [object, row];
    },
    encode: (_object, row) => row,
  };
}
