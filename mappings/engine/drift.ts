/**
 * What a change of the vendor's own schema does to a mapping: which rules lose their source or target. Pure: two schemas
 * and a mapping's text in, drifts out. Only what was there before can be missed, so that connectors may give records
 * more than the vendor's description tells.
 */
import type { Json } from '../../domain/json.ts';
import { canonicalMembers, COMMENT_TYPE, typeAt } from './canonical-type.ts';
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { compileExpression } from './expression/compile-expression.ts';
import { pathSteps } from '../../domain/path.ts';
import { NUMBER_FIELD } from './push.ts';
import { readMapping } from './source.ts';
import type { Rule } from './source.ts';

/** A field as a connector's `discover()` describes it. */
export interface SchemaField {
  type: string;
  nullable: boolean | null;
  maxLength?: number;
  readOnly?: boolean;
  /** Only records show it: when it is absent, that proves nothing. */
  sampled?: boolean;
  values?: readonly string[];
  item?: Readonly<Record<string, SchemaField>>;
}
export type SchemaFields = Readonly<Record<string, SchemaField>>;

export const DRIFT_KINDS = [
  'lost',
  'type_changed',
  'word_lost',
  'word_added',
  'read_only',
  'required',
  'shortened',
] as const;
export type DriftKind = (typeof DRIFT_KINDS)[number];

export interface Drift {
  direction: 'pull' | 'push';
  /** The canonical field of a pull rule, the vendor field of a push rule. */
  rule: string;
  /** Canonical fields that the rule is about. */
  fields: string[];
  /** The vendor's field, as a path. */
  path: string;
  kind: DriftKind;
  /** `held`: the rule waits; `quarantine`: records go to quarantine, because nothing else gives a required field; `none`: to know. */
  effect: 'held' | 'quarantine' | 'none';
  /** One sentence: what changed there, and what it means here. */
  detail: string;
}

export interface SchemaChange {
  before: SchemaFields;
  after: SchemaFields;
  /** False when the new schema was drawn from samples: what they do not show may exist. */
  complete: boolean;
}

interface Comparison extends SchemaChange {
  drifts: Drift[];
}
type Members = ReadonlyMap<string, CanonicalMember>;

/** Impact of a change on each rule, pull first, in the mapping's order. */
export function driftOf(text: { file: string; text: string }, change: SchemaChange): Drift[] {
  const { mapping } = readMapping(text);
  const members = canonicalMembers(mapping.entity);
  const comparison: Comparison = { ...change, drifts: [] };
  for (const [name, rule] of Object.entries(mapping.pull)) {
    const member = name === 'comments' ? { type: COMMENT_TYPE, required: false } : members.get(name);
    if (member) comparePull(comparison, name, rule, member);
  }
  for (const [target, rule] of Object.entries(mapping.push)) comparePush(comparison, target, rule, members);
  compareUnmapped(comparison, new Set(Object.keys(mapping.push)));
  return comparison.drifts;
}

/** Vendor paths with the rule that reads each: those of lists and objects with their own prefix. */
function pathsOf(rule: Rule, prefix = ''): { path: string; rule: Rule }[] {
  const inside = (path: string): string => (prefix === '' ? path : `${prefix}.${path}`);
  if (rule.each !== undefined) {
    const list = inside(rule.each);
    return [{ path: list, rule }, ...Object.values(rule.item ?? {}).flatMap((inner) => pathsOf(inner, list))];
  }
  if (rule.fields) return Object.values(rule.fields).flatMap((inner) => pathsOf(inner, prefix));
  const paths = rule.expr === undefined ? [] : compileExpression(rule.expr).reads.map(inside);
  for (const path of [rule.path ?? [], rule.key ?? [], rule.sum ?? []].flat(2))
    if (!path.startsWith('$context.')) paths.push(inside(path));
  return [...new Set(paths)].map((path) => ({ path, rule }));
}

