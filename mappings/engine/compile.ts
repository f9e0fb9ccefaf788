/**
 * From a mapping's text to functions: checks the rules against the entity's schema, builds the closures once, and
 * validates every pulled record by that schema. Vendor-side checks (schema files, round trips) are `check.ts`.
 */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { comment, ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { versionWithHeld, type HeldRules } from '../../domain/merge/held-fields.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { compilePath, setAt } from './access.ts';
import { canonicalMembers, COMMENT_TYPE } from './canonical-type.ts';
import type { CanonicalMember } from './canonical-type.ts';
import { isSlow, newBudget } from './expression/budget.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import type { CompiledMapping, FieldProblem, MappedCommentLike, PullResult, PushResult } from './format.ts';
import { compilePullField } from './pull.ts';
import type { PlaceOf, PullField } from './pull.ts';
import { pathText } from '../../domain/path.ts';
import { checkTargets, compilePushField, NUMBER_FIELD } from './push.ts';
import type { PushField } from './push.ts';
import { refuse, shown } from './run.ts';
import type { Run } from './run.ts';
import { shapesOf } from './shapes.ts';
import { readMapping } from './source.ts';
import type { MappingFile, MappingText } from './source.ts';

const COMMENTS = 'comments';
const isCanonical = (name: string): boolean => name !== NUMBER_FIELD;

const NOTHING_HELD: HeldRules = { pull: [], push: [] };

/**
 * Throws `mapping_failed` naming file, line and rule when anything in the mapping cannot work. A held rule is left out, and
 * with it every other way the same canonical field would be written; what is required is still read, for new records.
 */
export function compileMapping(input: MappingText, held: HeldRules = NOTHING_HELD): CompiledMapping {
  const { mapping, source } = readMapping(input);
  const placeOf: PlaceOf = (keyPath) => ({ rule: source.at(keyPath), name: keyPath.join('.') });
  const definition = ENTITY_DEFINITIONS[mapping.entity];
  const members = canonicalMembers(mapping.entity);
  const { references } = definition;
  checkFieldNames(mapping, members, placeOf);

  const allPullRules = Object.entries(mapping.pull).map(([name, rule]) => {
    const type = name === COMMENTS && definition.comments ? COMMENT_TYPE : members.get(name)?.type;
    if (!type) return refuse(placeOf(['pull', name]), `${mapping.entity} has no canonical field \`${name}\``);
    if (name in references && rule.key === undefined && rule.path === undefined)
      return refuse(placeOf(['pull', name]), 'is a reference; it must be read by `key` or `path`');
    return compilePullField(name, rule, type, placeOf);
  });
  const allPushRules = Object.entries(mapping.push).map(([target, rule]) =>
    compilePushField(target, rule, members, placeOf),
  );
  checkTargets(allPushRules);
  const notRead = new Set(held.pull);
  const notWritten = new Set([
    ...held.pull,
    ...allPushRules.filter(isUpdateHeld(held)).flatMap((rule) => rule.reads.filter(isCanonical)),
  ]);
  const pushRules = allPushRules.filter(
    (rule) =>
      !held.push.includes(rule.target) &&
      (rule.on === 'create' || rule.reads.length === 0 || rule.reads.some((field) => !notWritten.has(field))),
  );
  const pullFields = allPullRules
    .map((rule) => rule.name)
    .filter((name) => name !== COMMENTS && !notRead.has(name));
  const pushFields = [...new Set(pushRules.flatMap((rule) => rule.reads))].filter(
    (field) => isCanonical(field) && !notWritten.has(field),
  );
  const pullRules = allPullRules.filter(
    ({ name }) => !notRead.has(name) || members.get(name)?.required === true,
  );
  const policies = mapping.conflict;
  const sync = pullRules.flatMap((rule) => (rule.read ? [{ name: rule.name, read: rule.read }] : []));
  const slow = pullRules.filter((rule) => rule.expression);
  const validate = validator(definition.schema, placeOf);

  return {
    system: mapping.system,
    entity: mapping.entity,
    object: mapping.object,
    version: versionWithHeld(
      createHash('sha256')
        .update(canonicalJson(JSON.parse(JSON.stringify(mapping)) as Json))
        .digest('hex'),
      held.pull,
    ),
    pullFields,
    pushFields,
    match: mapping.match,
    shapes: shapesOf(mapping, members, placeOf),
    policy: (field) => policies.fields[field] ?? policies.default,
    affected: (changed) =>
      new Set([
        ...changed,
        ...pushRules
          .filter((rule) => concerns(rule, changed))
          .flatMap((rule) => rule.reads.filter((field) => isCanonical(field) && !notWritten.has(field))),
      ]),
    async pull(raw, context) {
      const run: Run = { context, problems: [] };
      const fields: JsonObject = {};
      for (const { name, read } of sync) {
        const value = read(raw, run, name);
        if (value !== undefined) fields[name] = value;
      }
      for (const rule of slow) {
        const value = await pullExpression(rule, raw, run);
        if (value !== undefined) fields[rule.name] = value;
      }
      return validate(fields, run.problems);
    },
    async push(fields, changed, context) {
      const run: Run = { context, problems: [], updates: changed !== null };
      return pushRecord(pushRules, fields, changed, run);
    },
  };
}

/** A rule that only creates leaves nothing behind that an update would have to write. */
function isUpdateHeld(held: HeldRules): (rule: PushField) => boolean {
  return ({ target, on }) => on !== 'create' && held.push.includes(target);
}

function checkFieldNames(
  mapping: MappingFile,
  members: ReadonlyMap<string, CanonicalMember>,
  placeOf: PlaceOf,
): void {
  mapping.match.forEach((fields, index) => {
    for (const field of fields)
      if (!members.has(field))
        refuse(placeOf(['match', index]), `${mapping.entity} has no canonical field \`${field}\``);
  });
  for (const field of Object.keys(mapping.conflict.fields))
    if (!members.has(field))
      refuse(placeOf(['conflict', 'fields', field]), `${mapping.entity} has no canonical field \`${field}\``);
  for (const [name, member] of members)
    if (member.required && !(name in mapping.pull))
      refuse(placeOf(['pull']), `the canonical field \`${name}\` is required and has no rule`);
}

async function pullExpression(rule: PullField, raw: JsonObject, run: Run): Promise<Json | undefined> {
  const { expression } = rule;
  if (!expression) return undefined;
  try {
    return expression.finish(await evaluated(expression.compiled, raw, run), run, rule.name);
  } catch (error) {
    run.problems.push(failedExpression(rule.name, rule.place.rule, error));
    return undefined;
  }
}

/** The interpreter never lets go of the process by itself; after a slow expression the others get a turn. */
async function evaluated(
  expression: CompiledExpression,
  input: JsonObject,
  run: Run,
): Promise<Json | undefined> {
  run.budget ??= newBudget();
  try {
    return await expression.evaluate(input, run.context, run.budget);
  } finally {
    if (isSlow(run.budget)) await new Promise((resolve) => setImmediate(resolve));
  }
}

function failedExpression(path: string, rule: string, error: unknown): FieldProblem {
  return {
    path,
    message: `The expression of \`${path}\` failed: ${error instanceof Error ? error.message : String(error)}.`,
    rule,
  };
}

/** The schema has the last word over what the rules produced. */
function validator(
  schema: z.ZodObject,
  placeOf: PlaceOf,
): (fields: JsonObject, problems: FieldProblem[]) => PullResult {
  return (fields, problems) => {
    let comments: MappedCommentLike[] = [];
    if (COMMENTS in fields) {
      const checked = comment.array().safeParse(fields[COMMENTS]);
      if (checked.success) comments = checked.data;
      else problems.push(...issueProblems(checked.error, fields[COMMENTS] ?? null, [COMMENTS], placeOf));
      delete fields[COMMENTS];
    }
    if (problems.length > 0) return { ok: false, problems, partial: fields };
    const checked = schema.safeParse(fields);
    if (checked.success) return { ok: true, fields, comments };
    return { ok: false, problems: issueProblems(checked.error, fields, [], placeOf), partial: fields };
  };
}

function issueProblems(error: z.ZodError, root: Json, prefix: string[], placeOf: PlaceOf): FieldProblem[] {
  return error.issues.map((issue) => {
    const inner = issue.path.map(String);
    const value = inner.length === 0 ? root : compilePath(pathText(inner))(root, {});
    const parts = [...prefix, ...inner];
    const path = parts
      .map((part, index) =>
        index > 0 && /^\d+$/.test(part) ? `[${part}]` : `${index > 0 ? '.' : ''}${part}`,
      )
      .join('');
    const what = value === undefined ? 'is missing' : `became ${shown(value)}`;
    return {
      path,
      message: `\`${path}\` ${what}: ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}.`,
      rule: placeOf(['pull', ...parts.slice(0, 1)]).rule,
    };
  });
}

async function pushRecord(
  rules: readonly PushField[],
  fields: JsonObject,
  changed: ReadonlySet<string> | null,
  run: Run,
): Promise<PushResult> {
  const payload: JsonObject = {};
  for (const rule of rules) {
    if (!concerns(rule, changed)) continue;
    let value: Json | undefined;
    if (rule.build) value = rule.build(fields, run, rule.target);
    else if (rule.expression) {
      try {
        const result = await evaluated(rule.expression.compiled, fields, run);
        value = rule.expression.finish(result, run, rule.target);
      } catch (error) {
        run.problems.push(failedExpression(rule.target, rule.place.rule, error));
      }
    }
    // Only an absent source clears the vendor's field; a word mapped to null is simply not sent.
    if (value === undefined && changed !== null && rule.isGone(fields)) value = rule.cleared;
    if (value !== undefined) setAt(payload, rule.steps, value);
  }
  return run.problems.length > 0 ? { ok: false, problems: run.problems } : { ok: true, payload };
}

function concerns(rule: PushField, changed: ReadonlySet<string> | null): boolean {
  if (changed === null) return rule.on !== 'update';
  if (rule.on === 'create') return false;
  return rule.reads.length === 0 || rule.reads.some((field) => changed.has(field));
}
