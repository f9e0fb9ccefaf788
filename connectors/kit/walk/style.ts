/** How lists come in pages, as a connector describes one to the walker: what can be asked, and what an answer says. */

/** One answer of a list. */
export interface WalkAnswer<Row> {
  rows: readonly Row[];
  /** How many there are in all, when the system says so; what is no count (-1, a text without digits) is null. */
  total?: number | null;
  /** `pointer`: where the system says to go on; null or absent at its end. */
  next?: string | null;
  /** `key`: false when the system says that nothing follows. */
  more?: boolean;
  /** Why this answer may not show all there is, the end of a sentence: `its body names a next page`. */
  doubt?: string | null;
}

export type WalkStyle<Row> =
  /** Everything in one answer. */
  | { by: 'whole'; ask(): Promise<WalkAnswer<Row>> }
  | { by: 'offset'; sizeMax: number; ask(offset: number, size: number): Promise<WalkAnswer<Row>> }
  /** Pages are counted from 0 here. */
  | { by: 'page'; sizeMax: number; ask(page: number, size: number): Promise<WalkAnswer<Row>> }
  /** A cursor or an address that the system itself gives. */
  | {
      by: 'pointer';
      sizeMax: number;
      ask(pointer: string | null, size: number): Promise<WalkAnswer<Row>>;
      /** A page without rows is the end, whatever next page it names. */
      emptyEnds?: boolean;
    }
  /** Rows behind a key, in the order of the keys. */
  | { by: 'key'; sizeMax: number; ask(after: string | null, size: number): Promise<WalkAnswer<Row>> };

export interface Walk<Row> {
  /** Tells this walk from others of the session: list, filter and purpose. */
  id: string;
  /** How sentences name the list: `the list /assets of cmms.example`. */
  list: string;
  /** What a person corrects when the pages do not hold together: `list.paging in the definition`. */
  setting: string;
  style: WalkStyle<Row>;
  /** Identity of a row; of one without, any text that only it has. */
  keyOf(row: Row): string;
}

/** A total as systems spell it: a number or its digits. Anything else, and less than nothing, is not told. */
export function totalOf(value: unknown): number | null {
  const total =
    typeof value === 'string' && /^\s*\d+\s*$/.test(value)
      ? Number(value)
      : typeof value === 'number'
        ? value
        : null;
  return total !== null && Number.isSafeInteger(total) && total >= 0 ? total : null;
}
