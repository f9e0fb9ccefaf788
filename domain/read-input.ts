/** Input from outside, judged by its schema: the value, or an `invalid_request` that names the first field at fault and why. */
import type { z } from 'zod';
import { Failure } from './kernel/failure.ts';

export function readInput<T extends z.ZodType>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const [first] = problemsOf(parsed.error);
  throw new Failure('invalid_request', `${first?.path || 'input'}: ${first?.reason ?? 'not valid'}`, {
    path: first?.path ?? '',
  });
}

export interface Problem {
  /** Such as `every.n` or `season.ranges[0].from`. */
  path: string;
  reason: string;
}

export function problemsOf(error: z.ZodError): Problem[] {
  return error.issues.map((issue) => ({ path: pathText(issue.path), reason: issue.message }));
}

function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${String(part)}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}
