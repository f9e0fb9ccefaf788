import { describe, expect, it } from '@jest/globals';
import { convertDifference, convertValue, isConvertible, unitsLike } from './units.ts';

describe('units', () => {
  it.each([
    [212, '°F', '°C', 100],
    [-40, '°C', '°F', -40],
    [0, '°C', 'K', 273.15],
    [14.5037738, 'psi', 'bar', 1],
    [1, 'in/s', 'mm/s', 25.4],
    [50, 'Hz', 'rpm', 3_000],
    [90, 'min', 'h', 1.5],
    [3.6, 'MJ', 'kWh', 1],
    [60, 'L/min', 'm³/h', 3.6],
    [7, 'widgets', 'widgets', 7],
  ])('%d %s in %s is %d', (value, from, to, expected) => {
    expect(convertValue(value, from, to)).toBeCloseTo(expected, 6);
  });

  it('a difference has no zero point', () => {
    expect(convertDifference(9, '°F', '°C')).toBeCloseTo(5, 9);
    expect(convertDifference(5, 'K', '°C')).toBe(5);
  });

  it('do not mix dimensions, and unknown ones stay alone', () => {
    expect(isConvertible('bar', '°C')).toBe(false);
    expect(isConvertible('widgets', 'pieces')).toBe(false);
    expect(() => convertValue(1, 'bar', '°C')).toThrow('bar cannot be converted to °C');
    expect(unitsLike('°C')).toEqual(['°C', 'K', '°F']);
    expect(unitsLike('widgets')).toEqual(['widgets']);
  });
});
