/**
 * Proves and measures exactly-once creates: every single create is carried out by the vendor and its answer lost, N times,
 * at Maximo and at UpKeep. Afterwards exactly N records exist there. `node bench/creates.ts [--records 1000] [--only upkeep|maximo]`
 */
import { parseArgs } from 'node:util';
import { ENTITIES } from '../domain/entities/index.ts';
import { invite } from './rig/people.ts';
import { report } from './rig/report.ts';
import { withRig, type BenchSandbox } from './rig/rig.ts';

const { values } = parseArgs({
  options: { records: { type: 'string', default: '1000' }, only: { type: 'string' } },
});
const records = Number(values.records);

const TARGETS = {
  // Creates and changes are both a POST of rows to the collection: both are lost.
  maximo: { from: 'upkeep', object: 'mxapiwodetail', path: '/os/mxapiwodetail', title: 'description' },
  upkeep: { from: 'maximo', object: 'work-orders', path: '/work-orders$', title: 'title' },
} as const;

async function measure(to: keyof typeof TARGETS): Promise<void> {
  const { from, object, path, title } = TARGETS[to];
  await withRig({}, async (rig) => {
    const source = await rig.startSandbox(from, `orders:${records}`);
    const target = await rig.startSandbox(to, 'empty');
    if (to === 'upkeep') await invite(target);
    const worker = await rig.startWorker();
    const sourceId = await rig.connect(source, { pageSize: 1_000 });
    const targetId = await rig.connect(target);
    for (const connectionId of [sourceId, targetId])
      for (const entity of ENTITIES) await worker.run({ connectionId, entity, verb: 'pull' });
    for (const entity of ['location', 'asset'] as const)
      await worker.run({ connectionId: targetId, entity, verb: 'push' });

    await target.setFaults({ rules: [{ match: { method: 'POST', path }, effect: 'drop_after_commit' }] });
    const done = await worker.run({
      connectionId: targetId,
      entity: 'work_order',
      verb: 'push',
      persist: true,
    });
    const stats = (await target.control('GET', '/stats')) as { faultsFired: Record<string, number> };
    await target.control('DELETE', '/faults');
    const { all, distinct } = await countThere(target, object, title);
    if (all !== records || distinct !== records) {
      throw new Error(`${all} records (${distinct} distinct) exist at ${to} instead of ${records}`);
    }
    report(`${records} creates at ${to}, the answer to every one lost`, [
      ['records that exist afterwards', all, `of ${records}`],
      ['answers lost', stats.faultsFired['drop_after_commit'] ?? 0, ''],
      ['time', done.seconds, 's'],
      ['created there', records / done.seconds, 'records/s'],
      ['steps', done.steps, ''],
    ]);
  });
}

async function countThere(
  target: BenchSandbox,
  object: string,
  title: string,
): Promise<{ all: number; distinct: number }> {
  const there = (await target.control('GET', `/records/${object}`)) as Record<string, unknown>[];
  return { all: there.length, distinct: new Set(there.map((record) => record[title])).size };
}

if (values.only !== 'maximo') await measure('upkeep');
if (values.only !== 'upkeep') await measure('maximo');
