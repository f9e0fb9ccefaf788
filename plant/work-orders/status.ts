/**
 * The states of a work order as the API tells them: which follow which, and what a move stamps.
 * The hub's finer words are folded: requested is shown as scheduled, closed as completed; overdue is an overlay.
 */
import type { HOLD_REASONS } from '../../domain/entities/vocabulary.ts';
import { type WorkOrderStatus } from '../../domain/entities/vocabulary.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { dueState } from '../../domain/work-orders/overdue.ts';
import type { RecordCondition } from '../../store/hub/record-list.ts';
import { recordedMinutes, type OrderFields } from './fields.ts';

export const PUBLIC_STATUSES = [
  'scheduled',
  'in_progress',
  'completed',
  'cancelled',
  'overdue',
  'on_hold',
] as const;
export type PublicStatus = (typeof PUBLIC_STATUSES)[number];
/** Overdue is what time does to an order; nobody sets it. */
export const SETTABLE_STATUSES = ['scheduled', 'in_progress', 'completed', 'cancelled', 'on_hold'] as const;
export type SettableStatus = (typeof SETTABLE_STATUSES)[number];
export type HoldReason = (typeof HOLD_REASONS)[number];

const SHOWN: Readonly<Record<WorkOrderStatus, SettableStatus>> = {
  requested: 'scheduled',
  scheduled: 'scheduled',
  in_progress: 'in_progress',
  on_hold: 'on_hold',
  completed: 'completed',
  closed: 'completed',
  cancelled: 'cancelled',
};

const NEXT: Readonly<Record<SettableStatus, readonly SettableStatus[]>> = {
  scheduled: ['in_progress', 'on_hold', 'completed', 'cancelled'],
  in_progress: ['on_hold', 'completed', 'cancelled'],
  on_hold: ['scheduled', 'in_progress', 'cancelled'],
  completed: [],
  cancelled: [],
};

export interface ShownStatus {
  status: PublicStatus;
  /** Also true for work under way or on hold that is past its due date. */
  isOverdue: boolean;
}

/** An order without a status (some systems have none) counts as scheduled. */
export function shownStatus(fields: JsonObject, nowMs: number): ShownStatus {
  const status = (fields['status'] ?? 'scheduled') as WorkOrderStatus;
  const { isOverdue } = dueState({ ...fields, status }, nowMs);
  const shown = SHOWN[status];
  return { status: isOverdue && shown === 'scheduled' ? 'overdue' : shown, isOverdue };
}

/**
 * The same as a filter of the list: alternatives, each with one stored status, because PostgreSQL walks its index in order
 * for one value and sorts everything for several.
 */
export function statusAlternatives(status: PublicStatus, now: string): RecordCondition[][] {
  const stored = Object.keys(SHOWN).filter((word) => SHOWN[word as WorkOrderStatus] === status);
  const equals = (word: string): RecordCondition => ({ field: 'status', equals: word });
  if (status !== 'scheduled' && status !== 'overdue') return stored.map((word) => [equals(word)]);
  const due: RecordCondition =
    status === 'overdue'
      ? { dueBefore: now }
      : {
          any: [
            { field: 'dueAt', present: false },
            { field: 'dueAt', from: now },
          ],
        };
  return [equals('scheduled'), equals('requested'), { field: 'status', present: false } as const].map(
    (begun) => [begun, due],
  );
}

export function isFinished({ status }: Pick<OrderFields, 'status'>): boolean {
  return status === 'completed' || status === 'closed' || status === 'cancelled';
}

export function assertNotFinished(what: string, fields: OrderFields): void {
  if (!isFinished(fields)) return;
  throw new Failure(
    'conflict',
    `${what} is ${String(fields.status)}; finished work takes no more changes of this kind.`,
  );
}

export interface StatusMove {
  to: SettableStatus;
  /** RFC 3339 instant of the move. */
  at: string;
  holdReason?: HoldReason | null | undefined;
  /** Given figures; they win over computed ones. */
  actualMinutes?: number | null | undefined;
  actualCost?: number | null | undefined;
}

/** The fields that a move changes; none when the order is there already. Throws `conflict` where the move is not allowed. */
export function moveChanges(what: string, fields: OrderFields, move: StatusMove): JsonObject {
  const stored = fields.status ?? 'scheduled';
  const from = SHOWN[stored];
  const { to, at } = move;
  if (from === to) return sameAgain(stored, move);
  const allowed = NEXT[from];
  if (!allowed.includes(to)) {
    const next = allowed.length === 0 ? 'nothing follows it' : `it can become ${allowed.join(', ')}`;
    throw new Failure('conflict', `${what} is ${from} and cannot become ${to}; ${next}.`, { path: 'status' });
  }
  const changes: JsonObject = { status: to };
  if (from === 'on_hold') changes['holdReason'] = null;
  if (to === 'on_hold') changes['holdReason'] = move.holdReason ?? null;
  if (to === 'in_progress' && fields.startedAt === undefined) changes['startedAt'] = at;
  if (to === 'completed') Object.assign(changes, completionChanges(fields, move));
  return changes;
}

function sameAgain(stored: WorkOrderStatus, move: StatusMove): JsonObject {
  // Scheduling what was only requested approves it, though both are shown by one word.
  if (stored === 'requested') return { status: 'scheduled' };
  if (stored === 'on_hold' && move.holdReason !== undefined) return { holdReason: move.holdReason };
  return {};
}

/**
 * End stamp and figures. A figure given now counts, then one given before, then what steps and labour recorded; nothing
 * recorded leaves the figure as it is and never makes it zero.
 */
function completionChanges(fields: OrderFields, move: StatusMove): JsonObject {
  const changes: JsonObject = {};
  if (fields.completedAt === undefined) changes['completedAt'] = move.at;
  const given = move.actualMinutes ?? null;
  if (given !== null) changes['actualMinutes'] = given;
  else if ((fields.actualMinutes ?? 0) === 0) {
    const recorded = recordedMinutes(fields);
    if (recorded !== null) changes['actualMinutes'] = recorded;
  }
  if ((move.actualCost ?? null) !== null) changes['actualCost'] = move.actualCost ?? null;
  return changes;
}
