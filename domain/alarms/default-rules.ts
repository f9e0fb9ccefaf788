/**
 * The rules that ship. Each compares strictly, without deadband and delays, so that a figure at its limit is in order and
 * every report is judged by itself. A plant changes or replaces them.
 */
import type { z } from 'zod';
import { alarmRule, type AlarmRule } from './rule.ts';

const DOCUMENTS: readonly z.input<typeof alarmRule>[] = [
  {
    name: 'low-uptime',
    title: 'Uptime below 80 %',
    alertType: 'low_uptime',
    when: {
      kind: 'threshold',
      metric: 'uptime_percentage',
      unit: '%',
      op: 'lt',
      levels: [{ severity: 'medium', limit: 80 }],
    },
  },
  {
    name: 'low-efficiency',
    title: 'Efficiency below 70 %',
    alertType: 'low_efficiency',
    when: {
      kind: 'threshold',
      metric: 'efficiency_rating',
      unit: '%',
      op: 'lt',
      levels: [{ severity: 'medium', limit: 70 }],
    },
  },
  {
    name: 'high-temperature',
    title: 'Temperature above 80 °C',
    alertType: 'high_temperature',
    when: {
      kind: 'threshold',
      metric: 'temperature',
      unit: '°C',
      op: 'gt',
      levels: [{ severity: 'high', limit: 80 }],
    },
  },
  {
    name: 'high-vibration',
    title: 'Vibration above 10 mm/s',
    alertType: 'high_vibration',
    when: {
      kind: 'threshold',
      metric: 'vibration',
      unit: 'mm/s',
      op: 'gt',
      levels: [{ severity: 'high', limit: 10 }],
    },
  },
  {
    name: 'high-error-count',
    title: 'More than 5 errors',
    alertType: 'high_error_count',
    when: { kind: 'threshold', metric: 'error_count', op: 'gt', levels: [{ severity: 'high', limit: 5 }] },
  },
  {
    name: 'condition-warning',
    title: 'Condition poor or critical',
    alertType: 'condition_warning',
    when: {
      kind: 'word',
      metric: 'condition',
      levels: [
        { severity: 'medium', words: ['poor'] },
        { severity: 'high', words: ['critical'] },
      ],
    },
  },
];

/** Parsed when asked for: nothing runs at import. */
export function defaultRules(): AlarmRule[] {
  return DOCUMENTS.map((document) => alarmRule.parse(document));
}
