/**
 * A mapping as people look at it while they write one: what the check finds, and what each rule makes of one record.
 * Uses the same compiled rules as a run does.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../domain/json.ts';
import { readCases } from './cases.ts';
import { compileMapping } from './compile.ts';
import type { FieldProblem } from './format.ts';
import { compilePath } from './access.ts';
import { MAPPINGS_FOLDER } from './load.ts';
import { readMapping, type MappingText, type Rule } from './source.ts';

export interface RuleView {
  /** Canonical field of a pull, vendor field of a push. */
  field: string;
  rule: JsonObject;
}

export interface MappingView {
  object: string;
  version: string;
  match: readonly (readonly string[])[];
  conflict: { default: string; fields: Readonly<Record<string, string>> };
  pull: RuleView[];
  push: RuleView[];
}

/** Throws `mapping_failed` with the place when the text cannot be compiled. */
export function viewMapping(text: MappingText): MappingView {
  const compiled = compileMapping(text);
  const { mapping } = readMapping(text);
  const rules = (record: Record<string, Rule>): RuleView[] =>
    Object.entries(record).map(([field, rule]) => ({
      field,
      rule: JSON.parse(JSON.stringify(rule)) as JsonObject,
    }));
  return {
    object: mapping.object,
    version: compiled.version,
    match: mapping.match,
    conflict: mapping.conflict,
    pull: rules(mapping.pull),
    push: rules(mapping.push),
  };
}

/** The raw record of the first shipped case that pulls well: what a preview shows when no record is named. */
export async function sampleOf(shippedFile: string): Promise<JsonObject> {
  const path = join(MAPPINGS_FOLDER, '..', shippedFile);
  const file = path.replace(/\.yaml$/, '.cases.yaml');
  const { cases } = readCases({ file, text: await readFile(file, 'utf8') });
  return cases.pull[0]?.raw ?? {};
}

export interface FieldPreview {
  field: string;
  rule: JsonObject;
  /** What the rule reads: path to value. */
  input: JsonObject;
  output: Json;
  errors: string[];
}

export interface Preview {
  ok: boolean;
  fields: FieldPreview[];
  /** The whole result; null when a rule failed. */
  result: JsonObject | null;
}

export async function previewPull(text: MappingText, raw: JsonObject, context: JsonObject): Promise<Preview> {
  const mapping = compileMapping(text);
  const view = viewMapping(text);
  const done = await mapping.pull(raw, context);
  const problems = done.ok ? [] : done.problems;
  // A record that fails as a whole still shows what each rule by itself gives.
  const fields = done.ok ? done.fields : (done.partial ?? {});
  return {
    ok: done.ok,
    fields: view.pull.map(({ field, rule }) => ({
      field,
      rule,
      input: inputOf(rule, raw, context),
      output: field === 'comments' && done.ok ? (done.comments as unknown as Json) : (fields[field] ?? null),
      errors: errorsOf(field, problems),
    })),
    result: done.ok ? done.fields : null,
  };
}

export async function previewPush(
  text: MappingText,
  fields: JsonObject,
  changed: ReadonlySet<string> | null,
  context: JsonObject,
): Promise<Preview> {
  const mapping = compileMapping(text);
  const view = viewMapping(text);
  const done = await mapping.push(fields, changed, context);
  const problems = done.ok ? [] : done.problems;
  const payload = done.ok ? done.payload : {};
  return {
    ok: done.ok,
    fields: view.push.map(({ field, rule }) => ({
      field,
      rule,
      input: inputOf(rule, fields, context),
      output: compilePath(field)(payload, {}) ?? null,
      errors: errorsOf(field, problems),
    })),
    result: done.ok ? done.payload : null,
  };
}

function errorsOf(field: string, problems: readonly FieldProblem[]): string[] {
  return problems
    .filter(({ path }) => path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`))
    .map(({ message, rule }) => `${message} (${rule})`);
}

/** The values at the paths a rule names; an expression's are those it reads. */
function inputOf(rule: JsonObject, from: JsonObject, context: JsonObject): JsonObject {
  const named = [rule['path'], rule['key'], rule['sum'], rule['from'], rule['each']]
    .flat(3)
    .filter((path): path is string => typeof path === 'string');
  return Object.fromEntries(
    named.map((path) => {
      return [path, compilePath(path)(from, context) ?? null];
    }),
  );
}
