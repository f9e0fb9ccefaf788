/** Working calendars: hours, days and holidays in a zone. */
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  insertCalendar,
  listCalendars as list,
  loadCalendar,
  removeCalendar,
  updateCalendar,
  type CalendarRow,
  type CalendarValues,
} from '../../store/maintenance/calendars.ts';
import { replan } from './replan.ts';
import { zoneData } from './zone-data.ts';
import { plansOfCalendar } from '../../store/maintenance/rules.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import type { VersionCheck } from '../work-orders/edit.ts';

/** Undefined leaves a value as it is. */
export type CalendarInput = { [K in keyof CalendarValues]?: CalendarValues[K] | undefined };

const EMPTY: Omit<CalendarValues, 'name'> = {
  description: null,
  timezone: 'UTC',
  workingStartMinutes: 8 * 60,
  workingEndMinutes: 17 * 60,
  workingDays: [0, 1, 2, 3, 4],
  holidays: [],
};

function merged(before: CalendarValues, input: CalendarInput): CalendarValues {
  const given = Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  const values = { ...before, ...given };
  if (!zoneData().has(values.timezone)) {
    throw new Failure('invalid_request', `timezone: there is no time zone "${values.timezone}".`, {
      path: 'timezone',
    });
  }
  if (values.workingEndMinutes <= values.workingStartMinutes) {
    throw new Failure('invalid_request', 'working_hours_end: must be after working_hours_start.', {
      path: 'working_hours_end',
    });
  }
  return {
    ...values,
    workingDays: [...new Set(values.workingDays)].sort((a, b) => a - b),
    holidays: [...new Set(values.holidays)].sort(),
  };
}

function valuesOf(row: CalendarRow): CalendarValues {
  const { id: _id, version: _version, createdAt: _created, updatedAt: _updated, ...values } = row;
  return values;
}

export async function createCalendar(
  deps: PersonDeps,
  input: CalendarInput & { name: string },
): Promise<CalendarRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const at = instantOf(deps);
    const values = merged({ ...EMPTY, name: input.name }, input);
    const made = await insertCalendar(tx, deps.tenantId, { ...values, id: deps.newId(), at });
    await audit(deps, tx, {
      action: 'calendar.create',
      subject: `calendar/${made.id}`,
      before: null,
      after: values as unknown as Json,
      at,
    });
    return made;
  });
}

function required(row: CalendarRow | null, id: string): CalendarRow {
  if (row === null) throw new Failure('not_found', `There is no calendar ${id}.`);
  return row;
}

export async function readCalendar(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<CalendarRow> {
  return required(await deps.store.inTenant(deps.tenantId, (tx) => loadCalendar(tx, id)), id);
}

export async function listCalendars(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  page: { after: string | null; limit: number },
): Promise<CalendarRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => list(tx, deps.tenantId, page));
}

export async function changeCalendar(
  deps: PersonDeps,
  id: string,
  input: CalendarInput,
  checkVersion: VersionCheck,
): Promise<CalendarRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = required(await loadCalendar(tx, id, { lock: true }), id);
    checkVersion(row.version);
    const at = instantOf(deps);
    const before = valuesOf(row);
    const values = merged(before, input);
    const changed = await updateCalendar(tx, id, { ...values, at });
    await replan(deps, tx, { calendarId: id, before, after: values, at });
    await audit(deps, tx, {
      action: 'calendar.change',
      subject: `calendar/${id}`,
      before: before as unknown as Json,
      after: values as unknown as Json,
      at,
    });
    return changed;
  });
}

export async function deleteCalendar(
  deps: PersonDeps,
  id: string,
  checkVersion: VersionCheck,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = required(await loadCalendar(tx, id, { lock: true }), id);
    checkVersion(row.version);
    const [plan] = await plansOfCalendar(tx, id, { after: null, limit: 1 });
    if (plan !== undefined)
      throw new Failure(
        'conflict',
        `Schedules follow ${row.name}; give them another calendar first, such as ${plan}.`,
      );
    await removeCalendar(tx, id);
    await audit(deps, tx, {
      action: 'calendar.delete',
      subject: `calendar/${id}`,
      before: valuesOf(row) as unknown as Json,
      after: null,
      at: instantOf(deps),
    });
  });
}
