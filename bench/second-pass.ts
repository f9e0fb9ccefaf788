/**
 * Measures what a pass costs when little or nothing changed, and proves that it writes nothing then: counted at the
 * sandboxes and by PostgreSQL's own row counters. Two parts: N orders pulled from Maximo, and a smaller plant that is also
 * in UpKeep. `node bench/second-pass.ts [--records 100000] [--both 4000] [--changed 1000]`
 */
import { parseArgs } from 'node:util';
import { ENTITIES } from '../domain/entities/index.ts';
import { connectorFor } from '../connectors/registry.ts';
import { invite } from './rig/people.ts';
import { report, type Row } from './rig/report.ts';
import { withRig, type BenchSandbox, type BenchWorker, type Rig } from './rig/rig.ts';
import { rowsWritten } from './rig/written.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    both: { type: 'string', default: '4000' },
    changed: { type: 'string', default: '1000' },
  },
});
const wanted = Number(values.changed);

interface Plant {
  rig: Rig;
  connections: { id: string; sandbox: BenchSandbox }[];
}

interface PassCost {
  seconds: number;
  mapped: number;
  rows: number;
  /** Writes through the vendors' APIs. */
  vendorWrites: number;
  requests: number;
}

/** One pass over all connections by a fresh worker. */
async function pass({ rig, connections }: Plant, options: { full?: boolean } = {}): Promise<PassCost> {
  const before = await rowsWritten(rig);
  for (const { sandbox } of connections) await sandbox.control('POST', '/stats');
  const worker = await rig.startWorker();
  const cost: PassCost = { seconds: 0, mapped: 0, rows: 0, vendorWrites: 0, requests: 0 };
  for (const connection of connections) {
    const { seconds, mapped } = await passOver(worker, connection, options.full === true);
    cost.seconds += seconds;
    cost.mapped += mapped;
  }
  await worker.end();
  cost.rows = (await rowsWritten(rig)) - before;
  for (const { sandbox } of connections) {
    const stats = (await sandbox.control('GET', '/stats')) as {
      requests: number;
      writes: Record<string, Record<string, number>>;
    };
    cost.requests += stats.requests;
    for (const byObject of Object.values(stats.writes))
      for (const n of Object.values(byObject)) cost.vendorWrites += n;
  }
  return cost;
}

async function passOver(
  worker: BenchWorker,
  connection: Plant['connections'][number],
  full: boolean,
): Promise<{ seconds: number; mapped: number }> {
  const { capabilities } = connectorFor(connection.sandbox.system).manifest;
  let seconds = 0;
  let mapped = 0;
  for (const entity of ENTITIES) {
    const { pull, create, update } = capabilities[entity];
    const verbs = [
      ...(pull === 'none' ? [] : ['pull' as const]),
      ...(create || update ? ['push' as const] : []),
    ];
    for (const verb of verbs) {
      const done = await worker.run({ connectionId: connection.id, entity, verb, full });
      seconds += done.seconds;
      mapped += done.mapped;
    }
  }
  return { seconds, mapped };
}

/** Passes until one writes nothing. */
async function settle(plant: Plant): Promise<PassCost> {
  for (let round = 0; round < 8; round += 1) {
    const cost = await pass(plant);
    if (cost.rows === 0 && cost.vendorWrites === 0) return cost;
  }
  throw new Error('the plant still moves after 8 passes');
}

/** New titles by a person in Maximo, on orders that are not closed. */
async function changeOrders(maximo: BenchSandbox, records: number): Promise<void> {
  const open = Array.from({ length: records }, (_, at) => at).filter((at) => at % 8 < 4);
  const step = Math.max(1, Math.floor(open.length / wanted));
  const chosen = open.filter((_, index) => index % step === 0).slice(0, wanted);
  for (const at of chosen) {
    await maximo.control('PATCH', `/records/mxapiwodetail/${1_000_000 + at}`, {
      description: `Changed by a person (${at})`,
    });
  }
}

function mustBe(what: string, actual: number, expected: number): void {
  if (actual !== expected) throw new Error(`${what}: ${actual} instead of ${expected}`);
}

const costRows = (name: string, cost: PassCost): Row[] => [
  [`${name}: time`, cost.seconds, 's'],
  [`${name}: requests to the systems`, cost.requests, ''],
  [`${name}: records mapped`, cost.mapped, ''],
  [`${name}: rows written`, cost.rows, ''],
  [`${name}: writes at the systems`, cost.vendorWrites, ''],
];

async function measureLarge(records: number): Promise<void> {
  await withRig({}, async (rig) => {
    const maximo = await rig.startSandbox('maximo', `orders:${records}`);
    const plant = {
      rig,
      connections: [{ id: await rig.connect(maximo, { pageSize: 1_000 }), sandbox: maximo }],
    };
    await pass(plant);
    const nothing = await settle(plant);
    const read = await pass(plant, { full: true });
    mustBe('rows written by a full read', read.rows, 0);
    await changeOrders(maximo, records);
    const some = await pass(plant);
    mustBe('records mapped', some.mapped, wanted);
    report(`passes over ${records} work orders of Maximo`, [
      ...costRows('nothing changed', nothing),
      ...costRows('nothing changed, everything read again', read),
      ...costRows(`${wanted} changed`, some),
    ]);
  });
}

async function measureBoth(records: number): Promise<void> {
  await withRig({}, async (rig) => {
    const maximo = await rig.startSandbox('maximo', `orders:${records}`);
    const upkeep = await rig.startSandbox('upkeep', 'empty');
    await invite(upkeep);
    const plant: Plant = { rig, connections: [] };
    for (const sandbox of [maximo, upkeep])
      plant.connections.push({ id: await rig.connect(sandbox, { pageSize: 1_000 }), sandbox });
    const first = await pass(plant);
    const nothing = await settle(plant);
    await changeOrders(maximo, records);
    const some = await pass(plant);
    mustBe('records written at UpKeep', some.vendorWrites, wanted);
    report(`passes over ${records} work orders in Maximo and UpKeep`, [
      ...costRows('first', first),
      ...costRows('nothing changed', nothing),
      ...costRows(`${wanted} changed in Maximo`, some),
    ]);
  });
}

await measureLarge(Number(values.records));
await measureBoth(Number(values.both));
