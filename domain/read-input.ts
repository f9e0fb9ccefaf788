/** Input from outside, judged by its schema: the value, or what is wrong with it, each problem with its field and the reason. */
import type { z } from 'zod';
import { Failure } from './kernel/failure.ts';

export interface Problem {
  /** Such as `every.n` or `season.ranges[0].from`; empty for the input itself. */
  path: string;
  /** What is wrong and what to change. */
  reason: string;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: Problem[] };

/** The value, or an `invalid_request` that names the first field at fault and why. */
export function readInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw failureOf(problemsOf(parsed.error));
}

/** As `readInput`, for callers that show every problem, or look for more of them. */
export function checkInput<T extends z.ZodType>(schema: T, input: unknown): Checked<z.output<T>> {
  const parsed = schema.safeParse(input);
  return parsed.success
    ? { ok: true, value: parsed.data }
    : { ok: false, problems: problemsOf(parsed.error) };
}

/** The checked value; its problems are thrown as one failure. */
export function valueOf<T>(checked: Checked<T>): T {
  if (checked.ok) return checked.value;
  throw failureOf(checked.problems);
}

function failureOf(problems: readonly Problem[]): Failure {
  const [first] = problems;
  const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : '';
  return new Failure('invalid_request', `${first?.path || 'input'}: ${first?.reason ?? 'not valid'}${more}`, {
    path: first?.path ?? '',
  });
}

export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.flatMap(problemsOfIssue);
}

function problemsOfIssue(issue: z.core.$ZodIssue): Problem[] {
  const path = pathText(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key]),
      reason: 'there is no such field',
    }));
  }
  if (issue.code === 'invalid_union') {
    // Of several shapes the one that fits best has the fewest problems.
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    const inner = (closest ?? []).flatMap((one) =>
      problemsOfIssue({ ...one, path: [...issue.path, ...one.path] }),
    );
    if (inner.length > 0) return inner;
  }
  if (issue.code === 'invalid_type' && issue.message.endsWith('received undefined')) {
    return [{ path, reason: 'is required' }];
  }
  return [{ path, reason: issue.message }];
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${String(part)}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
