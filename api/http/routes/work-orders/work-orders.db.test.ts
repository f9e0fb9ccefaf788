import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LightMyRequestResponse } from 'fastify';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from './answers.fixture.ts';

const ORDER = {
  asset_id: 'EX-301',
  title: 'Replace the hose',
  description: 'It leaks.',
  priority: 'high',
  estimated_hours: 4,
};

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  const { person } = api;
  await person.store.inTenant(person.tenantId, async (tx) => {
    const options = { at: new Date().toISOString(), readingSource: 'hub' };
    await createRecord(person, tx, 'asset', { name: 'Excavator 301', tag: 'EX-301' }, options);
    await createRecord(person, tx, 'asset', { name: 'Pump without a tag' }, options);
    await createRecord(
      person,
      tx,
      'person',
      { name: 'Maria Keller', code: 'MARIA', email: 'Maria@pit.example' },
      options,
    );
    await createRecord(person, tx, 'person', { name: 'Jan Smith' }, options);
    await createRecord(person, tx, 'person', { name: 'Jan Smith' }, options);
    await createRecord(
      person,
      tx,
      'part',
      { name: 'Hose 12 mm', partNumber: 'HOSE-12', unitCost: 35.5 },
      options,
    );
  });
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

async function make(body: Record<string, unknown> = {}) {
  const answer = await api.call('POST', '/work-orders', { body: { ...ORDER, ...body } });
  expect([answer.statusCode, answer.body]).toEqual([201, expect.any(String)]);
  return answer.json<AnswerBody>().work_order;
}

async function refused(body: Record<string, unknown>): Promise<string[]> {
  const answer = await api.call('POST', '/work-orders', { body });
  expect(answer.statusCode).toBe(422);
  return answer.json<AnswerBody>().errors.map(({ field }) => field);
}

const status = (id: string, to: string) =>
  api.call('PUT', `/work-orders/${id}/status`, { body: { status: to } });
const ids = (answer: LightMyRequestResponse): string[] =>
  answer.json<AnswerBody>().work_orders.map(({ id }) => id);

