/** The sample cases beside a mapping (`<entity>.cases.yaml`): raw in, fields out; fields in, payload out; run by check-files. */
import { z } from 'zod';
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Finding } from './check.ts';
import type { CompiledMapping, FieldProblem } from './format.ts';
import { shown } from './run.ts';
import { readYaml } from './source.ts';
import type { PositionedSource } from './source.ts';

const object: z.ZodType<JsonObject> = z.record(z.string(), z.json());
/** Field path to a part of the message expected there. */
const problems = z.record(z.string(), z.string());

const casesFile = z.strictObject({
  /** Connection settings used by cases that bring none of their own. */
  context: object.default({}),
  pull: z
    .array(
      z.strictObject({
        name: z.string(),
        context: object.optional(),
        raw: object,
        fields: object.optional(),
        comments: z.array(object).default([]),
        problems: problems.optional(),
      }),
    )
    .min(1),
  push: z
    .array(
      z.strictObject({
        name: z.string(),
        context: object.optional(),
        fields: object,
        /** Left out: a create. */
        changed: z.array(z.string()).optional(),
        payload: object.optional(),
        problems: problems.optional(),
      }),
    )
    .default([]),
});
export type Cases = z.infer<typeof casesFile>;

export function readCases(source: { file: string; text: string }): {
  cases: Cases;
  source: PositionedSource;
} {
  const yaml = readYaml(source);
  const parsed = casesFile.safeParse(yaml.data);
  if (parsed.success) return { cases: parsed.data, source: yaml };
  const issue = parsed.error.issues[0];
  const where = (issue?.path ?? []).filter((part) => typeof part !== 'symbol');
  throw new Failure(
    'mapping_failed',
    `${yaml.at(where)} \`${where.join('.')}\`: ${issue?.message ?? 'does not fit'}.`,
  );
}

export async function runCases(
  mapping: CompiledMapping,
  cases: Cases,
  source: PositionedSource,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const wrong = (kind: 'pull' | 'push', index: number, name: string, message: string): void =>
    void findings.push({
      level: 'error',
      where: source.at([kind, index]),
      message: `case "${name}" (${kind}): ${message}`,
    });
  for (const [index, sample] of cases.pull.entries()) {
    const result = await mapping.pull(sample.raw, sample.context ?? cases.context);
    for (const message of result.ok
      ? sample.problems
        ? ['was expected to fail and gave fields']
        : [
            ...differences(result.fields, sample.fields ?? {}),
            ...differences({ comments: plain(result.comments) }, { comments: sample.comments }),
          ]
      : problemDifferences(result.problems, sample.problems))
      wrong('pull', index, sample.name, message);
  }
  for (const [index, sample] of cases.push.entries()) {
    const changed = sample.changed ? new Set(sample.changed) : null;
    const result = await mapping.push(sample.fields, changed, sample.context ?? cases.context);
    for (const message of result.ok
      ? sample.problems
        ? ['was expected to fail and gave a payload']
        : differences(result.payload, sample.payload ?? {})
      : problemDifferences(result.problems, sample.problems))
      wrong('push', index, sample.name, message);
  }
  return findings;
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** One sentence a name that differs. */
export function differences(actual: JsonObject, expected: JsonObject): string[] {
  const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])];
  return names
    .filter((name) => !jsonEqual(actual[name], expected[name]))
    .map((name) => `${name} is ${shown(actual[name], 400)}, expected ${shown(expected[name], 400)}`);
}

function problemDifferences(
  found: readonly FieldProblem[],
  expected: Record<string, string> | undefined,
): string[] {
  if (!expected) return found.map(({ path, message }) => `failed at ${path}: ${message}`);
  const missing = Object.entries(expected).filter(
    ([path, part]) => !found.some((problem) => problem.path === path && problem.message.includes(part)),
  );
  const extra = found.filter(({ path }) => !(path in expected));
  return [
    ...missing.map(([path, part]) => `no problem at ${path} says "${part}"`),
    ...extra.map(({ path, message }) => `unexpected problem at ${path}: ${message}`),
  ];
}
