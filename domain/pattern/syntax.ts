/**
 * Reads the text of a regular expression, in JavaScript's spelling without the `u` flag, into a tree. What no matcher can
 * decide in linear time (back references, look-around) is refused with a sentence.
 */
import { shortenText } from '../kernel/text.ts';
import {
  complement,
  DIGITS,
  ignoringCase,
  LINE_ENDS,
  NOTHING,
  setOf,
  single,
  SPACE,
  union,
  WORD,
  type CharacterSet,
} from './character-set.ts';

export type Assertion = 'start' | 'end' | 'line_start' | 'line_end' | 'boundary' | 'no_boundary';

export type PatternNode =
  | { kind: 'unit'; set: CharacterSet }
  | { kind: 'assert'; what: Assertion }
  | { kind: 'sequence'; parts: readonly PatternNode[] }
  | { kind: 'choice'; parts: readonly PatternNode[] }
  | { kind: 'group'; index: number; inner: PatternNode }
  | { kind: 'repeat'; inner: PatternNode; min: number; max: number; greedy: boolean };

export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
}

/** Why a pattern is not taken; the message is a whole sentence that names the pattern, `why` its end. */
export class PatternRefused extends Error {
  readonly why: string;

  constructor(source: string, why: string) {
    super(`The pattern /${shortenText(source, 60)}/ ${why}.`);
    this.name = 'PatternRefused';
    this.why = why;
  }
}

const DEPTH_MAX = 50;
const CONTROLS: Readonly<Record<string, number>> = { f: 0x0c, n: 0x0a, r: 0x0d, t: 0x09, v: 0x0b };
const CLASSES: Readonly<Record<string, CharacterSet>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
};
const QUANTIFIER = /^\{(\d{1,9})(,(\d{0,9}))?\}/;

/** A pattern that `new RegExp` takes; `groups` is the number of its capturing groups. */
export function parsePattern(source: string, flags: Flags): { root: PatternNode; groups: number } {
  const reader = new Reader(source, flags);
  const root = reader.choice(0);
  return { root, groups: reader.groups };
}

/** Where the reading stands: a recursive descent over one text. */
class Reader {
  groups = 0;
  private at = 0;
  private readonly source: string;
  private readonly flags: Flags;

  constructor(source: string, flags: Flags) {
    this.source = source;
    this.flags = flags;
  }

  choice(depth: number): PatternNode {
    if (depth > DEPTH_MAX) this.refuse(`nests groups deeper than ${DEPTH_MAX}`);
    const parts = [this.sequence(depth)];
    while (this.takes('|')) parts.push(this.sequence(depth));
    const [only] = parts;
    return only && parts.length === 1 ? only : { kind: 'choice', parts };
  }

  private sequence(depth: number): PatternNode {
    const parts: PatternNode[] = [];
    while (this.at < this.source.length && !this.sees('|') && !this.sees(')')) {
      const assertion = this.assertion();
      if (assertion) parts.push({ kind: 'assert', what: assertion });
      else parts.push(this.quantified(this.atom(depth)));
    }
    return { kind: 'sequence', parts };
  }

  private assertion(): Assertion | null {
    if (this.takes('^')) return this.flags.multiline ? 'line_start' : 'start';
    if (this.takes('$')) return this.flags.multiline ? 'line_end' : 'end';
    if (this.takes('\\b')) return 'boundary';
    return this.takes('\\B') ? 'no_boundary' : null;
  }

  private quantified(inner: PatternNode): PatternNode {
    const [min, max] = this.bounds() ?? [1, 1];
    if (min === 1 && max === 1) return inner;
    return { kind: 'repeat', inner, min, max, greedy: !this.takes('?') };
  }

  private bounds(): [number, number] | null {
    if (this.takes('*')) return [0, Infinity];
    if (this.takes('+')) return [1, Infinity];
    if (this.takes('?')) return [0, 1];
    const match = QUANTIFIER.exec(this.source.slice(this.at, this.at + 24));
    if (!match) return null;
    this.at += match[0].length;
    const min = Number(match[1]);
    const max = match[2] === undefined ? min : match[3] === '' ? Infinity : Number(match[3]);
    // `a{1}?` is lazy about nothing, but its question mark belongs to the quantifier.
    if (min === 1 && max === 1) this.takes('?');
    return [min, max];
  }

