/**
 * Figures (endpoints 18 and 29) against sums made here from what was sent: sections 7.1 and 7.2, with one cohort for all figures
 * and averages over what has a figure (W15, W33).
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  makeSchedule,
  makeTask,
  one,
  openContractApi,
  refusal,
  registerAsset,
  textOf,
  type ContractApi,
  type OldClient,
  type Query,
  type Shown,
} from './old-client.fixture.ts';

let contract: ContractApi;
let client: OldClient;
beforeAll(async () => {
  contract = await openContractApi();
  ({ client } = contract);
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

async function figures(path: string, query: Query = {}): Promise<Shown> {
  const answer = await client.get(path, query);
  expect([answer.status, answer.body['success']]).toEqual([200, true]);
  return one(answer, 'statistics');
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => (values.length === 0 ? 0 : sum(values) / values.length);

function close(wanted: Readonly<Record<string, number>>): Shown {
  return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, expect.closeTo(value, 4)]));
}

describe('18: maintenance', () => {
  interface Sent {
    start: string;
    /** The last of the states it was moved through. */
    end: 'scheduled' | 'overdue' | 'in_progress' | 'completed' | 'cancelled';
    minutes?: number;
    cost?: number;
  }
  const SENT: readonly Sent[] = [
    { start: '2031-01-01T00:00:00Z', end: 'completed', minutes: 50, cost: 100.1 },
    { start: '2031-01-02T00:00:00Z', end: 'completed', minutes: 70, cost: 33.33 },
    { start: '2031-01-03T00:00:00Z', end: 'completed', minutes: 0 },
    { start: '2031-01-04T00:00:00Z', end: 'in_progress' },
    { start: '2031-01-05T00:00:00Z', end: 'scheduled' },
    { start: '2031-01-06T00:00:00Z', end: 'cancelled' },
    { start: '2020-01-01T00:00:00Z', end: 'overdue' },
    { start: '2020-01-02T00:00:00Z', end: 'completed', minutes: 13, cost: 7 },
  ];

  function expected(sent: readonly Sent[]): Record<string, number> {
    const done = sent.filter(({ end }) => end === 'completed');
    const costs = done.flatMap(({ cost }) => cost ?? []);
    const minutes = done.flatMap((one) => one.minutes ?? []);
    const count = (end: string): number => sent.filter((one) => one.end === end).length;
    return {
      total_tasks: sent.length,
      completed_tasks: done.length,
      overdue_tasks: count('overdue'),
      in_progress_tasks: count('in_progress'),
      completion_rate: sent.length === 0 ? 0 : (done.length / sent.length) * 100,
      total_cost: sum(costs),
      total_duration_hours: sum(minutes) / 60,
      average_cost_per_task: mean(costs),
      average_duration_per_task: mean(minutes),
    };
  }

  beforeAll(async () => {
    expect(await figures('/maintenance/statistics')).toMatchObject(expected([]));
    await registerAsset(client, 'm-1');
    const { id } = await makeSchedule(client);
    for (const { start, end, minutes, cost } of SENT) {
      const task = await makeTask(client, id, 'm-1', { scheduled_start: start });
      const path = `/maintenance/tasks/${textOf(task['id'])}`;
      if (end === 'in_progress' || end === 'completed')
        await client.post(`${path}/start`, { performer: 'x' });
      if (end === 'completed')
        await client.post(`${path}/complete`, { actual_duration: minutes, actual_cost: cost });
      if (end === 'cancelled')
        await client.put(`/work-orders/${textOf(task['id'])}/status`, { status: 'cancelled' });
    }
  });

  it('counts all tasks without dates', async () => {
    expect(await figures('/maintenance/statistics')).toMatchObject(close(expected(SENT)));
  });

  it.each<[string, Query, (start: string) => boolean]>([
    [
      'both dates, inclusive',
      { start_date: '2031-01-02T00:00:00Z', end_date: '2031-01-05T00:00:00Z' },
      (start) => start >= '2031-01-02' && start <= '2031-01-05T00:00:00Z',
    ],
    ['dates without offset', { start_date: '2031-01-01T00:00:00' }, (start) => start >= '2031'],
    [
      'a date with another offset',
      { start_date: '2031-01-04T02:00:00+02:00' },
      (start) => start >= '2031-01-04',
    ],
    ['an end alone', { end_date: '2020-12-31' }, (start) => start < '2021'],
    ['a range with nothing in it', { start_date: '2040-01-01', end_date: '2041-01-01' }, () => false],
  ])('takes %s', async (_what, query, within) => {
    const wanted = expected(SENT.filter(({ start }) => within(start)));
    expect(await figures('/maintenance/statistics', query)).toMatchObject(close(wanted));
  });

  it('is all numbers', async () => {
    const shown = await figures('/maintenance/statistics');
    expect(Object.values(shown).filter((value) => typeof value !== 'number')).toEqual([]);
  });
});