describe('making a work order', () => {
  it('gives an id, a number and the order, with its address', async () => {
    const answer = await api.call('POST', '/work-orders', {
      body: {
        ...ORDER,
        assigned_to: 'technician_1',
        scheduled_start: '2030-01-01T08:00:00',
        scheduled_end: '2030-01-01T12:00:00+02:00',
      },
    });
    const { work_order_id: id, work_order_number: number, work_order: order } = answer.json<AnswerBody>();
    expect(answer.statusCode).toBe(201);
    expect(answer.headers['location']).toBe(`/api/v1/work-orders/${id}`);
    expect(answer.headers['etag']).toBe('"1"');
    expect(order).toMatchObject({
      ...ORDER,
      id,
      work_order_number: number,
      status: 'scheduled',
      assigned_to: 'technician_1',
      scheduled_start: '2030-01-01T08:00:00.000Z',
      scheduled_end: '2030-01-01T10:00:00.000Z',
      due_date: '2030-01-01T10:00:00.000Z',
      actual_start: null,
      steps: [],
    });
    expect(number).toMatch(/^WO-\d{6}$/);
    const read = await api.call('GET', `/work-orders/${id}`);
    expect(read.json<AnswerBody>().work_order).toEqual(order);
  });

  it('gives numbers of their own, however many are made at once', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, () => make()));
    expect(new Set(made.map(({ work_order_number: number }) => number)).size).toBe(12);
  });

  it('refuses what is missing, empty, out of range or unknown', async () => {
    expect(await refused({})).toEqual(expect.arrayContaining(['asset_id']));
    const { title: _title, ...untitled } = ORDER;
    expect(await refused(untitled)).toEqual(['title']);
    expect(await refused({ ...ORDER, title: '  ' })).toEqual(['title']);
    expect(await refused({ ...ORDER, asset_id: '' })).toEqual(['asset_id']);
    expect(await refused({ ...ORDER, asset_id: 'EX-999' })).toEqual(['asset_id']);
    expect(await refused({ ...ORDER, priority: 'urgent' })).toEqual(['priority']);
    expect(await refused({ ...ORDER, estimated_hours: -1 })).toEqual(['estimated_hours']);
    expect(await refused({ ...ORDER, estimated_hours: 'many' })).toEqual(['estimated_hours']);
    expect(await refused({ ...ORDER, scheduled_start: 'tomorrow' })).toEqual(['scheduled_start']);
    expect(await refused({ ...ORDER, scheduled_start: '2026-02-30' })).toEqual(['scheduled_start']);
    expect(await refused({ ...ORDER, template_id: '01920000-0000-7000-8000-00000000ffff' })).toEqual([
      'template_id',
    ]);
    expect(await refused({ ...ORDER, colour: 'red' })).toEqual(['colour']);
    const span = { scheduled_start: '2030-01-02', scheduled_end: '2030-01-01' };
    expect(await refused({ ...ORDER, ...span })).toEqual(['scheduled_end']);
    const twice = [
      { name: 'a', sequence_order: 1 },
      { name: 'b', sequence_order: 1 },
    ];
    expect(await refused({ ...ORDER, steps: twice })).toEqual(['steps[1].sequence_order']);
  });

  it('from a template takes its steps, hours and cost, and what the body says instead', async () => {
    const template = (
      await api.call('POST', '/work-order-templates', {
        body: {
          name: 'Oil change',
          steps: [
            { name: 'Drain', estimated_duration: 30, sequence_order: 1 },
            { name: 'Fill', estimated_duration: 45, sequence_order: 2 },
          ],
          estimated_hours: 1.25,
          estimated_cost: 150,
        },
      })
    ).json<AnswerBody>().template;
    const plain = await api.call('POST', '/work-orders', {
      body: { asset_id: 'EX-301', template_id: template.id, assigned_to: 'technician_1' },
    });
    expect(plain.json<AnswerBody>().work_order).toMatchObject({
      title: 'Oil change',
      priority: 'medium',
      estimated_hours: 1.25,
      estimated_cost: 150,
      assigned_to: 'technician_1',
      steps: [
        { name: 'Drain', sequence_order: 1, status: 'pending', estimated_duration: 30 },
        { name: 'Fill', sequence_order: 2 },
      ],
    });
    const own = await make({ template_id: template.id, title: 'Oil and filter', estimated_hours: 2 });
    expect(own).toMatchObject({
      title: 'Oil and filter',
      priority: 'high',
      estimated_hours: 2,
      estimated_cost: 150,
    });
    await api.call('PATCH', `/work-order-templates/${template.id}`, { body: { is_active: false } });
    expect(await refused({ asset_id: 'EX-301', template_id: template.id })).toEqual(['template_id']);
  });
});

describe('who an order is assigned to', () => {
  it('is a person by id, number, code, e-mail or name, or the text as written', async () => {
    for (const written of ['MARIA', 'maria@PIT.example', 'Maria Keller']) {
      const order = await make({ assigned_to: written });
      expect([order.assigned_to, order.assignee_id]).toEqual(['MARIA', expect.any(String)]);
    }
    expect(await make({ assigned_to: 'crew B' })).toMatchObject({ assigned_to: 'crew B', assignee_id: null });
    // Two of that name: nobody is guessed.
    expect(await make({ assigned_to: 'Jan Smith' })).toMatchObject({
      assigned_to: 'Jan Smith',
      assignee_id: null,
    });
  });

  it('is found by either', async () => {
    const byPerson = await make({ assigned_to: 'Maria Keller' });
    const byText = await make({ assigned_to: 'crew C' });
    const found = await api.call(
      'GET',
      '/work-orders?assigned_to=maria@pit.example&sort=-created_at&limit=1',
    );
    expect(ids(found)).toEqual([byPerson.id]);
    expect(ids(await api.call('GET', '/work-orders?assigned_to=crew%20C'))).toEqual([byText.id]);
    expect(ids(await api.call('GET', '/work-orders?assigned_to=nobody'))).toEqual([]);
  });
});

