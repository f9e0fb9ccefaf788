/**
 * Measures how long a change takes from one system into the other on an idle stack: one change at a time, as a person makes
 * it, until it stands there. Both directions, woken by what the vendors deliver, never by the interval.
 * Usage: `node bench/latency.ts [changes=100]`; with `TEMPORAL_ADDRESS` set, on that server with its settings.
 */
import { issueWebhookUrl, subscribeWebhook } from '../cli/connection-service.ts';
import { repositories } from '../store/index.ts';
import type { ask } from '../test/support/ask.ts';
import { openTestServices } from '../test/support/services.ts';
import { quietRuntime } from '../test/support/temporal.ts';
import { createStack, until, type Plant, type Stack } from '../test/workflows/stack.ts';
import { report, type Row } from './rig/report.ts';

const ORDERS = 50;

interface Side {
  plant: Plant;
  object: string;
  id: string;
  field: string;
}

const changes = Number(process.argv[2] ?? 100);
quietRuntime();
const services = await openTestServices();
const answer: typeof ask = (what, body) => services.answer[what](body ?? '');
try {
  const stack = await createStack({ ask: answer });
  try {
    const sides = await firstSync(stack);
    const there = await measure(stack, sides.maximo, sides.upkeep);
    const back = await measure(stack, sides.upkeep, sides.maximo);
    report('From a change in one system to the other', [
      ...rows('Maximo to UpKeep', there),
      ...rows('UpKeep to Maximo', back),
    ]);
  } finally {
    await stack.close();
  }
} finally {
  await services.stop();
}

async function firstSync(stack: Stack): Promise<{ maximo: Side[]; upkeep: Side[] }> {
  const maximo = await stack.connect('maximo', `orders:${String(ORDERS)}`);
  const upkeep = await stack.connect('upkeep', 'empty');
  upkeep.sandbox.control.insert('users', {
    email: 'wilson@plant.example',
    password: 'invited by hand',
    accountType: 'TECHNICIAN',
  });
  await stack.start(maximo, upkeep);
  await until('both hold the orders', () => upkeep.sandbox.control.list('work-orders').length === ORDERS);
  await quiet(stack, [maximo, upkeep]);
  await subscribeWebhook(stack.program, upkeep.connection, stack.apiUrl);
  const { url } = await issueWebhookUrl(stack.program, maximo.connection, stack.apiUrl);
  maximo.sandbox.control.setDial('publishChannel', { endpoint: url });

  const orders = upkeep.sandbox.control.list('work-orders') as {
    id: string;
    title: string;
    status: string;
  }[];
  const open = orders.filter(({ status }) => status === 'open');
  const wonums = new Map(
    (maximo.sandbox.control.list('mxapiwodetail') as { wonum: string; description: string }[]).map(
      ({ wonum, description }) => [description, wonum],
    ),
  );
  return {
    maximo: open.map(({ title }) => ({
      plant: maximo,
      object: 'mxapiwodetail',
      id: wonums.get(title) ?? '',
      field: 'description',
    })),
    upkeep: open.map(({ id }) => ({ plant: upkeep, object: 'work-orders', id, field: 'title' })),
  };
}

/** Milliseconds of each change. Between two the stack comes to rest, so that none waits for the one before. */
async function measure(stack: Stack, from: Side[], to: Side[]): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < changes; n += 1) {
    const source = from[n % from.length];
    const target = to[n % to.length];
    if (source === undefined || target === undefined) throw new Error('No order is open in both systems.');
    await quiet(stack, [source.plant, target.plant]);
    const text = `Measured from ${source.plant.connection.system}, change ${String(n)}`;
    const started = performance.now();
    source.plant.sandbox.control.change(source.object, source.id, { [source.field]: text });
    await until(
      'the change stands there',
      () => (row(target) as Record<string, unknown>)[target.field] === text,
      10_000,
      5,
    );
    times.push(performance.now() - started);
  }
  return times;
}

function row({ plant, object, id }: Side): object {
  const key = object === 'work-orders' ? 'id' : 'wonum';
  const found = plant.sandbox.control
    .list(object)
    .find((one) => (one as Record<string, unknown>)[key] === id);
  if (found === undefined) throw new Error(`${object} ${id} is gone.`);
  return found;
}

async function quiet(stack: Stack, plants: Plant[]): Promise<void> {
  for (let seen = 0; seen < 3;) {
    let still = true;
    for (const plant of plants) {
      const { state } = await stack.progress(plant);
      const due = await stack.inTenant((tx) => repositories.pushes.countDue(tx, plant.connection.id));
      still &&= state === 'idle' && due === 0;
    }
    seen = still ? seen + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function rows(name: string, times: number[]): Row[] {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.ceil(sorted.length * share) - 1] ?? 0);
  return [
    [`${name}, p50`, at(0.5), 'ms'],
    [`${name}, p99`, at(0.99), 'ms'],
    [`${name}, longest`, at(1), 'ms'],
  ];
}
