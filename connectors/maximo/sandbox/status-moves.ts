/** Which status moves Maximo allows, on internal values (contract 4.7). Pure tables, no records. */

const WORK_ORDER_MOVES: Readonly<Record<string, readonly string[]>> = {
  WAPPR: ['APPR', 'WSCH', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  APPR: ['WAPPR', 'WSCH', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  WSCH: ['WAPPR', 'APPR', 'WMATL', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  WMATL: ['WAPPR', 'APPR', 'WSCH', 'INPRG', 'COMP', 'CLOSE', 'CAN'],
  INPRG: ['WAPPR', 'WMATL', 'COMP', 'CLOSE'],
  COMP: ['CLOSE'],
  CLOSE: [],
  CAN: [],
  HISTEDIT: [],
};

/** Internal states a work order may go to. CAN is open only while nothing was booked on the order. */
export function workOrderTargets(from: string, hasActuals: boolean): string[] {
  return (WORK_ORDER_MOVES[from] ?? []).filter((to) => to !== 'CAN' || !hasActuals);
}

/** The code of a refused move: two have their own, the rest share the wrapper. */
export function refusedMoveCode(from: string, to: string): string {
  if (from === 'COMP' && to === 'APPR') return 'BMXAA4679E';
  if (from === 'COMP' && to === 'INPRG') return 'BMXAA4638E';
  return 'BMXAA4590E';
}

/** Requests go anywhere except back to NEW; out of the closed group they never come. */
export function requestMoveAllowed(from: string, to: string): boolean {
  if (to === 'NEW' || to === 'HISTEDIT') return false;
  return from !== 'CLOSED' || to === 'CLOSED';
}

export const HISTORY_STATES: readonly string[] = ['CLOSE', 'CAN'];

/** Actuals are accepted from approval on (contract 2.3). */
export const APPROVED_STATES: readonly string[] = ['APPR', 'WSCH', 'WMATL', 'INPRG', 'COMP'];