function comparePull(comparison: Comparison, name: string, whole: Rule, member: CanonicalMember): void {
  const sources = pathsOf(whole).flatMap(({ path, rule }) => {
    const before = fieldAt(comparison.before, path);
    return before === undefined ? [] : [{ path, rule, before, after: fieldAt(comparison.after, path) }];
  });
  const lost = sources.filter(({ before, after }) => after === undefined && isProof(comparison, before));
  const required = (member.required || whole.required === true) && whole.default === undefined;
  // A key needs all its parts; otherwise one source that is left gives new records their value.
  const needsAll = whole.key !== undefined || whole.each !== undefined || whole.expr !== undefined;
  const nothingLeft = lost.length > 0 && (needsAll || lost.length === sources.length);
  const note = (path: string, kind: DriftKind, effect: Drift['effect'], detail: string): void =>
    void comparison.drifts.push({
      direction: 'pull',
      rule: name,
      fields: [name],
      path,
      kind,
      effect,
      detail,
    });
  for (const { path, before } of lost) {
    const hint = sameTypeNewcomers(comparison, path, before);
    if (required && nothingLeft)
      note(
        path,
        'lost',
        'quarantine',
        `The system has no ${path} any more${hint}. ${name} is required, so records go to quarantine until it is back or the mapping reads another field.`,
      );
    else note(path, 'lost', 'held', `The system has no ${path} any more${hint}; ${name} keeps its values.`);
  }
  for (const { path, rule, before, after } of sources) {
    if (after === undefined || before === 'undescribed' || after === 'undescribed') continue;
    if (!isSameType(before.type, after.type, comparison.complete && after.sampled !== true, member.type.kind))
      note(path, 'type_changed', 'held', `${path} was ${before.type}, now it is ${after.type}.`);
    const added = rule.values ? addedWords(rule, before, after) : [];
    if (added.length > 0)
      note(
        path,
        'word_added',
        'none',
        `${path} has the new words ${added.join(', ')}, which the mapping does not know: records with them go to quarantine.`,
      );
  }
}

function addedWords(rule: Rule, before: SchemaField, after: SchemaField): string[] {
  if (!before.values || !after.values || rule.otherwise !== undefined || rule.valuesFrom !== undefined)
    return [];
  const known = new Set([...before.values, ...Object.keys(rule.values ?? {})]);
  return after.values.filter((word) => !known.has(word));
}

function comparePush(comparison: Comparison, target: string, whole: Rule, members: Members): void {
  const fields = [...new Set(readsOf(whole).map((path) => pathSteps(path)[0] ?? path))].filter(
    (field) => field !== NUMBER_FIELD,
  );
  for (const { path, rule } of targetsOf(target, whole)) {
    const before = fieldAt(comparison.before, path);
    if (before === undefined) continue;
    const after = fieldAt(comparison.after, path);
    const note = (kind: DriftKind, effect: Drift['effect'], detail: string): void =>
      void comparison.drifts.push({ direction: 'push', rule: target, fields, path, kind, effect, detail });
    if (after === undefined) {
      if (isProof(comparison, before))
        note(
          'lost',
          'held',
          `The system has no ${path} any more${sameTypeNewcomers(comparison, path, before)}; nothing is written there.`,
        );
      continue;
    }
    if (before === 'undescribed' || after === 'undescribed') continue;
    if (after.readOnly === true && before.readOnly !== true)
      note('read_only', 'held', `${path} became read-only; nothing is written there.`);
    const [source] = [rule.from ?? []].flat();
    const type = source === undefined ? undefined : typeAt(members, source);
    const exact = comparison.complete && after.sampled !== true;
    if (!isSameType(before.type, after.type, exact, type?.kind))
      note('type_changed', 'held', `${path} was ${before.type}, now it takes ${after.type}.`);
    const lostWords = wordsSent(rule, type).filter(
      (word) => before.values?.includes(word) === true && after.values?.includes(word) === false,
    );
    if (lostWords.length > 0)
      note('word_lost', 'held', `${path} does not take ${lostWords.join(', ')} any more.`);
    if (before.nullable === true && after.nullable === false && mayClear(whole, rule, members))
      note('required', 'held', `${path} may not be empty any more, and the mapping would clear it.`);
    if (
      before.maxLength !== undefined &&
      after.maxLength !== undefined &&
      after.maxLength < Math.min(before.maxLength, rule.maxLength ?? Infinity)
    )
      note(
        'shortened',
        'none',
        `${path} holds ${String(after.maxLength)} characters now, before ${String(before.maxLength)}: longer texts are refused there.`,
      );
  }
}

