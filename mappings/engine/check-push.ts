/** The type check of push rules: where they write exists and may be written, and takes what they send. */
import { typeAt, type CanonicalMember, type CanonicalType } from './canonical-type.ts';
import { checkUnit, found, unknownTo, type Check } from './findings.ts';
import type { KeyPath, Rule } from './source.ts';
import { attributeAt, type Attribute } from './vendor-schema.ts';

type Members = ReadonlyMap<string, CanonicalMember>;

/** What the sources of the rules are: fields of the record, or members of a list's elements. */
export interface PushScope {
  check: Check;
  members: Members;
  references: ReadonlySet<string>;
}

export function checkPush(
  scope: PushScope,
  keyPath: KeyPath,
  rule: Rule,
  { attribute, updates }: { attribute: Attribute | undefined; updates: boolean },
): void {
  const { check, members, references } = scope;
  if (!attribute) {
    const where = check.discovered ? `is a field ${unknownTo(check)}` : 'is no field of the vendor schema';
    found(check, keyPath, where);
    return;
  }
  if (attribute.missing) {
    found(
      check,
      keyPath,
      'is no field of the system, which refuses records that write it; take the rule away with null',
    );
    return;
  }
  if (attribute.readOnly) found(check, keyPath, 'is read-only at the vendor', { about: attribute });
  const from = [rule.from ?? []].flat();
  if (updates) checkClearing(scope, keyPath, rule, attribute);
  if (rule.each !== undefined) {
    const list = typeAt(members, rule.each);
    if (list?.kind !== 'list' || list.item.kind !== 'object') return;
    const inner = { check, members: list.item.members, references: new Set(['part', 'person']) };
    checkMembers(inner, [...keyPath, 'item'], rule.item ?? {}, attribute);
    return;
  }
  if (rule.fields) {
    checkMembers(scope, [...keyPath, 'fields'], rule.fields, attribute);
    return;
  }
  for (const word of sentWords(rule))
    if (attribute.values && !attribute.open && !attribute.values.map(String).includes(word))
      found(check, keyPath, `would send ${word}, which the vendor does not know`, { about: attribute });
  const [source] = from;
  if (rule.expr !== undefined || source === undefined || rule.const !== undefined) return;
  const type = typeAt(members, source);
  if (!type) return;
  checkWords(check, keyPath, rule, type, attribute);
  checkUnit(check, keyPath, rule, source, attribute);
  if (rule.values || rule.valuesFrom !== undefined) return;
  const isKey = rule.part !== undefined || from.some((field) => references.has(field));
  const problem = typeProblem(rule, isKey ? 'text' : type.kind, attribute, isKey);
  if (problem !== null) found(check, keyPath, problem, { about: attribute });
}

function checkMembers(
  scope: PushScope,
  keyPath: KeyPath,
  rules: Record<string, Rule>,
  attribute: Attribute,
): void {
  // Nothing is known of what is inside.
  if (attribute.discovered === true && attribute.item === undefined) return;
  for (const [name, rule] of Object.entries(rules))
    checkPush(scope, [...keyPath, name], rule, {
      attribute: attribute.item && attributeAt(attribute.item, name),
      updates: false,
    });
}

/** An update clears with null what the hub no longer knows; a vendor field that takes no null must say what happens. */
function checkClearing(
  { check, members }: PushScope,
  keyPath: KeyPath,
  rule: Rule,
  attribute: Attribute,
): void {
  const from = [rule.from ?? []].flat();
  if (attribute.nullable || rule.clear === false || rule.default !== undefined) return;
  if (rule.const !== undefined || rule.each !== undefined || from.length === 0) return;
  if (from.some((field) => members.get(field)?.required === true)) return;
  found(
    check,
    keyPath,
    'would be cleared with null, which the vendor refuses; say clear: false or give it a default',
    { about: attribute },
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

function checkWords(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  type: CanonicalType,
  attribute: Attribute,
): void {
  const words =
    type.kind === 'enum' ? type.values : type.kind === 'boolean' && rule.values ? ['true', 'false'] : [];
  if (words.length === 0) return;
  if (!rule.values) {
    if (attribute.values && words.some((word) => !attribute.values?.map(String).includes(word)))
      found(
        check,
        keyPath,
        `sends ${words.join(', ')}, the vendor knows ${attribute.values.join(', ')}; give it values`,
        { about: attribute },
      );
    return;
  }
  const missing = words.filter((word) => !(word in (rule.values ?? {})));
  // `otherwise` covers the words of further sources, never those of the first.
  const covered =
    rule.otherwise !== undefined && rule.otherwise !== 'fail' && [rule.from].flat().length === 1;
  if (missing.length > 0 && !covered)
    found(check, keyPath, `has no entry for ${missing.join(', ')}; add them or set otherwise`, {
      at: ['values'],
      about: attribute,
    });
}

/** The end of a sentence when what is sent is not what the vendor's field takes. */
function typeProblem(
  rule: Rule,
  from: CanonicalType['kind'],
  attribute: Attribute,
  isKey: boolean,
): string | null {
  const { type: to } = attribute;
  if (from === 'instant') return instantProblem(rule, attribute);
  if (to === 'text' || to === 'reference') {
    if ((from === 'number' || from === 'integer' || from === 'boolean') && rule.type !== 'text')
      return `is text at the vendor, but the canonical field is ${from}; say type: text`;
    const { maxLength = Infinity } = attribute;
    return from === 'text' && !isKey && maxLength < Infinity && (rule.maxLength ?? Infinity) > maxLength
      ? `holds ${maxLength} characters at the vendor; set maxLength to that or less`
      : null;
  }
  if (to === 'integer' && from === 'number' && rule.type !== 'integer')
    return 'is a whole number at the vendor; say type: integer';
  const isNumber = to === 'integer' || to === 'number';
  if (isNumber && from === 'text' && rule.type !== 'number' && rule.type !== 'integer')
    return `is ${to} at the vendor, but the canonical field is text; say type: ${to}`;
  return to === 'boolean' && from !== 'boolean' && rule.type !== 'boolean'
    ? `is boolean at the vendor, but the canonical field is ${from}`
    : null;
}

function instantProblem(rule: Rule, attribute: Attribute): string | null {
  const { type: to, precision, discovered } = attribute;
  if (to === 'epoch' && rule.type !== 'epoch') return 'is epoch milliseconds at the vendor; say type: epoch';
  if ((to === 'integer' || to === 'number') && rule.type !== 'epoch')
    return 'is a number at the vendor; say type: epoch, with precision: second where it counts seconds';
  if (to === 'instant' && discovered !== true && precision !== rule.precision)
    return `is kept to the ${precision ?? 'millisecond'} at the vendor; say so with precision`;
  return to === 'date' && rule.precision !== 'day' ? 'is a date at the vendor; say precision: day' : null;
}
