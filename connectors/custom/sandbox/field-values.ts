/** Reads a body into the columns of an object: types, words, references. All mistakes are told at once. */
import { ApiError } from './api-error.ts';
import type { Dials } from './dials.ts';
import { NEXT_STATUSES, SCHEMA, type Column, type ObjectName } from './schema.ts';
import type { Store, Values } from './store.ts';

/** What every record has beside its columns; a client may send them back, they are not taken. */
const OWN = ['id', 'version', 'created_at', 'updated_at', 'deleted_at'];

const KINDS: Readonly<Record<Column['kind'], readonly [is: (value: unknown) => boolean, what: string]>> = {
  text: [(value) => typeof value === 'string', 'a text'],
  number: [(value) => typeof value === 'number', 'a number'],
  whole: [(value) => Number.isInteger(value), 'a whole number'],
  flag: [(value) => typeof value === 'boolean', 'true or false'],
  time: [(value) => readTime(value) !== null, 'a time such as 2026-02-03T08:14:02Z'],
  date: [(value) => typeof value === 'string' && /^\d{4}-\d\d-\d\d/.test(value), 'a date such as 2026-02-03'],
  texts: [
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'string'),
    'a list of texts',
  ],
  object: [(value) => typeof value === 'object' && value !== null && !Array.isArray(value), 'an object'],
  objects: [
    (value) => Array.isArray(value) && value.every((one) => typeof one === 'object'),
    'a list of objects',
  ],
  scalar: [(value) => typeof value === 'string' || typeof value === 'number', 'a text or a number'],
};

/** Epoch milliseconds of a time in any of the formats the system itself writes; null when it is none. */
export function readTime(value: unknown): number | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,}$/.test(value))) {
    const number = Number(value);
    // Seconds have ten digits until the year 2286.
    return number < 1e11 ? number * 1000 : number;
  }
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\d/.test(value)) return null;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(value) || value.length === 10 ? value : `${value}Z`;
  const ms = Date.parse(zoned);
  return Number.isNaN(ms) ? null : ms;
}

function kept(column: Column, value: unknown): unknown {
  if (column.kind === 'time') return new Date(readTime(value) ?? 0).toISOString();
  return column.kind === 'date' ? String(value).slice(0, 10) : value;
}

function flaw(store: Store, column: Column, value: unknown): string | null {
  const [is, what] = KINDS[column.kind];
  if (!is(value)) return `must be ${what}`;
  if (column.words !== undefined && !column.words.some((word) => word === value)) {
    return `must be one of ${column.words.join(', ')}`;
  }
  const { refers } = column;
  if (refers === undefined) return null;
  const missing = (Array.isArray(value) ? (value as unknown[]) : [value]).find(
    (id) => typeof id !== 'string' || store.tables.get(refers, id) === undefined,
  );
  return missing === undefined
    ? null
    : `refers to ${refers} ${JSON.stringify(missing)}, which does not exist`;
}

export interface Taken {
  values: Values;
  /** Absent when the body does not name it. */
  reference?: string | null;
}

export interface BodyReading {
  store: Store;
  dials: Dials;
  object: ObjectName;
  /** The values before; null for a new record, and for a whole replacement. */
  before: Values | null;
  /** The status a work order leaves, when it has one. */
  leaving: unknown;
}

/** Null clears. What is missing keeps its value, or gets its fallback when there is none before. */
export function takeBody({ store, dials, object, before, leaving }: BodyReading, body: Values): Taken {
  const { columns } = SCHEMA[object];
  const flaws: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  for (const [name, column] of Object.entries(columns)) {
    const given = body[name];
    if (given === undefined) values[name] = before === null ? (column.fallback ?? null) : before[name];
    else if (given === null) values[name] = null;
    else {
      const wrong = flaw(store, column, given);
      if (wrong === null) values[name] = kept(column, given);
      else flaws[name] = wrong;
    }
    if (column.required === true && flaws[name] === undefined && (values[name] ?? '') === '') {
      flaws[name] = 'is required';
    }
  }
  const referenceName = dials.referenceField;
  if (dials.strictFields) {
    const known = [...Object.keys(columns), ...OWN, referenceName];
    for (const name of Object.keys(body)) if (!known.includes(name)) flaws[name] = 'is unknown';
  }
  const reference = body[referenceName];
  if (typeof reference !== 'string' && (reference ?? null) !== null) flaws[referenceName] = 'must be a text';
  const wrongMove = statusFlaw(dials, object, leaving, values['status']);
  if (wrongMove !== null) flaws['status'] = wrongMove;
  if (Object.keys(flaws).length > 0) {
    const message = Object.entries(flaws)
      .map(([name, what]) => `${name} ${what}`)
      .join('; ');
    throw new ApiError(422, 'validation_failed', `${message}.`, { fields: flaws });
  }
  if (referenceName === 'none' || body[referenceName] === undefined) return { values };
  return { values, reference: typeof reference === 'string' ? reference : null };
}

function statusFlaw(dials: Dials, object: ObjectName, from: unknown, to: unknown): string | null {
  if (!dials.strictStatuses || object !== 'work-orders' || typeof from !== 'string' || from === to)
    return null;
  const next = NEXT_STATUSES[from] ?? [];
  if (next.includes(String(to))) return null;
  const allowed = next.length === 0 ? 'nothing' : next.join(', ');
  return `cannot go from ${from} to ${String(to)}; allowed: ${allowed}`;
}