describe('the list of work orders', () => {
  it('combines filters exactly and goes on by a cursor', async () => {
    const made = [];
    for (let n = 0; n < 5; n += 1) made.push(await make({ asset_id: 'A-000002', priority: 'critical' }));
    const wanted = made.map(({ id }) => id);
    expect(made[0]?.asset_id).toBe('A-000002');
    const all: string[] = [];
    let cursor = '';
    do {
      const page = await api.call(
        'GET',
        `/work-orders?asset_id=A-000002&priority=critical&status=scheduled&limit=2${cursor}`,
      );
      all.push(...ids(page));
      cursor =
        page.json<AnswerBody>().next_cursor === null ? '' : `&cursor=${page.json<AnswerBody>().next_cursor}`;
    } while (cursor !== '');
    expect(all).toEqual(wanted);
    const newest = await api.call('GET', '/work-orders?asset_id=A-000002&sort=-updated_at&limit=2');
    expect(ids(newest)).toEqual(wanted.slice(-2).reverse());
    expect(ids(await api.call('GET', '/work-orders?asset_id=A-000002&priority=low'))).toEqual([]);
    expect(ids(await api.call('GET', '/work-orders?asset_id=unheard-of'))).toEqual([]);
    const since = made[3]?.updated_at;
    expect(ids(await api.call('GET', `/work-orders?asset_id=A-000002&updated_since=${since}`))).toEqual(
      wanted.slice(3),
    );
  });

  it('shows overdue as an overlay, apart from scheduled', async () => {
    const late = await make({ title: 'Late', scheduled_end: '2020-01-01T00:00:00Z' });
    expect(late).toMatchObject({ status: 'overdue', is_overdue: true, hub_status: 'scheduled' });
    expect(ids(await api.call('GET', '/work-orders?status=overdue'))).toEqual([late.id]);
    expect(ids(await api.call('GET', '/work-orders?status=scheduled&limit=200'))).not.toContain(late.id);
    const started = await status(late.id, 'in_progress');
    expect(started.json<AnswerBody>().work_order).toMatchObject({ status: 'in_progress', is_overdue: true });
    expect(ids(await api.call('GET', '/work-orders?status=overdue'))).toEqual([]);
  });

  it('shows the finer words of the hub by the public ones', async () => {
    const { person } = api;
    const made = await person.store.inTenant(person.tenantId, async (tx) => {
      const options = { at: new Date().toISOString(), readingSource: 'hub' };
      const one = async (fields: Record<string, string>) =>
        (await createRecord(person, tx, 'work_order', { title: 'From elsewhere', ...fields }, options)).id;
      return [
        await one({ status: 'requested' }),
        await one({ status: 'closed', priority: 'none' }),
        await one({}),
      ];
    });
    const shown = [];
    for (const id of made)
      shown.push((await api.call('GET', `/work-orders/${id}`)).json<AnswerBody>().work_order);
    expect(shown.map((order) => [order.status, order.hub_status, order.priority])).toEqual([
      ['scheduled', 'requested', null],
      ['completed', 'closed', null],
      ['scheduled', null, null],
    ]);
    const scheduled = ids(await api.call('GET', '/work-orders?status=scheduled&sort=-created_at&limit=2'));
    expect(scheduled.sort()).toEqual([made[0], made[2]].sort());
    expect(ids(await api.call('GET', '/work-orders?status=completed'))).toContain(made[1]);
  });

  it.each(['scheduled', 'in_progress', 'completed', 'cancelled', 'overdue', 'on_hold'])(
    'takes the status %s',
    async (word) => {
      const found = await api.call('GET', `/work-orders?status=${word}`);
      expect(found.statusCode).toBe(200);
      expect(
        found.json<AnswerBody>().work_orders.every((order: { status: string }) => order.status === word),
      ).toBe(true);
    },
  );

  it('refuses unknown words with the list of those there are', async () => {
    for (const query of [
      'status=open',
      'priority=urgent',
      'sort=title',
      'limit=0',
      'limit=201',
      'cursor=x',
      'updated_since=soon',
    ]) {
      expect((await api.call('GET', `/work-orders?${query}`)).statusCode).toBe(422);
    }
    const refusal = await api.call('GET', '/work-orders?status=open');
    expect(refusal.json<AnswerBody>().errors[0]).toMatchObject({
      field: 'status',
      allowed: expect.arrayContaining(['overdue']),
    });
  });
});

