/**
 * Pull rules (canonical field <- vendor record) compiled into closures. Everything but `expr` is plain property access
 * and conversion; the interpreter is only entered by rules that say `expr`.
 */
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { compileFirst, compilePath, compileSetting } from './access.ts';
import type { Getter } from './access.ts';
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { isNumeric, keepsDigits, pullConversion } from './convert.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import { expressionOf, onlyKeys, textLike } from './rule-shape.ts';
import { refuse, rounded, shown, textOf } from './run.ts';
import type { Place, Run } from './run.ts';
import type { Rule } from './source.ts';
import { compileValues } from './values.ts';

/** Gives the field's value, or undefined when there is nothing (or a problem was noted). `at` is the field's path. */
type Reader = (input: Json, run: Run, at: string) => Json | undefined;
type Finish = (found: Json | undefined, run: Run, at: string) => Json | undefined;

export interface PullField {
  readonly name: string;
  readonly place: Place;
  /** The rule as a plain closure; null when it needs the interpreter. */
  readonly read: Reader | null;
  readonly expression: { compiled: CompiledExpression; finish: Finish } | null;
}

export type PlaceOf = (keyPath: readonly (string | number)[]) => Place;

export function compilePullField(name: string, rule: Rule, type: CanonicalType, placeOf: PlaceOf): PullField {
  const keyPath = ['pull', name];
  const place = placeOf(keyPath);
  if (rule.expr !== undefined) {
    onlyKeys(rule, 'expr', place, 'pull');
    const compiled = expressionOf(rule.expr, place);
    const finish = type.kind === 'list' ? finishList(rule, place) : compileFinish(rule, type, place);
    return { name, place, read: null, expression: { compiled, finish } };
  }
  return { name, place, read: compileReader(rule, type, keyPath, placeOf), expression: null };
}

function compileReader(rule: Rule, type: CanonicalType, keyPath: string[], placeOf: PlaceOf): Reader {
  const place = placeOf(keyPath);
  if (rule.expr !== undefined)
    refuse(
      place,
      'has an `expr` inside `item` or `fields`; write one expr for the whole field, or a simple rule',
    );
  if (rule.each !== undefined) return compileEach(rule, rule.each, type, keyPath, placeOf);
  if (rule.fields) return compileFields(rule, rule.fields, type, keyPath, placeOf);
  const finish = compileFinish(rule, type, place);
  if (rule.key) {
    onlyKeys(rule, 'key', place, 'pull');
    const parts = rule.key.map((part) => compileFirst(part));
    return (input, run, at) => finish(joined(parts, input, run.context), run, at);
  }
  if (rule.path !== undefined) {
    onlyKeys(rule, 'path', place, 'pull');
    const get = compileWordPaths(rule) ?? compileFirst(rule.path);
    return (input, run, at) => finish(get(input, run.context), run, at);
  }
  if (rule.sum) {
    onlyKeys(rule, 'sum', place, 'pull');
    const parts = rule.sum.map((part) => compileFirst(part));
    return (input, run, at) => finish(total(parts, input, run.context), run, at);
  }
  if (rule.const !== undefined) {
    onlyKeys(rule, 'const', place, 'pull');
    const constant = rule.const;
    return (_input, run, at) => finish(constant, run, at);
  }
  return refuse(
    place,
    'says nothing to read; give one of path, key, sum, expr, each with item, fields, const',
  );
}

