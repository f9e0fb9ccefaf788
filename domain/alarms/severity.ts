/** How severe an alarm is, from the least to the most. */
export const ALARM_SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type AlarmSeverity = (typeof ALARM_SEVERITIES)[number];

/** Positive when `a` is the more severe. */
export function compareSeverity(a: AlarmSeverity, b: AlarmSeverity): number {
  return ALARM_SEVERITIES.indexOf(a) - ALARM_SEVERITIES.indexOf(b);
}
