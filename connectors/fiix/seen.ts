/**
 * What a pass has read of the window that the next one reads again, so that a row which says the same is not taken in a second
 * time. Forgetting costs calls and nothing else. Pure.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import { idOf, intOf, normalise } from './wire.ts';

/** Rows of one list: they travel in the cursor. */
const ROWS_MAX = 300;

export const seenSchema = z.record(z.string(), z.string());
/** By row id, what the row said. */
export type Seen = Readonly<Record<string, string>>;

/** Tells one state of a row from another. */
export type SayingOf = (row: JsonObject) => string;

/** Everything the row says: links to people move no mark, only a text of the order itself. */
export const wholeRow: SayingOf = (row) =>
  createHash('sha256')
    .update(canonicalJson(normalise(row)))
    .digest('base64url')
    .slice(0, 10);

/** Of a child its mark of change is enough: it is read with its parent. */
export const markOnly: SayingOf = (row) => String(intOf(row['intUpdated']) ?? 0);

/** The rows that say something new. */
export function unseen(rows: readonly JsonObject[], seen: Seen, sayingOf: SayingOf): JsonObject[] {
  return rows.filter((row) => seen[String(idOf(row))] !== sayingOf(row));
}

/** Adds the rows that changed after `since`; what does not fit is read once more. */
export function remember(
  seen: Seen,
  rows: readonly JsonObject[],
  since: number,
  sayingOf: SayingOf,
): Record<string, string> {
  const all: Record<string, string> = { ...seen };
  let room = ROWS_MAX - Object.keys(all).length;
  for (const row of rows) {
    const id = String(idOf(row));
    if ((intOf(row['intUpdated']) ?? 0) <= since) continue;
    if (!(id in all)) room -= 1;
    if (room < 0) return all;
    all[id] = sayingOf(row);
  }
  return all;
}
