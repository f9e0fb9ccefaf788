/**
 * Payloads on their way in: names of either format reduced to lean ones, values checked against the dictionary and turned
 * into what is stored (contract 2.2, 4.2-4.3). Unknown and read-only names are dropped without a word, as the server does.
 */
import { parseDay, parseInstant, type ServerZone } from './date-time.ts';
import type { Attribute, Mbo, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';

export type Payload = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const KEPT = new Set(['_rowstamp', '_action', 'localref', 'href', '_data', '_meta']);

/** In namespaced mode names without `spi:` are silently dropped; `rdf:about` is the href. */
export function leanPayload(value: unknown, lean: boolean): unknown {
  if (Array.isArray(value)) return value.map((entry) => leanPayload(entry, lean));
  if (!isObject(value)) return value;
  const out: Record<string, unknown> = {};
  for (const [name, entry] of Object.entries(value)) {
    if (lean) out[name.toLowerCase()] = leanPayload(entry, lean);
    else if (name === 'rdf:about') out.href = entry;
    else if (name.startsWith('spi:')) out[name.slice(4).toLowerCase()] = leanPayload(entry, lean);
    else if (name === '_meta') out[name] = entry;
    else if (KEPT.has(name)) out[name] = leanPayload(entry, lean);
  }
  return out;
}

function badValue(mbo: Mbo, attribute: Attribute, value: unknown): OslcError {
  return new OslcError(
    400,
    'BMXAA4190E',
    `The value ${JSON.stringify(value)} is not valid for ${attribute.name}.`,
    {
      attribute: attribute.name,
      object: mbo.name,
    },
  );
}

function textValue(mbo: Mbo, attribute: Attribute, value: unknown): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw badValue(mbo, attribute, value);
  }
  const text = attribute.type === 'UPPER' ? String(value).toUpperCase() : String(value);
  if (attribute.length !== null && text.length > attribute.length) {
    throw new OslcError(
      400,
      'BMXAA4049E',
      `The value specified ${text.slice(0, 60)} exceeds the maximum length ${attribute.length} of ${attribute.name}.`,
      { attribute: attribute.name, object: mbo.name },
    );
  }
  return text;
}

/** A payload value as it is stored; null and "" clear. */
export function storedValue(mbo: Mbo, attribute: Attribute, value: unknown, zone: ServerZone): Value {
  if (value === null || value === undefined || value === '') return null;
  switch (attribute.type) {
    case 'YORN':
      if (value === true || value === 1 || value === '1' || value === 'true') return true;
      if (value === false || value === 0 || value === '0' || value === 'false') return false;
      throw badValue(mbo, attribute, value);
    case 'DATETIME': {
      const instant = typeof value === 'string' ? parseInstant(value, zone) : null;
      if (instant === null) throw badValue(mbo, attribute, value);
      return instant;
    }
    case 'DATE': {
      const day = typeof value === 'string' ? parseDay(value) : null;
      if (day === null) throw badValue(mbo, attribute, value);
      return day;
    }
    case 'INTEGER':
    case 'BIGINT':
    case 'DECIMAL':
    case 'AMOUNT':
    case 'DURATION': {
      const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
      const whole = attribute.type === 'INTEGER' || attribute.type === 'BIGINT';
      if (!Number.isFinite(number) || (whole && !Number.isInteger(number)))
        throw badValue(mbo, attribute, value);
      return number;
    }
    default:
      return textValue(mbo, attribute, value);
  }
}

/** The writable attributes of a payload, as stored. `status` is left to the rules of its object. */
export function storedValues(mbo: Mbo, payload: Payload, zone: ServerZone): Record<string, Value> {
  const out: Record<string, Value> = {};
  for (const [name, value] of Object.entries(payload)) {
    const attribute = mbo.attributes.get(name);
    if (attribute === undefined || attribute.readOnly || isObject(value) || Array.isArray(value)) continue;
    if (!attribute.persistent && attribute.type !== 'LONGALN') continue;
    out[name] = storedValue(mbo, attribute, value, zone);
  }
  return out;
}

/** A non-persistent attribute of the payload, checked; undefined when it was not sent. */
export function sentValue(mbo: Mbo, payload: Payload, name: string, zone: ServerZone): Value | undefined {
  const attribute = mbo.attributes.get(name);
  if (attribute === undefined || !(name in payload)) return undefined;
  return storedValue(mbo, attribute, payload[name], zone);
}
