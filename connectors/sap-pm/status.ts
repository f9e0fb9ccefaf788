/**
 * Statuses and the legal paths between them, as data (contract 2.1, 2.3, 8.1). Pure: each function says which single action
 * comes next; the writer calls it, reads the record again and asks anew, because an action's answer tells no state.
 */
import { Failure } from '../../domain/kernel/failure.ts';

/** Life-cycle tokens, the telling ones first: several are active at once (REL and CNF). */
const LIFE_CYCLE = ['DLT', 'DLFL', 'NOEX', 'CLSD', 'TECO', 'LKD', 'CNF', 'PCNF', 'REL', 'CRTD'] as const;
export type LifeCycle = 'CRTD' | 'REL' | 'LKD' | 'TECO' | 'CLSD' | 'NOEX' | 'DLFL';
const TARGETS: readonly string[] = ['CRTD', 'REL', 'LKD', 'TECO', 'CLSD', 'NOEX', 'DLFL'];

/** Split on blanks, never by position: a ninth status is cut off (contract 2.1). */
export function tokensOf(line: string): string[] {
  return line.split(/\s+/).filter((token) => token !== '');
}

/**
 * The token that says most. `0070` (main work started) stands for a released order of the phase model that is worked on. A
 * line without any token we know, as in another language, gives its first word, so that somebody sees it.
 */
export function lifeCycleOf(line: string, subPhase: string): string | null {
  const tokens = tokensOf(line);
  const found = LIFE_CYCLE.find((token) => tokens.includes(token));
  if (found === 'DLT') return 'DLFL';
  if (found === 'REL' && subPhase === '0070') return subPhase;
  return found ?? tokens[0] ?? null;
}

/** The next action on the way of an order to `target`, null when it is there. Throws `rejected` where there is no way. */
export function nextOrderAction(line: string, target: string): string | null {
  if (!TARGETS.includes(target)) {
    throw new Failure('rejected', `SAP has no order status ${target}; use one of ${TARGETS.join(', ')}.`, {
      path: '_lifeCycle',
    });
  }
  const tokens = new Set(tokensOf(line));
  const has = (token: string): boolean => tokens.has(token);
  if (has('DLT')) throw noWay('deleted for good', target);
  if (target === 'DLFL') return has('DLFL') ? null : 'SetMaintOrdStsToMrkdForDeltn';
  if (has('DLFL')) return 'ResetMaintOrdStsMrkdForDeltn';
  if (target === 'NOEX') {
    if (has('NOEX')) return null;
    if (has('CLSD') || has('TECO')) throw noWay('completed', target);
    return has('LKD') ? 'SetMaintOrderStatusToUnlocked' : 'SetMaintOrderToDoNotExecute';
  }
  if (has('NOEX')) return 'ResetStatusFromDoNotExecute';
  if (target === 'CLSD' && has('CLSD')) return null;
  if (has('CLSD')) return 'ResetMaintOrderStatusClosed';
  if (target === 'TECO' && has('TECO')) return null;
  if (target === 'CLSD' && has('TECO')) return 'SetMaintOrderStatusToClosed';
  if (has('TECO')) return 'ResetMaintOrdStsTechCompleted';
  if (target === 'LKD') return has('LKD') ? null : 'SetMaintOrderStatusToLocked';
  if (has('LKD')) return 'SetMaintOrderStatusToUnlocked';
  const released = has('REL') || has('PCNF') || has('CNF');
  if (target === 'CRTD') {
    if (!released) return null;
    throw noWay('released', target);
  }
  if (!released) return 'ReleaseMaintenanceOrder';
  return target === 'REL' ? null : 'SetMaintOrdToTechCompleted';
}

/** What each action does to the status line, as far as the next one goes by it (contract 2.1). */
const EFFECTS: Readonly<Record<string, { adds?: string; drops?: string }>> = {
  ReleaseMaintenanceOrder: { adds: 'REL', drops: 'CRTD' },
  SetMaintOrdToTechCompleted: { adds: 'TECO' },
  ResetMaintOrdStsTechCompleted: { drops: 'TECO' },
  SetMaintOrderStatusToClosed: { adds: 'CLSD' },
  ResetMaintOrderStatusClosed: { drops: 'CLSD' },
  SetMaintOrderToDoNotExecute: { adds: 'NOEX' },
  ResetStatusFromDoNotExecute: { drops: 'NOEX' },
  SetMaintOrdStsToMrkdForDeltn: { adds: 'DLFL' },
  ResetMaintOrdStsMrkdForDeltn: { drops: 'DLFL' },
  SetMaintOrderStatusToLocked: { adds: 'LKD' },
  SetMaintOrderStatusToUnlocked: { drops: 'LKD' },
};
const PATH_MAX = 7;

