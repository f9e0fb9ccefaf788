/** The gRPC API over a real socket and a real database. */
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startGrpc, throughApi, type RunningGrpc } from '../../cli/serve-grpc.ts';
import { openTestApi, type TestApi } from '../http/api.fixture.ts';
import { detailsOf, openTestClient, type TestClient } from './grpc.fixture.ts';
import type { Operations } from './operations.ts';
import { createGrpcServer } from './server.ts';

const ORDERS = 'cmms.v1.WorkOrderService';
let api: TestApi;
let grpc: RunningGrpc;
let client: TestClient;

beforeAll(async () => {
  api = await openTestApi();
  grpc = await startGrpc(api.app, { host: '127.0.0.1', port: 0, onBug: (error) => api.bugs.push(error) });
  client = openTestClient(grpc.port, api.key);
  const asset = { asset_id: 'P-7', name: 'Pump 7', asset_type: 'equipment' };
  expect((await api.call('POST', '/assets', { body: asset })).statusCode).toBe(201);
});

afterAll(async () => {
  client.close();
  await grpc.stop();
  expect(api.bugs).toEqual([]);
  await api.close();
});

async function createOrder(requestId = '', more: object = {}): Promise<Record<string, unknown>> {
  const answer = await client.unary(`${ORDERS}.CreateWorkOrder`, {
    request_id: requestId,
    work_order: {
      asset_id: 'P-7',
      title: 'Replace the seal',
      description: 'It leaks.',
      priority: 'PRIORITY_HIGH',
      estimated_hours: '4.5',
      due_date: { seconds: 4_102_444_800 },
      ...more,
    },
  });
  return answer['work_order'] as Record<string, unknown>;
}

function operationsWith(carryOut: Operations['carryOut']): Operations {
  return { ...throughApi(api.app), carryOut };
}

async function failureOf(call: Promise<unknown>): Promise<{ code: number; details: string }> {
  return call.then(
    () => {
      throw new Error('The call was to fail.');
    },
    (error: unknown) => error as { code: number; details: string },
  );
}

describe('work orders', () => {
  it('are made and read with decimals, enums and times of the protocol', async () => {
    const made = await createOrder();
    expect(made).toMatchObject({
      title: 'Replace the seal',
      asset_id: 'P-7',
      status: 'WORK_ORDER_STATUS_SCHEDULED',
      priority: 'PRIORITY_HIGH',
      estimated_hours: '4.5',
      due_date: { seconds: 4_102_444_800 },
    });
    const read = await client.unary(`${ORDERS}.GetWorkOrder`, { id: made['id'] });
    expect(read['work_order']).toEqual(made);
  });

  it('are made once for one request id', async () => {
    const [first, second] = [await createOrder('make-1'), await createOrder('make-1')];
    expect(second['id']).toBe(first['id']);
    expect((await createOrder('make-2'))['id']).not.toBe(first['id']);
  });

  it('change by their mask: what is named without a value is cleared, the rest stays', async () => {
    const { id, etag } = await createOrder('', { notes: 'Bring a lamp.' });
    const change = {
      id,
      etag,
      work_order: { title: 'Replace both seals', priority: 'PRIORITY_LOW' },
      update_mask: { paths: ['title', 'notes'] },
    };
    const { work_order: changed } = await client.unary(`${ORDERS}.UpdateWorkOrder`, change);
    expect(changed).toMatchObject({ title: 'Replace both seals', priority: 'PRIORITY_HIGH' });
    expect(changed).not.toHaveProperty('notes');
    const stale = await failureOf(client.unary(`${ORDERS}.UpdateWorkOrder`, change));
    expect(stale.code).toBe(status.ABORTED);
    const strange = { ...change, update_mask: { paths: ['colour'] } };
    const unknown = await failureOf(client.unary(`${ORDERS}.UpdateWorkOrder`, strange));
    expect(unknown.code).toBe(status.INVALID_ARGUMENT);
    expect(detailsOf(unknown)['BadRequest']).toMatchObject({ field_violations: [{ field: 'update_mask' }] });
  });

  it('go through pages without loss or repeat', async () => {
    const seen: unknown[] = [];
    let token = '';
    do {
      const page = await client.unary(`${ORDERS}.ListWorkOrders`, { page_size: 2, page_token: token });
      seen.push(...(page['work_orders'] as { id: string }[]).map(({ id }) => id));
      token = (page['next_page_token'] as string | undefined) ?? '';
    } while (token !== '');
    const all = await client.unary(`${ORDERS}.ListWorkOrders`, { page_size: 200 });
    expect(seen).toEqual((all['work_orders'] as { id: string }[]).map(({ id }) => id));
    expect(seen.length).toBeGreaterThan(3);
  });

  it('move by their status machine', async () => {
    const { id } = await createOrder();
    const set = (to: string) =>
      client.unary(`${ORDERS}.SetWorkOrderStatus`, { id, status: `WORK_ORDER_STATUS_${to}` });
    expect((await set('IN_PROGRESS'))['work_order']).toMatchObject({
      status: 'WORK_ORDER_STATUS_IN_PROGRESS',
    });
    await set('COMPLETED');
    const refused = await failureOf(set('SCHEDULED'));
    expect(refused.code).toBe(status.FAILED_PRECONDITION);
    expect(detailsOf(refused)['ErrorInfo']).toEqual({ reason: 'CONFLICT', domain: 'chatterfix-sync' });
  });
});

