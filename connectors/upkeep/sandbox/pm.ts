/**
 * Preventive maintenance (contract 3.8): templates with their schedules, in an envelope of its own, paged by page number.
 * Lists and creates say `_id`, the single get says `id`. Deleted templates stay in the list.
 */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import type { ObjectName } from './schema.ts';
import { readIncludes } from './show.ts';
import { orderBy, type Row } from './store.ts';
import { create, find, update } from './write.ts';

const PAGE_SIZE_DEFAULT = 25;
const PAGE_SIZE_MAX = 1_000;
const SCHEDULE_FILTERS = ['asset', 'location', 'assignee', 'team'] as const;

function schedulesOf(account: Account, templateId: string): Row[] {
  const all = account.store.tables.ordered('pm-schedules', 'createdAt', orderBy('createdAt'));
  return all.filter((row) => row.fields['pmTemplate'] === templateId);
}

function underscored(row: Row): Values {
  const { id, ...rest } = row.fields;
  return { _id: id, ...rest };
}

function positive(text: string | null, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (!Number.isInteger(value) || value < 1)
    throw new ApiError(400, 'page and pageSize must be integers from 1');
  return value;
}

function paged(
  rows: readonly Row[],
  query: URLSearchParams,
  totalCount: number,
  form: (row: Row) => Values,
): object {
  const page = positive(query.get('page'), 1);
  const pageSize = Math.min(positive(query.get('pageSize'), PAGE_SIZE_DEFAULT), PAGE_SIZE_MAX);
  const data = rows.slice((page - 1) * pageSize, page * pageSize).map(form);
  const totalPages = Math.max(1, Math.ceil(rows.length / pageSize));
  const pagination = {
    currentPage: page,
    currentPageSize: data.length,
    nextPage: page < totalPages ? page + 1 : null,
    previousPage: page > 1 ? page - 1 : null,
    totalCount,
    totalPages,
  };
  return { success: true, data, pagination };
}

function newestFirst(account: Account, object: ObjectName): Row[] {
  return account.store.tables.ordered(object, 'createdAt', orderBy('createdAt')).toReversed();
}

function scheduleMatches(row: Row, query: URLSearchParams): boolean {
  return SCHEDULE_FILTERS.every((field) => !query.has(field) || row.fields[field] === query.get(field));
}

export function listTemplates(account: Account, query: URLSearchParams): object {
  const priority = query.get('priority');
  const bySchedule = SCHEDULE_FILTERS.some((field) => query.has(field));
  const rows = newestFirst(account, 'pm').filter((row) => {
    if (priority !== null && String(row.fields['priority']) !== priority) return false;
    return !bySchedule || schedulesOf(account, row.id).some((schedule) => scheduleMatches(schedule, query));
  });
  const withSchedules = readIncludes(query).has('schedules');
  // The reference's example counts schedules, not templates: nobody may page by it.
  const total = rows.reduce((sum, row) => sum + schedulesOf(account, row.id).length, 0);
  return paged(rows, query, total, (row) =>
    withSchedules
      ? { ...underscored(row), schedules: schedulesOf(account, row.id).map((schedule) => schedule.fields) }
      : underscored(row),
  );
}

export function listSchedules(account: Account, query: URLSearchParams): object {
  const rows = newestFirst(account, 'pm-schedules').filter((row) => scheduleMatches(row, query));
  return paged(rows, query, rows.length, (row) => ({ scheduleHasEnded: false, ...row.fields }));
}

export function getTemplate(account: Account, id: string, query: URLSearchParams): Values {
  const row = find(account, 'pm', id);
  if (!readIncludes(query).has('schedules')) return { ...row.fields };
  return { ...row.fields, schedules: schedulesOf(account, id).map((schedule) => schedule.fields) };
}

function saveSchedules(account: Account, templateId: string, schedules: unknown, actor: Actor): void {
  if (schedules === undefined) return;
  if (!Array.isArray(schedules)) throw new ApiError(400, 'schedules must be a list');
  for (const entry of schedules as Values[]) {
    const { id, _id, ...fields } = entry;
    const known = id ?? _id;
    if (known === undefined) create(account, 'pm-schedules', { ...fields, pmTemplate: templateId }, actor);
    else if (typeof known === 'string') update(account, 'pm-schedules', known, fields, actor);
    else throw new ApiError(400, 'schedules.id must be an id');
  }
}

/** Bodies of writes are unproven (contract 10, 11); the read shape with `schedules` is accepted. */
export function createTemplate(account: Account, { schedules, ...body }: Values, actor: Actor): Values {
  const row = create(account, 'pm', body, actor);
  saveSchedules(account, row.id, schedules, actor);
  return { ...underscored(row), schedules: schedulesOf(account, row.id).map((schedule) => schedule.fields) };
}

export function updateTemplate(
  account: Account,
  id: string,
  { schedules, ...body }: Values,
  actor: Actor,
): Values {
  const row = update(account, 'pm', id, body, actor);
  saveSchedules(account, id, schedules, actor);
  return { ...row.fields };
}
