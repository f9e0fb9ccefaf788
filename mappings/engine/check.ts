/**
 * The type check of a mapping against both sides: the canonical schema (already part of compiling) and the vendor's
 * schema file. Pure: texts in, findings out.
 */
import { ENTITY_DEFINITIONS } from '../../domain/entities/index.ts';
import { canonicalMembers, COMMENT_TYPE, typeAt } from './canonical-type.ts';
import type { CanonicalMember, CanonicalType } from './canonical-type.ts';
import { compileExpression } from './expression/compile-expression.ts';
import { readMapping } from './source.ts';
import type { PositionedSource, Rule } from './source.ts';
import { looseKey } from './values.ts';
import { attributeAt } from './vendor-schema.ts';
import type { Attribute, VendorSchema } from './vendor-schema.ts';

export interface Finding {
  level: 'error' | 'info';
  /** `file:line` */
  where: string;
  message: string;
}

interface Check {
  source: PositionedSource;
  findings: Finding[];
}

type Attributes = Record<string, Attribute>;
type Members = ReadonlyMap<string, CanonicalMember>;

/** How many minutes (or days) one vendor unit is, by the ending of the canonical field's name. */
const UNIT_FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Minutes: { hours: 60, days: 1_440 },
  minutes: { hours: 60, days: 1_440 },
  Days: { hours: 1 / 24, days: 1 },
};

export function checkAgainstVendor(text: { file: string; text: string }, vendor: VendorSchema): Finding[] {
  const { mapping, source } = readMapping(text);
  const check: Check = { source, findings: [] };
  const members = canonicalMembers(mapping.entity);
  if (mapping.object !== vendor.object)
    error(check, ['object'], `says object ${mapping.object}, the vendor schema describes ${vendor.object}`);
  for (const [name, rule] of Object.entries(mapping.pull)) {
    const type = name === 'comments' ? COMMENT_TYPE : members.get(name)?.type;
    if (type)
      checkPull(
        check,
        ['pull', name],
        rule,
        { type, required: members.get(name)?.required === true },
        vendor.attributes,
      );
  }
  const references = new Set(Object.keys(ENTITY_DEFINITIONS[mapping.entity].references));
  for (const [target, rule] of Object.entries(mapping.push)) {
    const attribute = vendor.writes[target] ?? vendor.attributes[target];
    checkPush(check, ['push', target], rule, attribute, members, references, rule.on !== 'create');
  }
  return check.findings;
}

function error(check: Check, keyPath: readonly (string | number)[], message: string): void {
  check.findings.push({
    level: 'error',
    where: check.source.at(keyPath),
    message: `\`${keyPath.join('.')}\` ${message}.`,
  });
}

function checkPull(
  check: Check,
  keyPath: string[],
  rule: Rule,
  target: CanonicalMember,
  attributes: Attributes,
): void {
  const { type } = target;
  if (rule.each !== undefined) {
    const list = vendorAttribute(check, keyPath, attributes, rule.each);
    if (list && list.type !== 'list')
      error(check, keyPath, `walks ${rule.each}, which is no list at the vendor`);
    if (list?.item && type.kind === 'list')
      checkMembers(check, [...keyPath, 'item'], rule.item ?? {}, type.item, list.item);
    return;
  }
  if (rule.fields) {
    checkMembers(check, [...keyPath, 'fields'], rule.fields, type, attributes);
    return;
  }
  if (rule.expr !== undefined) {
    for (const path of compileExpression(rule.expr).reads) vendorAttribute(check, keyPath, attributes, path);
    return;
  }
  const paths = [rule.path ?? [], rule.key ?? [], rule.sum ?? []]
    .flat(2)
    .filter((path) => !path.startsWith('$context.'));
  const sources = paths.flatMap((path) => vendorAttribute(check, keyPath, attributes, path) ?? []);
  checkRequired(check, keyPath, rule, target, sources);
  if (rule.path === undefined) return;
  checkPullWords(check, keyPath, rule, type, sources);
  for (const source of sources) {
    checkUnit(check, keyPath, rule, keyPath.at(-1) ?? '', source);
    if (!rule.values && !pullFits(type.kind, source.type, rule))
      error(
        check,
        keyPath,
        `reads a vendor ${source.type} into a canonical ${type.kind}; convert it with type or values`,
      );
  }
}