describe('29: assets', () => {
  interface Reading {
    asset: string;
    at: string;
    uptime: number;
    efficiency: number;
    errors: number;
    warnings: number;
    temperature?: number;
  }
  const STATUS: Readonly<Record<string, string>> = {
    's-1': 'operational',
    's-2': 'operational',
    's-3': 'maintenance',
    's-4': 'repair',
    's-5': 'retired',
  };
  const READINGS: readonly Reading[] = [
    { asset: 's-1', at: '2026-01-01T00:00:00Z', uptime: 90, efficiency: 80, errors: 1, warnings: 2 },
    { asset: 's-1', at: '2026-01-02T00:00:00Z', uptime: 95.5, efficiency: 85, errors: 0, warnings: 1 },
    { asset: 's-1', at: '2026-01-03T00:00:00Z', uptime: 70, efficiency: 60, errors: 3, warnings: 4 },
    { asset: 's-2', at: '2026-01-02T00:00:00Z', uptime: 99, efficiency: 99.9, errors: 5, warnings: 0 },
    {
      asset: 's-2',
      at: '2026-01-04T00:00:00Z',
      uptime: 60,
      efficiency: 90,
      errors: 6,
      warnings: 7,
      temperature: 90,
    },
  ];
  /** By 8.3, worked out by hand: asset, type, time. */
  const ALERTS: readonly (readonly [string, string, string])[] = [
    ['s-1', 'low_uptime', '2026-01-03T00:00:00Z'],
    ['s-1', 'low_efficiency', '2026-01-03T00:00:00Z'],
    ['s-2', 'low_uptime', '2026-01-04T00:00:00Z'],
    ['s-2', 'high_error_count', '2026-01-04T00:00:00Z'],
    ['s-2', 'high_temperature', '2026-01-04T00:00:00Z'],
  ];
  const ACKNOWLEDGED = ['low_efficiency', 'high_error_count'];
  const RESOLVED = ['high_error_count'];

  /** `m-1` of the other half is operational and silent. */
  const OTHERS = ['operational'];

  function expected(asset: string | null, from = '0', to = '9'): Record<string, number> {
    const statuses = Object.entries(STATUS)
      .filter(([id]) => asset === null || id === asset)
      .map(([, status]) => status)
      .concat(asset === null ? OTHERS : []);
    const mine = <T extends { asset: string; at: string }>(row: T): boolean =>
      (asset === null || row.asset === asset) && row.at >= from && row.at <= to;
    const readings = READINGS.filter(mine);
    const alerts = ALERTS.filter(([id, , at]) => mine({ asset: id, at })).map(([, type]) => type);
    const count = (status: string): number => statuses.filter((one) => one === status).length;
    return {
      total_assets: statuses.length,
      operational_assets: count('operational'),
      maintenance_assets: count('maintenance'),
      repair_assets: count('repair'),
      operational_rate: statuses.length === 0 ? 0 : (count('operational') / statuses.length) * 100,
      average_uptime: mean(readings.map(({ uptime }) => uptime)),
      average_efficiency: mean(readings.map(({ efficiency }) => efficiency)),
      total_errors: sum(readings.map(({ errors }) => errors)),
      total_warnings: sum(readings.map(({ warnings }) => warnings)),
      total_alerts: alerts.length,
      unacknowledged_alerts: alerts.filter((type) => !ACKNOWLEDGED.includes(type)).length,
      unresolved_alerts: alerts.filter((type) => !RESOLVED.includes(type)).length,
    };
  }

  beforeAll(async () => {
    for (const [id, status] of Object.entries(STATUS)) {
      await registerAsset(client, id);
      if (status !== 'operational') await client.patch(`/assets/${id}`, { status });
    }
    for (const { asset, at, uptime, efficiency, errors, warnings, temperature } of READINGS) {
      const sent = await client.post(`/assets/${asset}/performance`, {
        timestamp: at,
        uptime_percentage: uptime,
        efficiency_rating: efficiency,
        error_count: errors,
        warning_count: warnings,
        temperature,
      });
      if (sent.status > 201) throw new Error(JSON.stringify(sent.body));
    }
    for (const asset of ['s-1', 's-2']) {
      const alerts = (await client.get(`/assets/${asset}/alerts`)).body['alerts'] as Shown[];
      for (const alert of alerts) {
        const path = `/assets/${asset}/alerts/${textOf(alert['id'])}`;
        const type = textOf(alert['alert_type']);
        if (ACKNOWLEDGED.includes(type)) await client.post(`${path}/acknowledge`, { acknowledged_by: 'x' });
        if (RESOLVED.includes(type)) await client.post(`${path}/resolve`, { resolved_by: 'x' });
      }
    }
  });

  it('is reachable beside the assets (W4) and counts all of them', async () => {
    expect(await figures('/assets/statistics')).toMatchObject(close(expected(null)));
  });

  it.each(['s-1', 's-2', 's-3', 's-5'])('is about one asset, its alerts too: %s (W15)', async (asset_id) => {
    expect(await figures('/assets/statistics', { asset_id })).toMatchObject(close(expected(asset_id)));
  });

  it('is zeros for an asset that there is not', async () => {
    const shown = await figures('/assets/statistics', { asset_id: 'nowhere' });
    expect(shown).toMatchObject(expected('nowhere'));
    expect(Object.values(shown).filter((value) => value !== 0)).toEqual([]);
  });

  it.each<[string, string | null, Query, string, string]>([
    [
      'both dates, inclusive',
      null,
      { start_date: '2026-01-02T00:00:00Z', end_date: '2026-01-03T00:00:00Z' },
      '2026-01-02T00:00:00Z',
      '2026-01-03T00:00:00Z',
    ],
    [
      'dates without offset, of one asset',
      's-1',
      { start_date: '2026-01-02T00:00:00' },
      '2026-01-02T00:00:00Z',
      '9',
    ],
    [
      'a date with another offset',
      's-2',
      { end_date: '2026-01-03T23:00:00+05:00' },
      '0',
      '2026-01-03T18:00:00Z',
    ],
    [
      'a range with nothing in it',
      null,
      { start_date: '2019-01-01', end_date: '2019-02-01' },
      '2019-01-01',
      '2019-02-01',
    ],
  ])('takes %s', async (_what, asset, query, from, to) => {
    const about = asset === null ? query : { ...query, asset_id: asset };
    expect(await figures('/assets/statistics', about)).toMatchObject(close(expected(asset, from, to)));
  });

  it('is all numbers', async () => {
    const shown = await figures('/assets/statistics');
    expect(Object.values(shown).filter((value) => typeof value !== 'number')).toEqual([]);
  });
});

it.each(['/maintenance/statistics', '/assets/statistics'])(
  '%s refuses bad and reversed dates',
  async (path) => {
    expect(refusal(await client.get(path, { start_date: 'yesterday' }))).toEqual([422, 'start_date']);
    expect(refusal(await client.get(path, { end_date: '2026-13-01' }))).toEqual([422, 'end_date']);
    const reversed = { start_date: '2026-02-01', end_date: '2026-01-01' };
    expect(refusal(await client.get(path, reversed))).toEqual([422, 'end_date']);
  },
);
