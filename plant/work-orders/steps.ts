/** Steps of a work order: add one, say that one is done. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { editRecord, lockLive } from './edit.ts';
import { orderFields, rounded, type OrderStep } from './fields.ts';
import { stepsFrom, type StepInput } from './input.ts';
import { assertNotFinished } from './status.ts';
import { viewOrder, type OrderView } from './view.ts';

export interface StepAnswer {
  order: OrderView;
  step: OrderStep;
}

const STEPS_MAX = 1_000;

/** Its estimate is added to the order's. */
export async function addStep(deps: PersonDeps, id: string, input: StepInput): Promise<StepAnswer> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    const before = orderFields(hub);
    assertNotFinished(hub.number, before);
    const steps = before.tasks ?? [];
    if (input.sequenceOrder != null && steps.some(({ sequence }) => sequence === input.sequenceOrder)) {
      throw new Failure('conflict', `${hub.number} has a step ${String(input.sequenceOrder)} already.`, {
        path: 'sequence_order',
      });
    }
    if (steps.length >= STEPS_MAX) {
      throw new Failure(
        'conflict',
        `${hub.number} has ${String(STEPS_MAX)} steps, which is the most it can have.`,
      );
    }
    const [step] = stepsFrom([input], steps);
    if (step === undefined) throw new Failure('bug', 'One step in gave none out.');
    const tasks = [...steps, step].sort((a, b) => a.sequence - b.sequence);
    const more = step.estimatedMinutes ?? 0;
    const wanted = {
      tasks: tasks as unknown as Json,
      ...(more > 0 ? { estimatedMinutes: rounded((before.estimatedMinutes ?? 0) + more) } : {}),
    };
    const edited = await editRecord(deps, tx, hub, wanted, {
      action: 'work_order.step_add',
      at: instantOf(deps),
    });
    return { order: await viewOrder(deps, tx, edited), step };
  });
}

export interface StepResult {
  outcome: 'completed' | 'skipped';
  completedBy?: string | null | undefined;
  /** Minutes. */
  actualDuration?: number | null | undefined;
  notes?: string | null | undefined;
}

export async function completeStep(
  deps: PersonDeps,
  id: string,
  sequence: number,
  result: StepResult,
): Promise<StepAnswer> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    const before = orderFields(hub);
    const found = before.tasks?.find((step) => step.sequence === sequence);
    if (found === undefined) throw new Failure('not_found', `${hub.number} has no step ${String(sequence)}.`);
    assertNotFinished(hub.number, before);
    const { status = 'pending' } = found;
    if (status === 'completed' || status === 'skipped') {
      throw new Failure('conflict', `Step ${String(sequence)} of ${hub.number} is ${status} already.`);
    }
    const at = instantOf(deps);
    const { outcome, completedBy, actualDuration, notes } = result;
    const step: OrderStep = {
      ...found,
      status: outcome,
      completedAt: at,
      completedBy: completedBy ?? deps.actor,
      ...(typeof actualDuration === 'number' ? { actualMinutes: actualDuration } : {}),
      ...(typeof notes === 'string' ? { notes } : {}),
    };
    const tasks = (before.tasks ?? []).map((one) => (one === found ? step : one));
    const edited = await editRecord(
      deps,
      tx,
      hub,
      { tasks: tasks },
      { action: 'work_order.step_complete', at },
    );
    return { order: await viewOrder(deps, tx, edited), step };
  });
}
