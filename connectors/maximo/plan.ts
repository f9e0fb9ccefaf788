/**
 * From a payload to the steps that write it: the rows sent one after the other for one record, and the check afterwards
 * that Maximo stored what was sent (contract 4.3: read-only attributes are dropped without an error). Pure.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, NewComment, WriteStep } from '../kit/contract.ts';
import { commentRow, labourRows, listOf, partRows, partsUsed, partsWanted, taskRows } from './children.ts';
import type { StoreChoice } from './children.ts';
import type { VendorObject } from './objects.ts';
import { rowsOf } from './record.ts';
import { statusPath } from './status-path.ts';
import type { StatusRules } from './status-path.ts';
import type { Domain } from './synonyms.ts';
import { epochOf, vendorInstant } from './where.ts';
import { textOf } from './wire.ts';

/** Payload names that are not attributes of the record itself. */
const SPECIAL = new Set(['status', '_holdReason', 'woactivity', 'parts', 'labour', 'lastReading']);
const OUR_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/;

/** One row of a bulk write to a record, and what it is in words. */
export interface PlannedStep {
  body: JsonObject;
  step: WriteStep;
}

export interface PlanContext {
  object: VendorObject;
  domain: Domain;
  rules: StatusRules;
  stores: StoreChoice;
  /** The laborcode of a person. */
  laborOf(worker: string): string;
}

/** Plain attributes of a payload in Maximo's spelling of instants. */
export function attributesOf(payload: JsonObject): JsonObject {
  const attributes: JsonObject = {};
  for (const [name, value] of Object.entries(payload)) {
    if (!SPECIAL.has(name) && !name.startsWith('_')) attributes[name] = spelled(value);
  }
  return attributes;
}

function spelled(value: Json): Json {
  return typeof value === 'string' && OUR_INSTANT.test(value) ? vendorInstant(Date.parse(value)) : value;
}

/** Whether two values mean the same to Maximo: null and empty, 1 and true, one instant in two spellings, letter case. */
export function sameValue(a: Json | undefined, b: Json | undefined): boolean {
  const left = comparable(a);
  const right = comparable(b);
  return left === right;
}

function comparable(value: Json | undefined): string {
  if (value === undefined || value === null || value === false) return '';
  if (value === true) return '1';
  if (typeof value === 'number') return value === 0 ? '' : String(value);
  if (typeof value !== 'string') return JSON.stringify(value);
  if (/^\d{4}-\d\d-\d\dT/.test(value)) {
    const epoch = epochOf(value);
    if (!Number.isNaN(epoch)) return String(Math.floor(epoch / 1_000));
  }
  return value.trim().toUpperCase();
}

export function stepsOf(
  record: ExternalRecord,
  payload: JsonObject,
  comments: readonly NewComment[],
  context: PlanContext,
): PlannedStep[] {
  const { raw } = record;
  for (const [name, child] of Object.entries(CHILDREN_OF))
    if (name in payload) refuseHidden(child, name, context);
  const first: JsonObject = {};
  for (const [name, value] of Object.entries(attributesOf(payload))) {
    if (!sameValue(value, raw[name])) first[name] = value;
  }
  const tasks = 'woactivity' in payload ? taskRows(raw, taskList(payload, context.domain)) : [];
  if (tasks.length > 0) first.woactivity = tasks;
  if (comments.length > 0) first.worklog = comments.map(commentRow);

  const moves = movesOf(raw, payload, context);
  const bookings = bookingsOf(raw, payload, context);
  // Only work orders have a way to go; elsewhere the status is one more attribute.
  if (context.object.domain !== 'WOSTATUS')
    Object.assign(first, ...moves.final.splice(0).map(({ body }) => body));
  // Bookings need an approved order and are refused by an ended one, so they stand between the two parts of the way.
  const joined =
    moves.open.length === 0
      ? [changeStep({ ...first, ...bookings })]
      : [changeStep(first), ...moves.open, { body: bookings, step: BOOKINGS }];
  const steps = [...joined, ...moves.final].filter(({ body }) => Object.keys(body).length > 0);
  if (steps.length > 0) refuseHistory(record);
  return steps;
}

/** Payload names that go to child rows, and the rows they go to. */
const CHILDREN_OF: Readonly<Record<string, string>> = {
  woactivity: 'woactivity',
  labour: 'labtrans',
  parts: 'matusetrans',
};
const BOOKINGS: WriteStep = { name: 'bookings', fields: ['labour', 'parts'] };

function changeStep(body: JsonObject): PlannedStep {
  const named = new Map(Object.entries(CHILDREN_OF).map(([name, child]) => [child, name]));
  const fields = Object.keys(body).filter((name) => name !== 'worklog');
  return { body, step: { name: 'change', fields: fields.map((name) => named.get(name) ?? name) } };
}

/** Rows that the object structure does not show cannot be told from those that are wanted: each write would add them again. */
function refuseHidden(child: string, name: string, { object }: PlanContext): void {
  if (object.domain !== 'WOSTATUS' || object.select.includes(`${child}{`)) return;
  throw new Failure(
    'rejected',
    `The object structure ${object.os} does not show ${child}, so "${name}" cannot be written; include ${child} in it, or take "${name}" out of the push mapping.`,
    { path: name },
  );
}

function refuseHistory(record: ExternalRecord): void {
  if (record.raw.historyflag !== true) return;
  throw new Failure(
    'rejected',
    `${record.number ?? record.externalId} is history in Maximo (closed or cancelled) and cannot be changed; create a new record instead.`,
  );
}

