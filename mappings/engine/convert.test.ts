import { describe, expect, it } from '@jest/globals';
import { pullConversion, pushConversion } from './convert.ts';
import { dateText, instantText, readDate, readInstant, usualInstantText } from './instant.ts';
import { rounded, shown } from './run.ts';

const text = (value: unknown, zone: string | null = null): string => {
  const ms = readInstant(value, zone);
  if (ms === null) return 'nothing';
  return typeof ms === 'string' ? ms : instantText(ms);
};

describe('instants', () => {
  it.each([
    ['2026-03-01T08:15:00-05:00', '2026-03-01T13:15:00.000Z'],
    ['2026-03-01T08:15:00+05:30', '2026-03-01T02:45:00.000Z'],
    ['2026-03-01T08:15:00Z', '2026-03-01T08:15:00.000Z'],
    ['2026-03-01T08:15:00.123Z', '2026-03-01T08:15:00.123Z'],
    ['2026-03-01T08:15:00.1239999+00:00', '2026-03-01T08:15:00.123Z'],
    ['2026-03-01T08:15:00.5-0500', '2026-03-01T13:15:00.500Z'],
    ['2026-03-31T23:59:59-01', '2026-04-01T00:59:59.000Z'],
    ['2024-02-29T00:00:00+00:00', '2024-02-29T00:00:00.000Z'],
    ['2026-03-01', '2026-03-01T00:00:00.000Z'],
    [1_772_370_900_000, '2026-03-01T13:15:00.000Z'],
    ['1772370900000', '2026-03-01T13:15:00.000Z'],
    ['253402300799999', '9999-12-31T23:59:59.999Z'],
    [1_772_370_900, '2026-03-01T13:15:00.000Z'],
    ['1772370900', '2026-03-01T13:15:00.000Z'],
    [1_772_370_900.25, '2026-03-01T13:15:00.250Z'],
    [-300_000_000, '1960-06-29T18:40:00.000Z'],
    [0, 'nothing'],
    ['0', 'nothing'],
    ['0001-01-01T00:00:00Z', 'nothing'],
    ['0001-01-01', 'nothing'],
    ['0001-01-01 00:00:00', 'nothing'],
    ['0000-12-31T19:00:00-05:00', 'nothing'],
    ['0000-00-00 00:00:00', 'nothing'],
    ['1970-01-01T00:00:00Z', 'nothing'],
    ['1970-01-01T01:00:00+01:00', 'nothing'],
    ['1970-01-01', '1970-01-01T00:00:00.000Z'],
  ])('%s', (value, expected) => expect(text(value)).toBe(expected));

  it.each([
    ['2026-03-01T08:15:00', 'has no offset'],
    ['2026-02-29T00:00:00Z', 'a day that does not exist'],
    ['2026-13-01T00:00:00Z', 'a day that does not exist'],
    ['2026-03-01T24:00:00Z', 'a time that does not exist'],
    ['2026-03-01T08:61:00Z', 'a time that does not exist'],
    ['2026-03-01T08:15:0xZ', 'is no instant'],
    ['2026-03-01T08:15:00.12xZ', 'is no instant'],
    ['2026-03-01T08:15:00.x23Z', 'is no instant'],
    ['soon', 'is no instant'],
    [true, 'is no instant'],
    [1e20, 'no count of milliseconds'],
    ['0026-03-01T08:00:00+00:00', 'is in the year 26'],
    ['0099-05-05T00:00:00Z', 'is in the year 99'],
    ['0001-05-05T00:00:00Z', 'is in the year 1'],
    ['0026-03-01', 'is in the year 26'],
    [17_723_709_000, 'could be seconds or milliseconds'],
    ['17723709000', 'could be seconds or milliseconds'],
    [1_000, 'could be seconds or milliseconds'],
    ['', 'is no instant'],
  ])('refuses %s', (value, message) => expect(text(value)).toContain(message));

  it('the quick reader and the general one agree', () => {
    for (let ms = Date.UTC(1999, 11, 30); ms < Date.UTC(2033, 0, 3); ms += 86_399_123 * 11) {
      const iso = new Date(ms).toISOString();
      expect(readInstant(iso, null)).toBe(ms);
      expect(readInstant(iso.replace('Z', '000+00:00'), null)).toBe(ms);
      expect(instantText(ms)).toBe(iso);
    }
  });

  it('the shortest way gives the same, or leaves it to the others', () => {
    let answered = 0;
    const offsets = ['Z', '.250Z', '+00:00', '-05:00', '+05:30', '+13:45', '-11:00', '+24:00', 'x05:00'];
    for (let ms = Date.UTC(1969, 11, 30); ms < Date.UTC(2027, 0, 3); ms += 86_399_000 * 3) {
      const wall = new Date(ms).toISOString().slice(0, 19);
      for (const offset of offsets) {
        const short = usualInstantText(wall + offset);
        if (short === null) continue;
        answered += 1;
        if (short !== text(wall + offset)) expect(short).toBe(`${wall + offset} is ${text(wall + offset)}`);
      }
    }
    expect(answered).toBeGreaterThan(30_000);
    for (const odd of [
      '2026-03-01T08:15:60Z',
      '2026-3-01T08:15:00Z0',
      '2026-03-01T08:15:00.2x0Z',
      '0026-03-01T08:15:00Z',
    ])
      expect(usualInstantText(odd)).toBeNull();
  });

  it('reads wall clocks in a zone, gaps and folds included', () => {
    expect(text('2026-07-01T08:00:00', 'Europe/Berlin')).toBe('2026-07-01T06:00:00.000Z');
    expect(text('2026-01-01T08:00:00', 'Europe/Berlin')).toBe('2026-01-01T07:00:00.000Z');
    // 02:30 does not exist on that day; the clock that has not changed yet is believed.
    expect(text('2026-03-29T02:30:00', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    // 02:30 comes twice; the first is meant.
    expect(text('2026-10-25T02:30:00', 'Europe/Berlin')).toBe('2026-10-25T00:30:00.000Z');
  });

  it('a date is the day as written, a round trip through a date is stable', () => {
    expect(readDate('2024-05-01T00:00:00-05:00', null)).toEqual({ date: '2024-05-01' });
    expect(readDate(Date.UTC(2024, 4, 1, 20), 'Australia/Perth')).toEqual({ date: '2024-05-02' });
    expect(readDate('2024-02-30', null)).toContain('does not exist');
    expect(readDate('0001-01-01T00:00:00', null)).toBeNull();
    expect(readDate('0000-00-00', null)).toBeNull();
    expect(readDate('0026-03-01', null)).toContain('is in the year 26');
    expect(readDate('1970-01-01', null)).toEqual({ date: '1970-01-01' });
    for (const zone of [null, 'Australia/Perth', 'America/St_Johns', 'Pacific/Apia']) {
      const day = dateText(Date.parse('2026-03-01T20:15:30.123Z'), zone);
      const back = readInstant(day, zone);
      expect(typeof back === 'number' && dateText(back, zone)).toBe(day);
    }
  });
});

describe('values', () => {
  it('of HTML are cut neither inside a tag nor inside an entity', () => {
    const convert = (text: string, maxLength: number) =>
      pushConversion('text', { html: true, maxLength, truncate: true })(text);
    expect(convert('a & b', 4)).toEqual({ value: 'a ' });
    expect(convert('a & b', 7)).toEqual({ value: 'a &amp;' });
    expect(convert('a\nb', 4)).toEqual({ value: 'a' });
    expect(convert('ab🔧', 3)).toEqual({ value: 'ab' });
  });

  it('keep every digit', () => {
    const big = '9007199254740993';
    for (const kind of ['integer', 'number'] as const)
      expect(pullConversion(kind, {})(big)).toBe('has more digits than a number can hold; keep it as text');
    expect(pushConversion('text', { type: 'number' })(big)).toContain('more digits');
    expect(pushConversion('text', { type: 'text' })(big)).toEqual({ value: big });
    expect(pullConversion('text', {})(big)).toEqual({ value: big });
    expect(pullConversion('number', {})('9007199254740991')).toEqual({ value: 9007199254740991 });
    expect(pullConversion('number', {})('0.12345678901234567890')).toEqual({ value: 0.123457 });
  });

  it('texts, numbers and booleans in vendor spellings', () => {
    expect(pullConversion('number', {})('1e3')).toEqual({ value: 1000 });
    expect(pullConversion('number', { factor: 60 })(0.1)).toEqual({ value: 6 });
    expect(pullConversion('number', {})('0x10')).toBe('is no number');
    expect(pullConversion('number', {})('')).toBe('is no number');
    expect(pullConversion('number', {})('1e999')).toBe('is no finite number');
    expect(pullConversion('integer', {})('12')).toEqual({ value: 12 });
    expect(pullConversion('integer', {})(1.5)).toBe('is no whole number');
    expect(pullConversion('boolean', {})('Y')).toEqual({ value: true });
    expect(pullConversion('boolean', {})(0)).toEqual({ value: false });
    expect(pullConversion('boolean', {})('maybe')).toContain('neither');
    expect(pullConversion('text', {})(7)).toEqual({ value: '7' });
    expect(pullConversion('text', {})({})).toBe('is no text');
    expect(pullConversion('text', { maxLength: 2 })('abc')).toContain('3 characters, 2 are allowed');
  });

  it('pushes divide by the factor pulls multiply with', () => {
    for (const minutes of [0, 7, 33.33, 90, 10_000]) {
      const pushed = pushConversion('number', { factor: 60 })(minutes);
      const back =
        typeof pushed === 'string'
          ? pushed
          : pullConversion('number', { factor: 60, decimals: 2 })(pushed.value);
      expect(back).toEqual({ value: minutes });
    }
  });

  it('rounds what was meant', () => {
    expect(rounded(1.005, 2)).toBe(1.01);
    expect(rounded(0.1 * 3, 6)).toBe(0.3);
    expect(Object.is(rounded(-0.0000001, 6), 0)).toBe(true);
    expect(rounded(1e300, 6)).toBe(1e300);
  });

  it('shows no whole record', () => {
    expect(shown('x'.repeat(500)).length).toBeLessThanOrEqual(60);
  });
});
