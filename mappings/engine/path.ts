/**
 * Paths as rules spell them: names joined by dots, `meta.serial`. A name that holds a dot or a backtick, or that begins or ends with a
 * blank, stands in backticks, a backtick in it twice: `` `Functional Loc.`.code ``. The same backticks quote names in expressions.
 */
const NEEDS_QUOTES = /[.`]|^\s|\s$|^$/;
const MALFORMED =
  'must be names joined by dots; a name with a dot in it stands in backticks, as in `Functional Loc.`.code';

/** The names of a path, one a step. Throws an Error with a sentence's end for a path that is none. */
export function pathSteps(path: string): string[] {
  const steps: string[] = [];
  let at = 0;
  while (at <= path.length) {
    const step = path.charAt(at) === '`' ? quoted(path, at) : bare(path, at);
    if (step.name === '__proto__') throw new Error('names __proto__, which no record holds');
    steps.push(step.name);
    if (step.end < path.length && path.charAt(step.end) !== '.') throw new Error(MALFORMED);
    at = step.end + 1;
  }
  return steps;
}

export function pathText(steps: readonly string[]): string {
  return steps
    .map((name) => (NEEDS_QUOTES.test(name) ? `\`${name.replaceAll('`', '``')}\`` : name))
    .join('.');
}

/** Null when it is one; else the end of a sentence that says what a path looks like. */
export function pathProblem(path: string): string | null {
  try {
    pathSteps(path);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function bare(path: string, from: number): { name: string; end: number } {
  const dot = path.indexOf('.', from);
  const end = dot === -1 ? path.length : dot;
  const name = path.slice(from, end);
  if (NEEDS_QUOTES.test(name)) throw new Error(MALFORMED);
  return { name, end };
}

function quoted(path: string, from: number): { name: string; end: number } {
  let [name, at] = ['', from + 1];
  for (;;) {
    const quote = path.indexOf('`', at);
    if (quote === -1) throw new Error(MALFORMED);
    name += path.slice(at, quote);
    if (path.charAt(quote + 1) !== '`') return { name, end: quote + 1 };
    name += '`';
    at = quote + 2;
  }
}
