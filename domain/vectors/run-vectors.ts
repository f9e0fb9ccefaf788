/**
 * Runs the vectors of one file against the adapters. Whatever is wrong, with the file, a vector or an answer, is a failure
 * with a sentence; nothing is skipped, and one broken vector does not keep the others from running.
 */
import { z } from 'zod';
import { toFailure } from '../kernel/failure.ts';
import { TZDB_VERSION } from '../time/zones.ts';
import type { VectorAdapters, VectorContext } from './adapter.ts';
import { differences } from './differences.ts';
import type { Difference } from './differences.ts';

export interface VectorReport {
  passed: number;
  /** One line each. */
  failures: string[];
}

const FORMAT = 'pm-vectors/1';
const fileSchema = z.object({
  format: z.literal(FORMAT),
  tzdb_min: z.string(),
  vectors: z.array(z.unknown()),
});
const vectorSchema = z.object({
  id: z.string(),
  kind: z.string(),
  given: z.unknown().optional(),
  expect: z.unknown().optional(),
});

export function runVectors(
  file: { name: string; text: string },
  adapters: VectorAdapters,
  context: VectorContext,
): VectorReport {
  const read = readFile(file.text, context.zones.tzdb);
  if (typeof read === 'string') return { passed: 0, failures: [`${file.name}: ${read}`] };
  const report: VectorReport = { passed: 0, failures: [] };
  read.forEach((vector, index) => {
    const failure = runVector(vector, index, adapters, context);
    if (failure === null) report.passed += 1;
    else report.failures.push(`${file.name}: ${failure}`);
  });
  return report;
}

/** The vectors of a file, or the sentence that says why there are none. */
function readFile(text: string, tzdb: string): unknown[] | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return `is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) return `is not a file of the format ${FORMAT}: ${firstIssue(parsed.error)}`;
  const { tzdb_min: oldest, vectors } = parsed.data;
  if (!TZDB_VERSION.test(oldest))
    return `tzdb_min "${oldest}" is no version of the tz database such as 2025a`;
  // Versions are a year and a letter, so their texts are in order.
  if (tzdb < oldest)
    return `needs the tz database ${oldest} or newer, this program has ${tzdb}; run it with a newer Node`;
  return vectors.length > 0 ? vectors : 'holds no vectors';
}

/** Null when the vector passed, otherwise the line that says what is wrong. */
function runVector(
  vector: unknown,
  index: number,
  adapters: VectorAdapters,
  context: VectorContext,
): string | null {
  const parsed = vectorSchema.safeParse(vector);
  if (!parsed.success) return `vectors[${String(index)}] is no vector: ${firstIssue(parsed.error)}`;
  const { id, kind, given, expect } = parsed.data;
  const adapter = Object.hasOwn(adapters, kind) ? adapters[kind] : undefined;
  const known = Object.keys(adapters).join(', ');
  if (adapter === undefined) return `${id} ${kind}: the kind is unknown; known are ${known}`;
  if (given === undefined || expect === undefined)
    return `${id} ${kind}: lacks ${given === undefined ? 'given' : 'expect'}`;
  try {
    const found = differences(expect, adapter.answer(given, context), adapter.mayHoldMore);
    return found.length === 0 ? null : `${id} ${kind}: ${describe(found)}`;
  } catch (error) {
    const { kind: failureKind, message, path } = toFailure(error);
    return `${id} ${kind}: expected ${short(expect)}, got ${failureKind}${path === null ? '' : ` at ${path}`}: ${message}`;
  }
}

const DIFFERENCES_SHOWN = 3;
const VALUE_CHARS = 400;

function describe(found: readonly Difference[]): string {
  const shown = found
    .slice(0, DIFFERENCES_SHOWN)
    .map(({ path, expected, got }) => `${path || 'answer'} expected ${short(expected)}, got ${short(got)}`);
  const more = found.length - shown.length;
  return more > 0 ? `${shown.join('; ')}; and ${String(more)} more` : shown.join('; ');
}

function short(value: unknown): string {
  // What JSON has no text for (undefined, a function) is named; JSON.stringify gives undefined for it.
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > VALUE_CHARS ? `${text.slice(0, VALUE_CHARS)}...` : text;
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue === undefined ? 'unknown' : `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}
