/**
 * The JSON of rows as bytes, kept while it holds: as long as the row is the same and the tables its select reads beside it
 * did not change. Texts lie behind each other in big slabs, so that the next walk over the same rows copies whole pages.
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
  /** `[{..},{..}]` */
  list(rows: readonly Row[]): Buffer;
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

const OPEN = 0x5b;
const CLOSE = 0x5d;

/** Copies the texts; those that lie behind each other in one go. */
function joined(texts: readonly Kept[]): Buffer {
  let size = 2;
  for (const { from, to } of texts) size += to - from;
  const whole = Buffer.allocUnsafe(size);
  let at = 0;
  for (let first = 0; first < texts.length;) {
    const { slab, from, to } = texts[first] as Kept;
    let end = to;
    let next = first + 1;
    for (let text = texts[next]; text?.slab === slab && text.from === end; text = texts[next]) {
      end = text.to;
      next += 1;
    }
    at += slab.copy(whole, at, from, end);
    first = next;
  }
  if (texts.length === 0) return Buffer.from('[]');
  whole[0] = OPEN;
  whole[at] = CLOSE;
  return whole.subarray(0, at + 1);
}

export function createRowTexts(): RowTexts {
  const known = new Map<string, { texts: SelectedTexts; kept: Map<number, Kept> }>();
  const writer = createJsonWriter();
  let slab = Buffer.allocUnsafe(0);
  let used = 0;
  let bytes = 0;

  const store = (text: Buffer): { slab: Buffer; from: number; to: number } => {
    if (used + text.length > slab.length) {
      slab = Buffer.allocUnsafe(Math.max(SLAB_BYTES, text.length));
      used = 0;
      bytes += slab.length;
      if (bytes > KEPT_BYTES_MAX) {
        for (const { kept } of known.values()) kept.clear();
        bytes = slab.length;
      }
    }
    const from = used;
    used += text.copy(slab, from);
    return { slab, from, to: used };
  };
  const create = (
    structure: ObjectStructure,
    base: string,
    select: RowWriter,
    kept: Map<number, Kept>,
  ): SelectedTexts => {
    const textOf = (row: Row, version: number): Kept => {
      const found = kept.get(row.uid);
      if (found?.row === row && found.version === version) return found;
      writer.raw(',');
      select.write(writer, row, hrefIn(structure, row, base));
      const text = { row, version, ...store(writer.take()) };
      kept.set(row.uid, text);
      return text;
    };
    return {
      list(rows) {
        const version = versionOf(select.tables);
        return joined(rows.map((row) => textOf(row, version)));
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
