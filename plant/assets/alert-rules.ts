/** When a report about an asset raises an alert: what the shipped rules find in it, under the asset's name. */
import { defaultRules } from '../../domain/alarms/default-rules.ts';
import { judgeReport } from '../../domain/alarms/judge-report.ts';
import type { AlarmRule } from '../../domain/alarms/rule.ts';
import { SHIPPED_METRICS } from '../../domain/readings/metrics.ts';
import type { AlertSeverity } from '../../store/assets/asset-alerts.ts';

/** The words that the shipped rules use, for the filters of the lists. */
export const ALERT_TYPES = [
  'low_uptime',
  'low_efficiency',
  'high_temperature',
  'high_vibration',
  'high_error_count',
  'condition_warning',
] as const;

export interface AlertFinding {
  alertType: string;
  severity: AlertSeverity;
  message: string;
}

/** Read once, with the first report. */
let rules: readonly AlarmRule[] | null = null;

/** Each report is judged by itself. Values that nobody gave are null; those no metric is kept for are passed over. */
export function findingsOfReport(
  assetName: string,
  report: Readonly<Record<string, number | string | null>>,
): AlertFinding[] {
  rules ??= defaultRules();
  const values = Object.entries(report).flatMap(([metric, value]) =>
    value === null || !(metric in SHIPPED_METRICS) ? [] : [{ metric, value }],
  );
  return judgeReport(rules, SHIPPED_METRICS, values).map(({ alertType, severity, text }) => ({
    alertType,
    severity,
    message: `${assetName}: ${text}.`,
  }));
}