describe('assets', () => {
  it('keep lists that a change does not name, and lose those that its mask clears', async () => {
    const service = 'cmms.v1.AssetService';
    const specifications = {
      fields: { bore: { numberValue: 80 }, coating: { stringValue: 'none' }, wet: { boolValue: true } },
    };
    const asset = {
      asset_id: 'P-8',
      name: 'Pump 8',
      asset_type: 'ASSET_TYPE_EQUIPMENT',
      tags: ['wet', 'north'],
    };
    await client.unary(`${service}.CreateAsset`, { asset: { ...asset, specifications } });
    const change = (more: object) =>
      client.unary(`${service}.UpdateAsset`, { asset_id: 'P-8', asset: { name: 'Pump eight' }, ...more });
    expect((await change({}))['asset']).toMatchObject({
      name: 'Pump eight',
      tags: ['wet', 'north'],
      specifications,
    });
    const { asset: cleared } = await change({ update_mask: { paths: ['tags'] } });
    expect(cleared).not.toHaveProperty('tags');
  });
});

describe('a refused call', () => {
  it('names every field at fault', async () => {
    const call = client.unary(`${ORDERS}.CreateWorkOrder`, {
      work_order: { asset_id: 'P-7', estimated_hours: 'many' },
    });
    const failed = await failureOf(call);
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
    const { field_violations: violations } = detailsOf(failed)['BadRequest'] as {
      field_violations: { field: string }[];
    };
    expect(violations.map(({ field }) => field)).toContain('estimated_hours');
  });

  it.each(['', '.', '..'])('does not reach another address by the id "%s"', async (id) => {
    const failed = await failureOf(client.unary(`${ORDERS}.GetWorkOrder`, { id }));
    expect(failed.code).toBe(status.INVALID_ARGUMENT);
  });

  it('tells who is unknown, who may not, and what is not there', async () => {
    const request = { id: '0198a000-0000-7000-8000-00000000dead' };
    const viewer = await api.keyOf('viewer');
    const unknown = await failureOf(client.unary(`${ORDERS}.GetWorkOrder`, request, { key: 'cfx_wrong' }));
    expect(unknown.code).toBe(status.UNAUTHENTICATED);
    const forbidden = await failureOf(
      client.unary(`${ORDERS}.CreateWorkOrder`, { work_order: {} }, { key: viewer }),
    );
    expect(forbidden.code).toBe(status.PERMISSION_DENIED);
    const missing = await failureOf(client.unary(`${ORDERS}.GetWorkOrder`, request));
    expect(missing.code).toBe(status.NOT_FOUND);
    expect(detailsOf(missing)['ResourceInfo']).toMatchObject({
      resource_name: `/work-orders/${request.id}`,
    });
    expect(detailsOf(missing)['RequestInfo']?.['request_id']).toMatch(/./);
  });
});