/** All actions from a status line to a target, in order, each with the line after it; as far as there is a way. */
export function orderPath(line: string, target: string): { action: string; line: string }[] {
  const tokens = new Set(tokensOf(line));
  const path: { action: string; line: string }[] = [];
  while (path.length < PATH_MAX) {
    const action = wayOrNull([...tokens].join(' '), target);
    if (action === null) break;
    const { adds, drops } = EFFECTS[action] ?? {};
    if (adds !== undefined) tokens.add(adds);
    if (drops !== undefined) tokens.delete(drops);
    path.push({ action, line: [...tokens].join(' ') });
  }
  return path;
}

function wayOrNull(line: string, target: string): string | null {
  try {
    return nextOrderAction(line, target);
  } catch {
    return null;
  }
}

/** The target that leads an order back to where a status line says it was; null when no target names that. */
export function originOf(line: string): string | null {
  const token = lifeCycleOf(line, '');
  if (token === 'PCNF' || token === 'CNF') return 'REL';
  return token !== null && TARGETS.includes(token) ? token : null;
}

function noWay(state: string, target: string): Failure {
  return new Failure(
    'rejected',
    `SAP has no way from an order that is ${state} to ${target}; change it there.`,
    {
      path: '_lifeCycle',
    },
  );
}

/** `ORAS`: an order was assigned while the phase still says outstanding. */
export function phaseOf(phase: string, line: string): string {
  return phase === '1' && tokensOf(line).includes('ORAS') ? 'ORAS' : phase;
}

/** The next action of a notification on its way to phase 3, 4 or 5. There is none to reopen or to postpone. */
export function nextNotificationAction(phase: string, target: string): string | null {
  if (phase === target) return null;
  const open = phase === '1' || phase === '2' || phase === '';
  if (target === '3' && open) return 'SetMaintNotifToInProcess';
  if (target === '4' && open) return 'SetMaintNotifToInProcess';
  if (target === '4' && phase === '3') return 'CompleteMaintNotification';
  if (target === '5' && (open || phase === '3')) return 'RejectMaintWorkRequest';
  throw new Failure(
    'rejected',
    `SAP has no way from phase ${phase} to phase ${target} of a notification; change it there.`,
    { path: '_phase' },
  );
}

const PHASES: Readonly<Record<string, string>> = {
  SetMaintNotifToInProcess: '3',
  CompleteMaintNotification: '4',
  RejectMaintWorkRequest: '5',
};

/** The phase an action leads to. */
export function phaseAfter(action: string): string {
  return PHASES[action] ?? '';
}

export interface ObjectMarks {
  inactive: boolean;
  marked: boolean;
}

export type ObjectState = 'active' | 'inactive' | 'deleted';

const EQUIPMENT_ACTIONS = {
  deactivate: 'SetEquipmentToInactive',
  activate: 'ResetEquipmentFromInactive',
  mark: 'SetEquipToMarkedForDeletion',
  // Sic (contract 2.4).
  unmark: 'RsetEquipFromMarkedForDeletion',
} as const;
const LOCATION_ACTIONS = {
  deactivate: 'SetFuncnlLocationToInactive',
  activate: 'RsetFuncnlLocationFromInactive',
  mark: 'SetFuncLocToMarkedForDeletion',
  unmark: 'RsetFuncLocFromMrkdForDeletion',
} as const;

/** The next action of an equipment or functional location on its way to a state. */
export function nextObjectAction(
  entity: 'asset' | 'location',
  now: ObjectMarks,
  target: string,
): string | null {
  const actions = entity === 'asset' ? EQUIPMENT_ACTIONS : LOCATION_ACTIONS;
  if (target === 'deleted') return now.marked ? null : actions.mark;
  if (now.marked) return actions.unmark;
  if (target === 'inactive') return now.inactive ? null : actions.deactivate;
  return now.inactive ? actions.activate : null;
}

export function stateAfter(entity: 'asset' | 'location', now: ObjectMarks, action: string): ObjectMarks {
  const { mark, unmark, activate, deactivate } = entity === 'asset' ? EQUIPMENT_ACTIONS : LOCATION_ACTIONS;
  if (action === mark || action === unmark) return { ...now, marked: action === mark };
  return action === activate || action === deactivate ? { ...now, inactive: action === deactivate } : now;
}
