/**
 * Push rules (vendor field <- canonical record) compiled into closures. Each knows the canonical fields it reads, so
 * that an update carries only vendor fields whose sources changed.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { compileFirst, compilePath, compileSetting, setAt } from './access.ts';
import { typeAt } from './canonical-type.ts';
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { pushConversion } from './convert.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import { pathProblem, pathSteps } from '../../domain/path.ts';
import type { PlaceOf } from './pull.ts';
import { expressionOf, onlyKeys } from './rule-shape.ts';
import { refuse, shown, textOf } from './run.ts';
import type { Place, Run } from './run.ts';
import type { Rule } from './source.ts';
import { compileValues } from './values.ts';

type Members = ReadonlyMap<string, CanonicalMember>;
type Build = (input: Json, run: Run, at: string) => Json | undefined;
type Finish = (found: Json | undefined, run: Run, at: string) => Json | undefined;

export interface PushField {
  /** The vendor's field as the rule names it, and its place in the payload: `meta.serial` is written as `{ meta: { serial } }`. */
  readonly target: string;
  readonly steps: readonly string[];
  readonly place: Place;
  /** Canonical fields (first segments) the rule reads. */
  readonly reads: readonly string[];
  readonly on: 'create' | 'update' | 'both';
  /** What an update sends when the source is gone: null, an empty list, a constant; undefined sends nothing. */
  readonly cleared: Json | undefined;
  /** Whether nothing is left of what the rule reads, so that an update clears the vendor's field. */
  isGone(fields: JsonObject): boolean;
  readonly build: Build | null;
  readonly expression: { compiled: CompiledExpression; finish: Finish } | null;
}

/** The hub's own number of a record (`A-000123`): readable in push rules though it is no canonical field. */
export const NUMBER_FIELD = 'number';

export function compilePushField(target: string, rule: Rule, members: Members, placeOf: PlaceOf): PushField {
  const keyPath = ['push', target];
  const place = placeOf(keyPath);
  const steps = targetSteps(target, place);
  const reads = [...new Set(readsOf(rule).map((path) => pathSteps(path)[0] ?? path))];
  for (const path of readsOf(rule))
    if (path !== NUMBER_FIELD && !typeAt(members, path))
      refuse(place, `there is no canonical field \`${path}\``);
  const always = reads.length === 0 || (reads.length === 1 && reads[0] === NUMBER_FIELD);
  const on = rule.on ?? (always ? 'create' : 'both');
  const head = { target, steps, place, reads, on, isGone: compileGone(readsOf(rule)) } as const;
  const cleared = rule.clear === false ? undefined : (rule.const ?? (rule.each === undefined ? null : []));
  if (rule.expr === undefined) {
    const build = compileBuild(rule, members, keyPath, placeOf);
    return { ...head, cleared, build, expression: null };
  }
  onlyKeys(rule, 'expr', place, 'push');
  const compiled = expressionOf(rule.expr, place);
  checkDependencies(compiled, reads, place);
  return {
    ...head,
    cleared: rule.clear === false ? undefined : null,
    build: null,
    expression: { compiled, finish: compileFinish(rule, null, place) },
  };
}

/** Fields are declared in `from` so that people and the merge can see them; the expression must agree. */
function checkDependencies(compiled: CompiledExpression, declared: readonly string[], place: Place): void {
  if (compiled.readsAll)
    refuse(place, 'its expr reads the whole record, so its dependencies cannot be known; name the fields');
  const read = new Set(compiled.reads.map((path) => pathSteps(path)[0] ?? path));
  for (const field of read)
    if (!declared.includes(field)) refuse(place, `its expr reads \`${field}\`; add it to \`from\``);
  for (const field of declared)
    if (!read.has(field))
      refuse(place, `\`from\` names \`${field}\`, which its expr does not read; remove it`);
}

function targetSteps(target: string, place: Place): string[] {
  const problem = pathProblem(target);
  return problem === null ? pathSteps(target) : refuse(place, `the vendor's field ${problem}`);
}

