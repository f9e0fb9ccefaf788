/**
 * The legal way from one work order status to another, on internal values (contract 4.7). Pure. The steps it allows are
 * fewer than Maximo's: approval and start are never jumped over, because actuals need approval and sites hang
 * conditions on it; so WAPPR reaches COMP as APPR, INPRG, COMP.
 */
import { Failure } from '../../domain/kernel/failure.ts';

/** Order matters: of two equally short ways the first is taken, and undoing an approval needs a right of its own. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  WAPPR: ['APPR', 'WSCH', 'WMATL', 'CAN'],
  APPR: ['WSCH', 'WMATL', 'INPRG', 'WAPPR', 'CAN'],
  WSCH: ['APPR', 'WMATL', 'INPRG', 'WAPPR', 'CAN'],
  WMATL: ['APPR', 'WSCH', 'INPRG', 'WAPPR', 'CAN'],
  INPRG: ['WMATL', 'COMP', 'WAPPR'],
  COMP: ['CLOSE'],
  CLOSE: [],
  CAN: [],
};

/** From these on an order takes no more bookings. */
const FINAL: readonly string[] = ['COMP', 'CLOSE', 'CAN'];
const ENDED: readonly string[] = ['CLOSE', 'CAN', 'HISTEDIT'];

export interface StatusRules {
  allowClose: boolean;
  allowCancel: boolean;
}

export interface StatusPath {
  /** Moves before bookings are written. */
  open: string[];
  /** Moves after them. */
  final: string[];
}

/** Where a cancellation may start: work in progress or done cannot be cancelled (contract 8.2). */
const CANCELLABLE: readonly string[] = ['WAPPR', 'APPR', 'WSCH', 'WMATL'];

/** The moves to make, in order; none when the record is there already. Throws `rejected` with the reason. */
export function statusPath(from: string, to: string, rules: StatusRules): StatusPath {
  if (from === to) return { open: [], final: [] };
  const refusal = refuse(from, to, rules);
  if (refusal !== null) throw new Failure('rejected', refusal, { path: 'status' });
  const path = to === 'CAN' ? ['CAN'] : shortest(from, to);
  if (path === null) {
    throw new Failure(
      'rejected',
      `Maximo has no way from status ${from} to ${to}; create a follow-up work order instead.`,
      { path: 'status' },
    );
  }
  const cut = path.findIndex((status) => FINAL.includes(status));
  return cut < 0 ? { open: path, final: [] } : { open: path.slice(0, cut), final: path.slice(cut) };
}

function refuse(from: string, to: string, rules: StatusRules): string | null {
  if (!(to in STEPS)) {
    return `"${to}" is not an internal work order status of Maximo; correct the value map of the mapping to one of ${Object.keys(STEPS).join(', ')}.`;
  }
  if (ENDED.includes(from))
    return `A work order in status ${from} is history in Maximo and cannot be changed.`;
  if (to === 'CLOSE' && !rules.allowClose) {
    return 'Closing is irreversible in Maximo; set allowClose to true in the settings of this connection to let it close work orders.';
  }
  if (to === 'CAN' && !rules.allowCancel) {
    return 'Cancelling is irreversible in Maximo; set allowCancel to true in the settings of this connection to let it cancel work orders.';
  }
  if (to === 'CAN' && !CANCELLABLE.includes(from)) {
    return `Maximo does not cancel a work order in status ${from}; complete it, or cancel it there by hand.`;
  }
  if (from === 'COMP' && to !== 'CLOSE') {
    return `Maximo does not reopen a completed work order (status COMP to ${to}); create a follow-up work order instead.`;
  }
  return null;
}

/** The moves that lead an order from where it stands to a status it had before; null where Maximo has none. */
export function wayBack(from: string, to: string): string[] | null {
  return from === to ? [] : shortest(from, to);
}

/** Breadth first: the fewest moves. Ended statuses are never passed through. */
function shortest(from: string, to: string): string[] | null {
  const ways: string[][] = [[from]];
  const reached = new Set([from]);
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    for (const next of STEPS[way.at(-1) ?? ''] ?? []) {
      if (next === to) return [...way.slice(1), next];
      if (reached.has(next) || ENDED.includes(next)) continue;
      reached.add(next);
      ways.push([...way, next]);
    }
  }
  return null;
}
