/**
 * Whom a step of a policy reaches at an instant: people, the members of teams, and whoever is on call then. Resolved when the
 * step runs, because people change between the alarm and the third step.
 */
import { nextInside } from '../time/daily-window.ts';
import type { Zones } from '../time/zones.ts';
import type { Duty } from './escalation.ts';
import { whoIsOnCall, type OnCall, type OnCallSchedule } from './on-call.ts';
import type { EscalationPolicy, EscalationTarget } from './policy.ts';

export interface DutyFacts {
  zones: Zones;
  teams: ReadonlyMap<string, readonly string[]>;
  onCallSchedules: ReadonlyMap<string, OnCallSchedule>;
}

export interface Reached {
  /** Each once, in the order of the policy. */
  people: string[];
  /** Targets that led to nobody, and why: for the record, also when others of the step were reached. */
  missing: {
    target: EscalationTarget;
    reason: 'nobody_on_call' | 'override_nobody' | 'empty_team' | 'unknown';
  }[];
}

export function reachedBy(targets: readonly EscalationTarget[], facts: DutyFacts, at: number): Reached {
  const people = new Set<string>();
  const missing: Reached['missing'] = [];
  for (const target of targets) {
    const found = peopleOf(target, facts, at);
    if (typeof found === 'string') missing.push({ target, reason: found });
    else for (const one of found) people.add(one);
  }
  return { people: [...people], missing };
}

/** The engine's view of a policy. Late steps ask for the instant they were due; pass `now` to ask for whoever is there now. */
export function dutyOf(policy: EscalationPolicy, facts: DutyFacts, now = -Infinity): Duty {
  return {
    opensAt: (step, at) => {
      const hours = policy.steps[step]?.hours;
      return hours === undefined ? at : nextInside(hours.windows, facts.zones.zone(hours.zone), at);
    },
    reach: (step, at) => {
      const { people } = reachedBy(policy.steps[step]?.notify ?? [], facts, Math.max(at, now));
      return people.length === 0 ? null : people;
    },
  };
}

function peopleOf(
  target: EscalationTarget,
  { zones, teams, onCallSchedules }: DutyFacts,
  at: number,
): readonly string[] | Reached['missing'][number]['reason'] {
  if ('person' in target) return [target.person];
  if ('team' in target) {
    const members = teams.get(target.team);
    if (members === undefined) return 'unknown';
    return members.length === 0 ? 'empty_team' : members;
  }
  const schedule = onCallSchedules.get(target.onCall);
  if (schedule === undefined) return 'unknown';
  const duty: OnCall = whoIsOnCall(schedule, zones.zone(schedule.zone), at);
  if (duty.person !== null) return [duty.person];
  return duty.by === 'override' ? 'override_nobody' : 'nobody_on_call';
}
