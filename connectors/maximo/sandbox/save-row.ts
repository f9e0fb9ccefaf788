/** Stores one row of one business object by the common rules: defaults, required values, references, keys, stamps. */
import type { Row } from './database.ts';
import type { Mbo, Values } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { storedValues, type Payload } from './payload.ts';
import { checkReferences, checkSite, type Draft } from './references.ts';
import { rulesOf } from './rules.ts';
import { replaceValues, stamped } from './stamp-row.ts';
import { ITEM_SET } from './world.ts';
import { current, type WriteContext } from './write-context.ts';

function place(context: WriteContext, mbo: Mbo, draft: Draft): void {
  if (mbo.attributes.get('siteid')?.refersTo === 'SITE') {
    draft.siteid ??= context.user.sites[0] ?? null;
    draft.orgid = checkSite(context.world, context.user, mbo, draft.siteid);
  }
  if (mbo.attributes.has('itemsetid')) draft.itemsetid ??= ITEM_SET;
}

function checkRequired(mbo: Mbo, draft: Draft): void {
  const missing = mbo.required.find((name) => (draft[name] ?? null) === null);
  if (missing === undefined) return;
  throw new OslcError(
    400,
    'BMXAA4195E',
    `A value is required for the ${missing} field on the ${mbo.name} object.`,
    {
      attribute: missing,
      object: mbo.name,
    },
  );
}

/** `given` are values the relation to a parent sets; they beat the payload. */
export function insertRow(context: WriteContext, mbo: Mbo, payload: Payload, given: Values = {}): Row {
  const { world } = context;
  const rules = rulesOf(mbo.name);
  const sent = storedValues(mbo, payload, world.dials.zoneOffset);
  const status = mbo.attributes.get('status')?.domain == null ? undefined : sent.status;
  if (rules.changeStatus !== undefined) delete sent.status;
  const draft: Draft = { ...sent, ...given };
  place(context, mbo, draft);
  rules.defaults?.(context, draft, payload);
  checkRequired(mbo, draft);
  checkReferences(world, mbo, draft, Object.keys(draft));
  if (mbo.attributes.has('statusdate')) draft.statusdate ??= context.at;
  rules.beforeInsert?.(context, draft, payload);
  if (mbo.keys[0] !== mbo.uid && world.db.byKey(mbo.name, draft) !== null) {
    const key = mbo.keys.map((name) => draft[name] ?? '').join(',');
    throw new OslcError(400, 'BMXAA4129E', `Record already exists: ${mbo.name} with key ${key}.`, {
      object: mbo.name,
    });
  }
  const row = world.db.insert(mbo.name, stamped(context, mbo, draft));
  context.written.push({ kind: 'created', mbo: mbo.name });
  rules.afterInsert?.(context, row, payload);
  if (typeof status === 'string' && world.dials.createStatus === 'honoured') {
    requestStatus(context, mbo, current(context, mbo, row), status, payload);
  }
  return current(context, mbo, row);
}

export function requestStatus(
  context: WriteContext,
  mbo: Mbo,
  row: Row,
  status: string,
  payload: Payload,
): void {
  if (row.values.status === status) return;
  checkReferences(context.world, mbo, { status }, ['status']);
  rulesOf(mbo.name).changeStatus?.(context, row, status, payload);
}

function differences(row: Row, sent: Draft): Draft {
  const changes: Draft = {};
  for (const [name, value] of Object.entries(sent)) {
    if ((row.values[name] ?? null) !== value) changes[name] = value;
  }
  return changes;
}

export function refuseHistory(mbo: Mbo, row: Row): void {
  if (row.values.historyflag !== true) return;
  throw new OslcError(400, 'BMXAA4105E', `The record is in history and cannot be changed.`, {
    object: mbo.name,
  });
}

/** Applies the attributes of a payload; a payload that changes nothing leaves the rowstamp alone. */
export function updateRow(context: WriteContext, mbo: Mbo, row: Row, payload: Payload): Row {
  const { world } = context;
  const rules = rulesOf(mbo.name);
  const sent = storedValues(mbo, payload, world.dials.zoneOffset);
  for (const key of [...mbo.keys, 'orgid', 'status']) {
    if (key !== 'status' || rules.changeStatus !== undefined) delete sent[key];
  }
  const changes = differences(row, sent);
  if (Object.keys(changes).length > 0) refuseHistory(mbo, row);
  rules.beforeUpdate?.(context, row, changes);
  const names = Object.keys(changes);
  if (names.length > 0) {
    checkReferences(world, mbo, { ...row.values, ...changes }, names);
    if ('status' in changes && mbo.attributes.has('statusdate')) changes.statusdate = context.at;
    replaceValues(context, mbo, row, changes);
  }
  rules.afterUpdate?.(context, current(context, mbo, row), payload);
  return current(context, mbo, row);
}

export function removeRow(context: WriteContext, mbo: Mbo, row: Row): void {
  rulesOf(mbo.name).beforeRemove?.(context, row);
  context.world.db.remove(mbo.name, row);
  context.written.push({ kind: 'deleted', mbo: mbo.name });
}
