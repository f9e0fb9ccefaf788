/** Sets of UTF-16 code units, as JavaScript's regular expressions without the `u` flag see text. Immutable. */

/** Sorted, without overlaps: `[from, to, from, to, ...]`, both ends included. */
type Ranges = readonly number[];

export interface CharacterSet {
  readonly ranges: Ranges;
  has(code: number): boolean;
}

const LAST = 0xffff;
const ASCII = 128;

export function setOf(pairs: readonly (readonly [number, number])[]): CharacterSet {
  const merged: number[] = [];
  for (const [from, to] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const last = merged.length - 1;
    if (last > 0 && from <= (merged[last] ?? 0) + 1) merged[last] = Math.max(merged[last] ?? 0, to);
    else merged.push(from, to);
  }
  return fromRanges(merged);
}

export function single(code: number): CharacterSet {
  return setOf([[code, code]]);
}

export function union(...sets: readonly CharacterSet[]): CharacterSet {
  return setOf(sets.flatMap((set) => pairsOf(set.ranges)));
}

export function complement({ ranges }: CharacterSet): CharacterSet {
  const gaps: number[] = [];
  let next = 0;
  for (const [from, to] of pairsOf(ranges)) {
    if (from > next) gaps.push(next, from - 1);
    next = to + 1;
  }
  if (next <= LAST) gaps.push(next, LAST);
  return fromRanges(gaps);
}

/** Everything that the flag `i` takes for a member: units whose upper case, as the language defines it, is that of a member. */
export function ignoringCase(set: CharacterSet): CharacterSet {
  const upper = upperCaseTable();
  // Upper cases never lead from outside of ASCII into it.
  const last = (set.ranges.at(-1) ?? 0) < ASCII ? ASCII - 1 : LAST;
  const wanted = new Uint8Array(last + 1);
  for (const [from, to] of pairsOf(set.ranges))
    for (let code = from; code <= to; code += 1) wanted[upper[code] ?? 0] = 1;
  const ranges: number[] = [];
  let from = -1;
  for (let code = 0; code <= last + 1; code += 1) {
    const isMember = code <= last && wanted[upper[code] ?? 0] === 1;
    if (isMember && from < 0) from = code;
    if (isMember || from < 0) continue;
    ranges.push(from, code - 1);
    from = -1;
  }
  return fromRanges(ranges);
}

export const DIGITS = setOf([[0x30, 0x39]]);
export const WORD = setOf([
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]);
export const LINE_ENDS = setOf([
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]);
export const SPACE = setOf([
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]);
export const NOTHING = fromRanges([]);

function pairsOf(ranges: Ranges): [number, number][] {
  const pairs: [number, number][] = [];
  for (let at = 0; at + 1 < ranges.length; at += 2) pairs.push([ranges[at] ?? 0, ranges[at + 1] ?? 0]);
  return pairs;
}

function fromRanges(ranges: Ranges): CharacterSet {
  const low = new Uint8Array(ASCII);
  for (const [from, to] of pairsOf(ranges))
    for (let code = from; code <= Math.min(to, ASCII - 1); code += 1) low[code] = 1;
  return { ranges, has: (code) => (code < ASCII ? low[code] === 1 : includes(ranges, code)) };
}

function includes(ranges: Ranges, code: number): boolean {
  let [low, high] = [0, ranges.length / 2 - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < (ranges[middle * 2] ?? 0)) high = middle - 1;
    else if (code > (ranges[middle * 2 + 1] ?? 0)) low = middle + 1;
    else return true;
  }
  return false;
}

let upperCases: Uint16Array | undefined;

/** ECMA-262, Canonicalize without `u`: the upper case, unless it is several units, or ASCII for something that is not. */
function upperCaseTable(): Uint16Array {
  if (upperCases) return upperCases;
  const table = new Uint16Array(LAST + 1);
  for (let code = 0; code <= LAST; code += 1) {
    const upper = String.fromCharCode(code).toUpperCase();
    const first = upper.charCodeAt(0);
    table[code] = upper.length !== 1 || (code >= ASCII && first < ASCII) ? code : first;
  }
  upperCases = table;
  return table;
}
