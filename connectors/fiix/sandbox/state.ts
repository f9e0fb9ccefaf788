/** What of a tenant outlives its process: rows, sequences, dials. A past that reads lag behind does not. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Dials } from './dials.ts';
import { CLASS_NAMES, type ClassName } from './schema.ts';
import type { Sequences } from './store.ts';
import type { Row } from './table.ts';
import type { Tenant } from './tenant.ts';

/** Beside the rows. */
export interface FiixSettings {
  sequences: Sequences;
  apiUserId: number;
  dials: Dials;
}

export function savedRows(
  rows: readonly (readonly [table: string, row: unknown])[],
): (readonly [className: ClassName, row: Row])[] {
  return rows.map(([className, fields]): [className: ClassName, row: Row] => {
    const saved = fields as Row['fields'];
    return [className as ClassName, { id: Number(saved['id']), fields: saved }];
  });
}

export function createState({ store, dials, apiUserId }: Tenant): VendorState {
  return {
    revision: () => store.revision(),
    settings: (): FiixSettings => ({
      sequences: store.sequences(),
      apiUserId,
      dials: { ...dials, staleReads: 0 },
    }),
    *rows() {
      for (const className of CLASS_NAMES) {
        for (const row of store.table(className).ordered('id')) yield [className, row];
      }
    },
    encode: (_className, row) => (row as Row).fields,
  };
}
