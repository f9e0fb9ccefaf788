/**
 * Pull rules (canonical field <- vendor record) compiled into closures. Everything but `expr` is plain property access
 * and conversion.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { compileFirst, isNothing } from './access.ts';
import type { Getter, IsNothing } from './access.ts';
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { isNumeric, keepsDigits } from './convert.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import { compileFinish, type Finish, type Target } from './pull-finish.ts';
import { finishList } from './pull-list.ts';
import { expressionOf, onlyKeys } from './rule-shape.ts';
import { noteProblem, refuse, shown } from './run.ts';
import type { Place, Run } from './run.ts';
import type { KeyPath, Rule } from './source.ts';
import { compileValues } from './values.ts';

/** Gives the field's value, or undefined when there is nothing (or a problem was noted). */
type Reader = (input: Json, run: Run) => Json | undefined;

export interface PullField {
  readonly name: string;
  readonly place: Place;
  /** The rule as a plain closure; null when it is an expression. */
  readonly read: Reader | null;
  readonly expression: { compiled: CompiledExpression; finish: Finish } | null;
}

export type PlaceOf = (keyPath: KeyPath) => Place;

/** What all rules of a mapping share. `empty`: values with which the system says "nothing". */
export interface PullScope {
  readonly placeOf: PlaceOf;
  readonly empty: readonly (string | number | boolean)[];
}

interface Position {
  readonly keyPath: readonly string[];
  /** The canonical field, `tasks[].title`. */
  readonly path: string;
}

export function compilePullField(name: string, rule: Rule, type: CanonicalType, scope: PullScope): PullField {
  const position: Position = { keyPath: ['pull', name], path: name };
  const target = targetOf(position, scope);
  const { place } = target;
  if (rule.expr !== undefined) {
    onlyKeys(rule, 'expr', place, 'pull');
    const compiled = expressionOf(rule.expr, place);
    const finish = type.kind === 'list' ? finishList(rule, target) : compileFinish(rule, type, target);
    return { name, place, read: null, expression: { compiled, finish } };
  }
  return { name, place, read: compileReader(rule, type, position, scope), expression: null };
}

function targetOf({ keyPath, path }: Position, { placeOf }: PullScope): Target {
  return { place: placeOf(keyPath), path };
}

function compileReader(rule: Rule, type: CanonicalType, position: Position, scope: PullScope): Reader {
  const target = targetOf(position, scope);
  const { place } = target;
  if (rule.expr !== undefined)
    refuse(
      place,
      'has an `expr` inside `item` or `fields`; write one expr for the whole field, or a simple rule',
    );
  if (rule.each !== undefined) return compileEach(rule, rule.each, type, { position, scope });
  if (rule.fields) return compileFields(rule, rule.fields, type, { position, scope });
  const finish = compileFinish(rule, type, target);
  if (rule.const !== undefined) {
    onlyKeys(rule, 'const', place, 'pull');
    const constant = rule.const;
    return (_input, run) => finish(constant, run);
  }
  const get = compileSource(rule, place, emptyOf(rule, type, scope));
  return (input, run) => finish(get(input, run.context), run);
}

/** A truth is never "nothing" where the canonical field is one, or where the rule has a word for it. */
function emptyOf(rule: Rule, type: CanonicalType, { empty }: PullScope): IsNothing {
  const general = empty.filter(
    (value) =>
      !(type.kind === 'boolean' && typeof value === 'boolean') && !(String(value) in (rule.values ?? {})),
  );
  const all = new Set<Json>([...general, ...(rule.empty ?? [])]);
  return all.size === 0 ? isNothing : (value) => isNothing(value) || all.has(value);
}

function compileSource(rule: Rule, place: Place, isEmpty: IsNothing): Getter {
  if (rule.key) {
    onlyKeys(rule, 'key', place, 'pull');
    return compileKey(rule.key.map((part) => compileFirst(part, isEmpty)));
  }
  if (rule.path !== undefined) {
    onlyKeys(rule, 'path', place, 'pull');
    return compileWordPaths(rule, isEmpty) ?? compileFirst(rule.path, isEmpty);
  }
  if (rule.sum) {
    onlyKeys(rule, 'sum', place, 'pull');
    return compileSum(rule.sum.map((part) => compileFirst(part, isEmpty)));
  }
  return refuse(
    place,
    'says nothing to read; give one of path, key, sum, expr, each with item, fields, const',
  );
}

/** With several paths and a word map, the first path whose word has an entry wins; else the first that holds anything. */
function compileWordPaths(rule: Rule, isEmpty: IsNothing): Getter | null {
  const values = compileValues(rule, 'pull');
  if (!values || !Array.isArray(rule.path) || rule.path.length < 2) return null;
  const getters = rule.path.map((path) => compileFirst(path, isEmpty));
  return (input, context) => {
    let first: Json | undefined;
    for (const get of getters) {
      const value = get(input, context);
      if (value === undefined) continue;
      if (values.has(value, context)) return value;
      first ??= value;
    }
    return first;
  };
}

