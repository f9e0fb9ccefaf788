/** What callers say about a work order, as fields of the hub: ids looked up, spans checked, steps put in order. */
import { plainInputs, type PlainInput } from '../../domain/entities/field-table.ts';
import { WORK_ORDER_FIELDS } from '../../domain/entities/work-order.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../../store/index.ts';
import { findAssetId } from '../assets/asset-ids.ts';
import { resolveAssignment } from '../people/people-names.ts';
import { rounded, type OrderFields, type OrderStep } from './fields.ts';

type Given<T> = T | null | undefined;

/** Undefined leaves a field as it is, null clears it. Times are RFC 3339 instants of the hub's spelling. */
export interface OrderInput extends PlainInput<typeof WORK_ORDER_FIELDS> {
  /** Public id, number or hub id. */
  assetId?: Given<string>;
  assignedTo?: Given<string>;
}

export interface StepInput {
  name: string;
  description?: Given<string>;
  /** Minutes. */
  estimatedDuration?: Given<number>;
  /** The next free number when absent. */
  sequenceOrder?: Given<number>;
}

const PLAIN = plainInputs(WORK_ORDER_FIELDS).map(([name]) => name as keyof OrderInput);

/** `before` is what the order holds already; checks look at the order as it will be. */
export async function inputFields(
  tx: Tx,
  tenantId: string,
  input: OrderInput,
  before: Partial<OrderFields> = {},
): Promise<JsonObject> {
  const fields: JsonObject = {};
  for (const name of PLAIN) {
    const value = input[name];
    if (value !== undefined) fields[name] = value;
  }
  if (input.assetId !== undefined) {
    fields['asset'] = input.assetId === null ? null : await requireAsset(tx, tenantId, input.assetId);
  }
  if (input.assignedTo !== undefined) {
    Object.assign(fields, await resolveAssignment(tx, tenantId, input.assignedTo));
  }
  if (
    input.dueAt === undefined &&
    input.scheduledEnd !== undefined &&
    (before.dueAt ?? before.scheduledEnd) === before.scheduledEnd
  ) {
    // The due date goes with the schedule unless somebody set it apart.
    fields['dueAt'] = input.scheduledEnd;
  }
  assertSpan({ ...before, ...fields });
  return fields;
}

export async function requireAsset(
  tx: Tx,
  tenantId: string,
  assetId: string,
  path = 'asset_id',
): Promise<string> {
  const id = await findAssetId(tx, tenantId, assetId);
  if (id !== null) return id;
  throw new Failure('invalid_request', `There is no asset "${assetId}"; register it first.`, { path });
}

function assertSpan(fields: JsonObject): void {
  const { scheduledStart: start, scheduledEnd: end } = fields;
  if (typeof start !== 'string' || typeof end !== 'string' || end >= start) return;
  throw new Failure('invalid_request', 'scheduled_end: must not be before scheduled_start.', {
    path: 'scheduled_end',
  });
}

/** In order of their numbers; a number taken twice is refused. */
export function stepsFrom(
  inputs: readonly StepInput[],
  taken: readonly Pick<OrderStep, 'sequence'>[] = [],
): OrderStep[] {
  const used = new Set(taken.map(({ sequence }) => sequence));
  const steps = inputs.map((input, index): OrderStep => {
    const sequence = input.sequenceOrder ?? Math.max(0, ...used) + 1;
    if (used.has(sequence)) {
      throw new Failure('invalid_request', `Two steps have the number ${String(sequence)}.`, {
        path: `steps[${String(index)}].sequence_order`,
      });
    }
    used.add(sequence);
    const { description, estimatedDuration } = input;
    return {
      sequence,
      title: input.name,
      ...(typeof description === 'string' ? { description } : {}),
      ...(typeof estimatedDuration === 'number' ? { estimatedMinutes: estimatedDuration } : {}),
      status: 'pending',
    };
  });
  return steps.sort((a, b) => a.sequence - b.sequence);
}

export function estimatedMinutesOf(steps: readonly Pick<OrderStep, 'estimatedMinutes'>[]): number {
  return rounded(steps.reduce((sum, step) => sum + (step.estimatedMinutes ?? 0), 0));
}
