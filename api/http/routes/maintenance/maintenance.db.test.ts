import { AsyncLocalStorage } from 'node:async_hooks';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { loadAssetFigures } from '../../../../store/assets/asset-figures.ts';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../work-orders/answers.fixture.ts';

const SCHEDULE = {
  name: 'Quarterly inspection',
  description: 'Hydraulics and tracks.',
  maintenance_type: 'inspection',
  priority: 'medium',
  frequency: 'quarterly',
  trigger_type: 'time_based',
  trigger_value: 90,
  estimated_duration: 120,
  estimated_cost: 200,
};
const NOBODY = '01920000-0000-7000-8000-00000000ffff';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

let assets = 0;
/** A new asset; its tag and hub id. */
async function asset(fields: Record<string, string> = {}): Promise<{ tag: string; id: string }> {
  assets += 1;
  const tag = `EX-${String(assets)}`;
  const { person } = api;
  const options = { at: new Date().toISOString(), readingSource: 'hub' };
  const { id } = await person.store.inTenant(person.tenantId, (tx) =>
    createRecord(person, tx, 'asset', { name: `Excavator ${tag}`, tag, ...fields }, options),
  );
  return { tag, id };
}

async function schedule(body: Record<string, unknown> = {}) {
  const answer = await api.call('POST', '/maintenance/schedules', { body: { ...SCHEDULE, ...body } });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<AnswerBody>().schedule;
}

async function task(scheduleId: string, assetId: string, body: Record<string, unknown> = {}) {
  const answer = await api.call('POST', '/maintenance/tasks', {
    body: { schedule_id: scheduleId, asset_id: assetId, scheduled_start: '2030-01-01T08:00:00Z', ...body },
  });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<AnswerBody>().task;
}

const readSchedule = async (id: string) =>
  (await api.call('GET', `/maintenance/schedules/${id}`)).json<AnswerBody>().schedule;
const start = (id: string, performer = 'technician_1') =>
  api.call('POST', `/maintenance/tasks/${id}/start`, { body: { performer } });
const complete = (id: string, body: unknown = {}) =>
  api.call('POST', `/maintenance/tasks/${id}/complete`, { body });
const recurring = async () => (await api.call('POST', '/maintenance/schedule-recurring')).json<AnswerBody>();

/** Lets the requests begin while the record is held, so that all of them are under way before one of them can go on. */
async function together<T>(recordId: string, requests: readonly (() => Promise<T>)[]): Promise<T[]> {
  const { person } = api;
  // The requests are no part of the transaction that holds the record.
  const outside = AsyncLocalStorage.snapshot();
  const answers = await person.store.inTenant(person.tenantId, async (tx) => {
    await sql`select 1 from hub_record where id = ${recordId} for update`.execute(tx);
    const begun = requests.map((request) => outside(request));
    // In transactions of their own: within one, PostgreSQL shows the sessions of its first look for ever.
    for (let looks = 0, waiting = 0; waiting < requests.length && looks < 10_000; looks += 1) {
      const found = await sql<{ n: number }>`
        select count(*) as n from pg_locks l join pg_stat_activity a using (pid)
        where not l.granted and a.datname = current_database()`.execute(person.store.db);
      waiting = found.rows[0]?.n ?? 0;
    }
    return begun;
  });
  return Promise.all(answers);
}

