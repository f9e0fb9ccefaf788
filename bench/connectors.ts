/**
 * Measures each connector alone, against its sandbox in a process of its own: work orders pulled and created a second, calls
 * a record and processor time, with the rate budget out of the way but counted. What the budget then allows is computed from
 * the calls. `node bench/connectors.ts [--records 2000] [--creates 300] [--only fiix,sap_pm]`
 */
import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { loadavg } from 'node:os';
import { sandboxKind, sandboxes } from '../cli/sandboxes.ts';
import type { CreateOp, Session } from '../connectors/kit/contract.ts';
import { createSessionDeps } from '../connectors/kit/session-deps.fixture.ts';
import { connectorFor } from '../connectors/registry.ts';
import type { JsonObject } from '../domain/json.ts';
import { loadMappings } from '../mappings/engine/index.ts';
import { cpuSeconds } from './rig/process-cost.ts';
import { startSandbox, type BenchSandbox } from './rig/rig.ts';

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '2000' },
    creates: { type: 'string', default: '300' },
    only: { type: 'string' },
  },
});
const records = Number(values.records);
const creates = Number(values.creates);
const systems = values.only?.split(',') ?? Object.keys(sandboxes);
/** As many as a push hands to a session at once. */
const AT_ONCE = 100;
const REFERENCES = 36 ** 5;

interface Figures {
  perSecond: number;
  callsPerRecord: number;
  /** Milliseconds of processor time a record. */
  ourCpu: number;
  theirCpu: number;
}

async function withSession<T>(
  system: string,
  seed: string,
  work: (session: Session, calls: () => number, sandbox: BenchSandbox, config: JsonObject) => Promise<T>,
): Promise<T> {
  const { sandbox, stop } = await startSandbox(system, seed);
  let calls = 0;
  const { config, secret } = sandboxKind(system).connection(sandbox, seed);
  const session = connectorFor(system).connect(
    config,
    secret,
    createSessionDeps({
      throttle: {
        acquire: async () => {
          calls += 1;
        },
        pause: async () => undefined,
      },
      network: { allowed: ['127.0.0.1', 'localhost', `file:${tmpdir()}/`] },
    }),
  );
  try {
    await session.probe();
    return await work(session, () => calls, sandbox, config);
  } finally {
    await session.close();
    await stop();
  }
}

/** Runs the work and gives its figures; the first records a second of a process are those of a cold program. */
async function measure(
  sandbox: BenchSandbox,
  calls: () => number,
  work: () => Promise<number>,
): Promise<Figures> {
  const before = {
    at: performance.now(),
    calls: calls(),
    ours: process.cpuUsage(),
    theirs: cpuSeconds(sandbox.pid),
  };
  const done = await work();
  const used = process.cpuUsage(before.ours);
  return {
    perSecond: done / ((performance.now() - before.at) / 1_000),
    callsPerRecord: (calls() - before.calls) / done,
    ourCpu: (used.user + used.system) / 1_000 / done,
    theirCpu: ((cpuSeconds(sandbox.pid) - before.theirs) * 1_000) / done,
  };
}

async function pullAll(session: Session, pageSize: number): Promise<number> {
  let seen = 0;
  let cursor: string | null = null;
  for (;;) {
    const page = await session.pull('work_order', { cursor, pageSize });
    seen += page.records.length;
    ({ cursor } = page);
    if (!page.more) return seen;
  }
}

async function measurePull(system: string): Promise<Figures> {
  const { pageSize } = connectorFor(system).manifest.limits;
  return withSession(system, `orders:${records}`, async (session, calls, sandbox) => {
    await pullAll(session, pageSize);
    const figures = await measure(sandbox, calls, async () => {
      const seen = await pullAll(session, pageSize);
      if (seen < records) throw new Error(`${system} showed ${seen} of ${records} orders.`);
      return seen;
    });
    return figures;
  });
}

async function measurePush(system: string): Promise<Figures | null> {
  if (!connectorFor(system).manifest.capabilities.work_order.create) return null;
  const mapping = (await loadMappings(undefined, system)).get('work_order');
  if (mapping === undefined) return null;
  return withSession(system, 'empty', async (session, calls, sandbox, config) => {
    const ops = async (from: number, count: number): Promise<CreateOp[]> =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const n = from + index;
          const pushed = await mapping.push(
            {
              title: `Grease bearing ${n}`,
              description: 'All four points, two strokes each.',
              status: 'scheduled',
              priority: 'high',
              dueAt: new Date(Date.UTC(2031, 0, 1) + n * 3_600_000).toISOString(),
            },
            null,
            config,
          );
          if (!pushed.ok) throw new Error(`${system} maps no order: ${JSON.stringify(pushed.problems)}`);
          return {
            key: String(n),
            reference: `CF${(REFERENCES + n).toString(36).toUpperCase()}`,
            intendedAt: new Date().toISOString(),
            payload: pushed.payload,
            comments: [],
          };
        }),
      );
    const create = async (from: number, count: number): Promise<void> => {
      const outcomes = await session.create('work_order', await ops(from, count));
      const failed = outcomes.find(({ outcome }) => outcome !== 'done');
      if (failed !== undefined)
        throw new Error(`${system}: ${'failure' in failed ? failed.failure.message : failed.outcome}`);
    };
    await create(0, 20);
    return measure(sandbox, calls, async () => {
      for (let from = 0; from < creates; from += AT_ONCE)
        await create(1_000 + from, Math.min(AT_ONCE, creates - from));
      return creates;
    });
  });
}

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const shown = (value: number): string =>
  value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)));

process.stdout.write(
  [
    line([
      'system',
      'pull, records/s',
      'calls a record',
      'ours + sandbox, ms a record',
      'push, records/s',
      'calls a record',
      'ours + sandbox, ms a record',
      'page, largest',
      'records a write',
      'calls at once',
      'requests/s',
      'so at most, pull and push/s',
      'load',
    ]),
    line(Array.from({ length: 13 }, () => '---')),
    '',
  ].join('\n'),
);
for (const system of systems) {
  const pull = await measurePull(system);
  const push = await measurePush(system);
  const { limits } = connectorFor(system).manifest;
  const allowed = (figures: Figures): string => shown(limits.requestsPerSecond / figures.callsPerRecord);
  process.stdout.write(
    `${line([
      system,
      shown(pull.perSecond),
      shown(pull.callsPerRecord),
      `${shown(pull.ourCpu)} + ${shown(pull.theirCpu)}`,
      ...(push === null
        ? ['', '', '']
        : [
            shown(push.perSecond),
            shown(push.callsPerRecord),
            `${shown(push.ourCpu)} + ${shown(push.theirCpu)}`,
          ]),
      `${limits.pageSize}, ${limits.pageSizeMax}`,
      String(limits.writeBatch),
      String(limits.parallel),
      String(limits.requestsPerSecond),
      `${allowed(pull)} and ${push === null ? '-' : allowed(push)}`,
      (loadavg()[0] ?? 0).toFixed(1),
    ])}\n`,
  );
}
