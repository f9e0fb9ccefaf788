/**
 * Measures the push: N work orders of one system, already in the hub, created at an empty other one, in both directions,
 * with what a record costs in calls. `node bench/push.ts [--records 2000] [--only upkeep|maximo] [--profile folder] [--statements]`
 */
import { parseArgs } from 'node:util';
import { ENTITIES } from '../domain/entities/index.ts';
import { invite } from './rig/people.ts';
import { report } from './rig/report.ts';
import { meter, withRig, type BenchSandbox } from './rig/rig.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '2000' },
    only: { type: 'string' },
    profile: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);

interface Stats {
  requests: number;
  byMethod: Record<string, number>;
  writes: { created: Record<string, number> };
}
const statsOf = async (sandbox: BenchSandbox): Promise<Stats> =>
  (await sandbox.control('GET', '/stats')) as Stats;

async function measure(from: string, to: string): Promise<void> {
  await withRig(
    { statements: values.statements, ...(values.profile === undefined ? {} : { profile: values.profile }) },
    async (rig) => {
      const source = await rig.startSandbox(from, `orders:${records}`);
      const target = await rig.startSandbox(to, 'empty');
      if (to === 'upkeep') await invite(target);
      const worker = await rig.startWorker();
      const sourceId = await rig.connect(source, { pageSize: 1_000 });
      const targetId = await rig.connect(target);
      for (const entity of ENTITIES) await worker.run({ connectionId: sourceId, entity, verb: 'pull' });
      for (const entity of ENTITIES) await worker.run({ connectionId: targetId, entity, verb: 'pull' });
      for (const entity of ['location', 'asset'] as const)
        await worker.run({ connectionId: targetId, entity, verb: 'push' });

      await target.control('POST', '/stats');
      const used = meter({ PostgreSQL: rig.postgresPid, sandbox: target.pid });
      const done = await worker.run({ connectionId: targetId, entity: 'work_order', verb: 'push' });
      const cpu = used();
      const memory = worker.peakMemoryMb();
      const stats = await statsOf(target);
      await worker.end();
      const pushed = done.counts['pushed_created'] ?? 0;
      if (pushed !== records) {
        throw new Error(`${pushed} of ${records} were created at ${to}: ${JSON.stringify(done.counts)}`);
      }
      const methods = Object.entries(stats.byMethod).map(
        ([method, n]) => `${(n / records).toFixed(2)} ${method}`,
      );
      report(`push of ${records} work orders from the hub to ${to}`, [
        ['created there', records / done.seconds, 'records/s'],
        ['time', done.seconds, 's'],
        ['calls a record', stats.requests / records, methods.join(', ')],
        ['worker: processor time', done.cpuSeconds, 's'],
        ['PostgreSQL: processor time', cpu['PostgreSQL'] ?? 0, 's'],
        ['sandbox: processor time', cpu['sandbox'] ?? 0, 's'],
        ['worker: peak memory', memory, 'MB'],
      ]);
    },
  );
}

if (values.only !== 'maximo') await measure('maximo', 'upkeep');
if (values.only !== 'upkeep') await measure('upkeep', 'maximo');
