/** Findings of the type check: how serious each is, where it stands, and what both directions ask of the vendor's schema. */
import { pathText } from '../../domain/path.ts';
import type { KeyPath, PositionedSource, Rule } from './source.ts';
import { looseKey } from './values.ts';
import { attributeAt, type Attribute } from './vendor-schema.ts';

export interface Finding {
  /** `error`: the mapping is refused. `warning`: it is used, and probably not what is meant. `info`: to know. */
  level: 'error' | 'warning' | 'info';
  /** `file:line`; in an override its own path, as `pull.title.path`. */
  where: string;
  message: string;
}

export interface Check {
  source: PositionedSource;
  findings: Finding[];
  /** A system of one's own: the schema is a suggestion and what records happened to show, no contract. */
  own: boolean;
  /** Whether the connection's system was looked at. */
  discovered: boolean;
}

export type Attributes = Record<string, Attribute>;

/** `at`: the part of the rule it is about; `about`: what the vendor's schema says of it. */
export function found(
  check: Check,
  keyPath: KeyPath,
  message: string,
  { at = [], about }: { at?: KeyPath; about?: Attribute | undefined } = {},
): void {
  check.findings.push({
    level: check.own || about?.discovered === true ? 'warning' : 'error',
    where: check.source.at([...keyPath, ...at]),
    message: `\`${keyPath.join('.')}\` ${message}.`,
  });
}

/** The attribute at a path; a finding when there is none. */
export function vendorAttribute(
  check: Check,
  keyPath: KeyPath,
  attributes: Attributes,
  { path, at }: { path: string; at: KeyPath },
): Attribute | undefined {
  const attribute = attributeAt(attributes, path);
  if (!attribute)
    found(check, keyPath, `reads \`${path}\`, ${unknownTo(check)}${hint(attributes, path)}`, { at });
  return attribute;
}

export function unknownTo({ discovered }: Check): string {
  return discovered
    ? 'which neither the schema that ships nor the system itself has'
    : 'which the vendor schema does not have';
}

/** The same name in another spelling, or with dots in it, is probably what was meant. */
function hint(attributes: Attributes, path: string): string {
  const meant = Object.keys(attributes).find((name) => name === path || looseKey(name) === looseKey(path));
  return meant === undefined ? '' : `; there is \`${pathText([meant])}\``;
}

/** How many minutes (or days) one vendor unit is, by the ending of the canonical field's name. */
const UNIT_FACTORS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  Minutes: { hours: 60, days: 1_440 },
  minutes: { hours: 60, days: 1_440 },
  Days: { hours: 1 / 24, days: 1 },
};

export function checkUnit(
  check: Check,
  keyPath: KeyPath,
  rule: Rule,
  field: string,
  attribute: Attribute,
): void {
  const ending = Object.keys(UNIT_FACTORS).find((end) => field.endsWith(end));
  if (attribute.unit === undefined || ending === undefined) return;
  const factor = UNIT_FACTORS[ending]?.[attribute.unit];
  if (factor !== undefined && (rule.factor ?? 1) !== factor)
    found(
      check,
      keyPath,
      `is ${attribute.unit} at the vendor; \`${field}\` needs factor ${factor}, not ${rule.factor ?? 1}`,
    );
}