/** With several paths and a word map, the first path whose word has an entry wins; else the first that holds anything. */
function compileWordPaths(rule: Rule): Getter | null {
  const values = compileValues(rule, 'pull');
  if (!values || !Array.isArray(rule.path) || rule.path.length < 2) return null;
  const getters = rule.path.map((path) => compileFirst(path));
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
function total(
  parts: readonly ((input: Json, context: JsonObject) => Json | undefined)[],
  input: Json,
  context: JsonObject,
): Json | undefined {
  let sum: number | undefined;
  for (const part of parts) {
    const value = part(input, context);
    if (value === undefined) continue;
    if (typeof value !== 'number' && !(isNumeric(value) && keepsDigits(value))) return value;
    sum = (sum ?? 0) + Number(value);
  }
  return sum;
}

/** Parts joined with "|", the form of external ids; nothing when one is missing. */
function joined(
  parts: readonly ((input: Json, context: JsonObject) => Json | undefined)[],
  input: Json,
  context: JsonObject,
): string | undefined {
  let key = '';
  for (const [index, part] of parts.entries()) {
    const value = part(input, context);
    if (value === undefined || typeof value === 'object') return undefined;
    key += index === 0 ? String(value) : `|${String(value)}`;
  }
  return key;
}

/** From what was found to the canonical value: word map, conversion, default, required. */
function compileFinish(rule: Rule, type: CanonicalType, place: Place): Finish {
  checkType(rule, type, place);
  const values = compileValues(rule, 'pull');
  const convert = pullConversion(rule.type === undefined ? type.kind : kindOf(rule, type, place), rule);
  const fallback = compileSetting(rule.default);
  const missing = (run: Run, at: string): Json | undefined => {
    const value = fallback?.(run.context);
    if (value === undefined && rule.required === true) {
      run.problems.push({
        path: at,
        message: `\`${at}\` is required, but the vendor's record has nothing at ${source(rule)}; fill it there or give the rule a default.`,
        rule: place.rule,
      });
    }
    return value ?? undefined;
  };
  return (found, run, at) => {
    if (found === undefined || found === null) return missing(run, at);
    let value: Json = found;
    if (values) {
      const entry = values.look(value, run.context);
      if (entry === undefined) {
        run.problems.push({
          path: at,
          message: `\`${at}\` is ${shown(value)} at the vendor, which has no entry in the rule's values; add one or set \`otherwise\`.`,
          rule: place.rule,
        });
        return undefined;
      }
      if (entry.value === null) return missing(run, at);
      value = entry.value;
    }
    const converted = convert(value);
    if (typeof converted === 'string') {
      run.problems.push({
        path: at,
        message: `\`${at}\` is ${shown(found)} at the vendor (${source(rule)}), which ${converted}.`,
        rule: place.rule,
      });
      return undefined;
    }
    return converted.value === '' ? missing(run, at) : converted.value;
  };
}

function source(rule: Rule): string {
  if (rule.path !== undefined) return `\`${[rule.path].flat().join('` or `')}\``;
  if (rule.key) return `\`${rule.key.flat().join('|')}\``;
  if (rule.sum) return `\`${rule.sum.join('` + `')}\``;
  return 'its rule';
}

function compileEach(
  rule: Rule,
  list: string,
  type: CanonicalType,
  keyPath: string[],
  placeOf: PlaceOf,
): Reader {
  const place = placeOf(keyPath);
  onlyKeys(rule, 'each', place, 'pull');
  if (type.kind !== 'list') return refuse(place, '`each` gives a list, but the canonical field is none');
  if (!rule.item) return refuse(place, '`each` needs `item` with one rule a member');
  const members = compileMembers(rule.item, type.item, [...keyPath, 'item'], placeOf);
  const get = compilePath(list);
  const finish = finishList(rule, place);
  return (input, run, at) => {
    const found = get(input, run.context) ?? undefined;
    if (found === undefined) return finish(undefined, run, at);
    // Some vendors give a one-element list as the element.
    const rows = Array.isArray(found) ? found : [found];
    const items: Json[] = [];
    for (let index = 0; index < rows.length; index += 1) {
      const row = rows[index];
      if (typeof row !== 'object' || row === null) {
        const path = `${at}[${index}]`;
        run.problems.push({
          path,
          message: `\`${path}\` is ${shown(row)}, not an object.`,
          rule: place.rule,
        });
        continue;
      }
      const item = members(row, run, `${at}[${index}].`);
      if (item) items.push(item);
    }
    return finish(items, run, at);
  };
}

/** Grouping, sorting; an empty list is the same as none. */
function finishList(rule: Rule, place: Place): Finish {
  const { sort, group } = rule;
  return (found, run, at) => {
    let items = found === undefined || found === null ? [] : Array.isArray(found) ? found : [found];
    if (group) items = grouped(items, group);
    if (sort) items = items.toSorted((a, b) => compareBy(a, b, sort));
    if (items.length > 0) return items;
    if (rule.required === true)
      run.problems.push({ path: at, message: `\`${at}\` is required and empty.`, rule: place.rule });
    return undefined;
  };
}

/** One line a key with the sum of a member; lines that sum to nothing are left out (issued, then returned). */
function grouped(items: readonly Json[], group: { by: string; sum: string }): Json[] {
  const lines = new Map<Json, JsonObject>();
  for (const item of items) {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) continue;
    const key = item[group.by] ?? null;
    const line = lines.get(key);
    if (!line) lines.set(key, { ...item });
    else line[group.sum] = rounded(Number(line[group.sum]) + Number(item[group.sum]), 6);
  }
  return [...lines.values()].filter((line) => line[group.sum] !== 0);
}

