/**
 * The rules of alarms a second time, as a clock that ticks each second and looks at everything: slow, plain, and sharing no code
 * with the engine. It holds for whole seconds only.
 */
export interface OracleRule {
  op: 'gt' | 'ge' | 'lt' | 'le' | 'stale';
  limit?: number;
  deadband?: number;
  levels?: { severity: string; limit: number; deadband: number }[];
  on_delay_s: number;
  off_delay_s: number;
  latching?: boolean;
  realarm_s?: number;
}
export interface OracleEvent {
  t: number;
  value?: number;
  op?: string;
  for_s?: number;
}
export interface OracleTransition {
  t: number;
  from: string;
  to: string;
  cause: string;
  severity?: string;
}

const WITH_SEVERITY = ['raise', 'clear', 'ack', 'realarm', 'severity_up', 'severity_down'];

export function oracle(
  rule: OracleRule,
  events: readonly OracleEvent[],
  until: number,
): { transitions: OracleTransition[]; final: string } {
  const levels = rule.levels ?? [{ severity: '', limit: rule.limit ?? 0, deadband: rule.deadband ?? 0 }];
  const transitions: OracleTransition[] = [];
  const cond = levels.map(() => false);
  const condSince = levels.map(() => 0);
  const active = levels.map(() => false);
  let phase = 'normal';
  let entered = 0;
  let shelfEnds = Infinity;
  let lastSample = 0;
  let severity = -1;
  let now = 0;

  const go = (to: string, cause: string): void => {
    const told = WITH_SEVERITY.includes(cause) && rule.levels !== undefined;
    transitions.push({
      t: now,
      from: phase,
      to,
      cause,
      ...(told ? { severity: levels[severity]?.severity ?? '' } : {}),
    });
    if (to !== phase) entered = now;
    phase = to;
  };
  const setCond = (index: number, value: boolean): void => {
    if (cond[index] === value) return;
    cond[index] = value;
    condSince[index] = now;
  };
  const judge = (fromTimer: boolean): void => {
    const before = active.lastIndexOf(true);
    levels.forEach((_, i) => {
      const wait = cond[i] ? rule.on_delay_s : rule.off_delay_s;
      if (cond[i] === active[i]) return;
      if (wait === 0 || (fromTimer && now - (condSince[i] ?? 0) >= wait)) active[i] = cond[i] ?? false;
    });
    const after = active.lastIndexOf(true);
    if (before === after) return;
    if (after === -1) {
      if (phase === 'unack') go(rule.latching ? 'latched_unack' : 'rtn_unack', 'clear');
      else if (phase === 'ack') go(rule.latching ? 'latched_ack' : 'normal', 'clear');
      return;
    }
    severity = after;
    if (before === -1) {
      if (['normal', 'rtn_unack', 'latched_unack', 'latched_ack'].includes(phase)) go('unack', 'raise');
    } else if (phase === 'unack' || phase === 'ack') {
      if (after > before) go('unack', 'severity_up');
      else go(phase, 'severity_down');
    }
  };
  const sample = (value: number): void => {
    lastSample = now;
    levels.forEach(({ limit, deadband }, i) => {
      if (rule.op === 'stale') setCond(i, false);
      else if (rule.op === 'gt') setCond(i, value > limit || (cond[i] === true && value > limit - deadband));
      else if (rule.op === 'ge')
        setCond(i, value >= limit || (cond[i] === true && value >= limit - deadband));
      else if (rule.op === 'lt') setCond(i, value < limit || (cond[i] === true && value < limit + deadband));
      else setCond(i, value <= limit || (cond[i] === true && value <= limit + deadband));
    });
    judge(false);
  };
  const back = (): string => (active.includes(true) ? 'unack' : 'normal');
  const act = (op: string, forS: number | undefined): void => {
    const hidden = ['shelved', 'suppressed', 'out_of_service'].includes(phase);
    if (op === 'ack' && phase === 'unack') go('ack', op);
    else if (op === 'ack' && phase === 'rtn_unack') go('normal', op);
    else if (op === 'ack' && phase === 'latched_unack') go('latched_ack', op);
    else if (op === 'reset' && phase === 'latched_unack') go('rtn_unack', op);
    else if (op === 'reset' && phase === 'latched_ack') go('normal', op);
    else if (op === 'shelve' && !hidden) {
      go('shelved', op);
      shelfEnds = now + (forS ?? Infinity);
    } else if (op === 'suppress' && !hidden) go('suppressed', op);
    else if (op === 'out_of_service' && !hidden) go('out_of_service', op);
    else if (op === 'unshelve' && phase === 'shelved') go(back(), op);
    else if (op === 'unsuppress' && phase === 'suppressed') go(back(), op);
    else if (op === 'in_service' && phase === 'out_of_service') go(back(), op);
  };

  let newest = -Infinity;
  const inTime = events.filter(({ t, value }) => {
    if (value === undefined) return true;
    if (t < newest) return false;
    newest = t;
    return true;
  });
  for (now = 0; now <= until; now += 1) {
    const here = inTime.filter(({ t }) => t === now);
    for (const { value } of here) if (value !== undefined) sample(value);
    for (const { op, for_s } of here) if (op !== undefined) act(op, for_s);
    if (rule.op === 'stale') levels.forEach(({ limit }, i) => now - lastSample >= limit && setCond(i, true));
    judge(true);
    if (phase === 'shelved' && now >= shelfEnds) go(back(), 'shelve_expired');
    if (phase === 'ack' && rule.realarm_s !== undefined && now - entered >= rule.realarm_s)
      go('unack', 'realarm');
  }
  return { transitions, final: phase };
}
