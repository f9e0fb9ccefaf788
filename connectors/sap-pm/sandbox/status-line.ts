/** The line of system statuses: order of tokens, columns of five, 40 characters and not one more (contract 2.1). */
import { statusToken } from './language.ts';
import type { Value, Values } from './schema.ts';

const LIFE_CYCLE = ['CLSD', 'TECO', 'REL', 'CRTD'];
const LINE_MAX = 40;

export function tokensOf(values: Values): string[] {
  const text = values['_status'];
  return typeof text === 'string' ? text.split(' ').filter((token) => token !== '') : [];
}

export function withTokens(values: Values, add: readonly string[], remove: readonly string[] = []): string {
  const set = new Set(tokensOf(values).filter((token) => !remove.includes(token)));
  for (const token of add) set.add(token);
  return [...set].join(' ');
}

/** On a header the life-cycle status leads; on an operation everything is alphabetical. */
export function statusLine(values: Values, language: 'EN' | 'DE', header: boolean): Value {
  const tokens = tokensOf(values).map((token) => token);
  const lead = header ? LIFE_CYCLE.find((token) => tokens.includes(token)) : undefined;
  const rest = tokens.filter((token) => token !== lead).sort();
  const ordered = lead === undefined ? rest : [lead, ...rest];
  return ordered
    .map((token) => statusToken(token, language).padEnd(5))
    .join('')
    .slice(0, LINE_MAX)
    .trimEnd();
}
