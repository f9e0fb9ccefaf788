/** When a report about an asset raises an alert. Comparison is strict: a figure at its limit is in order. */
import type { AlertSeverity } from '../../store/assets/asset-alerts.ts';

export const ALERT_TYPES = [
  'low_uptime',
  'low_efficiency',
  'high_temperature',
  'high_vibration',
  'high_error_count',
  'condition_warning',
] as const;
export type AlertType = (typeof ALERT_TYPES)[number];

export interface Finding {
  alertType: AlertType;
  severity: AlertSeverity;
  message: string;
}

interface Threshold {
  alertType: AlertType;
  severity: AlertSeverity;
  figure: 'uptime_percentage' | 'efficiency_rating' | 'temperature' | 'vibration' | 'error_count';
  below?: number;
  above?: number;
  says: (value: number) => string;
}

export const THRESHOLDS: readonly Threshold[] = [
  {
    alertType: 'low_uptime',
    severity: 'medium',
    figure: 'uptime_percentage',
    below: 80,
    says: (value) => `uptime is ${String(value)} %, below 80 %`,
  },
  {
    alertType: 'low_efficiency',
    severity: 'medium',
    figure: 'efficiency_rating',
    below: 70,
    says: (value) => `efficiency is ${String(value)} %, below 70 %`,
  },
  {
    alertType: 'high_temperature',
    severity: 'high',
    figure: 'temperature',
    above: 80,
    says: (value) => `temperature is ${String(value)} °C, above 80 °C`,
  },
  {
    alertType: 'high_vibration',
    severity: 'high',
    figure: 'vibration',
    above: 10,
    says: (value) => `vibration is ${String(value)} units, above 10`,
  },
  {
    alertType: 'high_error_count',
    severity: 'high',
    figure: 'error_count',
    above: 5,
    says: (value) => `${String(value)} errors were counted, more than 5`,
  },
];

export function findingsOfReading(
  assetName: string,
  reading: Readonly<Partial<Record<Threshold['figure'], number | null>>>,
): Finding[] {
  return THRESHOLDS.flatMap(({ alertType, severity, figure, below, above, says }) => {
    const value = reading[figure] ?? null;
    if (value === null) return [];
    const beyond = (below !== undefined && value < below) || (above !== undefined && value > above);
    return beyond ? [{ alertType, severity, message: `${assetName}: ${says(value)}.` }] : [];
  });
}

export function findingsOfCondition(assetName: string, condition: string): Finding[] {
  if (condition !== 'poor' && condition !== 'critical') return [];
  return [
    {
      alertType: 'condition_warning',
      severity: condition === 'critical' ? 'high' : 'medium',
      message: `${assetName}: condition is ${condition}.`,
    },
  ];
}
