/** Which keys of a rule may stand together; said once for both directions. */
import { compileExpression } from './expression/compile-expression.ts';
import type { CompiledExpression } from './expression/compile-expression.ts';
import { isZone } from './instant.ts';
import { refuse } from './run.ts';
import type { Place } from './run.ts';
import type { Rule } from './source.ts';
import type { Direction } from './values.ts';

type Key = keyof Rule;
export type Kind = 'path' | 'key' | 'sum' | 'expr' | 'each' | 'fields' | 'const' | 'from';

const VALUE: readonly Key[] = [
  'type',
  'default',
  'required',
  'orSkip',
  'values',
  'valuesFrom',
  'otherwise',
  'loose',
  'maxLength',
  'truncate',
  'case',
  'html',
  'factor',
  'decimals',
  'zone',
];
const ALLOWED: Readonly<Record<Direction, Partial<Record<Kind, readonly Key[]>>>> = {
  pull: {
    path: [...VALUE, 'absent', 'empty'],
    key: ['required', 'orSkip', 'default', 'case', 'empty'],
    sum: ['factor', 'decimals', 'required', 'orSkip', 'default', 'empty'],
    expr: [...VALUE, 'sort', 'group', 'identity'],
    each: ['item', 'sort', 'group', 'identity', 'required', 'empty'],
    fields: ['required', 'orSkip'],
    const: ['type'],
  },
  push: {
    from: [...VALUE, 'part', 'precision', 'on', 'clear'],
    expr: [...VALUE, 'from', 'precision', 'on', 'clear'],
    each: ['item', 'on', 'clear'],
    fields: ['on', 'orSkip', 'clear'],
    const: ['from', 'on'],
    path: ['on', 'required', 'type', 'maxLength', 'truncate', 'case'],
  },
};

/** Refuses a key that would be ignored: a rule that says something must mean it. */
export function onlyKeys(rule: Rule, kind: Kind, place: Place, direction: Direction): void {
  const allowed: readonly string[] = [kind, ...(ALLOWED[direction][kind] ?? [])];
  for (const [key, value] of Object.entries(rule))
    if (value !== undefined && !allowed.includes(key))
      refuse(place, `\`${key}\` does not go with \`${kind}\` in a ${direction} rule`);
  if (rule.truncate === true && rule.maxLength === undefined) refuse(place, '`truncate` needs `maxLength`');
  if (rule.zone !== undefined && !isZone(rule.zone)) refuse(place, `"${rule.zone}" is no IANA time zone`);
  if (rule.otherwise !== undefined && !rule.values && rule.valuesFrom === undefined)
    refuse(place, '`otherwise` needs `values` or `valuesFrom`');
}

export function expressionOf(text: string, place: Place): CompiledExpression {
  try {
    return compileExpression(text);
  } catch (error) {
    return refuse(place, `its expr ${error instanceof Error ? error.message : String(error)}`);
  }
}

export function textLike(kind: string): boolean {
  return kind === 'text' || kind === 'enum' || kind === 'instant' || kind === 'date';
}
