/**
 * Units of readings and the way from one to another. A unit belongs to one dimension; values convert within it by factor and
 * offset, differences (a deadband, a rate) by the factor alone. Spelling is exact, because `mV` and `MV` differ.
 */
import { Failure } from '../kernel/failure.ts';

interface Unit {
  dimension: string;
  /** value in the dimension's first unit = value x factor + offset */
  factor: number;
  offset: number;
}

const DIMENSIONS: Readonly<Record<string, Readonly<Record<string, number | readonly [number, number]>>>> = {
  temperature: { '°C': 1, K: [1, -273.15], '°F': [5 / 9, -160 / 9] },
  share: { '%': 1 },
  pressure: { bar: 1, Pa: 1e-5, kPa: 0.01, MPa: 10, mbar: 0.001, psi: 0.0689475729 },
  velocity: { 'mm/s': 1, 'm/s': 1_000, 'in/s': 25.4 },
  acceleration: { 'm/s²': 1, g: 9.80665 },
  'rotational speed': { rpm: 1, '1/min': 1, Hz: 60 },
  duration: { h: 1, min: 1 / 60, s: 1 / 3_600, d: 24 },
  energy: { kWh: 1, Wh: 0.001, MWh: 1_000, MJ: 1 / 3.6 },
  power: { kW: 1, W: 0.001, MW: 1_000 },
  distance: { km: 1, m: 0.001, mi: 1.609344 },
  length: { mm: 1, cm: 10, in: 25.4 },
  volume: { L: 1, 'm³': 1_000 },
  flow: { 'L/min': 1, 'm³/h': 1_000 / 60 },
  current: { A: 1, mA: 0.001 },
  voltage: { V: 1, mV: 0.001, kV: 1_000 },
};

const UNITS: ReadonlyMap<string, Unit> = new Map(
  Object.entries(DIMENSIONS).flatMap(([dimension, units]) =>
    Object.entries(units).map(([name, scale]): [string, Unit] => {
      const [factor, offset] = typeof scale === 'number' ? [scale, 0] : scale;
      return [name, { dimension, factor, offset }];
    }),
  ),
);

/** Whether values of one unit can be told in the other. A unit nobody knows converts to itself alone. */
export function isConvertible(from: string, to: string): boolean {
  if (from === to) return true;
  const dimension = UNITS.get(from)?.dimension;
  return dimension !== undefined && dimension === UNITS.get(to)?.dimension;
}

/** Example: `convertValue(100, '°F', '°C')` is 37.777… */
export function convertValue(value: number, from: string, to: string): number {
  if (from === to) return value;
  const [source, target] = unitsOf(from, to);
  return (value * source.factor + source.offset - target.offset) / target.factor;
}

/** Example: a deadband of 9 °F is one of 5 °C. */
export function convertDifference(difference: number, from: string, to: string): number {
  if (from === to) return difference;
  const [source, target] = unitsOf(from, to);
  return (difference * source.factor) / target.factor;
}

/** Units a value may be given in where `unit` is expected; the unit itself first. */
export function unitsLike(unit: string): string[] {
  const others = [...UNITS.keys()].filter((name) => name !== unit && isConvertible(name, unit));
  return [unit, ...others];
}

function unitsOf(from: string, to: string): [Unit, Unit] {
  const source = UNITS.get(from);
  const target = UNITS.get(to);
  if (source === undefined || target === undefined || source.dimension !== target.dimension) {
    throw new Failure('invalid_request', `${from} cannot be converted to ${to}.`);
  }
  return [source, target];
}
