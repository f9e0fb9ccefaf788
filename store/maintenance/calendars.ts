/** Working calendars. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';

export interface CalendarValues {
  name: string;
  description: string | null;
  timezone: string;
  /** Minutes after midnight, wall time of the zone. */
  workingStartMinutes: number;
  workingEndMinutes: number;
  /** 0 is Monday. */
  workingDays: number[];
  /** `2026-12-25` */
  holidays: string[];
}

export interface CalendarRow extends CalendarValues {
  id: string;
  version: number;
  createdAt: Date;
  updatedAt: Date;
}

const COLUMNS = sql.raw(
  `id, name, description, timezone, working_start_minutes, working_end_minutes, working_days,
  holidays::text[] as holidays, version, created_at, updated_at`,
);

export async function insertCalendar(
  tx: Tx,
  tenantId: string,
  calendar: CalendarValues & { id: string; at: string },
): Promise<CalendarRow> {
  const c = calendar;
  const made = await sql<CalendarRow>`
    insert into calendar (id, tenant_id, name, description, timezone, working_start_minutes, working_end_minutes,
      working_days, holidays, created_at, updated_at)
    values (${c.id}, ${tenantId}, ${c.name}, ${c.description}, ${c.timezone}, ${c.workingStartMinutes},
      ${c.workingEndMinutes}, ${c.workingDays}::int[], ${c.holidays}::date[], ${c.at}, ${c.at})
    returning ${COLUMNS}`.execute(tx);
  return made.rows[0] as CalendarRow;
}

export async function updateCalendar(
  tx: Tx,
  id: string,
  calendar: CalendarValues & { at: string },
): Promise<CalendarRow> {
  const c = calendar;
  const changed = await sql<CalendarRow>`
    update calendar set name = ${c.name}, description = ${c.description}, timezone = ${c.timezone},
      working_start_minutes = ${c.workingStartMinutes}, working_end_minutes = ${c.workingEndMinutes},
      working_days = ${c.workingDays}::int[], holidays = ${c.holidays}::date[], version = version + 1, updated_at = ${c.at}
    where id = ${id} returning ${COLUMNS}`.execute(tx);
  return changed.rows[0] as CalendarRow;
}

export async function loadCalendar(
  tx: Tx,
  id: string,
  options: { lock?: boolean } = {},
): Promise<CalendarRow | null> {
  const lock = sql.raw(options.lock === true ? 'for update' : '');
  const found = await sql<CalendarRow>`select ${COLUMNS} from calendar where id = ${id} ${lock}`.execute(tx);
  return found.rows[0] ?? null;
}

/** Oldest first. */
export async function listCalendars(
  tx: Tx,
  tenantId: string,
  page: { after: string | null; limit: number },
): Promise<CalendarRow[]> {
  const found = await sql<CalendarRow>`
    select ${COLUMNS} from calendar
    where tenant_id = ${tenantId} and (${page.after}::uuid is null or id > ${page.after}::uuid)
    order by id limit ${page.limit}`.execute(tx);
  return found.rows;
}

export async function removeCalendar(tx: Tx, id: string): Promise<void> {
  await sql`delete from calendar where id = ${id}`.execute(tx);
}