describe('maintenance schedules', () => {
  it('keep what they are given and have a first due date', async () => {
    const { tag } = await asset();
    const answer = await api.call('POST', '/maintenance/schedules', {
      body: {
        ...SCHEDULE,
        required_skills: ['hydraulics'],
        required_tools: ['torque wrench'],
        required_parts: ['HOSE-12'],
        steps: [{ name: 'Check the hoses', estimated_duration: 30 }],
        asset_ids: [tag],
      },
    });
    const { schedule_id: id, schedule: made } = answer.json<AnswerBody>();
    expect(answer.headers['location']).toBe(`/api/v1/maintenance/schedules/${id}`);
    expect(made).toMatchObject({
      ...SCHEDULE,
      required_skills: ['hydraulics'],
      required_tools: ['torque wrench'],
      required_parts: ['HOSE-12'],
      asset_ids: [tag],
      is_active: true,
      timezone: 'UTC',
      last_executed: null,
    });
    expect(made.steps).toMatchObject([
      { name: 'Check the hoses', sequence_order: 1, estimated_duration: 30 },
    ]);
    const expected = new Date(made.created_at);
    const days = (Date.parse(made.next_scheduled ?? '') - expected.getTime()) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(89);
    expect(days).toBeLessThanOrEqual(92);
    expect(await readSchedule(id)).toEqual(made);
    const listed = (
      await api.call('GET', '/maintenance/schedules?sort=-created_at&limit=1')
    ).json<AnswerBody>();
    expect(listed.schedules).toEqual([made]);
  });

  it.each(['daily', 'weekly', 'monthly', 'quarterly', 'semi_annual', 'annual', 'custom'])(
    'take the frequency %s',
    async (frequency) => {
      const made = await schedule({ frequency, trigger_value: 10 });
      expect([made.frequency, typeof made.next_scheduled]).toEqual([frequency, 'string']);
    },
  );

  it.each(['usage_based', 'condition_based', 'manual', 'event_based'])(
    'take the trigger %s, which has no date',
    async (trigger) => {
      const made = await schedule({ trigger_type: trigger, trigger_value: '500 h', frequency: 'custom' });
      expect(made).toMatchObject({
        trigger_type: trigger,
        trigger_value: '500 h',
        frequency: 'custom',
        next_scheduled: null,
      });
    },
  );

  it('take every type, and the dates they are given', async () => {
    for (const type of [
      'preventive',
      'corrective',
      'predictive',
      'emergency',
      'inspection',
      'calibration',
      'cleaning',
      'lubrication',
    ]) {
      expect((await schedule({ maintenance_type: type })).maintenance_type).toBe(type);
    }
    const made = await schedule({ next_scheduled: '2030-01-31T08:00:00+08:00', timezone: 'Australia/Perth' });
    expect(made.next_scheduled).toBe('2030-01-31T00:00:00.000Z');
  });

  it('refuse unknown words, empty names, negative figures and unknown references', async () => {
    const fields = async (body: Record<string, unknown>) => {
      const answer = await api.call('POST', '/maintenance/schedules', { body: { ...SCHEDULE, ...body } });
      expect(answer.statusCode).toBe(422);
      return answer.json<AnswerBody>().errors.map(({ field }: { field: string }) => field);
    };
    for (const [field, value] of [
      ['maintenance_type', 'magic'],
      ['priority', 'urgent'],
      ['frequency', 'hourly'],
      ['trigger_type', 'moon'],
      ['name', ' '],
      ['estimated_duration', -1],
      ['estimated_duration', 1.5],
      ['estimated_cost', -0.01],
      ['timezone', 'Mars/Olympus'],
      ['next_scheduled', 'soon'],
      ['assigned_to', 'nobody at all'],
      ['name', undefined],
      ['trigger_type', undefined],
    ] as const) {
      expect([field, await fields({ [field]: value })]).toEqual([field, [field]]);
    }
    expect(await fields({ asset_ids: ['EX-none'] })).toEqual(['asset_ids[0]']);
    expect(await fields({ frequency: 'custom', trigger_value: 'sometimes' })).toEqual(['trigger_value']);
    expect(await fields({ frequency: 'custom', trigger_value: -3 })).toEqual(['trigger_value']);
  });

  it('are changed, counted anew, guarded by their version, and deleted when no work is open', async () => {
    const { tag } = await asset();
    const made = await schedule();
    const changed = await api.call('PATCH', `/maintenance/schedules/${made.id}`, {
      body: { frequency: 'daily', name: 'Daily check', asset_ids: [tag] },
      headers: { 'if-match': '"1"' },
    });
    const after = changed.json<AnswerBody>().schedule;
    expect(after).toMatchObject({ name: 'Daily check', frequency: 'daily', asset_ids: [tag], version: 2 });
    expect(Date.parse(after.next_scheduled ?? '') < Date.parse(made.next_scheduled ?? '')).toBe(true);
    const stale = await api.call('PATCH', `/maintenance/schedules/${made.id}`, {
      body: { name: 'x' },
      headers: { 'if-match': '"1"' },
    });
    expect(stale.statusCode).toBe(412);
    const manual = await api.call('PATCH', `/maintenance/schedules/${made.id}`, {
      body: { trigger_type: 'manual' },
    });
    expect(manual.json<AnswerBody>().schedule.next_scheduled).toBeNull();
    const open = await task(made.id, tag);
    expect((await api.call('DELETE', `/maintenance/schedules/${made.id}`)).statusCode).toBe(409);
    await api.call('PUT', `/work-orders/${open.id}/status`, { body: { status: 'cancelled' } });
    expect((await api.call('DELETE', `/maintenance/schedules/${made.id}`)).statusCode).toBe(200);
    expect((await api.call('GET', `/maintenance/schedules/${made.id}`)).statusCode).toBe(404);
  });

  it('are filtered by type, activity and due date', async () => {
    const made = await schedule({
      maintenance_type: 'calibration',
      is_active: false,
      next_scheduled: '2001-01-01',
    });
    const query = 'maintenance_type=calibration&is_active=false&due_before=2001-01-02';
    const found = (await api.call('GET', `/maintenance/schedules?${query}`)).json<AnswerBody>();
    expect(found.schedules.map(({ id }: { id: string }) => id)).toEqual([made.id]);
    expect((await api.call('GET', '/maintenance/schedules?is_active=perhaps')).statusCode).toBe(422);
    expect((await api.call('GET', '/maintenance/schedules?maintenance_type=magic')).statusCode).toBe(422);
  });
});

