/** What goes onto the wire as OData: literals, keys, filters and JSON values, in the spelling of each version (contract 3.1 to 3.3). Pure. */
import type { Json, JsonObject } from '../../../domain/json.ts';
import { Failure } from '../../../domain/kernel/failure.ts';
import type { Arguments, Condition, Where } from '../transport.ts';
import type { Protocol } from './services.ts';

type LiteralKind = Condition['kind'] | 'boolean' | 'time';

/** A literal of a URL, not yet percent-encoded. */
export function literal(protocol: Protocol, kind: LiteralKind, value: Json): string {
  if (typeof value === 'boolean') return String(value);
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (kind === 'text') return `'${text.replaceAll("'", "''")}'`;
  if (kind === 'time') return protocol === 'v2' ? `time'${durationOf(text)}'` : text;
  if (kind === 'date') {
    const day = dayOf(text);
    return protocol === 'v2' ? `datetime'${day}T00:00:00'` : day;
  }
  // Always Z: a + in an offset would have to be encoded twice. Whole seconds, which every server takes.
  const moment = new Date(epochOf(text)).toISOString().replace(/\.000Z$/, 'Z');
  return protocol === 'v2' ? `datetimeoffset'${moment}'` : moment;
}

export function keyPredicate(
  protocol: Protocol,
  kinds: Readonly<Record<string, 'text' | 'date'>>,
  key: JsonObject,
): string {
  const parts = Object.entries(key).map(
    ([name, value]) => `${name}=${encodeURIComponent(literal(protocol, kinds[name] ?? 'text', value))}`,
  );
  return `(${parts.join(',')})`;
}

export function filterOf(protocol: Protocol, where: Where): string {
  const one = ({ field, op, value, kind }: Condition): string =>
    `${field} ${op} ${literal(protocol, kind, value)}`;
  return where
    .map((element) => {
      if (!('field' in element)) {
        const choices = element.map(
          (all) => (all.length === 1 ? '' : '(') + all.map(one).join(' and ') + (all.length === 1 ? '' : ')'),
        );
        return choices.length === 1 ? (choices[0] ?? '') : `(${choices.join(' or ')})`;
      }
      return one(element);
    })
    .filter((part) => part !== '')
    .join(' and ');
}

/** Parameters of a function import, in the query string. */
export function parameters(protocol: Protocol, args: Arguments): string {
  return Object.entries(args)
    .flatMap(([name, arg]) =>
      arg === undefined ? [] : [`${name}=${encodeURIComponent(literal(protocol, arg.kind, arg.value))}`],
    )
    .join('&');
}

/**
 * Values of a body. Dates and moments are told by their name and shape, the same way as they are read; a text field that
 * holds a date stays as it is.
 */
export function encodeBody(protocol: Protocol, fields: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, encode(protocol, name, value)]),
  );
}

const NAMES_TIME = /Date|Time|Dte|Tme/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;
const CLOCK = /^\d\d:\d\d:\d\d$/;

export function isTimeName(name: string): boolean {
  return NAMES_TIME.test(name);
}

function encode(protocol: Protocol, name: string, value: Json): Json {
  if (Array.isArray(value)) {
    return value.map((element) =>
      typeof element === 'object' && element !== null && !Array.isArray(element)
        ? encodeBody(protocol, element)
        : element,
    );
  }
  if (typeof value === 'object' && value !== null) return encodeBody(protocol, value);
  if (protocol === 'v4' || typeof value !== 'string' || !isTimeName(name)) return value;
  if (DAY.test(value)) return `/Date(${String(epochOf(value))})/`;
  if (MOMENT.test(value)) return `/Date(${String(epochOf(value))}+0000)/`;
  if (CLOCK.test(value)) return durationOf(value);
  return value;
}

function dayOf(text: string): string {
  const day = text.slice(0, 10);
  if (DAY.test(day)) return day;
  throw new Failure('invalid_request', `"${text}" is no date.`);
}

function epochOf(text: string): number {
  const epoch = Date.parse(text);
  if (Number.isNaN(epoch)) throw new Failure('invalid_request', `"${text}" is no date or moment.`);
  return Math.floor(epoch / 1_000) * 1_000;
}

function durationOf(clock: string): string {
  const [hours = '00', minutes = '00', seconds = '00'] = clock.split(':');
  return `PT${hours}H${minutes}M${seconds}S`;
}