function compareBy(a: Json, b: Json, names: readonly string[]): number {
  for (const name of names) {
    const left = compilePath(name)(a, {}) ?? '';
    const right = compilePath(name)(b, {}) ?? '';
    if (jsonEqual(left, right)) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return textOf(left) < textOf(right) ? -1 : 1;
  }
  return 0;
}

function compileFields(
  rule: Rule,
  fields: Record<string, Rule>,
  type: CanonicalType,
  keyPath: string[],
  placeOf: PlaceOf,
): Reader {
  const place = placeOf(keyPath);
  onlyKeys(rule, 'fields', place, 'pull');
  const members = compileMembers(fields, type, [...keyPath, 'fields'], placeOf);
  return (input, run, at) => {
    const object = members(input, run, `${at}.`);
    if (object) return object;
    if (rule.required === true)
      run.problems.push({ path: at, message: `\`${at}\` is required and empty.`, rule: place.rule });
    return undefined;
  };
}

/** An object of members; undefined when a member marked `orSkip` is missing or nothing at all was found. */
function compileMembers(
  rules: Record<string, Rule>,
  type: CanonicalType,
  keyPath: string[],
  placeOf: PlaceOf,
): (input: Json, run: Run, prefix: string) => JsonObject | undefined {
  const members = Object.entries(rules).map(([name, rule]) => {
    const member = memberOf(type, name);
    if (!member) refuse(placeOf([...keyPath, name]), `there is no canonical member \`${name}\` here`);
    const read = compileReader(rule, member.type, [...keyPath, name], placeOf);
    return { name, read, orSkip: rule.orSkip === true };
  });
  for (const [name, member] of type.kind === 'object' ? type.members : [])
    if (member.required && !(name in rules))
      refuse(placeOf(keyPath), `the canonical member \`${name}\` is required and has no rule`);
  return (input, run, prefix) => {
    let object: JsonObject | undefined;
    for (const { name, read, orSkip } of members) {
      const value = read(input, run, prefix + name);
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

/** What a rule says must fit what the field is. */
function checkType(rule: Rule, type: CanonicalType, place: Place): void {
  if (rule.expr === undefined && (type.kind === 'list' || type.kind === 'object') && rule.const === undefined)
    refuse(
      place,
      `the canonical field is ${type.kind === 'list' ? 'a list' : 'an object'}; use ${type.kind === 'list' ? 'each with item' : 'fields'}`,
    );
  if (type.kind === 'enum') {
    for (const [from, to] of Object.entries(rule.values ?? {}))
      if (to !== null && !type.values.includes(String(to)))
        refuse(place, `maps ${from} to ${String(to)}, which is none of ${type.values.join(', ')}`);
    const { otherwise } = rule;
    if (typeof otherwise === 'string' && !['fail', 'null', 'keep', ...type.values].includes(otherwise))
      refuse(place, `says otherwise: ${otherwise}, which is none of ${type.values.join(', ')}`);
  }
  if (rule.factor !== undefined && type.kind !== 'number' && type.kind !== 'integer')
    refuse(place, `has a factor, but the canonical field is ${type.kind}`);
  if (rule.html === true && type.kind !== 'text')
    refuse(place, 'says html, but the canonical field is no text');
}

function kindOf(rule: Rule, type: CanonicalType, place: Place): CanonicalType['kind'] {
  const { type: wanted } = rule;
  if (wanted === undefined || wanted === type.kind) return type.kind;
  if (wanted === 'epoch') return refuse(place, 'type epoch is for push rules; a pulled field is `instant`');
  if (type.kind === 'json') return wanted;
  if (wanted === 'text' && textLike(type.kind)) return type.kind;
  if (wanted === 'integer' && type.kind === 'number') return 'integer';
  return refuse(place, `says type ${wanted}, but the canonical field is ${type.kind}`);
}