function checkMembers(
  check: Check,
  keyPath: string[],
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

function vendorAttribute(
  check: Check,
  keyPath: string[],
  attributes: Attributes,
  path: string,
): Attribute | undefined {
  const found = attributeAt(attributes, path);
  if (!found) error(check, keyPath, `reads \`${path}\`, which the vendor schema does not have`);
  return found;
}

function checkRequired(
  check: Check,
  keyPath: string[],
  rule: Rule,
  target: CanonicalMember,
  sources: readonly Attribute[],
): void {
  if (!(target.required || rule.required === true) || rule.default !== undefined || rule.orSkip === true)
    return;
  if (rule.absent === 'quarantine') return;
  if (rule.const !== undefined || sources.length === 0) return;
  const mayBeNothing = rule.key
    ? sources.some((source) => source.nullable)
    : sources.every((source) => source.nullable);
  if (mayBeNothing)
    error(
      check,
      keyPath,
      'is required, but the vendor may have nothing there; give it a default or a further path, or say `absent: quarantine`',
    );
}

function checkPullWords(
  check: Check,
  keyPath: string[],
  rule: Rule,
  type: CanonicalType,
  sources: readonly Attribute[],
): void {
  const words = [...new Set(sources.flatMap((source) => source.values ?? []))].map(String);
  if (!rule.values && rule.valuesFrom === undefined) {
    if (type.kind === 'enum' && !(words.length > 0 && words.every((word) => type.values.includes(word))))
      error(check, keyPath, `is one of ${type.values.join(', ')}; give it values`);
    return;
  }
  if (rule.otherwise !== undefined) return;
  const known = new Set(
    Object.keys(rule.values ?? {}).map((word) => (rule.loose === true ? looseKey(word) : word)),
  );
  const missing = words.filter((word) => !known.has(rule.loose === true ? looseKey(word) : word));
  if (missing.length > 0)
    error(check, keyPath, `has no entry for the vendor's ${missing.join(', ')}; add them or set otherwise`);
}

function pullFits(to: CanonicalType['kind'], from: Attribute['type'], rule: Rule): boolean {
  if (from === 'json' || to === 'json' || to === 'record') return true;
  if (from === 'list' || from === 'object') return false;
  if (to === 'text' || to === 'enum') return true;
  if (to === 'integer') return from === 'integer' || rule.type === 'integer';
  if (to === 'number') return from === 'integer' || from === 'number' || rule.type === 'number';
  if (to === 'boolean') return from === 'boolean';
  return from === 'instant' || from === 'date' || from === 'epoch';
}

function checkUnit(check: Check, keyPath: string[], rule: Rule, field: string, attribute: Attribute): void {
  const ending = Object.keys(UNIT_FACTORS).find((end) => field.endsWith(end));
  if (attribute.unit === undefined || ending === undefined) return;
  const factor = UNIT_FACTORS[ending]?.[attribute.unit];
  if (factor !== undefined && (rule.factor ?? 1) !== factor)
    error(
      check,
      keyPath,
      `is ${attribute.unit} at the vendor; \`${field}\` needs factor ${factor}, not ${rule.factor ?? 1}`,
    );
}

function checkPush(
  check: Check,
  keyPath: string[],
  rule: Rule,
  attribute: Attribute | undefined,
  members: Members,
  references: ReadonlySet<string>,
  updates: boolean,
): void {
  if (!attribute) {
    error(check, keyPath, 'is no field of the vendor schema');
    return;
  }
  if (attribute.readOnly) error(check, keyPath, 'is read-only at the vendor');
  const from = [rule.from ?? []].flat();
  checkClearing(check, keyPath, rule, from, attribute, members, updates);
  if (rule.each !== undefined) {
    const list = typeAt(members, rule.each);
    if (list?.kind !== 'list' || list.item.kind !== 'object') return;
    checkPushMembers(
      check,
      [...keyPath, 'item'],
      rule.item ?? {},
      attribute,
      list.item.members,
      new Set(['part', 'person']),
    );
    return;
  }
  if (rule.fields) {
    checkPushMembers(check, [...keyPath, 'fields'], rule.fields, attribute, members, references);
    return;
  }
  for (const word of sentWords(rule))
    if (attribute.values && !attribute.open && !attribute.values.map(String).includes(word))
      error(check, keyPath, `would send ${word}, which the vendor does not know`);
  const [source] = from;
  if (rule.expr !== undefined || source === undefined || rule.const !== undefined) return;
  const type = typeAt(members, source);
  if (!type) return;
  checkPushWords(check, keyPath, rule, type, attribute);
  checkUnit(check, keyPath, rule, source, attribute);
  if (rule.values || rule.valuesFrom !== undefined) return;
  const isKey = rule.part !== undefined || from.some((field) => references.has(field));
  checkPushType(check, keyPath, rule, isKey ? 'text' : type.kind, attribute, isKey);
}

function checkPushMembers(
  check: Check,
  keyPath: string[],
  rules: Record<string, Rule>,
  attribute: Attribute,
  members: Members,
  references: ReadonlySet<string>,
): void {
  for (const [name, rule] of Object.entries(rules))
    checkPush(check, [...keyPath, name], rule, attribute.item?.[name], members, references, false);
}

/** An update clears with null what the hub no longer knows; a vendor field that takes no null must say what happens. */
function checkClearing(
  check: Check,
  keyPath: string[],
  rule: Rule,
  from: readonly string[],
  attribute: Attribute,
  members: Members,
  updates: boolean,
): void {
  if (!updates || attribute.nullable || rule.clear === false || rule.default !== undefined) return;
  if (rule.const !== undefined || rule.each !== undefined || from.length === 0) return;
  if (from.some((field) => members.get(field)?.required === true)) return;
  error(
    check,
    keyPath,
    'would be cleared with null, which the vendor refuses; say clear: false or give it a default',
  );
}

function sentWords(rule: Rule): string[] {
  const words = Object.values(rule.values ?? {}).filter((word) => word !== null);
  if (typeof rule.const === 'string') words.push(rule.const);
  if (
    rule.otherwise !== undefined &&
    rule.otherwise !== null &&
    !['fail', 'null', 'keep'].includes(String(rule.otherwise))
  )
    words.push(rule.otherwise);
  return words.map(String);
}

function checkPushWords(
  check: Check,
  keyPath: string[],
  rule: Rule,
  type: CanonicalType,
  attribute: Attribute,
): void {
  const words =
    type.kind === 'enum' ? type.values : type.kind === 'boolean' && rule.values ? ['true', 'false'] : [];
  if (words.length === 0) return;
  if (!rule.values) {
    if (attribute.values && words.some((word) => !attribute.values?.map(String).includes(word)))
      error(
        check,
        keyPath,
        `sends ${words.join(', ')}, the vendor knows ${attribute.values.join(', ')}; give it values`,
      );
    return;
  }
  const missing = words.filter((word) => !(word in (rule.values ?? {})));
  // `otherwise` covers the words of further sources, never those of the first.
  const covered =
    rule.otherwise !== undefined && rule.otherwise !== 'fail' && [rule.from].flat().length === 1;
  if (missing.length > 0 && !covered)
    error(check, keyPath, `has no entry for ${missing.join(', ')}; add them or set otherwise`);
}

function checkPushType(
  check: Check,
  keyPath: string[],
  rule: Rule,
  from: CanonicalType['kind'],
  attribute: Attribute,
  isKey: boolean,
): void {
  const { type: to } = attribute;
  const refuse = (message: string): void => error(check, keyPath, message);
  if (from === 'instant') {
    if (to === 'epoch' && rule.type !== 'epoch')
      refuse('is epoch milliseconds at the vendor; say type: epoch');
    else if (to === 'instant' && attribute.precision !== rule.precision)
      refuse(`is kept to the ${attribute.precision ?? 'millisecond'} at the vendor; say so with precision`);
    else if (to === 'date' && rule.precision !== 'day') refuse('is a date at the vendor; say precision: day');
    return;
  }
  if (to === 'text' || to === 'reference') {
    if ((from === 'number' || from === 'integer' || from === 'boolean') && rule.type !== 'text')
      refuse(`is text at the vendor, but the canonical field is ${from}; say type: text`);
    if (
      from === 'text' &&
      !isKey &&
      attribute.maxLength !== undefined &&
      (rule.maxLength ?? Infinity) > attribute.maxLength
    )
      refuse(`holds ${attribute.maxLength} characters at the vendor; set maxLength to that or less`);
    return;
  }
  if (to === 'integer' && from === 'number' && rule.type !== 'integer')
    refuse('is a whole number at the vendor; say type: integer');
  if (
    (to === 'integer' || to === 'number') &&
    from === 'text' &&
    rule.type !== 'number' &&
    rule.type !== 'integer'
  )
    refuse(`is ${to} at the vendor, but the canonical field is text; say type: ${to}`);
  if (to === 'boolean' && from !== 'boolean')
    refuse(`is boolean at the vendor, but the canonical field is ${from}`);
}
