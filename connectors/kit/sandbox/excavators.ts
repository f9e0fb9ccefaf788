/**
 * The real work orders of five mining excavators (data/README.md), raw and cleaned file joined row by row. Sandboxes seed
 * themselves from it. Nothing is repaired here: a row whose values slid into the wrong columns is marked broken and kept.
 */
import { readFile } from 'node:fs/promises';
import { parseCsv } from './csv.ts';

export interface ExcavatorOrder {
  /** Line in both files; the first order is on line 2. */
  line: number;
  /** Basic start date, `2004-07-01`. */
  date: string;
  /** A to E. */
  asset: string;
  /** The short text as typed. */
  text: string;
  /** `PM01` repair, `PM02` replacement, others. */
  pmType: string;
  /** AUD; null when the cell is not a number. */
  cost: number | null;
  /** The authors' reading of the text; null where they found none (`NA`). */
  runningTime: number | null;
  majorSystem: string | null;
  part: string | null;
  action: string | null;
  variant: string | null;
  failureMode: string | null;
  side: string | null;
  comments: string | null;
  functionalLocation: string | null;
  /** Why the row cannot be trusted; null for a sound one. The fields above then hold the cells where they happen to stand. */
  broken: string | null;
}

const DATA = new URL('../../../data/', import.meta.url);
const COLUMNS = { raw: 5, cleaned: 16 } as const;

function known(cell: string | undefined): string | null {
  return cell === undefined || cell === '' || cell === 'NA' ? null : cell;
}

function numeric(cell: string | undefined): number | null {
  const value = known(cell);
  return value === null || !Number.isFinite(Number(value)) ? null : Number(value);
}

function flaw(raw: readonly string[], cleaned: readonly string[]): string | null {
  if (raw.length !== COLUMNS.raw || cleaned.length !== COLUMNS.cleaned)
    return 'the row has too few or too many cells';
  if (!/^PM\d\d$/.test(raw[3] ?? '') || numeric(raw[4]) === null) {
    return 'an unquoted comma in the short text moved every later cell one column to the right';
  }
  if (raw.some((cell, i) => cell !== cleaned[i])) return 'the raw and the cleaned row are not the same order';
  return null;
}

function toOrder(raw: readonly string[], cleaned: readonly string[], line: number): ExcavatorOrder {
  const [date = '', asset = '', text = '', pmType = '', cost] = raw;
  return {
    line,
    date,
    asset,
    text,
    pmType,
    cost: numeric(cost),
    runningTime: numeric(cleaned[5]),
    majorSystem: known(cleaned[6]),
    part: known(cleaned[7]),
    action: known(cleaned[8]),
    variant: known(cleaned[9]),
    failureMode: known(cleaned[10]),
    side: known(cleaned[11]),
    comments: known(cleaned[12]),
    functionalLocation: known(cleaned[13]),
    broken: flaw(raw, cleaned),
  };
}

/** All 5,485 orders in file order, the broken one among them. */
export async function loadExcavatorOrders(): Promise<ExcavatorOrder[]> {
  const [raw, cleaned] = await Promise.all(
    ['excavators.csv', 'excavators-cleaned.csv'].map(async (name) =>
      parseCsv(await readFile(new URL(name, DATA), 'utf8')),
    ),
  );
  return (raw ?? []).slice(1).map((row, i) => toOrder(row, cleaned?.[i + 1] ?? [], i + 2));
}