describe('maintenance tasks', () => {
  it('take what the schedule says unless it is given, and end after its duration', async () => {
    const { tag } = await asset();
    const plan = await schedule({ steps: [{ name: 'One' }, { name: 'Two' }] });
    const made = await task(plan.id, tag, {
      assigned_to: 'technician_1',
      assigned_team: 'crew B',
      location: 'pit',
      notes: 'n',
    });
    expect(made).toMatchObject({
      schedule_id: plan.id,
      asset_id: tag,
      status: 'scheduled',
      priority: 'medium',
      maintenance_type: 'inspection',
      scheduled_start: '2030-01-01T08:00:00.000Z',
      scheduled_end: '2030-01-01T10:00:00.000Z',
      estimated_duration: 120,
      estimated_cost: 200,
      assigned_to: 'technician_1',
      assigned_team: 'crew B',
      location: 'pit',
      notes: 'n',
      completed_steps: [],
    });
    expect(made.remaining_steps.map(({ name }: { name: string }) => name)).toEqual(['One', 'Two']);
    expect((await task(plan.id, tag, { priority: 'high' })).priority).toBe('high');
    // It is a work order too.
    expect((await api.call('GET', `/work-orders/${made.id}`)).json<AnswerBody>().work_order).toMatchObject({
      schedule_id: plan.id,
    });
    expect((await api.call('GET', `/maintenance/tasks/${made.id}`)).json<AnswerBody>().task).toEqual(made);
  });

  it('refuse unknown schedules and assets, wrong words and bad dates', async () => {
    const { tag } = await asset();
    const plan = await schedule();
    const good = { schedule_id: plan.id, asset_id: tag, scheduled_start: '2030-01-01' };
    for (const [field, value] of [
      ['schedule_id', NOBODY],
      ['schedule_id', 'x'],
      ['asset_id', 'EX-none'],
      ['priority', 'urgent'],
      ['scheduled_start', '2030-13-01'],
      ['scheduled_start', undefined],
    ] as const) {
      const answer = await api.call('POST', '/maintenance/tasks', { body: { ...good, [field]: value } });
      expect([field, answer.statusCode, answer.json<AnswerBody>().errors[0]?.field]).toEqual([
        field,
        422,
        field,
      ]);
    }
    expect((await api.call('GET', `/maintenance/tasks/${NOBODY}`)).statusCode).toBe(404);
    const order = await api.call('POST', '/work-orders', {
      body: { asset_id: tag, title: 'No task', description: '', priority: 'low', estimated_hours: 0 },
    });
    expect(
      (await api.call('GET', `/maintenance/tasks/${order.json<AnswerBody>().work_order_id}`)).statusCode,
    ).toBe(404);
    expect((await start(order.json<AnswerBody>().work_order_id)).statusCode).toBe(404);
  });

  it('are listed by exact filters', async () => {
    const [one, two] = [await asset(), await asset()];
    const plan = await schedule();
    const first = await task(plan.id, one.tag, {
      assigned_to: 'tech A',
      scheduled_start: '2031-01-01T00:00:00Z',
    });
    const second = await task(plan.id, two.tag, {
      assigned_to: 'tech B',
      scheduled_start: '2031-02-01T00:00:00Z',
    });
    const late = await task(plan.id, one.tag, { scheduled_start: '2020-01-01' });
    const ids = async (query: string) =>
      (await api.call('GET', `/maintenance/tasks?schedule_id=${plan.id}&${query}`))
        .json<AnswerBody>()
        .tasks.map(({ id }: { id: string }) => id);
    expect(late).toMatchObject({ status: 'overdue', is_overdue: true });
    expect(await ids('')).toEqual([first.id, second.id, late.id]);
    expect(await ids(`asset_id=${one.tag}`)).toEqual([first.id, late.id]);
    expect(await ids('assigned_to=tech%20B')).toEqual([second.id]);
    expect(await ids('status=overdue')).toEqual([late.id]);
    expect(await ids('status=scheduled')).toEqual([first.id, second.id]);
    expect(await ids('start_date=2031-01-01&end_date=2031-01-01T00:00:00Z')).toEqual([first.id]);
    expect((await api.call('GET', '/maintenance/tasks?status=open')).statusCode).toBe(422);
    expect(
      (await api.call('GET', '/maintenance/tasks?start_date=2031-02-01&end_date=2031-01-01')).statusCode,
    ).toBe(422);
  });

  it('are started once: of two who try at once, one wins', async () => {
    const { tag } = await asset();
    const made = await task((await schedule()).id, tag);
    const both = await together(made.id, [() => start(made.id, 'first'), () => start(made.id, 'second')]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    const winner = both.find(({ statusCode }) => statusCode === 200)?.json<AnswerBody>().task;
    const read = (await api.call('GET', `/maintenance/tasks/${made.id}`)).json<AnswerBody>().task;
    expect(read).toEqual(winner);
    expect(read).toMatchObject({ status: 'in_progress', actual_start: expect.any(String) });
    const loser = both.find(({ statusCode }) => statusCode === 409)?.json<AnswerBody>();
    expect(loser?.detail).toMatch(/is in_progress; only a task that is scheduled or overdue can be started/);
  });

  it('are started when overdue too, by the performer in the query', async () => {
    const { tag } = await asset();
    const late = await task((await schedule()).id, tag, { scheduled_start: '2020-01-01' });
    const started = await api.call('POST', `/maintenance/tasks/${late.id}/start?performer=technician_9`);
    expect(started.json<AnswerBody>().task).toMatchObject({
      status: 'in_progress',
      is_overdue: true,
      assigned_to: 'technician_9',
    });
  });

  it('need a performer when only a program calls, and an existing task', async () => {
    const { tag } = await asset();
    const made = await task((await schedule()).id, tag);
    expect((await api.call('POST', `/maintenance/tasks/${made.id}/start`)).statusCode).toBe(422);
    expect((await start(NOBODY)).statusCode).toBe(404);
    expect((await complete(NOBODY)).statusCode).toBe(404);
    expect((await api.call('POST', '/maintenance/tasks/nonsense/complete')).statusCode).toBe(404);
  });

  it('are completed with their figures, which reach the asset, the schedule and the history', async () => {
    const { tag, id: assetHubId } = await asset();
    const plan = await schedule({ frequency: 'monthly' });
    const made = await task(plan.id, tag, { notes: 'bring gloves' });
    expect((await complete(made.id)).statusCode).toBe(409);
    await start(made.id);
    expect((await complete(made.id, { actual_duration: -5 })).statusCode).toBe(422);
    expect((await complete(made.id, { actual_cost: -5 })).statusCode).toBe(422);
    const done = await complete(made.id, {
      actual_duration: 110,
      actual_cost: 180,
      findings: 'worn',
      recommendations: 'replace',
    });
    expect(done.json<AnswerBody>().task).toMatchObject({
      status: 'completed',
      actual_duration: 110,
      actual_cost: 180,
      notes: 'bring gloves',
      findings: 'worn',
      recommendations: 'replace',
      actual_end: expect.any(String),
    });
    expect((await complete(made.id)).statusCode).toBe(409);
    expect((await start(made.id)).statusCode).toBe(409);
    const { actual_end: end } = done.json<AnswerBody>().task;
    const after = await readSchedule(plan.id);
    expect(after.last_executed).toBe(end);
    // A month after the day it was done, at the schedule's own time of day.
    const [year, month, day] = (end ?? '').slice(0, 10).split('-').map(Number) as [number, number, number];
    const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const date = new Date(Date.UTC(year, month, Math.min(day, lastDay))).toISOString().slice(0, 10);
    expect(after.next_scheduled).toBe(date + (plan.next_scheduled ?? '').slice(10));
    const figures = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      loadAssetFigures(tx, [assetHubId]),
    );
    expect(figures.get(assetHubId)).toMatchObject({
      maintenanceCost: 180,
      lastMaintenanceAt: new Date(end ?? ''),
    });
    const history = (await api.call('GET', `/maintenance/history?asset_id=${tag}`)).json<AnswerBody>();
    expect(history.history).toMatchObject([
      {
        task_id: made.id,
        schedule_id: plan.id,
        maintenance_type: 'inspection',
        duration: 110,
        cost: 180,
        performed_by: 'technician_1',
        findings: 'worn',
      },
    ]);
    // A corrected cost is corrected at the asset as well.
    await api.call('PATCH', `/work-orders/${made.id}`, { body: { actual_cost: 150 } });
    const corrected = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      loadAssetFigures(tx, [assetHubId]),
    );
    expect(corrected.get(assetHubId)?.maintenanceCost).toBe(150);
  });

  it('are completed once by two at once, and count once', async () => {
    const { tag, id: assetHubId } = await asset();
    const made = await task((await schedule()).id, tag);
    await start(made.id);
    const finish = () => complete(made.id, { actual_cost: 10 });
    const both = await together(made.id, [finish, finish, finish]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
    const figures = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      loadAssetFigures(tx, [assetHubId]),
    );
    expect(figures.get(assetHubId)?.maintenanceCost).toBe(10);
  });

  it('take the figures of the query as well, and work out a duration that nobody gives', async () => {
    const { tag } = await asset();
    const plan = await schedule();
    const one = await task(plan.id, tag);
    await start(one.id);
    const byQuery = await api.call(
      'POST',
      `/maintenance/tasks/${one.id}/complete?actual_duration=30&actual_cost=7.5&notes=done`,
    );
    expect(byQuery.json<AnswerBody>().task).toMatchObject({
      actual_duration: 30,
      actual_cost: 7.5,
      notes: 'done',
    });
    const two = await task(plan.id, tag);
    await start(two.id);
    // Started an hour and a half ago.
    const began = new Date(Date.now() - 90 * 60_000).toISOString();
    await api.person.store.inTenant(api.person.tenantId, (tx) =>
      sql`update hub_record set fields = fields || jsonb_build_object('startedAt', ${began}::text) where id = ${two.id}`.execute(
        tx,
      ),
    );
    expect((await complete(two.id)).json<AnswerBody>().task).toMatchObject({
      actual_duration: 90,
      actual_cost: null,
    });
  });

  it('completed as a work order leave the same behind', async () => {
    const { tag, id: assetHubId } = await asset();
    const plan = await schedule();
    const made = await task(plan.id, tag);
    await api.call('PUT', `/work-orders/${made.id}/status`, {
      body: { status: 'completed', actual_cost: 40 },
    });
    const figures = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      loadAssetFigures(tx, [assetHubId]),
    );
    expect(figures.get(assetHubId)?.maintenanceCost).toBe(40);
    expect((await readSchedule(plan.id)).last_executed).toEqual(expect.any(String));
  });
});