describe('the status of a work order', () => {
  it('stamps start and end once', async () => {
    const { id } = await make();
    const first = (await status(id, 'in_progress')).json<AnswerBody>().work_order;
    expect(first.actual_start).toEqual(expect.any(String));
    await status(id, 'on_hold');
    const again = (await status(id, 'in_progress')).json<AnswerBody>().work_order;
    expect(again).toMatchObject({ actual_start: first.actual_start, hold_reason: null });
    const done = (await status(id, 'completed')).json<AnswerBody>().work_order;
    expect(done).toMatchObject({
      status: 'completed',
      actual_end: expect.any(String),
      actual_start: first.actual_start,
    });
  });

  it('is taken from the query too; the body wins', async () => {
    const { id } = await make();
    expect(
      (await api.call('PUT', `/work-orders/${id}/status?status=on_hold`)).json<AnswerBody>().work_order
        .status,
    ).toBe('on_hold');
    const both = await api.call('PUT', `/work-orders/${id}/status?status=cancelled`, {
      body: { status: 'in_progress' },
    });
    expect(both.json<AnswerBody>().work_order.status).toBe('in_progress');
  });

  it('goes from scheduled straight to completed', async () => {
    const { id } = await make();
    const done = await status(id, 'completed');
    expect(done.json<AnswerBody>().work_order).toMatchObject({
      status: 'completed',
      actual_hours: null,
      actual_cost: null,
    });
  });

  const PATHS: Record<string, string[]> = {
    scheduled: [],
    in_progress: ['in_progress'],
    on_hold: ['on_hold'],
    completed: ['completed'],
    cancelled: ['cancelled'],
  };
  const NEXT: Record<string, string[]> = {
    scheduled: ['in_progress', 'on_hold', 'completed', 'cancelled'],
    in_progress: ['on_hold', 'completed', 'cancelled'],
    on_hold: ['scheduled', 'in_progress', 'cancelled'],
    completed: [],
    cancelled: [],
  };
  it.each(Object.keys(PATHS))(
    'from %s allows what the state machine says, and refuses the rest',
    async (from) => {
      for (const to of Object.keys(PATHS)) {
        const { id } = await make();
        for (const step of PATHS[from] ?? []) await status(id, step);
        const answer = await status(id, to);
        const isSame = from === to;
        expect([from, to, answer.statusCode]).toEqual([
          from,
          to,
          isSame || NEXT[from]?.includes(to) ? 200 : 409,
        ]);
        if (answer.statusCode === 409)
          expect(answer.json<AnswerBody>().detail).toMatch(new RegExp(`is ${from} and cannot become ${to}`));
      }
    },
  );

  it('the same again changes nothing', async () => {
    const { id } = await make();
    await status(id, 'in_progress');
    const again = await status(id, 'in_progress');
    expect([again.statusCode, again.json<AnswerBody>().work_order.version]).toEqual([200, 2]);
  });

  it('refuses unknown words, overdue, and unknown orders', async () => {
    const { id } = await make();
    expect((await status(id, 'finished')).statusCode).toBe(422);
    expect((await status(id, 'overdue')).statusCode).toBe(422);
    expect((await api.call('PUT', `/work-orders/${id}/status`)).statusCode).toBe(422);
    expect((await status('01920000-0000-7000-8000-00000000ffff', 'completed')).statusCode).toBe(404);
    expect((await status('nonsense', 'completed')).statusCode).toBe(404);
  });
});

