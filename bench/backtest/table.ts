/** What came out, as tables of Markdown. */
import type { PastAlarm } from '../../domain/alarms/backtest.ts';
import { scoreFailures, type KnownFailure } from '../../domain/alarms/score-failures.ts';
import type { Candidate, Search } from '../../domain/alarms/search-settings.ts';
import { HOUR_MS } from './series.ts';

export interface Tried {
  title: string;
  alarms: readonly PastAlarm[];
}

export function scoreTable(
  tried: readonly Tried[],
  failures: readonly KnownFailure[],
  until: number,
): string {
  const head = [
    'rule',
    'alarms',
    'false',
    'hours in alarm outside the windows',
    ...failures.map(({ name }) => name),
  ];
  const rows = tried.map(({ title, alarms }) => [
    title,
    String(alarms.length),
    ...scoreCells(alarms, failures, until),
  ]);
  return markdown(head, rows);
}

/** The settings a search found on one period, and what they do on another that it did not see. */
export function searchTable(
  search: Search,
  seen: { failures: readonly KnownFailure[]; until: number },
  unseen: {
    failures: readonly KnownFailure[];
    until: number;
    alarmsOf: (candidate: Candidate) => readonly PastAlarm[];
  },
): string {
  const names = [...seen.failures, ...unseen.failures].map(({ name }) => name);
  const head = [
    'settings',
    'alarms, first part',
    'false',
    ...names.slice(0, seen.failures.length),
    'alarms, second part',
    'false',
    ...names.slice(seen.failures.length),
  ];
  const rows = [search.today, ...search.better.slice(0, 5)].map((candidate, index) => {
    const later = unseen.alarmsOf(candidate);
    return [
      index === 0 ? 'as it is' : settingsText(candidate),
      String(candidate.alarms.length),
      ...withoutHours(scoreCells(candidate.alarms, seen.failures, seen.until)),
      String(later.length),
      ...withoutHours(scoreCells(later, unseen.failures, unseen.until)),
    ];
  });
  return markdown(head, rows);
}

function settingsText({ settings }: Candidate): string {
  const { onDelayS, offDelayS, deadband, limitShift } = settings;
  const parts = [
    ...(limitShift > 0 ? [`limit ${String(limitShift)} °C lower`] : []),
    ...(deadband === null ? [] : [`deadband ${String(deadband)} °C`]),
    ...(onDelayS > 0 ? [`on-delay ${String(onDelayS / 60)} min`] : []),
    ...(offDelayS > 0 ? [`off-delay ${String(offDelayS / 60)} min`] : []),
  ];
  return parts.join(', ');
}

function scoreCells(
  alarms: readonly PastAlarm[],
  failures: readonly KnownFailure[],
  until: number,
): string[] {
  const { announced, falseAlarms } = scoreFailures(alarms, failures);
  return [
    String(falseAlarms.length),
    String(Math.round(hoursOutside(alarms, failures, until))),
    ...announced.map(({ leadMs }) => leadText(leadMs)),
  ];
}

function withoutHours([falseCount = '', , ...leads]: string[]): string[] {
  return [falseCount, ...leads];
}

function leadText(leadMs: number | null): string {
  if (leadMs === null) return 'not';
  const hours = Math.abs(leadMs / HOUR_MS).toFixed(1);
  return leadMs >= 0 ? `${hours} h before` : `${hours} h after`;
}

/** How long an alarm stood when nothing was wrong. */
function hoursOutside(
  alarms: readonly PastAlarm[],
  failures: readonly KnownFailure[],
  until: number,
): number {
  return alarms.reduce((sum, { raisedAt, clearedAt }) => {
    const end = clearedAt ?? until;
    const inside = failures.reduce(
      (hours, { from, to }) => hours + Math.max(0, Math.min(end, to) - Math.max(raisedAt, from)),
      0,
    );
    return sum + (end - raisedAt - inside) / HOUR_MS;
  }, 0);
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