  private atom(depth: number): PatternNode {
    if (this.takes('.')) return this.unit(this.flags.dotAll ? complement(NOTHING) : complement(LINE_ENDS));
    if (this.takes('[')) return { kind: 'unit', set: this.bracket() };
    if (this.takes('(')) return this.group(depth);
    if (this.takes('\\')) return this.unit(this.escape(false));
    return this.unit(single(this.next()));
  }

  private group(depth: number): PatternNode {
    if (this.takes('?:')) return this.closed(this.choice(depth + 1));
    for (const ahead of ['?=', '?!', '?<=', '?<!'])
      if (this.sees(ahead))
        this.refuse(
          'looks ahead or behind, which cannot be decided in one pass; match the whole text instead',
        );
    if (this.sees('?') && !this.sees('?<'))
      this.refuse('changes flags inside a group; set them for the whole');
    if (this.takes('?<')) this.at = this.source.indexOf('>', this.at) + 1;
    this.groups += 1;
    const index = this.groups;
    return { kind: 'group', index, inner: this.closed(this.choice(depth + 1)) };
  }

  private closed(node: PatternNode): PatternNode {
    if (!this.takes(')')) this.refuse('has a group without an end');
    return node;
  }

  /** What is between brackets; with `^` in front, everything else. */
  private bracket(): CharacterSet {
    const inverted = this.takes('^');
    const sets: CharacterSet[] = [];
    while (!this.takes(']')) {
      if (this.at >= this.source.length) this.refuse('has a bracket without an end');
      const from = this.member();
      if (!this.sees('-') || this.source.startsWith('-]', this.at)) {
        sets.push(from);
        continue;
      }
      this.at += 1;
      const to = this.member();
      const [low, high] = [unitOf(from), unitOf(to)];
      // `[\d-x]` is a digit, a hyphen or an x.
      sets.push(low === null || high === null ? union(from, single(0x2d), to) : setOf([[low, high]]));
    }
    const set = this.cased(union(...sets));
    return inverted ? complement(set) : set;
  }

  private member(): CharacterSet {
    return this.takes('\\') ? this.escape(true) : single(this.next());
  }

  /** Behind a backslash. */
  private escape(inBracket: boolean): CharacterSet {
    const name = this.source.charAt(this.at);
    if (name === '') this.refuse('ends with a backslash');
    if (/[1-9]/.test(name) || name === 'k')
      this.refuse('refers back to a group, which cannot be decided in one pass; write the alternatives out');
    if (name === 'p' || name === 'P')
      this.refuse('names a Unicode property; list the characters instead, as in [A-Za-zÀ-ÿ]');
    if (name === 'u' && this.source.charAt(this.at + 1) === '{')
      this.refuse('writes a character as \\u{...}; write the character itself');
    this.at += 1;
    const known = Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
    if (known) return known;
    if (name === 'b' && inBracket) return single(0x08);
    if (name === '0') return this.zero();
    if (name === 'c') return this.control();
    const coded = name === 'x' ? this.hex(2) : name === 'u' ? this.hex(4) : null;
    return single(coded ?? (Object.hasOwn(CONTROLS, name) ? (CONTROLS[name] ?? 0) : name.charCodeAt(0)));
  }

  private zero(): CharacterSet {
    if (/[0-9]/.test(this.source.charAt(this.at)))
      this.refuse('has an octal escape; write it as \\x and two digits');
    return single(0);
  }

  private control(): CharacterSet {
    const letter = this.source.charAt(this.at);
    if (!/[A-Za-z]/.test(letter)) this.refuse('has \\c without a letter');
    this.at += 1;
    return single(letter.charCodeAt(0) % 32);
  }

  private hex(digits: number): number | null {
    const text = this.source.slice(this.at, this.at + digits);
    if (text.length < digits || !/^[0-9A-Fa-f]+$/.test(text)) return null;
    this.at += digits;
    return Number.parseInt(text, 16);
  }

  private unit(set: CharacterSet): PatternNode {
    return { kind: 'unit', set: this.cased(set) };
  }

  private cased(set: CharacterSet): CharacterSet {
    return this.flags.ignoreCase ? ignoringCase(set) : set;
  }

  private next(): number {
    const code = this.source.charCodeAt(this.at);
    this.at += 1;
    return code;
  }

  private sees(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  private takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.at += text.length;
    return true;
  }

  private refuse(why: string): never {
    throw new PatternRefused(this.source, why);
  }
}

/** The one unit of a set that holds one. */
function unitOf({ ranges }: CharacterSet): number | null {
  const [from, to] = ranges;
  return ranges.length === 2 && from === to ? (from ?? null) : null;
}