describe('recurring maintenance', () => {
  it('makes one task an asset and due date, and nothing when called again', async () => {
    await recurring();
    const [one, two, retired] = [await asset(), await asset(), await asset({ status: 'retired' })];
    const due = new Date(Date.now() - 86_400_000).toISOString();
    const plan = await schedule({
      frequency: 'monthly',
      next_scheduled: due,
      asset_ids: [one.tag, two.tag, retired.tag],
    });
    const first = await recurring();
    expect(first).toMatchObject({ success: true, new_tasks_count: 2, schedules_served: 1, more: false });
    const listed = (await api.call('GET', `/maintenance/tasks?schedule_id=${plan.id}`)).json<AnswerBody>();
    expect(
      listed.tasks.map((made: Record<string, unknown>) => [made['asset_id'], made['scheduled_start']]),
    ).toEqual([
      [one.tag, due],
      [two.tag, due],
    ]);
    expect((await recurring()).new_tasks_count).toBe(0);
    expect(Date.parse((await readSchedule(plan.id)).next_scheduled ?? '') > Date.now()).toBe(true);
    // Not even when somebody sets the same date again.
    await api.call('PATCH', `/maintenance/schedules/${plan.id}`, { body: { next_scheduled: due } });
    expect((await recurring()).new_tasks_count).toBe(0);
  });

  it('called by several at once makes each task once', async () => {
    await recurring();
    const assetIds = [(await asset()).tag, (await asset()).tag];
    await Promise.all([1, 2, 3].map(() => schedule({ next_scheduled: '2026-01-01', asset_ids: assetIds })));
    const all = await Promise.all(Array.from({ length: 5 }, () => recurring()));
    expect(all.reduce((sum, { new_tasks_count: n }) => sum + n, 0)).toBe(6);
  });

  it('serves a schedule left alone for long once, and writes down what was missed', async () => {
    await recurring();
    const { tag } = await asset();
    const due = new Date(Date.now() - 10 * 86_400_000).toISOString();
    const plan = await schedule({ frequency: 'daily', next_scheduled: due, asset_ids: [tag] });
    expect((await recurring()).new_tasks_count).toBe(1);
    const ledger = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      sql<{ outcome: string; reason: string | null; n: number }>`
        select outcome, reason, count(*) as n from maintenance_occurrence where plan_id = ${plan.id} group by 1, 2 order by 1`.execute(
        tx,
      ),
    );
    expect(ledger.rows).toEqual([
      { outcome: 'generated', reason: null, n: 1 },
      { outcome: 'missed', reason: 'coalesced', n: 10 },
    ]);
  });

  it('keeps the last day of the month', async () => {
    await recurring();
    const { tag } = await asset();
    const plan = await schedule({
      frequency: 'annual',
      next_scheduled: '2024-02-29T06:00:00Z',
      asset_ids: [tag],
      basis: 'fixed',
    });
    await recurring();
    const { next_scheduled: next } = await readSchedule(plan.id);
    expect(next).toMatch(/-02-2[89]T06:00:00\.000Z$/);
  });

  it('leaves alone what is not due, not active, has no asset or belongs to another system', async () => {
    await recurring();
    const { tag } = await asset();
    const past = '2026-01-01';
    const idle = await schedule({ next_scheduled: past, asset_ids: [tag], is_active: false });
    await schedule({ next_scheduled: past });
    await schedule({ next_scheduled: '2100-01-01', asset_ids: [tag] });
    const foreign = await schedule({ next_scheduled: past, asset_ids: [tag] });
    await api.person.store.inTenant(api.person.tenantId, (tx) =>
      sql`update hub_record set origin_connection_id = ${NOBODY}::uuid where id = ${foreign.id}`.execute(tx),
    );
    expect((await recurring()).new_tasks_count).toBe(0);
    await api.call('PATCH', `/maintenance/schedules/${idle.id}`, { body: { is_active: true } });
    expect((await recurring()).new_tasks_count).toBe(1);
  });

  it('does not make what a person planned for that date already', async () => {
    await recurring();
    const { tag } = await asset();
    const plan = await schedule({ next_scheduled: '2026-01-01T08:00:00Z', asset_ids: [tag] });
    await task(plan.id, tag, { scheduled_start: '2026-01-01T08:00:00Z' });
    expect((await recurring()).new_tasks_count).toBe(0);
  });
});

