/**
 * The states of an alarm after ISA-18.2 and what moves between them. Pure decisions; whether the alarm is active, and when
 * a timer ends, is the engine's to know.
 */

/** Beside each the letter of ISA-18.2. */
export const ALARM_PHASES = [
  /** A */ 'normal',
  /** B: active, nobody has seen it */ 'unack',
  /** C: active and acknowledged */ 'ack',
  /** D: over before anybody saw it */ 'rtn_unack',
  /** E: as D, but held until a reset */ 'latched_unack',
  /** F: over and acknowledged, held until a reset */ 'latched_ack',
  /** G: put aside by a person for a time */ 'shelved',
  /** H: by design, e.g. while its asset is under repair */ 'suppressed',
  /** I */ 'out_of_service',
] as const;
export type AlarmPhase = (typeof ALARM_PHASES)[number];

export const ALARM_ACTIONS = [
  'ack',
  'reset',
  'shelve',
  'unshelve',
  'suppress',
  'unsuppress',
  'out_of_service',
  'in_service',
] as const;
export type AlarmAction = (typeof ALARM_ACTIONS)[number];

export type AlarmCause =
  AlarmAction | 'raise' | 'clear' | 'severity_up' | 'severity_down' | 'realarm' | 'shelve_expired';

/** Whose transitions say how severe the alarm is. */
export const CAUSES_WITH_SEVERITY: ReadonlySet<AlarmCause> = new Set([
  'raise',
  'clear',
  'ack',
  'realarm',
  'severity_up',
  'severity_down',
]);

/** While here, the condition is tracked and nothing is announced. */
export function isHidden(phase: AlarmPhase): boolean {
  return phase === 'shelved' || phase === 'suppressed' || phase === 'out_of_service';
}

export interface MoveFacts {
  /** Whether the alarm is active now, its delays counted. */
  active: boolean;
  latching: boolean;
}

/** The state that a cause leads to; null when it does not apply and changes nothing. */
export function decideMove(phase: AlarmPhase, cause: AlarmCause, facts: MoveFacts): AlarmPhase | null {
  const moves = MOVES[cause];
  if (typeof moves === 'function') return moves(phase, facts);
  return moves[phase] ?? null;
}

type Move =
  Partial<Record<AlarmPhase, AlarmPhase>> | ((phase: AlarmPhase, facts: MoveFacts) => AlarmPhase | null);

const MOVES: Readonly<Record<AlarmCause, Move>> = {
  raise: { normal: 'unack', rtn_unack: 'unack', latched_unack: 'unack', latched_ack: 'unack' },
  clear: (phase, { latching }) => {
    if (phase === 'unack') return latching ? 'latched_unack' : 'rtn_unack';
    if (phase === 'ack') return latching ? 'latched_ack' : 'normal';
    return null;
  },
  severity_up: { unack: 'unack', ack: 'unack' },
  severity_down: { unack: 'unack', ack: 'ack' },
  realarm: { ack: 'unack' },
  ack: { unack: 'ack', rtn_unack: 'normal', latched_unack: 'latched_ack' },
  reset: { latched_unack: 'rtn_unack', latched_ack: 'normal' },
  shelve: (phase) => (isHidden(phase) ? null : 'shelved'),
  suppress: (phase) => (isHidden(phase) ? null : 'suppressed'),
  out_of_service: (phase) => (isHidden(phase) ? null : 'out_of_service'),
  unshelve: backFrom('shelved'),
  shelve_expired: backFrom('shelved'),
  unsuppress: backFrom('suppressed'),
  in_service: backFrom('out_of_service'),
};

function backFrom(hidden: AlarmPhase): Move {
  return (phase, { active }) => {
    if (phase !== hidden) return null;
    return active ? 'unack' : 'normal';
  };
}

/**
 * The words of the API (maintenance reference, 4.2); what returned before anybody saw it still waits for somebody. `hidden` is shown
 * with its phase. `escalated` is an overlay that the escalation adds, as `overdue` is for work orders.
 */
export function apiWordOf(phase: AlarmPhase): 'active' | 'acknowledged' | 'resolved' | 'hidden' {
  switch (phase) {
    case 'unack':
    case 'rtn_unack':
    case 'latched_unack':
      return 'active';
    case 'ack':
    case 'latched_ack':
      return 'acknowledged';
    case 'normal':
      return 'resolved';
    case 'shelved':
    case 'suppressed':
    case 'out_of_service':
      return 'hidden';
  }
}
