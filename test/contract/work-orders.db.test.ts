/** Work orders (endpoints 7 to 10) as the reference API has them: sections 2.2, 4.4, 10, 13.2 and 13.3. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  inDays,
  makeOrder,
  many,
  one,
  openContractApi,
  orderBody,
  PRIORITIES,
  refusal,
  registerAsset,
  STATUSES,
  textOf,
  type ContractApi,
  type OldClient,
  type Shown,
} from './old-client.fixture.ts';

let contract: ContractApi;
let client: OldClient;
beforeAll(async () => {
  contract = await openContractApi();
  ({ client } = contract);
  await registerAsset(client, 'asset_001');
  await registerAsset(client, 'asset_002');
});
afterAll(async () => {
  await contract.close();
  expect(contract.api.bugs).toEqual([]);
});

const UNKNOWN = '3f1b2c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d';

describe('7: a work order is made', () => {
  it('answers with id, number, address and the order as section 4.4 has it', async () => {
    const made = await client.post(
      '/work-orders',
      orderBody('asset_001', {
        assigned_to: 'technician_001',
        scheduled_start: '2031-03-02T08:00:00',
        scheduled_end: '2031-03-02T12:00:00+02:00',
      }),
    );
    expect([made.status, made.body['success'], typeof made.body['message']]).toEqual([201, true, 'string']);
    const order = one(made, 'work_order');
    expect(made.body).toMatchObject({
      work_order_id: order['id'],
      work_order_number: order['work_order_number'],
    });
    expect(made.headers.get('location')).toBe(`/api/v1/work-orders/${textOf(order['id'])}`);
    expect(order).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      work_order_number: expect.stringMatching(/./),
      asset_id: 'asset_001',
      title: 'Replace filter',
      description: 'The filter is clogged.',
      status: 'scheduled',
      priority: 'high',
      estimated_hours: 4,
      actual_hours: null,
      actual_cost: null,
      assigned_to: 'technician_001',
      scheduled_start: '2031-03-02T08:00:00.000Z',
      scheduled_end: '2031-03-02T10:00:00.000Z',
      actual_start: null,
      actual_end: null,
      steps: [],
      parts: [],
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    });
    expect(order).toHaveProperty('estimated_cost');
    const read = await client.get(`/work-orders/${textOf(order['id'])}`);
    expect([read.status, read.body['success'], one(read, 'work_order')]).toEqual([200, true, order]);
  });

  it.each(PRIORITIES)('keeps the priority %s', async (priority) => {
    expect(await makeOrder(client, 'asset_001', { priority })).toMatchObject({ priority });
  });

  it('gives each order another number, also when many are made at once', async () => {
    const orders = await Promise.all(Array.from({ length: 12 }, () => makeOrder(client, 'asset_002')));
    expect(new Set(orders.map((order) => order['work_order_number'])).size).toBe(12);
  });

  it.each<[string, Shown, string]>([
    ['no asset', { asset_id: undefined }, 'asset_id'],
    ['an empty asset', { asset_id: '' }, 'asset_id'],
    ['an unknown asset', { asset_id: 'asset_404' }, 'asset_id'],
    ['no title', { title: undefined }, 'title'],
    ['an empty title', { title: '' }, 'title'],
    ['a blank title', { title: '   ' }, 'title'],
    ['no description', { description: undefined }, 'description'],
    ['no priority', { priority: undefined }, 'priority'],
    ["another service's priority", { priority: 'emergency' }, 'priority'],
    ['a priority in capitals', { priority: 'HIGH' }, 'priority'],
    ['no hours', { estimated_hours: undefined }, 'estimated_hours'],
    ['negative hours', { estimated_hours: -1 }, 'estimated_hours'],
    ['hours in words', { estimated_hours: 'four' }, 'estimated_hours'],
    ['an end before its start', { scheduled_start: inDays(2), scheduled_end: inDays(1) }, 'scheduled_end'],
    ['a date nobody can read', { scheduled_start: 'tomorrow' }, 'scheduled_start'],
    ['a day that does not exist', { scheduled_start: '2031-02-30T08:00:00Z' }, 'scheduled_start'],
    ['an unknown template', { template_id: UNKNOWN }, 'template_id'],
    ['a template id that is none', { template_id: 'monthly' }, 'template_id'],
  ])('refuses %s', async (_what, changes, field) => {
    expect(refusal(await client.post('/work-orders', orderBody('asset_001', changes)))).toEqual([422, field]);
  });

  it('names the priorities there are', async () => {
    const answer = await client.post('/work-orders', orderBody('asset_001', { priority: 'urgent' }));
    const [error] = answer.body['errors'] as { allowed: string[] }[];
    expect(new Set(error?.allowed)).toEqual(new Set(PRIORITIES));
  });

  it('takes zero hours, which the gateway refused', async () => {
    expect(await makeOrder(client, 'asset_001', { estimated_hours: 0 })).toMatchObject({
      estimated_hours: 0,
    });
  });
});

describe('7: from a template', () => {
  const template = {
    name: 'Preventive maintenance',
    description: 'Standard preventive maintenance',
    steps: [
      { name: 'Inspect', description: 'Look at it', estimated_duration: 30, sequence_order: 1 },
      { name: 'Lubricate', description: 'Grease it', estimated_duration: 45, sequence_order: 2 },
    ],
    estimated_hours: 1.25,
    estimated_cost: 150.0,
  };
  let templateId: string;
  beforeAll(async () => {
    const made = await client.post('/work-order-templates', template);
    expect(made.status).toBe(201);
    templateId = textOf(made.body['template_id']);
  });

  it('carries the steps, hours and cost of the template when only the asset is said', async () => {
    const made = await client.post('/work-orders', {
      template_id: templateId,
      asset_id: 'asset_001',
      assigned_to: 'technician_001',
    });
    expect(made.status).toBe(201);
    expect(one(made, 'work_order')).toMatchObject({
      asset_id: 'asset_001',
      assigned_to: 'technician_001',
      title: 'Preventive maintenance',
      estimated_hours: 1.25,
      estimated_cost: 150,
      steps: [
        { name: 'Inspect', estimated_duration: 30, sequence_order: 1, status: 'pending' },
        { name: 'Lubricate', estimated_duration: 45, sequence_order: 2, status: 'pending' },
      ],
    });
  });

  it('lets what the body says win (W38)', async () => {
    const made = await client.post(
      '/work-orders',
      orderBody('asset_001', { template_id: templateId, priority: 'low', estimated_hours: 2 }),
    );
    expect(one(made, 'work_order')).toMatchObject({
      title: 'Replace filter',
      description: 'The filter is clogged.',
      priority: 'low',
      estimated_hours: 2,
      steps: [{ name: 'Inspect' }, { name: 'Lubricate' }],
    });
  });

  it('is listed and read', async () => {
    const list = many(await client.get('/work-order-templates'), 'templates');
    expect(list.map((one) => one['id'])).toContain(templateId);
    expect(one(await client.get(`/work-order-templates/${templateId}`), 'template')).toMatchObject({
      name: 'Preventive maintenance',
      estimated_hours: 1.25,
      estimated_cost: 150,
    });
  });
});

describe('8: an order is read', () => {
  it('is a 404 for an unknown id and for one that is none', async () => {
    expect(refusal(await client.get(`/work-orders/${UNKNOWN}`))[0]).toBe(404);
    expect([400, 404, 422]).toContain(refusal(await client.get('/work-orders/WO-17'))[0]);
  });

  it('shows steps and parts that were added, with the figures they bring (8.1)', async () => {
    const order = await makeOrder(client, 'asset_001', { estimated_hours: 1 });
    const path = `/work-orders/${textOf(order['id'])}`;
    const step = await client.post(`${path}/steps`, {
      name: 'Test step',
      description: 'Test step description',
      estimated_duration: 30,
      sequence_order: 1,
    });
    expect([step.status, one(step, 'step')['name'], one(step, 'step')['sequence_order']]).toEqual([
      201,
      'Test step',
      1,
    ]);
    const part = await client.post(`${path}/parts`, {
      part_number: 'SEAL-10',
      description: 'Seal',
      quantity: 2,
      unit_cost: 12.5,
    });
    expect([part.status, one(part, 'part')]).toEqual([
      201,
      expect.objectContaining({
        part_number: 'SEAL-10',
        quantity: 2,
        unit_cost: 12.5,
        total_cost: 25,
        status: 'required',
      }),
    ]);
    expect(one(await client.get(path), 'work_order')).toMatchObject({
      estimated_hours: 1.5,
      estimated_cost: 25,
      steps: [{ name: 'Test step', sequence_order: 1, estimated_duration: 30 }],
      parts: [{ part_number: 'SEAL-10', quantity: 2, total_cost: 25 }],
    });
  });
});

describe('9: orders are listed', () => {
  it('combines exact filters with AND', async () => {
    const mine = await makeOrder(client, 'asset_001', { assigned_to: 'maria' });
    await makeOrder(client, 'asset_001', { assigned_to: 'maria santos' });
    await makeOrder(client, 'asset_002', { assigned_to: 'maria' });
    const query = { status: 'scheduled', asset_id: 'asset_001', assigned_to: 'maria' };
    const found = many(await client.get('/work-orders', query), 'work_orders');
    expect(found.map((order) => order['id'])).toEqual([mine['id']]);
    expect(found[0]).toMatchObject(query);
    for (const wrong of [{ asset_id: 'ASSET_001' }, { assigned_to: 'Mari' }, { asset_id: 'asset_404' }]) {
      expect(many(await client.get('/work-orders', { ...query, ...wrong }), 'work_orders')).toEqual([]);
    }
  });

  it.each(STATUSES)('takes the status %s and gives no other', async (status) => {
    const found = many(await client.get('/work-orders', { status }), 'work_orders');
    expect(found.filter((order) => order['status'] !== status)).toEqual([]);
  });

  it.each(['open', 'SCHEDULED', 'done', ''])('refuses the status "%s"', async (status) => {
    expect(refusal(await client.get('/work-orders', { status }))).toEqual([422, 'status']);
  });

  it('answers a plain call with all orders, in one envelope', async () => {
    const list = await client.get('/work-orders');
    expect(list.status).toBe(200);
    expect(many(list, 'work_orders').length).toBeGreaterThan(10);
  });
});

describe('10: the status is set', () => {
  const SETTABLE = ['scheduled', 'in_progress', 'on_hold', 'completed', 'cancelled'] as const;
  type Status = (typeof SETTABLE)[number];
  /** Section 13.3, as it stands there. */
  const NEXT: Readonly<Record<Status, readonly Status[]>> = {
    scheduled: ['in_progress', 'on_hold', 'completed', 'cancelled'],
    in_progress: ['on_hold', 'completed', 'cancelled'],
    on_hold: ['scheduled', 'in_progress', 'cancelled'],
    completed: [],
    cancelled: [],
  };
  const PATHS: Readonly<Record<Status, readonly Status[]>> = {
    scheduled: [],
    in_progress: ['in_progress'],
    on_hold: ['on_hold'],
    completed: ['completed'],
    cancelled: ['cancelled'],
  };
  const matrix = SETTABLE.flatMap((from) => SETTABLE.map((to) => [from, to] as const));

  async function orderIn(status: Status, changes: Shown = {}): Promise<Shown> {
    let order = await makeOrder(client, 'asset_001', changes);
    for (const to of PATHS[status]) {
      order = one(
        await client.put(`/work-orders/${textOf(order['id'])}/status`, { status: to }),
        'work_order',
      );
    }
    return order;
  }

  it.each(matrix)('from %s to %s', async (from, to) => {
    const order = await orderIn(from);
    const path = `/work-orders/${textOf(order['id'])}`;
    const answer = await client.put(`${path}/status`, { status: to });
    if (from === to) {
      expect([answer.status, one(answer, 'work_order')]).toEqual([200, order]);
    } else if (NEXT[from].includes(to)) {
      expect([answer.status, one(answer, 'work_order')['status']]).toEqual([200, to]);
      expect(typeof answer.body['message']).toBe('string');
    } else {
      expect(refusal(answer)[0]).toBe(409);
      // The current and the wanted state (W3).
      expect(answer.body['detail']).toEqual(expect.stringContaining(from));
      expect(answer.body['detail']).toEqual(expect.stringContaining(to));
      expect(one(await client.get(path), 'work_order')).toEqual(order);
    }
  });

  it.each(['in_progress', 'on_hold', 'completed', 'cancelled'] as const)(
    'moves an overdue order to %s',
    async (to) => {
      const order = await makeOrder(client, 'asset_001', {
        scheduled_start: inDays(-3),
        scheduled_end: inDays(-2),
      });
      expect(order['status']).toBe('overdue');
      const answer = await client.put(`/work-orders/${textOf(order['id'])}/status`, { status: to });
      expect([answer.status, one(answer, 'work_order')['status']]).toEqual([200, to]);
    },
  );

  it('lists what is overdue as overdue and not as scheduled', async () => {
    const late = await makeOrder(client, 'asset_002', {
      assigned_to: 'the late one',
      scheduled_start: inDays(-3),
      scheduled_end: inDays(-2),
    });
    const of = async (status: string): Promise<unknown[]> =>
      many(await client.get('/work-orders', { status, assigned_to: 'the late one' }), 'work_orders').map(
        (order) => order['id'],
      );
    expect([await of('overdue'), await of('scheduled')]).toEqual([[late['id']], []]);
  });

  it('does not let a client say that an order is overdue', async () => {
    const order = await makeOrder(client, 'asset_001');
    const answer = await client.put(`/work-orders/${textOf(order['id'])}/status`, { status: 'overdue' });
    expect([409, 422]).toContain(refusal(answer)[0]);
  });

  it('takes the query form of the original, and the body first', async () => {
    const { id } = await makeOrder(client, 'asset_001');
    const path = `/work-orders/${textOf(id)}/status`;
    const byQuery = await client.put(path, undefined, { status: 'in_progress' });
    expect([byQuery.status, one(byQuery, 'work_order')['status']]).toEqual([200, 'in_progress']);
    const both = await client.put(path, { status: 'on_hold' }, { status: 'cancelled' });
    expect(one(both, 'work_order')['status']).toBe('on_hold');
  });

  it('stamps start and end once', async () => {
    const order = await orderIn('in_progress');
    const path = `/work-orders/${textOf(order['id'])}/status`;
    expect(order).toMatchObject({ actual_start: expect.stringMatching(/Z$/), actual_end: null });
    await client.put(path, { status: 'on_hold' });
    const again = one(await client.put(path, { status: 'in_progress' }), 'work_order');
    expect(again['actual_start']).toBe(order['actual_start']);
    const done = one(await client.put(path, { status: 'completed' }), 'work_order');
    expect(done).toMatchObject({
      actual_start: order['actual_start'],
      actual_end: expect.stringMatching(/Z$/),
    });
    const once = one(await client.put(path, { status: 'completed' }), 'work_order');
    expect(once['actual_end']).toBe(done['actual_end']);
  });

  it('leaves an asset that was worked on with the date and cost of it (section 10, end to end)', async () => {
    await registerAsset(client, 'asset_worked');
    const order = await makeOrder(client, 'asset_worked');
    const path = `/work-orders/${textOf(order['id'])}/status`;
    const done = one(
      await client.put(path, { status: 'completed', actual_hours: 3, actual_cost: 75.5 }),
      'work_order',
    );
    expect(done).toMatchObject({ actual_hours: 3, actual_cost: 75.5 });
    expect(one(await client.get('/assets/asset_worked'), 'asset')).toMatchObject({
      last_maintenance: done['actual_end'],
      total_cost: 75.5,
    });
  });

  it('refuses unknown orders, unknown words and nothing at all', async () => {
    const { id } = await makeOrder(client, 'asset_001');
    const path = `/work-orders/${textOf(id)}/status`;
    expect(refusal(await client.put(`/work-orders/${UNKNOWN}/status`, { status: 'completed' }))[0]).toBe(404);
    expect(refusal(await client.put(path, { status: 'done' }))).toEqual([422, 'status']);
    expect(refusal(await client.put(path, {}))).toEqual([422, 'status']);
    expect(refusal(await client.put(path))).toEqual([422, 'status']);
  });

  it('lets one of two racing completions win, and both see it completed', async () => {
    await registerAsset(client, 'asset_raced');
    const { id } = await makeOrder(client, 'asset_raced');
    const path = `/work-orders/${textOf(id)}/status`;
    const both = await Promise.all(
      [1, 2].map(() => client.put(path, { status: 'completed', actual_cost: 10 })),
    );
    expect(both.map(({ status }) => status)).toEqual([200, 200]);
    expect(one(await client.get('/assets/asset_raced'), 'asset')['total_cost']).toBe(10);
  });
});
