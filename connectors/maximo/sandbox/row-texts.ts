/**
 * The JSON of rows as bytes, kept while it holds: as long as the row is the same and the tables its select reads beside it
 * did not change. Rows that are written one after the other lie behind each other, so that a page is sent as it lies there.
 */
import type { Row, Table } from './database.ts';
import { hrefIn, type RowWriter } from './emit.ts';
import { createJsonWriter } from './json-writer.ts';
import type { ObjectStructure } from './model.ts';

const SLAB_BYTES = 4 * 1024 * 1024;
/** Some 200,000 orders with all that a client asks for; then everything is forgotten. */
const KEPT_BYTES_MAX = 256 * 1024 * 1024;
const SELECTS_KEPT_MAX = 200;

export interface SelectedTexts {
  /** `{..},{..}`, in pieces. */
  list(rows: readonly Row[]): Buffer[];
  one(row: Row): string;
}

export interface RowTexts {
  /** The texts kept under this key; compiled when there are none. The key names everything but rows. */
  of(key: string, structure: ObjectStructure, base: string, compile: () => RowWriter): SelectedTexts;
}

/** A comma and the text of a row. */
interface Kept {
  row: Row;
  version: number;
  slab: Buffer;
  from: number;
  to: number;
}

function versionOf(tables: readonly Table[]): number {
  let sum = 0;
  // Versions only grow, so two states never have the same sum.
  for (const table of tables) sum += table.version;
  return sum;
}

/** One piece for all texts that lie behind each other; the comma of the first text is left out. */
function piecesOf(texts: readonly Kept[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let first = 0, next = 0; first < texts.length; first = next) {
    const text = texts[first];
    if (text === undefined) break;
    let { to } = text;
    next = first + 1;
    for (let more = texts[next]; more?.slab === text.slab && more.from === to; more = texts[next]) {
      to = more.to;
      next += 1;
    }
    pieces.push(text.slab.subarray(first === 0 ? text.from + 1 : text.from, to));
  }
  return pieces;
}

export function createRowTexts(): RowTexts {
  const known = new Map<string, { texts: SelectedTexts; kept: Map<number, Kept> }>();
  let bytes = 0;
  const writer = createJsonWriter(SLAB_BYTES, (size) => {
    bytes += size;
    if (bytes <= KEPT_BYTES_MAX) return;
    for (const { kept } of known.values()) kept.clear();
    bytes = size;
  });

  const create = (
    structure: ObjectStructure,
    base: string,
    select: RowWriter,
    kept: Map<number, Kept>,
  ): SelectedTexts => {
    const textOf = (row: Row, version: number): Kept => {
      const found = kept.get(row.uid);
      if (found?.row === row && found.version === version) return found;
      writer.begin();
      writer.raw(',');
      select.write(writer, row, hrefIn(structure, row, base));
      const text = { row, version, slab: writer.slab(), from: writer.from(), to: writer.to() };
      kept.set(row.uid, text);
      return text;
    };
    return {
      list(rows) {
        const version = versionOf(select.tables);
        return piecesOf(rows.map((row) => textOf(row, version)));
      },
      one(row) {
        const text = textOf(row, versionOf(select.tables));
        return text.slab.toString('utf8', text.from + 1, text.to);
      },
    };
  };
  return {
    of(key, structure, base, compile) {
      const found = known.get(key);
      if (found !== undefined) return found.texts;
      const kept = new Map<number, Kept>();
      const texts = create(structure, base, compile(), kept);
      if (known.size >= SELECTS_KEPT_MAX) known.clear();
      known.set(key, { texts, kept });
      return texts;
    },
  };
}
