/**
 * Records the histories that `replay.e2e.test.ts` replays: runs a connection through each scenario on real services and
 * writes its history to `histories/<scenario>.jsonl`. Usage: `node test/replay/record.ts [scenario...]`.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { sql } from 'kysely';
import { wakePlanner } from '../../cli/planner.ts';
import { createSchedule } from '../../plant/maintenance/schedules.ts';
import { createRecord } from '../../plant/records/change-record.ts';
import type { Tx } from '../../store/index.ts';
import { plannerWorkflowId } from '../../workflows/maintenance/messages.ts';
import { pauseConnection, resumeConnection } from '../../plant/connections/connections.ts';
import { pokeSignal } from '../../workflows/sync/messages.ts';
import type { Json } from '../../domain/json.ts';
import type { ask } from '../support/ask.ts';
import { openTestServices } from '../support/services.ts';
import { quietRuntime } from '../support/temporal.ts';
import { createStack, until, type Plant, type Stack } from '../workflows/stack.ts';
import { format, problemsOf, scrub } from './history.ts';

/** All entities are in the first; the others stay small. */
const OFF = { pull: false, push: false };
const FEW = {
  sync: { entities: { person: OFF, asset: OFF, part: OFF, meter: OFF, plan: OFF, request: OFF } },
};

/** Each begins with a connection whose first sync is done, and may name the run whose history is kept: the latest otherwise. */
const SCENARIOS: Readonly<Record<string, (stack: Stack, plant: Plant) => Promise<string | undefined>>> = {
  'first-sync': async () => undefined,

  async pokes(stack, plant) {
    const seen = (await stack.runs(plant)).length;
    await stack.handle(plant).signal(pokeSignal, { source: 'hint', entities: ['work_order', 'location'] });
    await until('the hint is followed', async () => (await stack.runs(plant)).length > seen);
    await stack.handle(plant).signal(pokeSignal, { source: 'hub', entities: [] });
    for (const mode of ['full', 'sweep'] as const) await stack.ended(plant, await stack.syncNow(plant, mode));
    return undefined;
  },

  async 'pause-resume'(stack, plant) {
    plant.sandbox.control.setFaults({
      rules: [{ match: { path: '/os/' }, effect: 'slow', delayMs: 60_000, times: 1 }],
    });
    const run = await stack.syncNow(plant, 'full');
    await until('the run reads', async () => (await stack.progress(plant)).step === 'pull');
    await pauseConnection(stack.deps, plant.connection.id, 'The plant changes its server.');
    await stack.ended(plant, run);
    await until('it is paused', async () => (await stack.progress(plant)).state === 'paused');
    await resumeConnection(stack.deps, plant.connection.id);
    await stack.ended(plant, await stack.syncNow(plant, 'poll'));
    return undefined;
  },

  async refused(stack, plant) {
    plant.sandbox.control.setDial('expiredKey', true);
    for (let n = 0; n < 3; n += 1) await stack.ended(plant, await stack.syncNow(plant, 'poll'));
    await until('it is paused', async () => (await stack.progress(plant)).state === 'paused');
    return undefined;
  },

  /** As many passes as one run makes, so that the bound itself is in a history. */
  async 'all-passes-of-a-run'(stack, plant) {
    const { runId } = await stack.handle(plant).describe();
    await until('the workflow is a new one', async () => {
      await stack.handle(plant).signal(pokeSignal, { source: 'hub', entities: [] });
      return (await stack.handle(plant).describe()).runId !== runId;
    });
    return runId;
  },

  async 'continued-as-new'(stack, plant) {
    const { runId } = await stack.handle(plant).describe();
    // The server suggests it at 4 MB; the eighth is the one that gets there.
    const entities = Array.from({ length: 50_000 }, () => 'location' as const);
    for (let n = 0; n < 8; n += 1) await stack.handle(plant).signal(pokeSignal, { source: 'hint', entities });
    await until('the workflow is a new one', async () => {
      await stack.syncNow(plant, 'poll');
      return (await stack.handle(plant).describe()).runId !== runId;
    });
    await stack.ended(plant, await stack.syncNow(plant, 'poll'));
    return undefined;
  },
};

