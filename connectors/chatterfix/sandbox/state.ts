/** What of an installation outlives the sandbox's process: rows, sequences, dials. Sessions do not. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, type ObjectName, type Tenant } from './generation.ts';
import type { Row } from './table.ts';
import type { Keeping, Sequences } from './tenant.ts';

/** Beside the rows. */
export interface ChatterfixSettings {
  sequences: Sequences;
  dials: Dials;
}

export function savedRows(
  rows: readonly (readonly [table: string, row: unknown])[],
): (readonly [object: ObjectName, row: Row])[] {
  return rows.map(([object, row]): [object: ObjectName, row: Row] => [object as ObjectName, row as Row]);
}

export function createState(tenant: Tenant & Keeping, dials: Dials): VendorState {
  return {
    revision: () => tenant.revision(),
    settings: (): ChatterfixSettings => ({ sequences: tenant.sequences(), dials }),
    *rows() {
      for (const object of OBJECTS) for (const row of tenant.rows(object)) yield [object, row];
    },
    encode: (_object, row) => row,
  };
}