/** A field nobody writes that must be given now: creates would be refused, and nothing here could be held against that. */
function compareUnmapped({ before, after, drifts }: Comparison, mapped: ReadonlySet<string>): void {
  for (const [path, now] of Object.entries(after)) {
    if (mapped.has(path) || now.nullable !== false || now.readOnly === true || now.sampled === true) continue;
    if (before[path]?.nullable !== true) continue;
    const detail = `${path} may not be empty any more, and no rule writes it: the system may refuse new records.`;
    drifts.push({
      direction: 'push',
      rule: path,
      fields: [],
      path,
      kind: 'required',
      effect: 'none',
      detail,
    });
  }
}

function targetsOf(target: string, rule: Rule): { path: string; rule: Rule }[] {
  const inner = rule.each === undefined ? rule.fields : rule.item;
  return [
    { path: target, rule },
    ...Object.entries(inner ?? {}).flatMap(([name, one]) => targetsOf(`${target}.${name}`, one)),
  ];
}

function readsOf(rule: Rule): string[] {
  const own = rule.from === undefined ? [] : [rule.from].flat();
  if (rule.each !== undefined) own.push(rule.each);
  return [...own, ...Object.values(rule.fields ?? {}).flatMap(readsOf)];
}

function wordsSent(rule: Rule, type: CanonicalType | undefined): string[] {
  const words: Json[] = [...Object.values(rule.values ?? {}), rule.const ?? null, rule.otherwise ?? null];
  if (!rule.values && rule.expr === undefined && type?.kind === 'enum') words.push(...type.values);
  return words.filter((word) => word !== null).map(String);
}

function mayClear(whole: Rule, rule: Rule, members: Members): boolean {
  if (whole.on === 'create' || rule.clear === false || rule.default !== undefined) return false;
  if (rule.const !== undefined || rule.each !== undefined || rule.fields) return false;
  const from = [rule.from ?? []].flat();
  return from.length > 0 && !from.some((field) => members.get(field)?.required === true);
}

/** `undescribed`: the schema says nothing below a field that is on the way there. */
function fieldAt(fields: SchemaFields, path: string): SchemaField | 'undescribed' | undefined {
  let found: SchemaField | undefined;
  let inside: SchemaFields | undefined = fields;
  for (const step of pathSteps(path)) {
    if (found?.type === 'list' && /^\d+$/.test(step)) continue;
    if (inside === undefined) return 'undescribed';
    if (!Object.hasOwn(inside, step)) return undefined;
    found = inside[step];
    inside = found?.item;
  }
  return found;
}

function isProof({ complete }: Comparison, before: SchemaField | 'undescribed'): boolean {
  return complete && (before === 'undescribed' || before.sampled !== true);
}

const CLASSES: Readonly<Record<string, string>> = {
  text: 'text',
  instant: 'text',
  date: 'text',
  integer: 'number',
  number: 'number',
};

/**
 * Metadata is taken at its word; samples differ in what they happen to show, so that there only another kind of value
 * counts. A reference is a key, whose spelling is the connector's business.
 */
function isSameType(before: string, after: string, exact: boolean, canonical: string | undefined): boolean {
  if (before === after || [before, after].some((type) => type === 'unknown' || type === 'reference'))
    return true;
  if (before === 'integer' && after === 'number') return canonical !== 'integer';
  return !exact && (CLASSES[before] ?? before) === (CLASSES[after] ?? after);
}

const HINTS_MAX = 3;

/** A field that is gone was perhaps renamed: what is new there and of the same type, when that is little. */
function sameTypeNewcomers(
  { before, after }: Comparison,
  path: string,
  lost: SchemaField | 'undescribed',
): string {
  if (pathSteps(path).length > 1 || lost === 'undescribed') return '';
  const names = Object.entries(after)
    .filter(([name, field]) => !Object.hasOwn(before, name) && field.type === lost.type)
    .map(([name]) => name);
  return names.length === 0 || names.length > HINTS_MAX ? '' : ` (new there: ${names.join(', ')})`;
}
