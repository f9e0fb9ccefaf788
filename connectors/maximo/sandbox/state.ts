/** What of the sandbox outlives its process: tables, sequences, users with their keys, dials, transaction ids, attachments. */
import type { VendorState } from '../../kit/sandbox/index.ts';
import type { Services } from './call.ts';
import type { Row, Sequences } from './database.ts';
import { readDoclink, writeDoclink, type Doclink, type SavedDoclink } from './doclinks.ts';
import type { Values } from './model.ts';
import type { PublishChannel } from './publish-channel.ts';
import type { Dials, User } from './world.ts';

/** Beside the rows. */
export interface MaximoSettings {
  database: Sequences;
  /** Last number of each sequence. */
  numbers: Record<string, number>;
  users: User[];
  dials: Dials;
  transactions: [id: string, until: number][];
  nextDoclink: number;
  /** Hints of the publish channel that nobody took yet. */
  hints: readonly string[];
}

export type SavedRow = [uid: number, rowstamp: number, values: Values];

const DOCLINKS = 'DOCLINKS';

export function readRow(saved: unknown): Row {
  const [uid, rowstamp, values] = saved as SavedRow;
  return { uid, rowstamp, values, restId: null };
}

function encode(table: string, row: object): SavedRow | SavedDoclink {
  if (table === DOCLINKS) return writeDoclink(row as Doclink);
  const { uid, rowstamp, values } = row as Row;
  return [uid, rowstamp, values];
}

type SavedRows = readonly (readonly [table: string, row: unknown])[];

/** The rows of the tables; attachments are kept beside them. */
export function savedTableRows(rows: SavedRows): (readonly [mbo: string, row: Row])[] {
  return rows
    .filter(([table]) => table !== DOCLINKS)
    .map(([table, row]): [mbo: string, row: Row] => [table, readRow(row)]);
}

export function savedDoclinks(rows: SavedRows): Doclink[] {
  return rows.filter(([table]) => table === DOCLINKS).map(([, row]) => readDoclink(row as SavedDoclink));
}

export function createState(
  services: Services,
  numbers: ReadonlyMap<string, number>,
  channel: PublishChannel,
): VendorState {
  const { world, doclinks, transactions } = services;
  return {
    revision: () => world.db.version(),
    settings: (): MaximoSettings => ({
      database: world.db.sequences(),
      numbers: Object.fromEntries(numbers),
      users: world.users,
      dials: world.dials,
      transactions: [...transactions],
      nextDoclink: doclinks.nextId,
      hints: channel.pending(),
    }),
    *rows() {
      yield* world.db.everything();
      for (const link of doclinks.entries.values()) yield [DOCLINKS, link];
    },
    encode,
  };
}