describe('steps, parts and labour', () => {
  it('add their estimates, and give the actual figures when the order is done', async () => {
    const { id } = await make({ estimated_cost: 10 });
    const step = await api.call('POST', `/work-orders/${id}/steps`, {
      body: { name: 'Drain', estimated_duration: 30 },
    });
    expect([
      step.statusCode,
      step.json<AnswerBody>().step.sequence_order,
      step.json<AnswerBody>().work_order.estimated_hours,
    ]).toEqual([201, 1, 4.5]);
    await api.call('POST', `/work-orders/${id}/steps`, { body: { name: 'Fill', estimated_duration: 30 } });
    const part = await api.call('POST', `/work-orders/${id}/parts`, {
      body: { part_number: 'HOSE-12', quantity: 2 },
    });
    expect(part.json<AnswerBody>().part).toMatchObject({
      status: 'required',
      unit_cost: 35.5,
      total_cost: 71,
      description: 'Hose 12 mm',
    });
    expect(part.json<AnswerBody>().work_order.estimated_cost).toBe(81);
    await api.call('POST', `/work-orders/${id}/steps/1/complete`, {
      body: { actual_duration: 20, completed_by: 'MARIA', notes: 'clean' },
    });
    const second = await api.call('POST', `/work-orders/${id}/steps/2/complete?actual_duration=25`);
    expect(second.json<AnswerBody>().step).toMatchObject({ status: 'completed', actual_duration: 25 });
    expect(
      (
        await api.call('POST', `/work-orders/${id}/parts/1/issue`, { body: { by: 'store' } })
      ).json<AnswerBody>().part,
    ).toMatchObject({ status: 'issued', by: 'store' });
    const used = (await api.call('POST', `/work-orders/${id}/parts/1/use`)).json<AnswerBody>().work_order;
    expect(used).toMatchObject({ actual_cost: 71, parts_used: [{ part_number: 'HOSE-12', quantity: 2 }] });
    const labour = await api.call('POST', `/work-orders/${id}/labour`, {
      body: { person: 'MARIA', minutes: 60, hourly_rate: 50 },
    });
    expect(labour.json<AnswerBody>()).toMatchObject({
      labour: { person: 'MARIA', minutes: 60 },
      work_order: { actual_cost: 121 },
    });
    const done = (await status(id, 'completed')).json<AnswerBody>().work_order;
    // Steps of 45 minutes and labour of 60 tell of the same work.
    expect(done).toMatchObject({ actual_hours: 1, actual_cost: 121 });
    expect(done.steps[0]).toMatchObject({ completed_by: 'MARIA', notes: 'clean', actual_duration: 20 });
  });

  it('leave given figures alone, and never make zero of them', async () => {
    const { id } = await make();
    await api.call('POST', `/work-orders/${id}/steps`, { body: { name: 'One' } });
    await api.call('POST', `/work-orders/${id}/steps/1/complete`, { body: { actual_duration: 10 } });
    await api.call('PATCH', `/work-orders/${id}`, { body: { actual_hours: 3, actual_cost: 99 } });
    expect((await status(id, 'completed')).json<AnswerBody>().work_order).toMatchObject({
      actual_hours: 3,
      actual_cost: 99,
    });
    const other = await make();
    const given = await api.call('PUT', `/work-orders/${other.id}/status`, {
      body: { status: 'completed', actual_hours: 2.5, actual_cost: 12 },
    });
    expect(given.json<AnswerBody>().work_order).toMatchObject({ actual_hours: 2.5, actual_cost: 12 });
  });

  it('a used part that is returned goes out of the sums', async () => {
    const { id } = await make();
    await api.call('POST', `/work-orders/${id}/parts`, {
      body: { part_id: 'PT-000001', quantity: 3, unit_cost: 10 },
    });
    await api.call('POST', `/work-orders/${id}/parts/1/use`);
    const back = (await api.call('POST', `/work-orders/${id}/parts/1/return`)).json<AnswerBody>().work_order;
    expect(back).toMatchObject({ actual_cost: 0, parts_used: [], parts: [{ status: 'returned' }] });
    for (const move of ['issue', 'use', 'return']) {
      expect((await api.call('POST', `/work-orders/${id}/parts/1/${move}`)).statusCode).toBe(409);
    }
  });

  it('refuse what is unknown, done already, or comes too late', async () => {
    const { id } = await make({ steps: [{ name: 'One', sequence_order: 1 }] });
    const post = async (path: string, body: unknown = {}) =>
      (await api.call('POST', `/work-orders/${id}/${path}`, { body })).statusCode;
    expect(await post('steps', { name: 'Again', sequence_order: 1 })).toBe(409);
    expect(await post('steps', { name: '' })).toBe(422);
    expect(await post('steps', { name: 'x', estimated_duration: -1 })).toBe(422);
    expect(await post('steps/7/complete')).toBe(404);
    expect(await post('steps/1/complete')).toBe(200);
    expect(await post('steps/1/complete')).toBe(409);
    expect(await post('parts/1/use')).toBe(404);
    expect(await post('parts', {})).toBe(422);
    expect(await post('parts', { part_id: 'PT-000999' })).toBe(422);
    expect(await post('parts', { part_number: 'unheard-of', quantity: 0 })).toBe(422);
    expect(await post('labour', { person: 'nobody', minutes: 5 })).toBe(422);
    expect(await post('labour', { person: 'MARIA', minutes: 0 })).toBe(422);
    await status(id, 'cancelled');
    expect(await post('steps', { name: 'Late' })).toBe(409);
    expect(await post('parts', { part_number: 'LATE' })).toBe(409);
    expect(await post('labour', { person: 'MARIA', minutes: 5 })).toBe(409);
  });

  it('a part used by two at once is used once', async () => {
    const { id } = await make();
    await api.call('POST', `/work-orders/${id}/parts`, { body: { part_number: 'HOSE-12' } });
    const both = await Promise.all([1, 2].map(() => api.call('POST', `/work-orders/${id}/parts/1/use`)));
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409]);
    expect((await api.call('GET', `/work-orders/${id}`)).json<AnswerBody>().work_order.actual_cost).toBe(
      35.5,
    );
  });
});

