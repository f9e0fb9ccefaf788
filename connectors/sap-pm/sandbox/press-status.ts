/**
 * The buttons of the order screen: what a person presses to reach a status, each held to what its action allows. Steps of the
 * life cycle are pressed one after the other; a lock, a deletion flag or "do not execute" that is not wanted is taken back first.
 * Tokens without a button, as postings leave them, are taken over.
 */
import { refuse } from './checks.ts';
import { textOf } from './draft.ts';
import { ORDER_FUNCTIONS } from './functions-order.ts';
import { setOrderStatus } from './order-state.ts';
import { tokensOf } from './status-line.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

/** The life cycle with the button that leads there, and the one that leads back there. */
const CYCLE = [
  { token: 'CRTD', forward: null, back: null },
  { token: 'REL', forward: 'ReleaseMaintenanceOrder', back: 'ResetMaintOrdStsTechCompleted' },
  { token: 'TECO', forward: 'SetMaintOrdToTechCompleted', back: 'ResetMaintOrderStatusClosed' },
  { token: 'CLSD', forward: 'SetMaintOrderStatusToClosed', back: null },
] as const;

const SWITCHES: Readonly<Record<string, readonly [on: string, off: string]>> = {
  LKD: ['SetMaintOrderStatusToLocked', 'SetMaintOrderStatusToUnlocked'],
  NOEX: ['SetMaintOrderToDoNotExecute', 'ResetStatusFromDoNotExecute'],
  DLFL: ['SetMaintOrdStsToMrkdForDeltn', 'ResetMaintOrdStsMrkdForDeltn'],
};

function press(call: Call, row: Row, button: string | null): Row {
  const now = call.world.db.get('MaintenanceOrder', row.id) ?? row;
  const action = button === null ? undefined : ORDER_FUNCTIONS[button];
  if (action !== undefined) return action.run(call, now, {});
  const active = stepOf(now);
  throw refuse(
    'BS/013',
    `System status ${CYCLE[active]?.token ?? ''} is active (ORD ${textOf(now.values, 'MaintenanceOrder')})`,
  );
}

function stepOf({ values }: Row): number {
  const tokens = tokensOf(values);
  return CYCLE.findLastIndex(({ token }) => tokens.includes(token));
}

/** `status` is a line of tokens, as the screen shows it; those that are there already need no button. */
export function pressStatus(call: Call, row: Row, status: unknown): Row {
  const wanted = String(status).split(/\s+/).filter(Boolean);
  let order = row;
  const has = (token: string): boolean => tokensOf(order.values).includes(token);
  for (const [token, [, off]] of Object.entries(SWITCHES)) {
    if (has(token) && !wanted.includes(token)) order = press(call, order, off);
  }
  const target = CYCLE.findIndex(({ token }) => wanted.includes(token));
  for (let at = stepOf(order); target !== -1 && at !== target; at = stepOf(order)) {
    const next = CYCLE[at < target ? at + 1 : at - 1];
    order = press(call, order, (at < target ? next?.forward : next?.back) ?? null);
  }
  for (const token of wanted) {
    const [on] = SWITCHES[token] ?? [];
    if (on !== undefined && !has(token)) order = press(call, order, on);
  }
  const others = wanted.filter((token) => !has(token));
  return others.length === 0 ? order : setOrderStatus(call, order, others, []);
}
