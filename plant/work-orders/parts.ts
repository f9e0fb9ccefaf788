/** Parts of a work order: planned, issued, used, returned. What was used of a part of the hub also stands in the order's `parts`, which other systems read. Stock is not touched: its master counts it. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { Tx } from '../../store/index.ts';
import { findParts, type PartFacts } from '../../store/work-orders/work-orders.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { editRecord, lockLive } from './edit.ts';
import { lineCost, orderFields, rounded, type OrderFields, type PartLine } from './fields.ts';
import { assertNotFinished } from './status.ts';
import { viewOrder, type OrderView } from './view.ts';

export interface PartAnswer {
  order: OrderView;
  part: PartLine;
}

export interface PartInput {
  partNumber?: string | undefined;
  /** Hub id or number of a part. */
  partId?: string | undefined;
  description?: string | null | undefined;
  quantity: number;
  unitCost?: number | null | undefined;
}

const LINES_MAX = 1_000;

/** Its cost is added to the order's estimate. */
export async function addPart(deps: PersonDeps, id: string, input: PartInput): Promise<PartAnswer> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    const before = orderFields(hub);
    assertNotFinished(hub.number, before);
    const lines = before.plannedParts ?? [];
    if (lines.length >= LINES_MAX) {
      throw new Failure(
        'conflict',
        `${hub.number} has ${String(LINES_MAX)} parts, which is the most it can have.`,
      );
    }
    const known = await partOf(tx, deps.tenantId, input);
    const partNumber = input.partNumber ?? known?.partNumber ?? known?.number;
    if (partNumber === undefined) {
      throw new Failure('invalid_request', 'part_number: Is required, or part_id instead.', {
        path: 'part_number',
      });
    }
    const description = input.description ?? known?.name;
    const unitCost = input.unitCost ?? known?.unitCost ?? undefined;
    const part: PartLine = {
      line: Math.max(0, ...lines.map(({ line }) => line)) + 1,
      ...(known === null ? {} : { partId: known.id }),
      partNumber,
      ...(description === undefined ? {} : { description }),
      quantity: input.quantity,
      ...(unitCost === undefined ? {} : { unitCost }),
      status: 'required',
    };
    const cost = lineCost(part);
    const wanted: JsonObject = { plannedParts: [...lines, part] };
    if (cost > 0) wanted['estimatedCost'] = rounded((before.estimatedCost ?? 0) + cost);
    const edited = await editRecord(deps, tx, hub, wanted, {
      action: 'work_order.part_add',
      at: instantOf(deps),
    });
    return { order: await viewOrder(deps, tx, edited), part };
  });
}

/** A part that is named by id must be there; one that is only written may be unknown to the hub. */
async function partOf(tx: Tx, tenantId: string, input: PartInput): Promise<PartFacts | null> {
  const text = input.partId ?? input.partNumber;
  const found = text === undefined ? [] : await findParts(tx, tenantId, text);
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  if (input.partId === undefined) return null;
  throw new Failure('invalid_request', `There is no one part "${input.partId}".`, { path: 'part_id' });
}

export type PartMove = 'issue' | 'use' | 'return';

const MOVES: Readonly<Record<PartMove, { from: readonly PartLine['status'][]; to: PartLine['status'] }>> = {
  issue: { from: ['required'], to: 'issued' },
  // What lies at the machine is used without being issued.
  use: { from: ['required', 'issued'], to: 'used' },
  return: { from: ['issued', 'used'], to: 'returned' },
};

/** Using a part adds its cost to the order's actual cost; returning a used one takes it off again. */
export async function movePart(
  deps: PersonDeps,
  id: string,
  line: number,
  request: { move: PartMove; by?: string | null | undefined },
): Promise<PartAnswer> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockLive(tx, 'work_order', id);
    const before = orderFields(hub);
    const found = before.plannedParts?.find((one) => one.line === line);
    if (found === undefined)
      throw new Failure('not_found', `${hub.number} has no part line ${String(line)}.`);
    assertNotFinished(hub.number, before);
    const { from, to } = MOVES[request.move];
    if (!from.includes(found.status)) {
      throw new Failure(
        'conflict',
        `Part line ${String(line)} of ${hub.number} is ${found.status}; only one that is ${from.join(' or ')} can become ${to}.`,
      );
    }
    const at = instantOf(deps);
    const part: PartLine = {
      ...found,
      status: to,
      by: request.by ?? deps.actor,
      ...(to === 'issued' ? { issuedAt: at } : {}),
      ...(to === 'used' ? { usedAt: at } : {}),
    };
    const sign = to === 'used' ? 1 : found.status === 'used' ? -1 : 0;
    const wanted: JsonObject = {
      plannedParts: (before.plannedParts ?? []).map((one) => (one === found ? part : one)),
      ...usedFields(before, found, sign),
    };
    const edited = await editRecord(deps, tx, hub, wanted, { action: `work_order.part_${request.move}`, at });
    return { order: await viewOrder(deps, tx, edited), part };
  });
}

function usedFields(before: OrderFields, line: PartLine, sign: 1 | -1 | 0): JsonObject {
  if (sign === 0) return {};
  const fields: JsonObject = {};
  const cost = lineCost(line);
  if (cost > 0) fields['actualCost'] = Math.max(0, rounded((before.actualCost ?? 0) + sign * cost));
  const { partId } = line;
  if (partId === undefined) return fields;
  const parts = before.parts ?? [];
  const sofar = parts.find(({ part }) => part === partId)?.quantity ?? 0;
  const quantity = rounded(sofar + sign * line.quantity);
  const rest = parts.filter(({ part }) => part !== partId);
  const used = quantity > 0 ? [...rest, { part: partId, quantity }] : rest;
  fields['parts'] = used.sort((a, b) => (a.part < b.part ? -1 : 1));
  return fields;
}
