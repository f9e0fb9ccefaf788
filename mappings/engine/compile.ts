/**
 * From a mapping's text to functions: checks the rules against the entity's schema, builds the closures once, and
 * validates every pulled record by that schema. Vendor-side checks (schema files, round trips) are `check.ts`.
 */
import { createHash } from 'node:crypto';
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { versionWithHeld, type HeldRules } from '../../domain/merge/held-fields.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json } from '../../domain/json.ts';
import { canonicalMembers, COMMENT_TYPE } from './canonical-type.ts';
import type { CanonicalMember } from './canonical-type.ts';
import type { CompiledMapping } from './format.ts';
import { compilePullField } from './pull.ts';
import type { PlaceOf, PullField, PullScope } from './pull.ts';
import { compilePullRecord } from './pull-record.ts';
import { checkTargets, compilePushField, NUMBER_FIELD } from './push.ts';
import type { PushField } from './push.ts';
import { concerns, pushLater, pushNow } from './push-record.ts';
import { refuse } from './run.ts';
import { shapesOf } from './shapes.ts';
import { readMapping } from './source.ts';
import type { MappingFile, MappingText, Rule } from './source.ts';
import { COMMENTS, compileValidation } from './validation.ts';

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

  const scope: PullScope = { placeOf, empty: mapping.empty ?? [] };
  const allPullRules = Object.entries(mapping.pull).map(([name, rule]) => {
    const type = name === COMMENTS && definition.comments ? COMMENT_TYPE : members.get(name)?.type;
    if (!type) return refuse(placeOf(['pull', name]), `${mapping.entity} has no canonical field \`${name}\``);
    if (name in references && rule.key === undefined && rule.path === undefined)
      return refuse(placeOf(['pull', name]), 'is a reference; it must be read by `key` or `path`');
    return compilePullField(name, rule, type, scope);
  });
  const allPushRules = Object.entries(mapping.push).map(([target, rule]) =>
    compilePushField(target, rule, members, placeOf),
  );
  checkTargets(allPushRules);
  const { pullRules, pushRules, pullFields, pushFields, isWritten } = unheld(
    held,
    allPullRules,
    allPushRules,
    members,
  );
  const policies = mapping.conflict;
  const record = compilePullRecord(
    pullRules,
    compileValidation(definition.schema, placeOf, surelyInstants(mapping, members)),
  );

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
          .flatMap((rule) => rule.reads.filter(isWritten)),
      ]),
    pullNow: record.now,
    pull: async (raw, context) => record.now(raw, context) ?? record.later(raw, context),
    pushNow: (fields, changed, context) => pushNow(pushRules, { fields, changed, context }),
    push: async (fields, changed, context) =>
      pushNow(pushRules, { fields, changed, context }) ?? pushLater(pushRules, { fields, changed, context }),
  };
}

interface Unheld {
  pullRules: PullField[];
  pushRules: PushField[];
  pullFields: string[];
  pushFields: string[];
  /** Whether a push may write the canonical field at all. */
  readonly isWritten: (field: string) => boolean;
}

/** What is left of the rules when some are held: with a rule goes every other way the same canonical field would be written. */
function unheld(
  held: HeldRules,
  pull: readonly PullField[],
  push: readonly PushField[],
  members: ReadonlyMap<string, CanonicalMember>,
): Unheld {
  const notRead = new Set(held.pull);
  const notWritten = new Set([
    ...held.pull,
    ...push.filter(isUpdateHeld(held)).flatMap((rule) => rule.reads.filter(isCanonical)),
  ]);
  const isWritten = (field: string): boolean => isCanonical(field) && !notWritten.has(field);
  const pushRules = push.filter(
    (rule) =>
      !held.push.includes(rule.target) &&
      (rule.on === 'create' || rule.reads.length === 0 || rule.reads.some((field) => !notWritten.has(field))),
  );
  return {
    // What is required is still read, because new records need it.
    pullRules: pull.filter(({ name }) => !notRead.has(name) || members.get(name)?.required === true),
    pushRules,
    pullFields: pull.map(({ name }) => name).filter((name) => name !== COMMENTS && !notRead.has(name)),
    pushFields: [...new Set(pushRules.flatMap((rule) => rule.reads))].filter(isWritten),
    isWritten,
  };
}

/** Fields that hold an instant as we write it, or nothing: what a rule converts, and no default or constant of somebody's. */
function surelyInstants(
  mapping: MappingFile,
  members: ReadonlyMap<string, CanonicalMember>,
): ReadonlySet<string> {
  const isSure = ([name, rule]: [string, Rule]): boolean =>
    members.get(name)?.type.kind === 'instant' &&
    rule.path !== undefined &&
    rule.default === undefined &&
    rule.type === undefined;
  return new Set(
    Object.entries(mapping.pull)
      .filter(isSure)
      .map(([name]) => name),
  );
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