/** Plans that are due at once, later and not at all; gives the id of the workflow whose history is kept. */
async function runPlanner(stack: Stack): Promise<string> {
  const at = new Date().toISOString();
  const asset = { name: 'Excavator', tag: 'EX-1' };
  await stack.inTenant((tx) => createRecord(stack.deps, tx, 'asset', asset, { at, readingSource: 'hub' }));
  const plan = (nextScheduled: string) =>
    createSchedule(stack.deps, { name: 'Greasing', frequency: 'weekly', assetIds: ['EX-1'], nextScheduled });
  const orders = async (): Promise<number> => (await stack.inTenant((tx) => openTaskCount(tx))).length;
  const workflowId = plannerWorkflowId(stack.tenantId);
  for (const [n, ahead] of [-86_400_000, 1_500, 30 * 86_400_000].entries()) {
    await plan(new Date(Date.now() + ahead).toISOString());
    await wakePlanner(stack.program, stack.tenantId);
    await until('its work is made', async () => (await orders()) >= Math.min(2, n + 1));
  }
  return workflowId;
}

async function openTaskCount(tx: Tx): Promise<unknown[]> {
  const found =
    await sql`select 1 from hub_record where entity = 'work_order' and listed_plan is not null`.execute(tx);
  return found.rows;
}

async function record(stack: Stack, name: string, act: (typeof SCENARIOS)[string]): Promise<void> {
  const plant = await stack.connect('maximo', 'orders:3', { name, config: name === 'first-sync' ? {} : FEW });
  await stack.start(plant);
  await until('the first sync is done', async () =>
    (await stack.runs(plant)).some(({ state }) => state === 'completed'),
  );
  const runId = await act(stack, plant);
  const idle = async (): Promise<boolean> => (await stack.progress(plant)).state !== 'running';
  await until('it rests', idle);
  const { workflowId } = stack.handle(plant);
  await keep(stack, name, { workflowId, runId, secrets: Object.values(plant.sandbox.credentials) });
}

async function recordPlanner(stack: Stack): Promise<void> {
  await keep(stack, PLANNER, { workflowId: await runPlanner(stack), runId: undefined, secrets: [] });
}

async function keep(
  stack: Stack,
  name: string,
  {
    workflowId,
    runId,
    secrets,
  }: { workflowId: string; runId: string | undefined; secrets: readonly string[] },
): Promise<void> {
  const { workflow } = stack.program.temporal;
  const recorded = historyToJSON(await workflow.getHandle(workflowId, runId).fetchHistory());
  const history = scrub(JSON.parse(recorded) as Json);
  const text = format(history);
  const problems = [...problemsOf(history), ...secrets.filter((secret) => text.includes(secret))];
  if (problems.length > 0) throw new Error(`${name} holds what it must not: ${problems.join(', ')}.`);
  await writeFile(join(import.meta.dirname, 'histories', `${name}.jsonl`), text);
  process.stdout.write(`${name}: ${String(history.events.length)} events, ${String(text.length)} bytes\n`);
  await workflow.getHandle(workflowId).terminate('recorded');
}

const PLANNER = 'planner';
const names = [...Object.keys(SCENARIOS), PLANNER];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !names.includes(name));
if (unknown.length > 0)
  throw new Error(`There is no scenario ${unknown.join(', ')}; choose of ${names.join(', ')}.`);
quietRuntime();
const services = await openTestServices();
const answer: typeof ask = (what, body) => services.answer[what](body ?? '');
try {
  const stack = await createStack({ ask: answer });
  try {
    for (const [name, act] of Object.entries(SCENARIOS))
      if (wanted.length === 0 || wanted.includes(name)) await record(stack, name, act);
    if (wanted.length === 0 || wanted.includes(PLANNER)) await recordPlanner(stack);
  } finally {
    await stack.close();
  }
} finally {
  await services.stop();
}