describe('changing and deleting', () => {
  it('changes fields, clears them, and moves the due date with the schedule', async () => {
    const { id } = await make({ scheduled_start: '2030-01-01', scheduled_end: '2030-01-02', notes: 'old' });
    const changed = await api.call('PATCH', `/work-orders/${id}`, {
      body: { scheduled_end: '2030-01-05', notes: null, assigned_to: 'MARIA', work_order_type: 'corrective' },
    });
    expect(changed.json<AnswerBody>().work_order).toMatchObject({
      due_date: '2030-01-05T00:00:00.000Z',
      notes: null,
      assigned_to: 'MARIA',
      work_order_type: 'corrective',
      version: 2,
    });
    expect(
      (await api.call('PATCH', `/work-orders/${id}`, { body: { scheduled_end: '2029-01-01' } })).statusCode,
    ).toBe(422);
    const audit = await api.call('GET', `/audit?subject=record/${id}`);
    expect(audit.body).toContain('work_order.change');
  });

  it('only when the caller read the newest version', async () => {
    const { id } = await make();
    const change = (etag: string) =>
      api.call('PATCH', `/work-orders/${id}`, { body: { notes: etag }, headers: { 'if-match': etag } });
    expect((await change('"1"')).statusCode).toBe(200);
    expect((await change('"1"')).statusCode).toBe(412);
    const stale = await api.call('DELETE', `/work-orders/${id}`, { headers: { 'if-match': '"1"' } });
    expect(stale.statusCode).toBe(412);
  });

  it('leaves finished work as it was, apart from what is written down later', async () => {
    const { id } = await make();
    await status(id, 'completed');
    expect((await api.call('PATCH', `/work-orders/${id}`, { body: { title: 'Other' } })).statusCode).toBe(
      409,
    );
    const late = await api.call('PATCH', `/work-orders/${id}`, {
      body: { findings: 'worn', actual_cost: 20 },
    });
    expect(late.json<AnswerBody>().work_order).toMatchObject({ findings: 'worn', actual_cost: 20 });
  });

  it('deletes what is not under way and not done', async () => {
    const { id } = await make();
    expect((await api.call('DELETE', `/work-orders/${id}`)).statusCode).toBe(200);
    expect((await api.call('GET', `/work-orders/${id}`)).statusCode).toBe(404);
    expect((await api.call('DELETE', `/work-orders/${id}`)).statusCode).toBe(404);
    for (const to of ['in_progress', 'completed']) {
      const other = await make();
      await status(other.id, to);
      expect((await api.call('DELETE', `/work-orders/${other.id}`)).statusCode).toBe(409);
    }
  });
});

