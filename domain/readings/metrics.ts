/**
 * The metrics that ship: what a reading of each measures, in which unit it is kept, and in which span it can lie. A plant's own
 * meters join this list under their codes; a metric that is in neither is unknown.
 */
import { ASSET_CONDITIONS } from '../entities/vocabulary.ts';

export interface Metric {
  /** A counter only rises; a word is one of a list. */
  kind: 'gauge' | 'counter' | 'word';
  /** The unit readings are kept in; null for counts and words. */
  unit: string | null;
  /** The lowest and highest value that can be measured, in that unit; null when nothing is known of it. */
  span: readonly [number, number] | null;
  /** Where to begin with a deadband, in percent of the span (EEMUA 191 as quoted by exida); null where it has none for the quantity. */
  deadbandPct: number | null;
  /** Of a word. */
  words: readonly string[] | null;
}

export type Metrics = Readonly<Record<string, Metric>>;

function gauge(
  unit: string | null,
  span: readonly [number, number] | null,
  deadbandPct: number | null = null,
): Metric {
  return { kind: 'gauge', unit, span, deadbandPct, words: null };
}

function counter(unit: string | null): Metric {
  return { kind: 'counter', unit, span: null, deadbandPct: null, words: null };
}

export const SHIPPED_METRICS: Metrics = {
  uptime_percentage: gauge('%', [0, 100]),
  efficiency_rating: gauge('%', [0, 100]),
  load_percentage: gauge('%', [0, 200]),
  throughput: gauge(null, null),
  energy_consumption: gauge('kWh', null),
  temperature: gauge('°C', [-50, 500], 1),
  vibration: gauge('mm/s', [0, 100]),
  pressure: gauge('bar', [0, 1_000], 2),
  level: gauge('%', [0, 100], 2),
  flow: gauge('L/min', null, 5),
  speed: gauge('rpm', [0, 100_000]),
  cost_per_hour: gauge(null, null),
  error_count: gauge(null, null),
  warning_count: gauge(null, null),
  operating_hours: counter('h'),
  maintenance_hours: counter('h'),
  cycles: counter(null),
  distance: counter('km'),
  /** What a person says of an asset after looking at it. */
  condition: { kind: 'word', unit: null, span: null, deadbandPct: null, words: ASSET_CONDITIONS },
};
