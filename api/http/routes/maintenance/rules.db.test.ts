import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';

interface Shown {
  schedule: { id: string; next_scheduled: string | null };
  calendar_id: string;
  schedule_rules: { rules: unknown; calendar_id: string | null; version: number };
  occurrences: Record<string, string | null>[];
  affected_orders: Record<string, string | null>[];
  explanation: { nominal: string; due: string[]; sentences: { step: string; text: string }[] };
  task_ids: string[];
  new_tasks_count: number;
  errors: { field: string }[];
}

let api: TestApi;
let calendarId: string;
beforeAll(async () => {
  api = await openTestApi();
  const { person } = api;
  await person.store.inTenant(person.tenantId, (tx) =>
    createRecord(person, tx, 'asset', { name: 'Excavator', tag: 'EX-1' }, { at: NOW, readingSource: 'hub' }),
  );
  const body = {
    name: 'Pit',
    timezone: 'Europe/Berlin',
    working_days: [0, 1, 2, 3, 4],
    holidays: ['2031-06-02'],
  };
  calendarId = (await call('POST', '/calendars', body, 201)).calendar_id;
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

const NOW = '2026-03-01T08:00:00.000Z';

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  status = 200,
) {
  const answer = await api.call(method, path, body === undefined ? {} : { body });
  expect([answer.statusCode, answer.body]).toEqual([status, expect.any(String)]);
  return answer.json<Shown>();
}

/** Every Monday at eight in Berlin. */
async function schedule(changes: Record<string, unknown> = {}): Promise<string> {
  const body = {
    name: 'Greasing',
    description: 'All nipples.',
    maintenance_type: 'lubrication',
    priority: 'medium',
    frequency: 'weekly',
    trigger_type: 'time_based',
    trigger_value: 7,
    estimated_duration: 30,
    estimated_cost: 20,
    basis: 'fixed',
    timezone: 'Europe/Berlin',
    asset_ids: ['EX-1'],
    next_scheduled: '2031-05-26T06:00:00.000Z',
    ...changes,
  };
  return (await call('POST', '/maintenance/schedules', body, 201)).schedule.id;
}
const path = (id: string, rest: string) => `/maintenance/schedules/${id}/${rest}`;

describe('the rules of a schedule', () => {
  it('are kept, replaced as a whole and guarded by their version', async () => {
    const id = await schedule();
    expect((await call('GET', path(id, 'rules'))).schedule_rules).toEqual({
      rules: {},
      calendar_id: null,
      version: 0,
    });
    const rules = { non_working: 'next', lead: { n: 3, unit: 'working_day' } };
    const put = await call('PUT', path(id, 'rules'), { rules, calendar_id: calendarId });
    expect(put.schedule_rules).toEqual({ rules, calendar_id: calendarId, version: 1 });
    expect((await call('PUT', path(id, 'rules'), { rules: {} })).schedule_rules.rules).toEqual({});
    const stale = await api.call('PUT', path(id, 'rules'), {
      body: { rules },
      headers: { 'if-match': '"1"' },
    });
    expect(stale.statusCode).toBe(412);
  });

  it.each<[string, unknown, string]>([
    ['a season that never opens', { season: { ranges: [] } }, 'rules.season.ranges'],
    [
      'a day that there is not',
      { season: { ranges: [{ from: '02-30', to: '03-10' }] } },
      'rules.season.ranges[0].from',
    ],
    ['a selector of other periods', { on: { month_day: 3 } }, 'rules.on'],
    ['a share of a deviation that nothing moves', { shift: { late_pct: 50 } }, 'rules.shift'],
    ['an exception that is no date', { except: ['2031-02-30'] }, 'rules.except[0]'],
  ])('refuse %s, and nothing is stored', async (_what, rules, field) => {
    const id = await schedule();
    for (const [method, rest] of [
      ['PUT', 'rules'],
      ['POST', 'preview'],
    ] as const)
      expect((await call(method, path(id, rest), { rules }, 422)).errors[0]?.field).toBe(field);
    expect((await call('GET', path(id, 'rules'))).schedule_rules.version).toBe(0);
  });

  it('refuse a calendar that there is not, and keep one that they name', async () => {
    const id = await schedule();
    const unknown = '01920000-0000-7000-8000-00000000ffff';
    const refused = await call('PUT', path(id, 'rules'), { rules: {}, calendar_id: unknown }, 422);
    expect(refused.errors[0]?.field).toBe('calendar_id');
    const { calendar_id: own } = await call('POST', '/calendars', { name: 'Other' }, 201);
    await call('PUT', path(id, 'rules'), { rules: {}, calendar_id: own });
    await call('DELETE', `/calendars/${own}`, undefined, 409);
    await call('PUT', path(id, 'rules'), { rules: {} });
    await call('DELETE', `/calendars/${own}`);
  });

  it('are refused where a change of the schedule leaves them without a meaning', async () => {
    const id = await schedule();
    await call('PUT', path(id, 'rules'), { rules: { on: { weekdays: ['TU'] } } });
    const changed = await call('PATCH', `/maintenance/schedules/${id}`, { frequency: 'monthly' }, 422);
    expect(changed.errors[0]?.field).toBe('rules.on');
  });
});

describe('dates under other rules', () => {
  it('are shown before they are stored, with the orders that are planned for another date', async () => {
    const id = await schedule();
    const task = { schedule_id: id, asset_id: 'EX-1', scheduled_start: '2031-06-02T06:00:00.000Z' };
    await call('POST', '/maintenance/tasks', task, 201);
    const body = { rules: { non_working: 'next' }, calendar_id: calendarId, count: 3 };
    const { occurrences, affected_orders: orders } = await call('POST', path(id, 'preview'), body);
    expect(occurrences.map(({ nominal, change, after }) => [nominal, change, after])).toEqual([
      ['2031-05-26T08:00:00.000', 'same', '2031-05-26T06:00:00.000Z'],
      ['2031-06-02T08:00:00.000', 'moved', '2031-06-03T06:00:00.000Z'],
      ['2031-06-09T08:00:00.000', 'same', '2031-06-09T06:00:00.000Z'],
    ]);
    expect(orders).toMatchObject([
      { planned: '2031-06-02T06:00:00.000Z', would_be: '2031-06-03T06:00:00.000Z' },
    ]);
    expect((await call('GET', path(id, 'rules'))).schedule_rules.version).toBe(0);
  });

  it('are those that come, each explained, and follow a calendar that is changed', async () => {
    const id = await schedule({ next_scheduled: '2031-06-02T06:00:00.000Z' });
    await call('PUT', path(id, 'rules'), { rules: { non_working: 'next' }, calendar_id: calendarId });
    const next = async () => (await call('GET', `/maintenance/schedules/${id}`)).schedule.next_scheduled;
    expect(await next()).toBe('2031-06-03T06:00:00.000Z');
    const { explanation } = await call('GET', path(id, 'explain?date=2031-06-02'));
    expect(explanation.due).toEqual(['2031-06-03T08:00:00+02:00']);
    expect(explanation.sentences.map(({ step }) => step)).toEqual(['nominal', 'calendar', 'zone']);
    await call('GET', path(id, 'explain?date=2031-06-04'), undefined, 404);
    await call('PATCH', `/calendars/${calendarId}`, { holidays: ['2031-06-02', '2031-06-03'] });
    expect(await next()).toBe('2031-06-04T06:00:00.000Z');
    const list = path(id, 'occurrences?from=2031-06-01&to=2031-06-09');
    expect((await call('GET', list)).occurrences.map(({ nominal, due_at: due }) => [nominal, due])).toEqual([
      ['2031-06-02T08:00:00.000', '2031-06-04T06:00:00.000Z'],
      ['2031-06-09T08:00:00.000', '2031-06-09T06:00:00.000Z'],
    ]);
    await call('PATCH', `/calendars/${calendarId}`, { holidays: ['2031-06-02'] });
    expect(await next()).toBe('2031-06-03T06:00:00.000Z');
  });
});

describe('what became of planned dates', () => {
  it('is told for each, also after their work was made ahead of its date', async () => {
    const day = 86_400_000;
    const due = new Date(Date.now() + 2 * day).toISOString();
    const id = await schedule({ timezone: 'UTC', next_scheduled: due });
    expect((await call('POST', '/maintenance/schedule-recurring')).new_tasks_count).toBe(0);
    await call('PUT', path(id, 'rules'), { rules: { lead: { n: 5, unit: 'day' }, if_open: 'allow' } });
    const { task_ids: tasks } = await call('POST', '/maintenance/schedule-recurring');
    expect(tasks).toHaveLength(1);
    expect((await call('POST', '/maintenance/schedule-recurring')).new_tasks_count).toBe(0);
    const [from, to] = [due.slice(0, 10), new Date(Date.parse(due) + 7 * day).toISOString().slice(0, 10)];
    const { occurrences } = await call('GET', path(id, `occurrences?from=${from}&to=${to}`));
    expect(occurrences).toMatchObject([
      { due_at: due, outcome: 'generated', asset_id: 'EX-1', work_order_id: tasks[0] },
      { outcome: 'planned', asset_id: null, work_order_id: null },
    ]);
  });

  it('says that a replaced order was never done', async () => {
    const day = 86_400_000;
    const due = new Date(Date.now() - 9 * day).toISOString();
    const id = await schedule({ timezone: 'UTC', next_scheduled: due });
    await call('PUT', path(id, 'rules'), { rules: { if_open: 'supersede' } });
    // The first date is made, the second one had passed by then.
    const first = await call('POST', '/maintenance/schedule-recurring');
    expect(first.new_tasks_count).toBe(1);
    await call('PUT', path(id, 'rules'), { rules: { if_open: 'supersede', lead: { n: 7, unit: 'day' } } });
    expect((await call('POST', '/maintenance/schedule-recurring')).new_tasks_count).toBe(1);
    const [from, to] = [due.slice(0, 10), new Date(Date.now() + 9 * day).toISOString().slice(0, 10)];
    const { occurrences } = await call('GET', path(id, `occurrences?from=${from}&to=${to}`));
    expect(occurrences.slice(0, 3).map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['missed', 'superseded'],
      ['missed', 'coalesced'],
      ['generated', null],
    ]);
  });

  it('is asked for in ranges that are in order and not too long', async () => {
    const id = await schedule();
    for (const query of [
      'from=2031-02-01&to=2031-01-01',
      'from=2001-01-01&to=2031-01-01',
      'from=2031-02-30&to=2031-03-01',
    ])
      await call('GET', path(id, `occurrences?${query}`), undefined, 422);
  });
});