describe('maintenance statistics', () => {
  it('are figures of one cohort, the bounds included', async () => {
    const { tag } = await asset();
    const plan = await schedule();
    const at = (day: string) => ({ scheduled_start: `1999-03-${day}T08:00:00Z` });
    const outside = await task(plan.id, tag, { scheduled_start: '1999-02-28T23:59:59Z' });
    const cancelled = await task(plan.id, tag, at('01'));
    await api.call('PUT', `/work-orders/${cancelled.id}/status`, { body: { status: 'cancelled' } });
    for (const [day, body] of [
      ['02', { actual_duration: 60, actual_cost: 100 }],
      ['03', { actual_duration: 120 }],
    ] as const) {
      const made = await task(plan.id, tag, at(day));
      await start(made.id);
      await complete(made.id, body);
    }
    await start((await task(plan.id, tag, at('04'))).id);
    await task(plan.id, tag, at('05'));
    const answer = await api.call(
      'GET',
      '/maintenance/statistics?start_date=1999-03-01&end_date=1999-03-05T10:00:00%2B02:00',
    );
    expect(answer.json<AnswerBody>().statistics).toEqual({
      total_tasks: 5,
      scheduled_tasks: 0,
      in_progress_tasks: 1,
      on_hold_tasks: 0,
      completed_tasks: 2,
      cancelled_tasks: 1,
      overdue_tasks: 1,
      completion_rate: 40,
      total_cost: 100,
      total_duration_hours: 3,
      average_cost_per_task: 100,
      average_duration_per_task: 90,
    });
    expect(outside.status).toBe('overdue');
    const none = await api.call(
      'GET',
      '/maintenance/statistics?start_date=1990-01-01T00:00:00Z&end_date=1990-01-02',
    );
    expect(none.json<AnswerBody>().statistics).toMatchObject({
      total_tasks: 0,
      completion_rate: 0,
      average_cost_per_task: 0,
    });
    expect(
      (await api.call('GET', '/maintenance/statistics')).json<AnswerBody>().statistics.total_tasks,
    ).toBeGreaterThan(5);
  });

  it('refuse ranges that end before they start, and what is no date', async () => {
    for (const query of [
      'start_date=2026-02-01&end_date=2026-01-01',
      'start_date=yesterday',
      'end_date=2026-02-30',
      'from=2026-01-01',
    ]) {
      expect([query, (await api.call('GET', `/maintenance/statistics?${query}`)).statusCode]).toEqual([
        query,
        422,
      ]);
    }
  });
});

