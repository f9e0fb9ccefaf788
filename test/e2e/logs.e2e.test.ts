/** What an operator reads of a worker: a line for each step that moved something, and counters for Prometheus. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../cli/stack/ports.ts';
import { createStack, until, type Plant, type Stack } from '../workflows/stack.ts';
import { startWorkerProcess, type WorkerProcess } from './program.ts';

const ORDERS = 50;

interface Line {
  level: string;
  msg: string;
  activityType?: string;
  workflowId?: string;
  detail?: {
    step?: string;
    entity?: string;
    connectionId?: string;
    counts?: Record<string, number>;
    kind?: string;
  };
}

describe('a worker', () => {
  let stack: Stack;
  let maximo: Plant;
  let worker: WorkerProcess;
  let metrics: string;
  beforeAll(async () => {
    stack = await createStack({ worker: false });
    const port = await freePort();
    metrics = `127.0.0.1:${String(port)}`;
    worker = await startWorkerProcess(stack, { CHATTERFIX_WORKER_METRICS: metrics });
    maximo = await stack.connect('maximo', `orders:${String(ORDERS)}`);
    await stack.start(maximo);
    await until('the orders are read', () => steps().some(({ detail }) => detail?.entity === 'work_order'));
  });
  afterAll(async () => {
    await worker.kill();
    await stack.close();
  });

  const lines = (): Line[] =>
    worker
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line);
  const steps = (): Line[] => lines().filter(({ msg }) => msg === 'step done');

  it('writes a JSON line for each step that moved something, with the ids that lead on', () => {
    const pulled = steps().find(({ detail }) => detail?.entity === 'work_order' && detail.step === 'pull');
    expect(pulled).toMatchObject({
      level: 'info',
      activityType: 'pull',
      workflowId: expect.stringContaining(maximo.connection.id),
      detail: { connectionId: maximo.connection.id, counts: { in: ORDERS, created: ORDERS } },
    });
  });

  it('never writes a credential', () => {
    for (const secret of Object.values(maximo.sandbox.credentials))
      expect(worker.stderr()).not.toContain(secret);
  });

  it('counts records and times steps for Prometheus', async () => {
    const page = await (await fetch(`http://${metrics}/metrics`)).text();
    const created = page
      .split('\n')
      .find(
        (line) =>
          line.startsWith('chatterfix_records') &&
          /entity="work_order"/.test(line) &&
          /outcome="created"/.test(line),
      );
    expect(created).toMatch(/step="pull"/);
    expect(created).toMatch(/system="maximo"/);
    expect(created?.split(' ').at(-1)).toBe(String(ORDERS));
    expect(page).toMatch(/^chatterfix_step_latency_count\{.*step="pull".*\} \d+$/m);
  });

  it('tells a failed activity with its kind, and counts it', async () => {
    await maximo.sandbox.close();
    await stack.syncNow(maximo, 'poll');
    const failed = (): Line | undefined => lines().find(({ msg }) => msg === 'activity failed');
    await until('a failure is told', () => failed() !== undefined);
    expect(failed()).toMatchObject({ level: 'warn', detail: { kind: 'unavailable' } });
    const page = await (await fetch(`http://${metrics}/metrics`)).text();
    expect(page).toMatch(/^chatterfix_failures\{.*kind="unavailable".*\} [1-9]/m);
  });
});
