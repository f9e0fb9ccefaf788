/** How a benchmark reports: a table for people, then the same as one JSON line for programs. */
import { cpus, loadavg } from 'node:os';

export type Row = readonly [name: string, value: number | string, unit: string];

export function report(title: string, rows: readonly Row[]): void {
  const load = loadavg()[0] ?? 0;
  const all: Row[] = [
    ...rows,
    ['load average of the machine at the end', round(load), `on ${cpus().length} cores`],
  ];
  const name = Math.max(...all.map(([text]) => text.length));
  const lines = all.map(([text, value, unit]) => {
    const shown = typeof value === 'number' ? round(value).toLocaleString('en') : value;
    return `  ${text.padEnd(name)}  ${shown.padStart(12)} ${unit}`;
  });
  const json = Object.fromEntries(
    all.map(([text, value]) => [text, typeof value === 'number' ? round(value) : value]),
  );
  process.stdout.write(`${title}\n${lines.join('\n')}\n${JSON.stringify({ bench: title, ...json })}\n`);
}

/** Three digits are more than a shared machine can repeat. */
function round(value: number): number {
  return value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
