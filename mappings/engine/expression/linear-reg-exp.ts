/** Stands in for `RegExp` in the interpreter: the same answers in linear time (`domain/pattern`), the bounds of one evaluation included. */
import { compilePattern, PATTERN_STEPS_MAX, type Pattern } from '../../../domain/pattern/pattern.ts';

const patterns = new WeakMap<RegExp, Pattern>();

/** The pattern of a literal in a parsed expression, compiled once. Throws `PatternRefused`. */
export function patternOf(literal: RegExp): Pattern {
  const known = patterns.get(literal);
  if (known) return known;
  const pattern = compilePattern(literal.source, literal.flags);
  patterns.set(literal, pattern);
  return pattern;
}

/** What the interpreter uses of a global `RegExp`: `exec` from `lastIndex` on. */
export class LinearRegExp {
  lastIndex = 0;
  private readonly pattern: Pattern;
  private readonly budget = { left: PATTERN_STEPS_MAX };

  constructor(literal: RegExp) {
    this.pattern = patternOf(literal);
  }

  exec(text: string): RegExpExecArray | null {
    const match = this.lastIndex > text.length ? null : this.pattern.find(text, this.lastIndex, this.budget);
    this.lastIndex = match?.end ?? 0;
    if (!match) return null;
    const whole = text.slice(match.start, match.end);
    return Object.assign([whole, ...match.groups], { index: match.start, input: text }) as RegExpExecArray;
  }
}