/** Two rules may write beside each other into one object, not one into what the other writes as a whole. */
export function checkTargets(targets: readonly { steps: readonly string[]; place: Place }[]): void {
  for (const { steps, place } of targets)
    for (const other of targets)
      if (other.place !== place && other.steps.every((step, index) => step === steps[index]))
        refuse(place, `writes inside \`${other.place.name}\`, which another rule writes as a whole`);
}

/** By the paths themselves: a member that is gone leaves the field it was in behind. */
function compileGone(paths: readonly string[]): (fields: JsonObject) => boolean {
  const getters = paths.map(compilePath);
  if (getters.length === 0) return () => false;
  return (fields) =>
    getters.every((get) => {
      const value = get(fields, {}) ?? '';
      return value === '' || (Array.isArray(value) && value.length === 0);
    });
}

function readsOf(rule: Rule): string[] {
  const own = rule.from === undefined ? [] : [rule.from].flat();
  if (rule.each !== undefined) own.push(rule.each);
  return [...own, ...Object.values(rule.fields ?? {}).flatMap(readsOf)];
}

function compileBuild(rule: Rule, members: Members, keyPath: string[], placeOf: PlaceOf): Build {
  const place = placeOf(keyPath);
  if (rule.expr !== undefined)
    refuse(
      place,
      'has an `expr` inside `item` or `fields`; write one expr for the whole field, or a simple rule',
    );
  if (rule.each !== undefined) return compileEach(rule, rule.each, members, keyPath, placeOf);
  if (rule.fields) {
    onlyKeys(rule, 'fields', place, 'push');
    return compileObject(rule.fields, members, [...keyPath, 'fields'], placeOf, true);
  }
  if (rule.const !== undefined) {
    onlyKeys(rule, 'const', place, 'push');
    const constant = rule.const;
    const present = rule.from === undefined ? null : compileFirst(rule.from);
    return (input, run) => (present && present(input, run.context) === undefined ? undefined : constant);
  }
  if (rule.path !== undefined) {
    onlyKeys(rule, 'path', place, 'push');
    if ([rule.path].flat().some((path) => !path.startsWith('$context.')))
      refuse(
        place,
        '`path` in a push rule reads connection settings only ($context.…); use `from` for fields',
      );
    return sourced(rule, rule.path, null, place);
  }
  if (rule.from === undefined)
    return refuse(place, 'says nothing to send; give one of from, expr, each with item, fields, const, path');
  onlyKeys(rule, 'from', place, 'push');
  const kinds = [rule.from].flat().map((path) => typeAt(members, path)?.kind ?? null);
  const kind = kinds.every((each) => each === kinds[0]) ? (kinds[0] ?? null) : null;
  if (kind === 'list' && rule.type !== 'json') return refuse(place, 'reads a list; use each with item');
  return sourced(rule, rule.from, kind, place);
}

function sourced(
  rule: Rule,
  paths: string | string[],
  kind: CanonicalType['kind'] | null,
  place: Place,
): Build {
  const get = compileFirst(paths);
  const finish = compileFinish(rule, kind, place);
  const { part } = rule;
  if (part === undefined) return (input, run, at) => finish(get(input, run.context), run, at);
  return (input, run, at) => {
    const value = get(input, run.context);
    if (value === undefined) return finish(undefined, run, at);
    const segment = textOf(value).split('|')[part];
    if (segment !== undefined && segment !== '') return finish(segment, run, at);
    const message = `\`${at}\` needs part ${part} of the external id ${shown(value)}, which has no such part.`;
    run.problems.push({ path: at, message, rule: place.rule });
    return undefined;
  };
}

