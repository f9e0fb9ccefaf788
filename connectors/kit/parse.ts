/** Parsing at the edges of a connector: what an operator configured and what a vendor answered, with one sentence on what is wrong. */
import type { z } from 'zod';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Applied } from '../../domain/kernel/failure.ts';

/** Configuration or credentials; the message names the field, never its value. */
export function parseConfig<T extends z.ZodType>(schema: T, value: unknown, what: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, reason } = firstIssue(parsed.error);
  const at = path === '' ? '' : ` at "${path}"`;
  throw new Failure('invalid_config', `${what} is not valid${at}: ${reason}.`, path === '' ? {} : { path });
}

/**
 * A vendor's answer; a shape we do not know is `unexpected_response`, with the path and without the content. After a write
 * pass `unknown` for `applied`: the status said that it was carried out.
 */
export function parseAnswer<T extends z.ZodType>(
  schema: T,
  value: unknown,
  what: string,
  applied: Applied = 'no',
): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { path, reason } = firstIssue(parsed.error);
  const at = path === '' ? '' : ` at "${path}"`;
  throw new Failure('unexpected_response', `${what} has an unknown shape${at}: ${reason}.`, {
    applied,
    ...(path === '' ? {} : { path }),
  });
}

function firstIssue(error: z.ZodError): { path: string; reason: string } {
  const issue = error.issues[0];
  return { path: issue?.path.map(String).join('.') ?? '', reason: issue?.message ?? 'it does not fit' };
}
