/** The series, what is known of its failures and what each rule raised, as one picture in SVG. */
import type { PastAlarm } from '../../domain/alarms/backtest.ts';
import type { Reading } from '../../domain/alarms/input-order.ts';
import type { KnownFailure } from '../../domain/alarms/score-failures.ts';
import type { Tried } from './table.ts';

const WIDTH = 1_000;
const LEFT = 50;
const TOP = 44;
const PLOT_HEIGHT = 260;
const ROW_HEIGHT = 34;
const DAY_MS = 86_400_000;

export interface Picture {
  readings: readonly Reading[];
  failures: readonly KnownFailure[];
  limit: number;
  tried: readonly Tried[];
  from: number;
  until: number;
}

export function plot(picture: Picture): string {
  const { tried, from, until } = picture;
  const height = TOP + PLOT_HEIGHT + 40 + tried.length * ROW_HEIGHT + 10;
  const x = (at: number): number => LEFT + ((at - from) / (until - from)) * (WIDTH - LEFT - 10);
  const y = (value: number): number => TOP + PLOT_HEIGHT - (value / 110) * PLOT_HEIGHT;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${String(WIDTH)} ${String(height)}" font-family="sans-serif" font-size="12">`,
    `<title>Machine temperature, known failures and the alarms of each rule</title>`,
    `<rect width="${String(WIDTH)}" height="${String(height)}" fill="#fff"/>`,
    ...failureMarks(picture, x, height),
    ...axes(picture, x, y),
    `<path d="${seriesPath(picture, x, y)}" stroke="#1f5f8b" fill="none"/>`,
    `<path d="M${String(LEFT)} ${round(y(picture.limit))}H${String(WIDTH - 10)}" stroke="#b3261e" stroke-dasharray="4 3"/>`,
    ...tried.flatMap((one, index) => alarmRow(one, picture, TOP + PLOT_HEIGHT + 40 + index * ROW_HEIGHT, x)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function failureMarks({ failures }: Picture, x: (at: number) => number, height: number): string[] {
  return failures.flatMap(({ name, at, from, to }, index) => [
    `<rect x="${round(x(from))}" y="${String(TOP)}" width="${round(x(to) - x(from))}" height="${String(height - TOP - 10)}" fill="#f3d9a4" opacity="0.6"/>`,
    `<path d="M${round(x(at))} ${String(TOP)}V${String(height - 10)}" stroke="#8a5a00"/>`,
    `<text x="${round(x(at))}" y="${String(TOP - 8 - 16 * (index % 2))}" text-anchor="middle">${name}</text>`,
  ]);
}

function axes({ from, until }: Picture, x: (at: number) => number, y: (value: number) => number): string[] {
  const days = Array.from(
    { length: Math.ceil((until - from) / (7 * DAY_MS)) },
    (_, index) => (Math.floor(from / DAY_MS) + 1 + 7 * index) * DAY_MS,
  );
  return [
    ...[0, 20, 40, 60, 80, 100].map(
      (value) =>
        `<path d="M${String(LEFT)} ${round(y(value))}H${String(WIDTH - 10)}" stroke="#ddd"/><text x="${String(LEFT - 6)}" y="${round(y(value) + 4)}" text-anchor="end">${String(value)} °C</text>`,
    ),
    ...days.map(
      (at) =>
        `<text x="${round(x(at))}" y="${String(TOP + PLOT_HEIGHT + 16)}" text-anchor="middle">${new Date(at).toISOString().slice(5, 10)}</text>`,
    ),
  ];
}

/** Lowest and highest of each point of the width: 23 readings fall on one. */
function seriesPath({ readings }: Picture, x: (at: number) => number, y: (value: number) => number): string {
  const columns = new Map<number, [number, number]>();
  for (const { at, value } of readings) {
    if (typeof value !== 'number') continue;
    const column = Math.round(x(at));
    const [low, high] = columns.get(column) ?? [value, value];
    columns.set(column, [Math.min(low, value), Math.max(high, value)]);
  }
  return [...columns]
    .map(([column, [low, high]]) => `M${String(column)} ${round(y(high))}V${round(y(low) + 0.5)}`)
    .join('');
}

function alarmRow(
  { title, alarms }: Tried,
  { until }: Picture,
  top: number,
  x: (at: number) => number,
): string[] {
  const bar = ({ raisedAt, clearedAt }: PastAlarm): string => {
    const start = x(raisedAt);
    const width = Math.max(1, x(clearedAt ?? until) - start);
    return `<rect x="${round(start)}" y="${String(top + 14)}" width="${round(width)}" height="10" fill="#b3261e"/>`;
  };
  return [
    `<text x="${String(LEFT)}" y="${String(top + 10)}">${title}: ${String(alarms.length)} alarms</text>`,
    ...alarms.map(bar),
  ];
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10);
}
