/** Replays cases of mappings: what records and hub fields become, or why the rules are refused; and what is found in an override. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { stringify } from 'yaml';
import { z } from 'zod';
import type { FieldProblem } from '../../mappings/engine/format.ts';
import {
  compileMapping,
  judgeMapping,
  MAPPINGS_FOLDER,
  type Discovered,
} from '../../mappings/engine/index.ts';

const record = z.record(z.string(), z.json());
/** Field path to a part of its message. */
const problems = z.record(z.string(), z.string());

export const mappingCase = z.strictObject({
  what: z.string(),
  kind: z.literal('mapping'),
  mapping: record,
  /** Part of the message with which the rules are refused. */
  refused: z.string().optional(),
  pull: z
    .array(z.strictObject({ raw: record, fields: record.optional(), problems: problems.optional() }))
    .default([]),
  push: z
    .array(
      z.strictObject({
        fields: record,
        /** Left out: a create. */
        changed: z.array(z.string()).optional(),
        payload: record.optional(),
        problems: problems.optional(),
      }),
    )
    .default([]),
});

export async function replayMapping(content: z.infer<typeof mappingCase>): Promise<void> {
  const compile = () => compileMapping({ file: 'case.yaml', text: stringify(content.mapping) });
  if (content.refused !== undefined) {
    expect(compile).toThrow(content.refused);
    return;
  }
  const mapping = compile();
  for (const { raw, fields, problems: expected } of content.pull) {
    const result = await mapping.pull(raw, {});
    if (expected) expectProblems(result.ok ? [] : result.problems, expected);
    else expect(result).toEqual({ ok: true, fields, comments: [] });
  }
  for (const { fields, changed, payload, problems: expected } of content.push) {
    const result = await mapping.push(fields, changed ? new Set(changed) : null, {});
    if (expected) expectProblems(result.ok ? [] : result.problems, expected);
    else expect(result).toEqual({ ok: true, payload });
  }
}

function expectProblems(found: readonly FieldProblem[], expected: Record<string, string>): void {
  expect(found.map(({ path }) => path).sort()).toEqual(Object.keys(expected).sort());
  for (const { path, message } of found) expect(message).toContain(expected[path]);
}

export const overrideCase = z.strictObject({
  what: z.string(),
  kind: z.literal('override'),
  systems: z.array(z.string()),
  entity: z.string(),
  override: record,
  steps: z.array(
    z.strictObject({
      /** What the system showed of its fields; null: nobody looked. */
      seen: record.nullable(),
      /** Errors and warnings, as `level where: message`. */
      findings: z.array(z.string()),
    }),
  ),
});

export async function replayOverride(content: z.infer<typeof overrideCase>): Promise<void> {
  const { systems, entity, override, steps } = content;
  for (const system of systems) {
    const file = `mappings/${system}/${entity}.yaml`;
    const shipped = { file, text: readFileSync(join(MAPPINGS_FOLDER, '..', file), 'utf8') };
    for (const { seen, findings } of steps) {
      const fields = seen as Discovered['fields'] | null;
      const found = await judgeMapping({
        shipped,
        override,
        discovered: fields && { fields, complete: false },
      });
      const told = found.filter(({ level }) => level !== 'info');
      expect(told.map(({ level, where, message }) => `${level} ${where}: ${message}`)).toEqual(findings);
    }
  }
}
