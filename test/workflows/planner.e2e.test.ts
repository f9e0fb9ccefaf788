import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { wakePlanner } from '../../cli/planner.ts';
import { createSchedule, changeSchedule } from '../../plant/maintenance/schedules.ts';
import { createRecord } from '../../plant/records/change-record.ts';
import { plannerWorkflowId } from '../../workflows/maintenance/messages.ts';
import { quietRuntime } from '../support/temporal.ts';
import { createStack, until, type Stack } from './stack.ts';

const DAY = 86_400_000;
const anyVersion = (): void => undefined;

let stack: Stack;
let assetTag: string;
beforeAll(async () => {
  quietRuntime();
  stack = await createStack();
  assetTag = 'EX-1';
  const options = { at: new Date().toISOString(), readingSource: 'hub' };
  await stack.inTenant((tx) =>
    createRecord(stack.deps, tx, 'asset', { name: 'Excavator', tag: assetTag }, options),
  );
});
afterAll(async () => {
  await planner()
    .terminate('the test is over')
    .catch(() => undefined);
  await stack.close();
});

const planner = () => stack.program.temporal.workflow.getHandle(plannerWorkflowId(stack.tenantId));
const ordersOf = async (planId: string): Promise<string[]> => {
  const found = await stack.inTenant((tx) =>
    sql<{ start: string }>`select listed_scheduled_start as start from hub_record
      where entity = 'work_order' and listed_plan = ${planId} order by 1`.execute(tx),
  );
  return found.rows.map(({ start }) => start);
};
const plan = (name: string, nextScheduled: string) =>
  createSchedule(stack.deps, {
    name,
    frequency: 'monthly',
    triggerType: 'time_based',
    assetIds: [assetTag],
    nextScheduled,
  });

describe('the planner', () => {
  it('makes what is due when it is woken, and once though it is woken by many', async () => {
    const due = new Date(Date.now() - DAY).toISOString();
    const { id } = await plan('Greasing', due);
    await Promise.all(Array.from({ length: 5 }, () => wakePlanner(stack.program, stack.tenantId)));
    await until('the order is there', async () => (await ordersOf(id)).length > 0);
    const { runId } = await planner().describe();
    await wakePlanner(stack.program, stack.tenantId);
    expect((await planner().describe()).runId).toBe(runId);
    expect(await ordersOf(id)).toEqual([due]);
  });

  it('makes nothing of a plan that sleeps, and its work once it is active', async () => {
    const due = new Date(Date.now() - DAY).toISOString();
    const { id } = await plan('Washing', new Date(Date.now() + DAY).toISOString());
    await changeSchedule(stack.deps, id, { active: false, nextScheduled: due }, anyVersion);
    const other = await plan('Tightening', due);
    await wakePlanner(stack.program, stack.tenantId);
    await until('the other order is there', async () => (await ordersOf(other.id)).length > 0);
    expect(await ordersOf(id)).toEqual([]);
    await changeSchedule(stack.deps, id, { active: true }, anyVersion);
    await wakePlanner(stack.program, stack.tenantId);
    await until('the order is there', async () => (await ordersOf(id)).length > 0);
    expect(await ordersOf(id)).toEqual([due]);
  });

  it('wakes by itself at the next date', async () => {
    const due = new Date(Date.now() + 2_000).toISOString();
    const { id } = await plan('Checking', due);
    await wakePlanner(stack.program, stack.tenantId);
    await until('the order is there', async () => (await ordersOf(id)).length > 0);
    expect(await ordersOf(id)).toEqual([due]);
  });

  it('makes what came due while no planner ran', async () => {
    await planner().terminate('an outage');
    const due = new Date(Date.now() - 3 * DAY).toISOString();
    const { id } = await plan('Balancing', due);
    await wakePlanner(stack.program, stack.tenantId);
    await until('the order is there', async () => (await ordersOf(id)).length > 0);
    expect(await ordersOf(id)).toEqual([due]);
  });
});