describe('readings', () => {
  it('are acknowledged batch by batch, and a refused batch keeps what was acknowledged', async () => {
    const meter = { name: 'Hours of pump 7', code: 'M-1', kind: 'counter', unit: 'h' };
    const made = await api.call('POST', '/meters', { body: meter });
    expect(made.statusCode).toBe(201);
    const id = made.json<{ meter: { id: string } }>().meter.id;
    const batch = (from: number) => ({
      readings: [from, from + 1].map((n) => ({
        meter_id: id,
        at: { seconds: 1_700_000_000 + n },
        value: { decimal: `${String(n)}.5` },
      })),
    });
    const rpc = 'cmms.v1.MeterService.IngestReadings';
    expect(await client.ingest(rpc, [batch(1), batch(3), batch(3)])).toEqual([
      { accepted: 2 },
      { accepted: 2 },
      { duplicates: 2 },
    ]);
    const refused = await failureOf(
      client.ingest(rpc, [batch(5), { readings: [{ meter_id: 'nowhere', value: { decimal: '1' } }] }]),
    );
    expect(refused.code).toBe(status.INVALID_ARGUMENT);
    const kept = await client.unary('cmms.v1.MeterService.ListReadings', { id, sort: 'at' });
    expect((kept['readings'] as { value: object }[]).map(({ value }) => value)).toEqual(
      [1, 2, 3, 4, 5, 6].map((n) => ({ decimal: `${String(n)}.5` })),
    );
  });
});

describe('words of an observation', () => {
  it('are readings as numbers are', async () => {
    const meter = { name: 'Oil of pump 7', code: 'M-2', kind: 'observation' };
    const made = await api.call('POST', '/meters', { body: meter });
    const { id } = made.json<{ meter: { id: string } }>().meter;
    const reading = { meter_id: id, at: { seconds: 1_700_000_000 }, value: { text: 'clear' } };
    await client.unary('cmms.v1.MeterService.AddReadings', { readings: [reading] });
    const kept = await client.unary('cmms.v1.MeterService.ListReadings', { id });
    expect(kept['readings']).toMatchObject([{ value: { text: 'clear' } }]);
  });
});

describe('the server', () => {
  it('says that it serves, without a key', async () => {
    const check = 'grpc.health.v1.Health.Check';
    const service = 'cmms.v1.WorkOrderService';
    expect(await client.unary(check, { service }, { key: '' })).toEqual({ status: 'SERVING' });
    const strange = await failureOf(client.unary(check, { service: 'nothing' }, { key: '' }));
    expect(strange.code).toBe(status.NOT_FOUND);
  });

  it('ends the operation of a call that is given up', async () => {
    const reached = Promise.withResolvers<null>();
    const ended = Promise.withResolvers<null>();
    const server = await createGrpcServer({
      operations: operationsWith(({ signal }) => {
        reached.resolve(null);
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            ended.resolve(null);
            reject(new Error('aborted'));
          });
        });
      }),
      onBug: () => undefined,
    });
    const other = openTestClient(await server.listen('127.0.0.1', 0), api.key);
    const giveUp = new AbortController();
    const call = failureOf(other.unary(`${ORDERS}.GetWorkOrder`, { id: 'a' }, { signal: giveUp.signal }));
    await reached.promise;
    giveUp.abort();
    expect((await call).code).toBe(status.CANCELLED);
    await ended.promise;
    other.close();
    await server.stop();
  });

  it('lets a call under way finish before it stops', async () => {
    const reached = Promise.withResolvers<null>();
    const release = Promise.withResolvers<null>();
    const { carryOut } = throughApi(api.app);
    const server = await createGrpcServer({
      operations: operationsWith(async (request) => {
        reached.resolve(null);
        await release.promise;
        return carryOut(request);
      }),
      onBug: () => undefined,
    });
    const other = openTestClient(await server.listen('127.0.0.1', 0), api.key);
    const call = other.unary(`${ORDERS}.ListWorkOrders`, { page_size: 1 });
    await reached.promise;
    const stopped = server.stop();
    release.resolve(null);
    expect((await call)['work_orders']).toHaveLength(1);
    other.close();
    await stopped;
  });
});
