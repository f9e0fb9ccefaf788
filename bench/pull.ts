/**
 * Measures the pull: N Maximo work orders into the hub with links, bases, raw records, log and change feed, by the code of
 * the activities in a process of its own; and in the same run a bare loop over the same pages, so that the ratio holds on
 * any machine. `node bench/pull.ts [--records 100000] [--page 1000] [--profile folder] [--statements]`
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { BareLoopDone, BareLoopInput } from './rig/bare-loop.ts';
import { report } from './rig/report.ts';
import { BEFORE_WORK_ORDERS, meter, withRig, type BenchSandbox, type Rig } from './rig/rig.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '100000' },
    page: { type: 'string', default: '1000' },
    profile: { type: 'string' },
    statements: { type: 'boolean', default: false },
  },
});
const records = Number(values.records);
const pageSize = Number(values.page);

await withRig(
  { statements: values.statements, ...(values.profile === undefined ? {} : { profile: values.profile }) },
  async (rig) => {
    const maximo = await rig.startSandbox('maximo', `orders:${records}`);
    const connectionId = await rig.connect(maximo, { pageSize });
    const worker = await rig.startWorker();
    for (const entity of BEFORE_WORK_ORDERS) await worker.run({ connectionId, entity, verb: 'pull' });

    await maximo.control('POST', '/stats');
    const used = meter({ PostgreSQL: rig.postgresPid, sandbox: maximo.pid });
    const done = await worker.run({ connectionId, entity: 'work_order', verb: 'pull' });
    const cpu = used();
    const memory = worker.peakMemoryMb();
    await checkPulled(rig, connectionId);
    await worker.end();

    const usedByBare = meter({ PostgreSQL: rig.postgresPid, sandbox: maximo.pid });
    const bare = await bareLoop(rig, maximo);
    const bareCpu = usedByBare();
    if (bare.records < records) throw new Error(`the bare loop saw ${bare.records} of ${records} records`);
    const rate = records / done.seconds;
    const bareRate = bare.records / bare.seconds;
    report(`pull of ${records} work orders from Maximo, pages of ${pageSize}`, [
      ['pulled into the hub', rate, 'records/s'],
      ['time', done.seconds, 's'],
      ['worker: peak memory', memory, 'MB'],
      ['worker: processor time', done.cpuSeconds, 's'],
      ['PostgreSQL: processor time', cpu['PostgreSQL'] ?? 0, 's'],
      ['sandbox: processor time', cpu['sandbox'] ?? 0, 's'],
      ['bare loop over the same pages', bareRate, 'records/s'],
      ['bare loop: PostgreSQL, processor time', bareCpu['PostgreSQL'] ?? 0, 's'],
      ['fetching the same pages alone', records / bare.fetchSeconds, 'records/s'],
      ['ours : bare loop', rate / bareRate, ''],
    ]);
  },
);

/** A figure counts only when everything is really there. */
async function checkPulled(rig: Rig, connectionId: string): Promise<void> {
  for (const table of ['link', 'record_history']) {
    const [found] = await rig.query<{ n: number }>(
      `select count(*)::int as n from ${table} where connection_id = $1 and entity = 'work_order'`,
      [connectionId],
    );
    if (found?.n !== records) throw new Error(`${table} holds ${String(found?.n)} of ${records} records`);
  }
}

/** Replays the list requests that the sandbox has just served. */
async function bareLoop(rig: Rig, maximo: BenchSandbox): Promise<BareLoopDone> {
  const served = (await maximo.control('GET', '/pages')) as { object: string; query: string }[];
  const input: BareLoopInput = {
    databaseUrl: rig.ownerUrl,
    apiKey: maximo.credentials['apiKey'] ?? '',
    pages: served
      .filter(({ query }) => new URLSearchParams(query).get('oslc.pageSize') === String(pageSize))
      .map(({ object, query }) => `${maximo.url}/maximo/api/os/${object}?${query}`),
  };
  const child = fork(fileURLToPath(new URL('rig/bare-loop.ts', import.meta.url)));
  const done = new Promise<BareLoopDone>((resolve, reject) => {
    child.once('message', (message) => resolve(message as BareLoopDone));
    child.once('exit', (code) => reject(new Error(`the bare loop ended with ${String(code)}`)));
  });
  child.send(input);
  try {
    return await done;
  } finally {
    if (child.connected) child.disconnect();
  }
}
