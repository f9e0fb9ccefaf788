/** Times as Python and its databases spell them: naive, in UTC or in the server's own zone (contract 9, timestamps). */

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, format);
  }
  return format;
}

export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** `2026-02-03T09:14:02`, the wall clock of that zone. */
function wallClock(ms: number, zone: string): string {
  if (zone === 'UTC') return new Date(ms).toISOString().slice(0, 19);
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, value]),
  );
  const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
  return `${year}-${month}-${day}T${hour}:${minute}:${second}`;
}

/** `datetime.now().isoformat()`: microseconds, left out when there are none. */
export function isoLocal(ms: number, zone: string): string {
  const micros = ((ms % 1000) + 1000) % 1000;
  const fraction = micros === 0 ? '' : `.${String(Math.floor(micros)).padStart(3, '0')}000`;
  return `${wallClock(Math.floor(ms / 1000) * 1000, zone)}${fraction}`;
}

/** The same with a blank, as SQLite's adapter stores a datetime. */
export function sqliteLocal(ms: number, zone: string): string {
  return isoLocal(ms, zone).replace('T', ' ');
}

/** SQLite's CURRENT_TIMESTAMP: UTC whatever the server's zone, whole seconds, a blank. */
export function sqliteNow(ms: number): string {
  return new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

const DATETIME =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:[.,](\d{1,6})\d*)?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

function pythonZone(zone: string): string {
  if (zone === '') return '';
  if (zone.toUpperCase() === 'Z') return '+00:00';
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

/** What `isoformat()` gives of a date a client sent; null when Pydantic would refuse it. */
export function readDatetime(value: unknown): string | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))) {
    const number = Number(value);
    // Pydantic takes big numbers for milliseconds.
    const ms = Math.abs(number) > 2e10 ? number : number * 1000;
    return Math.abs(ms) > 8.64e15 ? null : `${isoLocal(ms, 'UTC')}+00:00`;
  }
  const match = typeof value === 'string' ? DATETIME.exec(value) : null;
  if (match === null) return null;
  const [, day = '', minutes = '00:00', seconds = '00', fraction = '', zone = ''] = match;
  const text = `${day}T${minutes}:${seconds}`;
  const read = new Date(`${text}Z`);
  // The 30th of February rolls over in JavaScript and is refused in Python.
  if (Number.isNaN(read.getTime()) || !read.toISOString().startsWith(text)) return null;
  const micros = /[1-9]/.test(fraction) ? `.${fraction.padEnd(6, '0')}` : '';
  return `${text}${micros}${pythonZone(zone)}`;
}
