/** The path behind a service: `Set(key)/nav/$count` in both key notations (contract 3.3). */
import { readLiteral } from './edm.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet, Field, Value } from './schema.ts';

export interface Segment {
  name: string;
  /** Text between the brackets; null without brackets. */
  key: string | null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new SapError(400, '/IWBEP/CM_MGW_RT/020', `Malformed URL segment '${text}'`);
  }
}

export function parseSegments(path: string): Segment[] {
  return path
    .split('/')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^(]+)(?:\((.*)\))?$/s.exec(decode(part));
      if (match === null) throw new SapError(400, '/IWBEP/CM_MGW_RT/020', `Malformed URL segment '${part}'`);
      return { name: match[1] ?? '', key: match[2] ?? null };
    });
}

/** Splits at commas outside quotes. */
export function splitList(text: string): string[] {
  return text.match(/(?:'(?:[^']|'')*'|[^,'])+/g) ?? [];
}

function literalFor(field: Field, literal: string): Value {
  const value = readLiteral(field, literal.trim());
  if (value === null) throw new SapError(400, '/IWBEP/CM_MGW_RT/020', `The key '${field.name}' has no value`);
  return value;
}

export function parseKey(set: EntitySet, text: string): Record<string, Value> {
  const parts = splitList(text);
  const [first = ''] = parts;
  const [only] = set.keys;
  if (parts.length === 1 && !/^\w+=/.test(first)) {
    if (set.keys.length !== 1 || only === undefined) {
      throw new SapError(
        400,
        '/IWBEP/CM_MGW_RT/020',
        `Invalid key predicate type for '${set.type}': the key has ${set.keys.length} parts`,
      );
    }
    return { [only.name]: literalFor(only, first) };
  }
  const given = new Map(
    parts.map((part) => {
      const mark = part.indexOf('=');
      return [part.slice(0, mark).trim(), part.slice(mark + 1)];
    }),
  );
  const key: Record<string, Value> = {};
  for (const field of set.keys) {
    const literal = given.get(field.name);
    if (literal === undefined) {
      throw new SapError(
        400,
        '/IWBEP/CM_MGW_RT/020',
        `The key property '${field.name}' of '${set.type}' is missing`,
      );
    }
    key[field.name] = literalFor(field, literal);
  }
  return key;
}
