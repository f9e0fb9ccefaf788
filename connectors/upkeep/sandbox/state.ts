/** What of an account outlives its process: rows, sequences, subscriptions, dials. Deliveries under way do not. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import type { Dials } from './dials.ts';
import { OBJECTS, type ObjectName } from './schema.ts';
import type { Sequences } from './store.ts';
import type { Row } from './table.ts';
import type { Webhook } from './webhooks.ts';

/** Beside the rows. */
export interface UpkeepSettings {
  sequences: Sequences;
  /** The admin every static token stands for. */
  userId: string;
  dials: Dials;
  webhooks: Webhook[];
}

type SavedRow = Pick<Row, 'id' | 'seq' | 'fields' | 'hidden'>;

export function savedRows(
  rows: readonly (readonly [table: string, row: unknown])[],
): (readonly [object: ObjectName, row: Row])[] {
  return rows.map(([object, row]): [object: ObjectName, row: Row] => [
    object as ObjectName,
    { ...(row as SavedRow), text: null },
  ]);
}

export function createState(account: Account, userId: string): VendorState {
  const { store, webhooks, dials } = account;
  return {
    revision: () => store.revision(),
    settings: (): UpkeepSettings => ({
      sequences: store.sequences(),
      userId,
      dials,
      webhooks: webhooks.list(),
    }),
    *rows() {
      for (const object of OBJECTS) for (const row of store.table(object).rows()) yield [object, row];
    },
    encode(_object, row): SavedRow {
      const { id, seq, fields, hidden } = row as Row;
      return { id, seq, fields, hidden };
    },
  };
}