function taskList(payload: JsonObject, domain: Domain): JsonObject[] {
  return listOf(payload.woactivity, 'woactivity').map((row) => {
    const task = attributesOf(row);
    return typeof row.status === 'string' ? { ...task, status: domain.external(row.status) } : task;
  });
}

function bookingsOf(raw: JsonObject, payload: JsonObject, context: PlanContext): JsonObject {
  const asked = listOf(payload.labour, 'labour');
  const labour = labourRows(raw, asked, (worker) => context.laborOf(worker));
  const parts = 'parts' in payload ? partRows(raw, listOf(payload.parts, 'parts'), context.stores) : [];
  return {
    ...(labour.length > 0 ? { labtrans: labour } : {}),
    ...(parts.length > 0 ? { matusetrans: parts } : {}),
  };
}

interface Moves {
  open: PlannedStep[];
  final: PlannedStep[];
}

function movesOf(raw: JsonObject, payload: JsonObject, context: PlanContext): Moves {
  const { status } = payload;
  if (typeof status !== 'string') return { open: [], final: [] };
  const { domain } = context;
  const current = typeof raw.status === 'string' ? raw.status : '';
  const internal = typeof raw.status_maxvalue === 'string' ? raw.status_maxvalue : domain.internal(current);
  const target = targetOf(status, payload._holdReason, domain);
  if (target.external === current) return { open: [], final: [] };
  if (target.internal === internal && !target.exact) return { open: [], final: [] };
  const arrival = moveStep(target.internal, target.external);
  if (context.object.domain !== 'WOSTATUS') return { open: [], final: [arrival] };
  const path = statusPath(internal, target.internal, context.rules);
  const last = path.final.at(-1) ?? path.open.at(-1);
  // Only the synonym differs: one move to it.
  if (last === undefined) return { open: [arrival], final: [] };
  const step = (move: string): PlannedStep =>
    move === last ? arrival : moveStep(move, domain.external(move));
  return { open: path.open.map(step), final: path.final.map(step) };
}

/** A move to a status, by its word inside Maximo and the one this site has for it. */
export function moveStep(internal: string, external: string): PlannedStep {
  const shows = { status: external, status_maxvalue: internal };
  return { body: { status: external }, step: { name: `status ${internal}`, fields: ['status'], shows } };
}

export function isMove({ fields }: WriteStep): boolean {
  return fields.length === 1 && fields[0] === 'status';
}

interface Target {
  internal: string;
  external: string;
  /** The external word matters, not only its internal value. */
  exact: boolean;
}

/** A target is an internal value; one that is only an external word (REJECTED) is taken as that word. */
function targetOf(status: string, holdReason: Json | undefined, domain: Domain): Target {
  // Waiting for anything but material is WPCOND where the plant has it, else APPR (contract 8.2).
  if (status === 'WMATL' && typeof holdReason === 'string' && holdReason !== 'parts') {
    const external = domain.has('WPCOND') ? 'WPCOND' : domain.external('APPR');
    return { internal: domain.internal(external), external, exact: domain.has('WPCOND') };
  }
  const internal = domain.internal(status);
  const exact = domain.has(status) && internal !== status;
  return { internal, external: exact ? status : domain.external(internal), exact };
}

/** Throws `rejected` when Maximo answered success but kept an old value of what was sent. */
export function checkStored(
  before: JsonObject,
  after: ExternalRecord,
  payload: JsonObject,
  context: PlanContext,
): void {
  const selected = new Set(context.object.select.split(','));
  for (const [name, value] of Object.entries(attributesOf(payload))) {
    if (!selected.has(name)) continue;
    if (sameValue(value, after.raw[name]) || !sameValue(before[name], after.raw[name])) continue;
    throw notStored(after, name);
  }
  if ('parts' in payload) {
    const used = partsUsed(after.raw);
    for (const [item, quantity] of partsWanted(before, listOf(payload.parts, 'parts'))) {
      if ((used.get(item) ?? 0) !== quantity) throw notStored(after, 'parts');
    }
  }
  const labour = listOf(payload.labour, 'labour');
  if (labourRows(after.raw, labour, (worker) => context.laborOf(worker)).length > 0) {
    throw notStored(after, 'labour');
  }
  const { status } = payload;
  if (typeof status === 'string') {
    const target = targetOf(status, payload._holdReason, context.domain);
    const stored = after.raw.status_maxvalue ?? context.domain.internal(textOf(after.raw.status));
    if (stored !== target.internal) throw notStored(after, 'status');
  }
}

function notStored(record: ExternalRecord, name: string): Failure {
  return new Failure(
    'rejected',
    `Maximo accepted the write to ${record.number ?? record.externalId} but did not store "${name}"; make the attribute writable in the object structure or take it out of the push mapping.`,
    { path: name, code: 'NOT_STORED' },
  );
}

/** Items of a payload for which nothing says yet which storeroom they come from. */
export function itemsWithoutStore(raw: JsonObject, payload: JsonObject): string[] {
  const issued = new Set(rowsOf(raw.matusetrans).map((row) => row.itemnum));
  return listOf(payload.parts, 'parts').flatMap((row) =>
    typeof row.itemnum === 'string' && typeof row.storeloc !== 'string' && !issued.has(row.itemnum)
      ? [row.itemnum]
      : [],
  );
}
