/**
 * JSONata's own functions with bounds around them. The interpreter looks at its limits between the parts of an expression, never
 * inside a function: what a function may be given and what it may make is checked here, also where it is handed to `$map`
 * and runs many times without a step in between. A few are our own, because theirs read the clock or take quadratic time.
 */
import jsonata from 'jsonata';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { keepsDigits } from '../convert.ts';
import { checkTime, spendText, type ExpressionBudget } from './budget.ts';
import { FUNCTIONS } from './functions.ts';
import { checkFormat, millisOf } from './pictures.ts';

/** How the interpreter holds a function. */
export interface BuiltIn {
  readonly _jsonata_function: true;
  readonly implementation: (this: Focus, ...args: unknown[]) => unknown;
  readonly signature?: unknown;
}

interface Focus {
  readonly environment: Environment;
  createSequence(): unknown[];
}

export interface Environment {
  readonly base: object;
  lookup(name: string): unknown;
}

export const BUILT_IN_NAMES: readonly string[] = (
  'sum count max min average string substring substringBefore substringAfter lowercase uppercase length trim pad ' +
  'match contains replace split join formatNumber formatBase formatInteger parseInteger number floor ceil round abs ' +
  'sqrt power boolean not map zip filter single reduce sift keys lookup append exists spread merge reverse each ' +
  'error assert type sort distinct base64encode base64decode encodeUrlComponent encodeUrl decodeUrlComponent ' +
  'decodeUrl toMillis fromMillis clone'
).split(' ');

const BANNED_NAMES = ['now', 'millis', 'random', 'shuffle', 'eval'];
const FUNCTION_NAMES: ReadonlySet<string> = new Set([
  ...BUILT_IN_NAMES,
  ...BANNED_NAMES,
  ...Object.keys(FUNCTIONS),
]);

/** Whether a name is a function's unless the expression gives it another meaning. */
export function isFunctionName(name: string): boolean {
  return FUNCTION_NAMES.has(name);
}

const PICTURE_CHARS_MAX = 100;

/** Throw a sentence's end for arguments that would take a process's time or memory. */
const CHECKS: Readonly<Record<string, (...args: unknown[]) => void>> = {
  pad: (_text, width) => checkLength(typeof width === 'number' ? Math.abs(width) : 0),
  join: (texts, separator) => {
    const between = typeof separator === 'string' ? separator.length : 0;
    if (Array.isArray(texts))
      checkLength(texts.reduce((sum: number, text) => sum + between + String(text).length, 0));
  },
  split: (text, separator, most) => {
    if (typeof text !== 'string' || typeof separator !== 'string' || typeof most === 'number') return;
    if (text.split(separator, LIMITS.expressionListMax + 1).length > LIMITS.expressionListMax)
      throw new Error(`a list would have more than ${LIMITS.expressionListMax} elements`);
  },
  formatNumber: (_value, picture, options) => {
    checkPicture(picture);
    for (const [name, value] of Object.entries(options ?? {}))
      if (typeof value !== 'string' || (value.length !== 1 && name !== 'infinity' && name !== 'NaN'))
        throw new Error(`the option ${name} must be one character`);
  },
  number: (value) => {
    if (typeof value === 'string' && !keepsDigits(value))
      throw new Error(`${value} has more digits than a number can hold; keep it as text`);
  },
  formatInteger: (_value, picture) => checkPicture(picture),
  parseInteger: (_value, picture) => checkPicture(picture),
  fromMillis: (ms, picture, zone) =>
    checkFormat(Number(ms), picture as string | undefined, zone as string | undefined),
};

const OWN: Readonly<Record<string, (this: Focus, ...args: unknown[]) => unknown>> = {
  toMillis: (text, picture) =>
    typeof text === 'string' ? millisOf(text, typeof picture === 'string' ? picture : undefined) : undefined,
  distinct: (list) => (Array.isArray(list) && list.length > 1 ? distinct(list) : list),
  spread(value) {
    return Array.isArray(value) ? value.flatMap(spread) : spread(value);
  },
};

let loaded: Promise<ReadonlyMap<string, BuiltIn>> | undefined;

/** All functions of the interpreter, bounded; `budgetOf` finds what the evaluation at hand may spend. */
export function boundedBuiltIns(
  budgetOf: (environment: Environment) => ExpressionBudget,
): Promise<ReadonlyMap<string, BuiltIn>> {
  loaded ??= Promise.all(
    BUILT_IN_NAMES.map(async (name) => {
      const original = (await jsonata(`$${name}`).evaluate(null)) as BuiltIn;
      return [name, bounded(name, original, budgetOf)] as const;
    }),
  ).then((pairs) => new Map(pairs));
  return loaded;
}

function bounded(
  name: string,
  original: BuiltIn,
  budgetOf: (environment: Environment) => ExpressionBudget,
): BuiltIn {
  const [check, own] = [CHECKS[name], OWN[name] ?? original.implementation];
  const sorts = name === 'sort';
  function implementation(this: Focus, ...args: unknown[]): unknown {
    const budget = budgetOf(this.environment);
    checkTime(budget);
    for (const arg of args) if (typeof arg === 'string') checkLength(arg.length);
    check?.(...args);
    // With a comparator each comparison is a step; without, theirs copies the rest of the list for each element.
    if (sorts && args[1] === undefined && isSortable(args[0])) return args[0].toSorted(ascending);
    const result = own.apply(this, args);
    if (typeof result === 'string') spendText(budget, result);
    return result;
  }
  // The interpreter asks how many arguments a function takes before it hands it elements, positions and lists.
  Object.defineProperty(implementation, 'length', { value: original.implementation.length });
  return { ...original, implementation };
}

function checkLength(chars: number): void {
  if (chars > LIMITS.expressionTextCharsMax)
    throw new Error(`a text would have more than ${LIMITS.expressionTextCharsMax} characters`);
}

function checkPicture(picture: unknown): void {
  if (typeof picture === 'string' && picture.length > PICTURE_CHARS_MAX)
    throw new Error(`the picture is longer than ${PICTURE_CHARS_MAX} characters`);
}

function isSortable(list: unknown): list is (string | number)[] {
  return (
    Array.isArray(list) &&
    (list.every((value) => typeof value === 'string') || list.every((value) => typeof value === 'number'))
  );
}

function ascending(a: string | number, b: string | number): number {
  return a > b ? 1 : a < b ? -1 : 0;
}

/** By content, in one pass; theirs compares each with each. */
function distinct(list: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>();
  return list.filter((value) => {
    const key = typeof value === 'object' && value !== null ? `{${contentOf(value)}` : keyOf(value);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function keyOf(value: unknown): unknown {
  return typeof value === 'string' ? `"${value}` : value;
}

function contentOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return value === undefined ? '' : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(contentOf).join(',')}]`;
  const members = Object.entries(value as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${contentOf(inner)}`).join(',')}}`;
}

/** An object as a list of objects of one member each. */
function spread(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value as Record<string, unknown>).map(([name, inner]) => ({ [name]: inner }));
}