describe('comments', () => {
  it('are added and listed in pages, oldest first', async () => {
    const { id } = await make();
    for (const text of ['one', 'two', 'three']) {
      const added = await api.call('POST', `/work-orders/${id}/comments`, {
        body: { text, author: 'Maria' },
      });
      expect([added.statusCode, added.json<AnswerBody>().comment.text]).toEqual([201, text]);
    }
    const first = (await api.call('GET', `/work-orders/${id}/comments?limit=2`)).json<AnswerBody>();
    const rest = (
      await api.call('GET', `/work-orders/${id}/comments?limit=2&cursor=${first.next_cursor}`)
    ).json<AnswerBody>();
    expect([...first.comments, ...rest.comments].map(({ text }: { text: string }) => text)).toEqual([
      'one',
      'two',
      'three',
    ]);
    expect(rest.next_cursor).toBeNull();
    expect((await api.call('POST', `/work-orders/${id}/comments`, { body: { text: ' ' } })).statusCode).toBe(
      422,
    );
    const asset = await api.person.store.inTenant(api.person.tenantId, (tx) =>
      createRecord(
        api.person,
        tx,
        'asset',
        { name: 'No order' },
        { at: new Date().toISOString(), readingSource: 'hub' },
      ),
    );
    expect((await api.call('GET', `/work-orders/${asset.id}/comments`)).statusCode).toBe(404);
    expect(
      (await api.call('POST', `/work-orders/${asset.id}/comments`, { body: { text: 'x' } })).statusCode,
    ).toBe(404);
  });
});

describe('another tenant', () => {
  it('sees, finds and changes nothing of this one', async () => {
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
    const { id } = await make();
    const base = `/work-orders/${id}`;
    for (const [method, path, body] of [
      ['GET', base, undefined],
      ['PATCH', base, { notes: 'mine' }],
      ['DELETE', base, undefined],
      ['PUT', `${base}/status`, { status: 'completed' }],
      ['POST', `${base}/steps`, { name: 'x' }],
      ['GET', `${base}/comments`, undefined],
      ['POST', `${base}/comments`, { text: 'x' }],
    ] as const) {
      expect([path, (await api.call(method, path, { key, body })).statusCode]).toEqual([path, 404]);
    }
    expect(ids(await api.call('GET', '/work-orders', { key }))).toEqual([]);
    expect((await api.call('POST', '/work-orders', { key, body: ORDER })).statusCode).toBe(422);
  });
});

describe('who may', () => {
  it('lets a technician work and a viewer look', async () => {
    const { id } = await make();
    const viewer = await api.keyOf('viewer');
    expect((await api.call('GET', `/work-orders/${id}`, { key: viewer })).statusCode).toBe(200);
    expect(
      (await api.call('PUT', `/work-orders/${id}/status`, { key: viewer, body: { status: 'completed' } }))
        .statusCode,
    ).toBe(403);
    const technician = await api.keyOf('technician');
    expect((await api.call('DELETE', `/work-orders/${id}`, { key: technician })).statusCode).toBe(403);
    expect(
      (
        await api.call('PUT', `/work-orders/${id}/status`, {
          key: technician,
          body: { status: 'in_progress' },
        })
      ).statusCode,
    ).toBe(200);
  });
});
