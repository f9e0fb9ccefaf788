/** What is shared by the two directions: where problems go while one record is mapped, and how a value is shown in them. */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { shortenText } from '../../domain/kernel/text.ts';
import type { ExpressionBudget } from './expression/budget.ts';
import type { FieldProblem } from './format.ts';

/** One record's way through the rules. */
export interface Run {
  readonly context: JsonObject;
  readonly problems: FieldProblem[];
  /** Positions in the lists that are walked just now, outermost first. */
  readonly rows: number[];
  /** An update of what is there: what is gone is said to be gone. */
  readonly updates?: boolean;
  /** What its expressions may spend together; made when the first one needs it. */
  budget?: ExpressionBudget;
}

/** Where a rule stands while it is compiled. */
export interface Place {
  /** `file:line` */
  readonly rule: string;
  /** `pull.status` */
  readonly name: string;
}

/** A field that could not be mapped: `tasks[].title` is told with the positions of the elements at hand. */
export function noteProblem(
  run: Run,
  { place, path }: { place: Place; path: string },
  message: (path: string) => string,
): Json | undefined {
  let depth = 0;
  const at = path.replaceAll('[]', () => `[${String(run.rows[depth++] ?? 0)}]`);
  run.problems.push({ path: at, message: message(at), rule: place.rule });
  return undefined;
}

export function refuse(place: Place, message: string): never {
  const where = place.rule === place.name ? '' : `${place.rule} `;
  throw new Failure('mapping_failed', `${where}rule \`${place.name}\`: ${message}.`, { path: place.name });
}

/** A value in a message: enough to recognise it, never a whole record. */
export function shown(value: unknown, charsMax = 60): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return shortenText(text, charsMax);
}

/** Text of a scalar; of anything else its JSON. */
export function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Away with the dust of binary fractions: 0.1 * 3 is 0.3. No canonical number has more than 6 fraction digits. */
export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  const scaled = value * scale;
  // Beyond this a double holds no fraction at that scale; rounding would only lose digits.
  if (Math.abs(scaled) > Number.MAX_SAFE_INTEGER) return value;
  // 1.005 * 100 is 100.49999999999999; the hair of an epsilon makes it the half it was meant to be.
  const result = Math.round(scaled * (1 + 2 * Number.EPSILON)) / scale;
  return Object.is(result, -0) ? 0 : result;
}

export type Convert = (value: Json) => { value: Json } | string;
