/** The machine's temperatures as readings, and what is known of its failures (data/README.md). Its wall times count as UTC. */
import { readFileSync } from 'node:fs';
import type { Reading } from '../../domain/alarms/input-order.ts';
import type { KnownFailure } from '../../domain/alarms/score-failures.ts';

export const HOUR_MS = 3_600_000;
const FILE = new URL('../../data/machine_temperature.csv', import.meta.url);

/** As the file has them: an hour is there twice, and time steps back once. */
export function machineTemperature(): Reading[] {
  const [, ...lines] = readFileSync(FILE, 'utf8').trim().split('\n');
  return lines.map((line) => {
    const [time = '', value = ''] = line.split(',');
    return {
      metric: 'temperature',
      source: 'machine',
      at: Date.parse(`${time.replace(' ', 'T')}Z`),
      value: Number(value),
    };
  });
}

export const FAILURES: readonly KnownFailure[] = [
  failure('planned shutdown', '2013-12-11T06:00Z'),
  failure('anomaly', '2013-12-16T17:25Z'),
  failure('onset of the failure', '2014-01-28T13:55Z'),
  failure('catastrophic failure', '2014-02-08T14:30Z'),
];

function failure(name: string, time: string): KnownFailure {
  const at = Date.parse(time);
  return { name, at, from: at - 24 * HOUR_MS, to: at + 24 * HOUR_MS };
}