describe('maintenance history', () => {
  it('goes back page by page, newest first, within its bounds', async () => {
    const { tag } = await asset();
    const plan = await schedule();
    const done: string[] = [];
    for (let n = 0; n < 5; n += 1) {
      const { id } = await task(plan.id, tag);
      await start(id);
      await complete(id);
      done.unshift(id);
    }
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = (
        await api.call('GET', `/maintenance/history?schedule_id=${plan.id}&limit=2${cursor}`)
      ).json<AnswerBody>();
      seen.push(...page.history.map(({ task_id: id }: { task_id: string }) => id));
      cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`;
    } while (cursor !== '');
    expect(seen).toEqual(done);
    expect(
      (await api.call('GET', `/maintenance/history?asset_id=${tag}&end_date=2020-01-01`)).json<AnswerBody>()
        .count,
    ).toBe(0);
    expect(
      (
        await api.call('GET', `/maintenance/history?asset_id=${tag}&maintenance_type=cleaning`)
      ).json<AnswerBody>().count,
    ).toBe(0);
    expect((await api.call('GET', '/maintenance/history?maintenance_type=magic')).statusCode).toBe(422);
  });
});

describe('another tenant', () => {
  it('sees, starts and generates nothing of this one', async () => {
    const { tag } = await asset();
    const plan = await schedule({ next_scheduled: '2026-01-01', asset_ids: [tag] });
    const made = await task(plan.id, tag);
    const { person } = api;
    const tenant = await ensureTenant(person.store.db, {
      id: person.newId(),
      slug: 'other',
      name: 'Other plant',
    });
    const { key } = await createApiKey({ ...person, tenantId: tenant.id }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    for (const [method, path, body] of [
      ['GET', `/maintenance/schedules/${plan.id}`, undefined],
      ['PATCH', `/maintenance/schedules/${plan.id}`, { name: 'mine' }],
      ['DELETE', `/maintenance/schedules/${plan.id}`, undefined],
      ['GET', `/maintenance/tasks/${made.id}`, undefined],
      ['POST', `/maintenance/tasks/${made.id}/start`, { performer: 'x' }],
      ['POST', `/maintenance/tasks/${made.id}/complete`, {}],
    ] as const) {
      expect([path, (await api.call(method, path, { key, body })).statusCode]).toEqual([path, 404]);
    }
    const foreign = { schedule_id: plan.id, asset_id: tag, scheduled_start: '2030-01-01' };
    expect((await api.call('POST', '/maintenance/tasks', { key, body: foreign })).statusCode).toBe(422);
    expect(
      (await api.call('POST', '/maintenance/schedule-recurring', { key })).json<AnswerBody>().new_tasks_count,
    ).toBe(0);
    expect(
      (await api.call('GET', '/maintenance/statistics', { key })).json<AnswerBody>().statistics.total_tasks,
    ).toBe(0);
    expect((await api.call('GET', '/maintenance/history', { key })).json<AnswerBody>().count).toBe(0);
  });
});