function compileFinish(rule: Rule, kind: CanonicalType['kind'] | null, place: Place): Finish {
  const values = compileValues(rule, 'push');
  const convert = pushConversion(kind, rule);
  const fallback = compileSetting(rule.default);
  return (found, run, at) => {
    const problem = (message: string): Json | undefined => {
      run.problems.push({ path: at, message, rule: place.rule });
      return undefined;
    };
    if (found === undefined || found === null) {
      const value = fallback?.(run.context);
      if (value === undefined && rule.required === true)
        return problem(
          `\`${at}\` is required by the vendor, but the record has no ${[rule.from ?? 'value'].flat().join(' or ')}.`,
        );
      return value;
    }
    let value: Json = found;
    if (values) {
      const entry = values.look(value, run.context);
      if (entry === undefined)
        return problem(
          `\`${at}\` has no entry for ${shown(value)} in the rule's values; add one or set \`otherwise\`.`,
        );
      if (entry.value === null) return undefined;
      value = entry.value;
    }
    const converted = convert(value);
    if (typeof converted === 'string')
      return problem(`\`${at}\` would be ${shown(value)}, which ${converted}.`);
    return converted.value;
  };
}

function compileEach(rule: Rule, list: string, members: Members, keyPath: string[], placeOf: PlaceOf): Build {
  const place = placeOf(keyPath);
  onlyKeys(rule, 'each', place, 'push');
  const type = typeAt(members, list);
  if (type?.kind !== 'list') return refuse(place, `\`${list}\` is no canonical list`);
  if (!rule.item) return refuse(place, '`each` needs `item` with one rule a member');
  const inner: Members = type.item.kind === 'object' ? type.item.members : new Map<string, CanonicalMember>();
  const item = compileObject(rule.item, inner, [...keyPath, 'item'], placeOf, false);
  const get = compilePath(list);
  return (input, run, at) => {
    const rows = get(input, run.context);
    if (!Array.isArray(rows) || rows.length === 0) return undefined;
    const built: Json[] = [];
    for (const [index, row] of rows.entries()) {
      const value = item(row, run, `${at}[${index}]`);
      if (value !== undefined) built.push(value);
    }
    return built;
  };
}

interface Part {
  readonly name: string;
  readonly steps: readonly string[];
  readonly place: Place;
  readonly orSkip: boolean;
  readonly build: Build;
  /** What an update writes when nothing is left of the member's sources; undefined leaves it out. */
  readonly cleared: Json | undefined;
  isGone(fields: JsonObject): boolean;
}

/**
 * Members by name, nested where the name is a path. `ofRecord`: sources are paths from the record's root, which the caller checked; an
 * update then says of each member that is gone that it is, because what is not mentioned stays as it was. A list's elements
 * are written anew as a whole.
 */
function compileObject(
  rules: Record<string, Rule>,
  members: Members,
  keyPath: string[],
  placeOf: PlaceOf,
  ofRecord: boolean,
): Build {
  const parts = Object.entries(rules).map(([name, rule]): Part => {
    const place = placeOf([...keyPath, name]);
    const reads = readsOf(rule);
    if (!ofRecord)
      for (const path of reads)
        if (!typeAt(members, path)) refuse(place, `there is no canonical member \`${path}\` here`);
    return {
      name,
      steps: targetSteps(name, place),
      place,
      orSkip: rule.orSkip === true,
      build: compileBuild(rule, members, [...keyPath, name], placeOf),
      cleared: rule.clear === false ? undefined : rule.each === undefined ? null : [],
      isGone: compileGone(reads),
    };
  });
  checkTargets(parts);
  return (input, run, at) => {
    let object: JsonObject | undefined;
    for (const part of parts) {
      const value = part.build(input, run, `${at}.${part.name}`);
      const written = value ?? (ofRecord && run.updates ? clearedBy(part, input) : undefined);
      if (written !== undefined) setAt((object ??= {}), part.steps, written);
      else if (part.orSkip) return undefined;
    }
    return object;
  };
}

function clearedBy(part: Part, input: Json): Json | undefined {
  const isRecord = typeof input === 'object' && input !== null && !Array.isArray(input);
  return isRecord && !part.orSkip && part.isGone(input) ? part.cleared : undefined;
}
