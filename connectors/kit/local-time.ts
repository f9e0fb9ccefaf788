/**
 * Instants that a system writes without saying where: `2026-03-01 08:15:00` in a zone somebody has to name. In the hour
 * that happens twice (clocks put back) the earlier instant is meant, in the hour that does not happen the clock before.
 */

const SPELLING =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/** Epoch milliseconds; null when the text is no date or time. An offset in the text wins over the zone. */
export function instantOfLocal(text: string, zone: string): number | null {
  const parts = SPELLING.exec(text.trim());
  if (parts === null) return null;
  const [, day = '', time = '00:00', fraction = '', offset] = parts;
  const ms = Math.floor(Number(`0.${fraction === '' ? '0' : fraction}`) * 1_000);
  const asUtc = Date.parse(`${day}T${time.length === 5 ? `${time}:00` : time}Z`) + ms;
  if (Number.isNaN(asUtc)) return null;
  if (offset !== undefined) return asUtc - offsetMs(offset);
  if (zone === 'UTC') return asUtc;
  // The offset before the change and after it: the one that leads back to the clock that was read.
  const early = asUtc - zoneOffsetMs(asUtc - 86_400_000, zone);
  if (early + zoneOffsetMs(early, zone) === asUtc) return early;
  const late = asUtc - zoneOffsetMs(asUtc + 86_400_000, zone);
  return late + zoneOffsetMs(late, zone) === asUtc ? late : early;
}

/** What a clock in the zone shows then: `2026-03-01 16:15:00.000`. */
export function localOf(epochMs: number, zone: string): string {
  const shown = new Date(epochMs + zoneOffsetMs(epochMs, zone)).toISOString();
  return shown.replace('T', ' ').replace('Z', '');
}

function offsetMs(offset: string): number {
  if (/^(Z|UTC)$/i.test(offset)) return 0;
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)?$/.exec(offset) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function zoneOffsetMs(epochMs: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
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
  const parts = Object.fromEntries(format.formatToParts(epochMs).map(({ type, value }) => [type, value]));
  const shown = Date.parse(
    `${parts['year'] ?? ''}-${parts['month'] ?? ''}-${parts['day'] ?? ''}T${parts['hour'] ?? ''}:${parts['minute'] ?? ''}:${parts['second'] ?? ''}Z`,
  );
  return shown - Math.floor(epochMs / 1_000) * 1_000;
}
