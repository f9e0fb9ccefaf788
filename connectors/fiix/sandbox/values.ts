/** Reads values as clients send them into what is stored: numbers, 0/1 flags, times as epoch milliseconds (contract 2.10). */
import { unreadable } from './fiix-error.ts';
import type { Column } from './schema.ts';
import type { Value } from './store.ts';

const ZONELESS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/;

/** Epoch milliseconds, or text without zone that is taken as UTC; null when it is neither. */
export function readTime(raw: unknown): number | null {
  if (typeof raw === 'number') return Number.isInteger(raw) ? raw : null;
  if (typeof raw !== 'string' || !ZONELESS.test(raw)) return null;
  const ms = Date.parse(`${raw}Z`);
  return Number.isNaN(ms) ? null : ms;
}

const HINTS: Readonly<Record<Column['type'], string>> = {
  int: 'a whole number',
  dec: 'a number',
  text: 'text',
  flag: '0 or 1',
  time: 'epoch milliseconds or YYYY-MM-DDTHH:mm:ss',
};

function read(type: Column['type'], raw: unknown): Value | null {
  switch (type) {
    case 'int':
      return typeof raw === 'number' && Number.isSafeInteger(raw) ? raw : null;
    case 'dec':
      return typeof raw === 'number' && Number.isFinite(raw) ? raw : null;
    case 'flag':
      return raw === 0 || raw === 1 ? raw : null;
    case 'text':
      if (typeof raw === 'number') return String(raw);
      return typeof raw === 'string' ? raw : null;
    case 'time':
      return readTime(raw);
  }
}

/** A value to store; null clears. */
export function readValue(column: Column, raw: unknown, keepEmptyText: boolean): Value | null {
  if (raw === null || raw === undefined || (raw === '' && column.type === 'text' && !keepEmptyText))
    return null;
  const value = read(column.type, raw);
  if (value === null) throw unreadable(`The value of ${column.name} must be ${HINTS[column.type]}.`);
  return value;
}

/** A value to compare with: numbers may come as text; null never matches. */
export function readOperand(column: Column, raw: unknown): Value | null {
  if (raw === null) return null;
  if (column.type === 'text') {
    if (typeof raw === 'string' || typeof raw === 'number') return String(raw);
  } else {
    const time = column.type === 'time' ? readTime(raw) : null;
    if (time !== null) return time;
    if (typeof raw === 'number') return raw;
    if (typeof raw === 'string' && raw.trim() !== '' && Number.isFinite(Number(raw))) return Number(raw);
  }
  throw unreadable(`A condition on ${column.name} needs ${HINTS[column.type]}.`);
}
