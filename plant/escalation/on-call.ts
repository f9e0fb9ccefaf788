/** Who is on call, now and in the time to come, by the names that people know. */
import { onCallBetween, whoIsOnCall } from '../../domain/escalation/on-call.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { zonesOfProcess } from '../notifications/documents.ts';
import { knownSchedules } from '../notifications/spread.ts';
import { personNamesOf } from '../people/people-names.ts';
import type { PersonDeps } from '../person.ts';

export interface OnCallView {
  schedule: string;
  zone: string;
  at: string;
  /** Null when nobody is on call. */
  person: string | null;
  spans: { from: string; to: string; person: string | null; by: string }[];
}

const DAY_MS = 24 * 60 * 60 * 1_000;
/** Days that are shown when nobody says otherwise, and at most. */
export const DAYS_MAX = 92;

export async function showOnCall(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now'>,
  name: string,
  { at, days = 7 }: { at?: number; days?: number } = {},
): Promise<OnCallView> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const schedules = await knownSchedules(tx, deps.tenantId);
    const schedule = schedules.get(name);
    if (schedule === undefined) {
      const known = [...schedules.keys()].join(', ');
      throw new Failure(
        'not_found',
        `There is no on-call schedule "${name}"; there ${known === '' ? 'is none yet' : `are ${known}`}.`,
      );
    }
    const zone = zonesOfProcess().zone(schedule.zone);
    const from = at ?? deps.now();
    const now = whoIsOnCall(schedule, zone, from);
    const spans = onCallBetween(schedule, zone, { from, to: from + Math.min(days, DAYS_MAX) * DAY_MS });
    const ids = [now, ...spans].flatMap(({ person }) => (person === null ? [] : [person]));
    const names = await personNamesOf(tx, ids);
    const nameOf = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id));
    return {
      schedule: name,
      zone: schedule.zone,
      at: new Date(from).toISOString(),
      person: nameOf(now.person),
      spans: spans.map((span) => ({
        from: new Date(span.from).toISOString(),
        to: new Date(span.to).toISOString(),
        person: nameOf(span.person),
        by: span.rotation ?? span.by,
      })),
    };
  });
}
