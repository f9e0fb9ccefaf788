/** Judges an escalation policy against the plant: nothing in it may lead to nobody. */
import { checkInput, type Checked, type Problem } from '../read-input.ts';
import type { Zones } from '../time/zones.ts';
import {
  escalationPolicy,
  type EscalationPolicy,
  type EscalationStep,
  type EscalationTarget,
} from './policy.ts';

export interface PolicyFacts {
  zones: Zones;
  people: ReadonlySet<string>;
  /** The members of each team. */
  teams: ReadonlyMap<string, readonly string[]>;
  onCallSchedules: ReadonlySet<string>;
}

export function checkPolicy(input: unknown, facts: PolicyFacts): Checked<EscalationPolicy> {
  const read = checkInput(escalationPolicy, input);
  if (!read.ok) return read;
  const { steps, repeat } = read.value;
  const problems = steps.flatMap((step, index) => stepProblems(step, `steps[${String(index)}]`, facts));
  if (repeat > 0 && steps.every(({ waitS }) => waitS === 0)) {
    problems.push({
      path: 'steps[0].waitS',
      reason: 'without any wait all rounds run at once; wait at least after the last step',
    });
  }
  return problems.length === 0 ? read : { ok: false, problems };
}

function stepProblems({ notify, hours }: EscalationStep, path: string, facts: PolicyFacts): Problem[] {
  const problems = notify.flatMap((target, index) =>
    targetProblems(target, `${path}.notify[${String(index)}]`, facts),
  );
  if (hours !== undefined && !facts.zones.has(hours.zone)) {
    problems.push({
      path: `${path}.hours.zone`,
      reason: `there is no zone "${hours.zone}"; use an IANA name such as Europe/Berlin`,
    });
  }
  return problems;
}

function targetProblems(target: EscalationTarget, path: string, facts: PolicyFacts): Problem[] {
  if ('person' in target) {
    return facts.people.has(target.person)
      ? []
      : [{ path: `${path}.person`, reason: `there is no person "${target.person}"` }];
  }
  if ('onCall' in target) {
    return facts.onCallSchedules.has(target.onCall)
      ? []
      : [{ path: `${path}.onCall`, reason: `there is no on-call schedule "${target.onCall}"` }];
  }
  const members = facts.teams.get(target.team);
  if (members === undefined) return [{ path: `${path}.team`, reason: `there is no team "${target.team}"` }];
  if (members.length > 0) return [];
  return [
    { path: `${path}.team`, reason: `the team "${target.team}" has no members; the step would tell nobody` },
  ];
}
