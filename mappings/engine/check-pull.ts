/** The type check of pull rules: what they read is there, fits the canonical field, and has a word for every word. */
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { compileExpression } from './expression/compile-expression.ts';
import { checkUnit, found, vendorAttribute, type Attributes, type Check } from './findings.ts';
import type { KeyPath, Rule } from './source.ts';
import { looseKey } from './values.ts';
import type { Attribute } from './vendor-schema.ts';

export function checkPull(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  target: CanonicalMember,
  attributes: Attributes,
): void {
  const { type } = target;
  if (rule.each !== undefined) {
    checkEach(check, keyPath, rule, type, attributes);
    return;
  }
  if (rule.fields) {
    checkMembers(check, [...keyPath, 'fields'], rule.fields, type, attributes);
    return;
  }
  if (rule.expr !== undefined) {
    for (const path of compileExpression(rule.expr).reads)
      vendorAttribute(check, keyPath, attributes, { path, at: ['expr'] });
    return;
  }
  const sources = pathsOf(rule).flatMap((path) => vendorAttribute(check, keyPath, attributes, path) ?? []);
  checkRequired(check, keyPath, rule, target, sources);
  if (rule.path === undefined) return;
  checkWords(check, keyPath, rule, type, sources);
  for (const source of sources) {
    checkUnit(check, keyPath, rule, String(keyPath.at(-1)), source);
    if (!rule.values && !fits(type.kind, source, rule))
      found(
        check,
        keyPath,
        `reads a vendor ${source.type} into a canonical ${type.kind}; convert it with type or values`,
        { about: source },
      );
  }
}

function checkEach(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  type: CanonicalType,
  attributes: Attributes,
): void {
  const path = rule.each ?? '';
  const list = vendorAttribute(check, keyPath, attributes, { path, at: ['each'] });
  if (list && list.type !== 'list' && list.type !== 'json')
    found(check, keyPath, `walks ${path}, which is no list at the vendor`, { about: list });
  if (list?.item && type.kind === 'list')
    checkMembers(check, [...keyPath, 'item'], rule.item ?? {}, type.item, list.item);
}

function checkMembers(
  check: Check,
  keyPath: KeyPath,
  rules: Record<string, Rule>,
  type: CanonicalType,
  attributes: Attributes,
): void {
  if (type.kind !== 'object') return;
  for (const [name, rule] of Object.entries(rules)) {
    const member = type.members.get(name);
    if (member) checkPull(check, [...keyPath, name], rule, member, attributes);
  }
}

/** Every vendor path of a rule with the part of the rule that names it. */
function pathsOf(rule: Rule): { path: string; at: KeyPath }[] {
  const paths = (
    value: string | (string | string[])[] | undefined,
    at: KeyPath,
  ): { path: string; at: KeyPath }[] =>
    value === undefined
      ? []
      : typeof value === 'string'
        ? [{ path: value, at }]
        : value.flatMap((one, index) => paths(one, [...at, index]));
  return [...paths(rule.path, ['path']), ...paths(rule.key, ['key']), ...paths(rule.sum, ['sum'])].filter(
    ({ path }) => !path.startsWith('$context.'),
  );
}

function checkRequired(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  target: CanonicalMember,
  sources: readonly Attribute[],
): void {
  if (!(target.required || rule.required === true) || rule.default !== undefined || rule.orSkip === true)
    return;
  if (rule.absent === 'quarantine') return;
  if (rule.const !== undefined || sources.length === 0) return;
  const nullable = sources.find((source) => source.nullable);
  const mayBeNothing = rule.key ? nullable !== undefined : sources.every((source) => source.nullable);
  if (mayBeNothing)
    found(
      check,
      keyPath,
      'is required, but the vendor may have nothing there; give it a default or a further path, or say `absent: quarantine`',
      { about: nullable },
    );
}

function checkWords(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  type: CanonicalType,
  sources: readonly Attribute[],
): void {
  const words = [...new Set(sources.flatMap((source) => source.values ?? []))].map(String);
  const about = sources.find((source) => source.discovered);
  if (!rule.values && rule.valuesFrom === undefined) {
    if (type.kind === 'enum' && !(words.length > 0 && words.every((word) => type.values.includes(word))))
      found(check, keyPath, `is one of ${type.values.join(', ')}; give it values`, { about });
    return;
  }
  if (rule.otherwise !== undefined) return;
  const spelled = (word: string): string => (rule.loose === true ? looseKey(word) : word);
  const known = new Set(Object.keys(rule.values ?? {}).map(spelled));
  const missing = words.filter((word) => !known.has(spelled(word)));
  if (missing.length > 0)
    found(check, keyPath, `has no entry for the vendor's ${missing.join(', ')}; add them or set otherwise`, {
      at: ['values'],
      about,
    });
}

function fits(to: CanonicalType['kind'], { type: from, discovered }: Attribute, rule: Rule): boolean {
  if (from === 'json' || to === 'json' || to === 'record') return true;
  if (from === 'list' || from === 'object') return false;
  // Records show texts and numbers where a contract would say instant; whether they can be read is seen record by record.
  if (discovered) return true;
  if (to === 'text' || to === 'enum') return true;
  if (to === 'integer') return from === 'integer' || rule.type === 'integer';
  if (to === 'number') return from === 'integer' || from === 'number' || rule.type === 'number';
  if (to === 'boolean') return from === 'boolean';
  return from === 'instant' || from === 'date' || from === 'epoch';
}
