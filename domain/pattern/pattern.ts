/**
 * Regular expressions that people write in settings, mappings and documents. They mean what JavaScript's mean (without the flags
 * `u`, `v`, `y`), but a match takes time in proportion to the text whatever the pattern is: one that a backtracking matcher would
 * chew on for years cannot hold up a process. `new RegExp` is for patterns of our own.
 */
import { compileProgram } from './program.ts';
import { search, type StepBudget } from './search.ts';
import { parsePattern, PatternRefused, type Flags } from './syntax.ts';

export { PatternRefused } from './syntax.ts';
export type { StepBudget } from './search.ts';

export interface PatternMatch {
  readonly start: number;
  readonly end: number;
  /** What each group took; undefined for one that took no part. */
  readonly groups: readonly (string | undefined)[];
}

export interface Pattern {
  readonly source: string;
  /** The first match at `from` (0) or behind it. Throws `PatternRefused` when the steps run out. */
  find(text: string, from?: number, budget?: StepBudget): PatternMatch | null;
  test(text: string): boolean;
}

const SOURCE_CHARS_MAX = 1_000;
/** About 50 ms: a text of 100,000 characters takes a fifth of it with the patterns people write. */
export const PATTERN_STEPS_MAX = 2_000_000;

/**
 * Throws `PatternRefused` for what is no regular expression and for what cannot be decided in linear time. Flags: `i`, `m`, `s`;
 * `g` and `d` are accepted and mean nothing here.
 */
export function compilePattern(source: string, flags = ''): Pattern {
  if (source.length > SOURCE_CHARS_MAX)
    throw new PatternRefused(source, `has ${source.length} characters; ${SOURCE_CHARS_MAX} are allowed`);
  checkSyntax(source, flags);
  const { root, groups } = parsePattern(source, readFlags(flags));
  const program = compileProgram(source, root, groups);
  const find: Pattern['find'] = (text, from = 0, budget = { left: PATTERN_STEPS_MAX }) => {
    const found = search(program, text, from, budget);
    if (found === 'exhausted')
      throw new PatternRefused(
        source,
        'takes too many steps on this text; make it simpler, or cut the text before it is matched',
      );
    if (found === null) return null;
    const { start, end, slots } = found;
    return { start, end, groups: Array.from({ length: groups }, (_, group) => slice(text, slots, group)) };
  };
  return { source, find, test: (text) => find(text) !== null };
}

/** Parsing alone takes no time worth speaking of; only matching does. */
function checkSyntax(source: string, flags: string): void {
  const [unknown] = /[^dgims]/.exec(flags) ?? [];
  if (unknown !== undefined)
    throw new PatternRefused(source, `has the flag ${unknown}; the flags i, m and s are understood`);
  try {
    new RegExp(source, flags);
  } catch {
    throw new PatternRefused(source, 'is no regular expression; check its brackets and quantifiers');
  }
}

function readFlags(flags: string): Flags {
  return {
    ignoreCase: flags.includes('i'),
    multiline: flags.includes('m'),
    dotAll: flags.includes('s'),
  };
}

function slice(text: string, slots: readonly number[], group: number): string | undefined {
  const [start = -1, end = -1] = [slots[group * 2], slots[group * 2 + 1]];
  return start < 0 || end < 0 ? undefined : text.slice(start, end);
}