/** The sum of what is there; nothing when none is. What is no number stays text, for the conversion to complain about. */
function compileSum(parts: readonly Getter[]): Getter {
  return (input, context) => {
    let sum: number | undefined;
    for (const part of parts) {
      const value = part(input, context);
      if (value === undefined) continue;
      if (typeof value !== 'number' && !(isNumeric(value) && keepsDigits(value))) return value;
      sum = (sum ?? 0) + Number(value);
    }
    return sum;
  };
}

/** Parts joined with "|", the form of external ids; nothing when one is missing. */
function compileKey(parts: readonly Getter[]): Getter {
  return (input, context) => {
    let key: string | undefined;
    for (const part of parts) {
      const value = part(input, context);
      if (value === undefined || typeof value === 'object') return undefined;
      key = key === undefined ? String(value) : `${key}|${String(value)}`;
    }
    return key;
  };
}

interface Inside {
  position: Position;
  scope: PullScope;
}

function compileEach(rule: Rule, list: string, type: CanonicalType, { position, scope }: Inside): Reader {
  const target = targetOf(position, scope);
  const { place } = target;
  onlyKeys(rule, 'each', place, 'pull');
  if (type.kind !== 'list') return refuse(place, '`each` gives a list, but the canonical field is none');
  if (!rule.item) return refuse(place, '`each` needs `item` with one rule a member');
  const element: Target = { place, path: `${position.path}[]` };
  const inner = { keyPath: [...position.keyPath, 'item'], path: element.path };
  const members = compileMembers(rule.item, type.item, { position: inner, scope });
  const get = compileFirst(list, emptyOf(rule, type, scope));
  const finish = finishList(rule, target);
  return (input, run) => {
    const found = get(input, run.context);
    if (found === undefined) return finish(undefined, run);
    // Some vendors give a one-element list as the element.
    const rows = Array.isArray(found) ? found : [found];
    const items: Json[] = [];
    const depth = run.rows.push(0) - 1;
    for (let index = 0; index < rows.length; index += 1) {
      run.rows[depth] = index;
      const row = rows[index] ?? null;
      if (typeof row !== 'object' || row === null)
        noteProblem(run, element, (path) => `\`${path}\` is ${shown(row)}, not an object.`);
      else {
        const item = members(row, run);
        if (item) items.push(item);
      }
    }
    run.rows.pop();
    return finish(items, run);
  };
}

function compileFields(
  rule: Rule,
  fields: Record<string, Rule>,
  type: CanonicalType,
  { position, scope }: Inside,
): Reader {
  const target = targetOf(position, scope);
  onlyKeys(rule, 'fields', target.place, 'pull');
  const inner = { keyPath: [...position.keyPath, 'fields'], path: position.path };
  const members = compileMembers(fields, type, { position: inner, scope });
  return (input, run) => {
    const object = members(input, run);
    if (object) return object;
    if (rule.required === true) noteProblem(run, target, (path) => `\`${path}\` is required and empty.`);
    return undefined;
  };
}

/** An object of members; undefined when a member marked `orSkip` is missing or nothing at all was found. */
function compileMembers(
  rules: Record<string, Rule>,
  type: CanonicalType,
  { position, scope }: Inside,
): (input: Json, run: Run) => JsonObject | undefined {
  const { placeOf } = scope;
  const members = Object.entries(rules).map(([name, rule]) => {
    const inner = { keyPath: [...position.keyPath, name], path: `${position.path}.${name}` };
    const member = memberOf(type, name);
    if (!member) refuse(placeOf(inner.keyPath), `there is no canonical member \`${name}\` here`);
    const read = compileReader(rule, member.type, inner, scope);
    return { name, read, orSkip: rule.orSkip === true };
  });
  for (const [name, member] of type.kind === 'object' ? type.members : [])
    if (member.required && !(name in rules))
      refuse(placeOf(position.keyPath), `the canonical member \`${name}\` is required and has no rule`);
  return (input, run) => {
    let object: JsonObject | undefined;
    for (const { name, read, orSkip } of members) {
      const value = read(input, run);
      if (value !== undefined) (object ??= {})[name] = value;
      else if (orSkip) return undefined;
    }
    return object;
  };
}

function memberOf(type: CanonicalType, name: string): CanonicalMember | undefined {
  if (type.kind === 'object') return type.members.get(name);
  return type.kind === 'record' ? { type: { kind: 'json' }, required: false } : undefined;
}
