/** The real status change of a work order with its effects and refusals (contract 4.7). */
import type { Row } from './database.ts';
import { parseInstant } from './date-time.ts';
import type { Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { HISTORY_STATES, refusedMoveCode, workOrderTargets } from './status-moves.ts';
import type { World } from './world.ts';
import type { WriteContext } from './write-context.ts';

export interface StatusRequest {
  memo?: unknown;
  date?: unknown;
}

const MEMO_MAX = 50;

export function hasActuals(world: World, row: Row): boolean {
  const link: Value[] = [row.values.wonum ?? null, row.values.siteid ?? null];
  return ['LABTRANS', 'MATUSETRANS'].some(
    (table) => world.db.find(table, ['refwo', 'siteid'], link).length > 0,
  );
}

export function allowedStates(world: World, row: Row): Record<string, unknown[]> {
  const from = world.domains.internal('WOSTATUS', String(row.values.status)) ?? '';
  const targets = workOrderTargets(from, hasActuals(world, row));
  const values = world.domains.values('WOSTATUS');
  return Object.fromEntries(
    targets.map((target) => [
      target,
      values
        .filter((entry) => entry.maxvalue === target)
        .map(({ value, maxvalue, description }) => ({ value, maxvalue, description })),
    ]),
  );
}

function refuse(row: Row, code: string, reason: string): never {
  throw new OslcError(
    400,
    code,
    `The status of work order ${String(row.values.wonum)} cannot be changed. ${reason}`,
    {
      attribute: 'status',
      object: 'WORKORDER',
    },
  );
}

function statusDate(context: WriteContext, row: Row, date: unknown): number {
  if (date === undefined || date === null || date === '') return context.at;
  const at = typeof date === 'string' ? parseInstant(date, context.world.dials.zoneOffset) : null;
  if (at === null) return refuse(row, 'BMXAA4590E', 'The status date is not a date.');
  const second = (epochMs: number): number => Math.floor(epochMs / 1000);
  if (second(at) > second(context.at)) return refuse(row, 'BMXAA4599E', 'The status date is in the future.');
  if (second(at) < second(Number(row.values.statusdate ?? 0))) {
    return refuse(row, 'BMXAA4598E', 'The status date is earlier than the last status change.');
  }
  return at;
}

function requireLog(context: WriteContext, row: Row, to: string): void {
  if (!context.world.dials.statusRequiresWorklog || to !== 'COMP') return;
  const link: Value[] = [row.values.wonum ?? null, row.values.siteid ?? null];
  if (context.world.db.find('WORKLOG', ['recordkey', 'siteid'], link).length > 0) return;
  refuse(row, 'BMXAA4590E', 'BMXAA5401E - A work log is required before completion.');
}

function checkMove(context: WriteContext, row: Row, from: string, to: string): void {
  if (HISTORY_STATES.includes(from)) refuse(row, 'BMXAA4105E', 'The record is in history.');
  if (from === to || workOrderTargets(from, hasActuals(context.world, row)).includes(to)) return;
  refuse(row, refusedMoveCode(from, to), `${from} to ${to} is not allowed.`);
}

function effects(row: Row, to: string, date: number): Record<string, Value> {
  const values: Record<string, Value> = { statusdate: date };
  if (to === 'INPRG') values.actstart = row.values.actstart ?? date;
  if (to === 'COMP') values.actfinish = row.values.actfinish ?? date;
  if (HISTORY_STATES.includes(to)) values.historyflag = true;
  return values;
}

export function changeWorkOrderStatus(
  context: WriteContext,
  row: Row,
  status: string,
  request: StatusRequest,
): void {
  if (row.values.status === status) return;
  const { world, user } = context;
  const to = world.domains.internal('WOSTATUS', status);
  if (to === null) {
    throw new OslcError(400, 'BMXAA4190E', `The value ${status} of status is not in the value list.`, {
      attribute: 'status',
      object: 'WORKORDER',
    });
  }
  const from = world.domains.internal('WOSTATUS', String(row.values.status)) ?? '';
  checkMove(context, row, from, to);
  const memo = typeof request.memo === 'string' && request.memo !== '' ? request.memo : null;
  if (memo !== null && memo.length > MEMO_MAX) {
    refuse(row, 'BMXAA4590E', `BMXAA4049E - The memo exceeds the maximum length ${MEMO_MAX}.`);
  }
  requireLog(context, row, to);
  const date = statusDate(context, row, request.date);
  world.db.replace('WORKORDER', row, {
    ...row.values,
    ...effects(row, to, date),
    status,
    changedate: context.at,
    changeby: user.personId,
  });
  context.written.push({ kind: 'updated', mbo: 'WORKORDER' });
  const { wonum = null, siteid = null, orgid = null } = row.values;
  const history: Record<string, Value> = {
    wonum,
    siteid,
    orgid,
    status,
    changedate: date,
    changeby: user.personId,
  };
  if (memo !== null) history.memo = memo;
  world.db.insert('WOSTATUS', history);
  for (const task of world.db.find('WORKORDER', ['parent', 'siteid'], [wonum, siteid])) {
    const taskFrom = world.domains.internal('WOSTATUS', String(task.values.status)) ?? '';
    const follows = task.values.istask === true && task.values.parentchgsstatus === true;
    if (follows && workOrderTargets(taskFrom, hasActuals(world, task)).includes(to)) {
      changeWorkOrderStatus(context, task, status, {});
    }
  }
}
