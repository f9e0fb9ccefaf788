/** What is wrong with a document somebody wrote: each problem with the field it stands in and what to change. */
import type { z } from 'zod';
import { Failure } from './kernel/failure.ts';

export interface FieldProblem {
  /** Path of the field, e.g. `when.levels[1].deadband`; empty for the document itself. */
  field: string;
  /** A sentence that says what to change. */
  message: string;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };

/** Reads a document by its schema; all that does not fit comes back as problems. */
export function readDocument<Schema extends z.ZodType>(
  schema: Schema,
  input: unknown,
): Checked<z.output<Schema>> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return { ok: true, value: parsed.data };
  return { ok: false, problems: parsed.error.issues.flatMap(problemsOf) };
}

/** Throws all problems as one failure that names the first. */
export function assertNoProblems(problems: readonly FieldProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${String(problems.length - 1)} more)` : '';
  const where = first.field === '' ? '' : `${first.field}: `;
  throw new Failure('invalid_request', `${where}${first.message}${more}`, { path: first.field });
}

function problemsOf(issue: z.core.$ZodIssue): FieldProblem[] {
  const field = fieldPath(issue.path);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: fieldPath([...issue.path, key]),
      message: 'There is no such field.',
    }));
  }
  if (issue.code === 'invalid_value') {
    return [{ field, message: `Must be one of ${issue.values.map(String).join(', ')}.` }];
  }
  if (issue.code === 'invalid_union') {
    const [closest] = [...issue.errors].sort((a, b) => a.length - b.length);
    const inner = (closest ?? []).flatMap((one) =>
      problemsOf({ ...one, path: [...issue.path, ...one.path] }),
    );
    if (inner.length > 0) return inner;
  }
  if (issue.code === 'invalid_type' && issue.message.includes('received undefined')) {
    return [{ field, message: 'Is required.' }];
  }
  return [{ field, message: issue.message.endsWith('.') ? issue.message : `${issue.message}.` }];
}

/** `steps[1].name` */
export function fieldPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((so, part) => {
    if (typeof part === 'number') return `${so}[${String(part)}]`;
    return so === '' ? String(part) : `${so}.${String(part)}`;
  }, '');
}
