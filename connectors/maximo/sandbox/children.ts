/**
 * Child rows of a payload (contract 4.3): without `patchtype: MERGE` the array replaces the set, with it listed rows are
 * matched and the rest stays. `_action` decides per row, whatever its case.
 */
import type { Row } from './database.ts';
import { childHref } from './emit.ts';
import type { Mbo, ObjectStructure, Relation, Value } from './model.ts';
import { isObject, type Payload } from './payload.ts';
import { refuseStale } from './concurrency.ts';
import { insertRow, removeRow, requestStatus, updateRow } from './save-row.ts';
import { mboOf, relatedRows } from './where.ts';
import { current, type WriteContext } from './write-context.ts';

function idOfLocalRef(reference: unknown): number | null {
  const match = typeof reference === 'string' ? /\/\d+-(\d+)$/.exec(reference) : null;
  return match === null ? null : Number(match[1]);
}

function sameValue(stored: Value | undefined, sent: unknown): boolean {
  return (
    stored !== undefined && stored !== null && String(stored).toUpperCase() === String(sent).toUpperCase()
  );
}

/** The stored row a payload row speaks of: by its address, its unique id, or what the relation is matched by. */
function matchRow(
  parent: Mbo,
  child: Mbo,
  relation: Relation,
  rows: readonly Row[],
  payload: Payload,
): Row | null {
  const uid = idOfLocalRef(payload.localref) ?? idOfLocalRef(payload.href);
  if (uid !== null) return rows.find((row) => row.uid === uid) ?? null;
  if (typeof payload.href === 'string') {
    return rows.find((row) => childHref(parent, child, row) === payload.href) ?? null;
  }
  if (payload[child.uid] !== undefined) {
    return rows.find((row) => sameValue(row.values[child.uid], payload[child.uid])) ?? null;
  }
  for (const name of relation.matchBy) {
    if (payload[name] === undefined) continue;
    const found = rows.find((row) => sameValue(row.values[name], payload[name]));
    if (found !== undefined) return found;
  }
  return null;
}

function linkValues(relation: Relation, parent: Row, child: Mbo): Record<string, Value> {
  const given: Record<string, Value> = { ...relation.fixed };
  for (const [theirs, ours] of relation.link) given[theirs] = parent.values[ours] ?? null;
  if (child.attributes.has('orgid')) given.orgid = parent.values.orgid ?? null;
  if (child.attributes.has('siteid')) given.siteid = parent.values.siteid ?? null;
  return given;
}

function saveChild(context: WriteContext, child: Mbo, row: Row, payload: Payload): void {
  refuseStale(child, row, payload);
  const saved = updateRow(context, child, row, payload);
  if (typeof payload.status === 'string') {
    requestStatus(context, child, current(context, child, saved), payload.status.toUpperCase(), payload);
  }
}

function saveRelation(
  context: WriteContext,
  parent: Mbo,
  row: Row,
  relation: Relation,
  sent: unknown[],
  merge: boolean,
): void {
  const { db } = context.world;
  const child = mboOf(db, relation.mbo);
  const existing = relatedRows(db, relation, row);
  const kept = new Set<number>();
  for (const payload of sent) {
    if (!isObject(payload)) continue;
    const action = typeof payload._action === 'string' ? payload._action.toLowerCase() : null;
    const match = action === 'add' ? null : matchRow(parent, child, relation, existing, payload);
    if (match === null) {
      if (action === 'delete' || action === 'update') continue;
      insertRow(context, child, payload, linkValues(relation, row, child));
      continue;
    }
    kept.add(match.uid);
    if (action === 'delete') removeRow(context, child, current(context, child, match));
    else saveChild(context, child, current(context, child, match), payload);
  }
  if (merge || sent.some((payload) => isObject(payload) && payload._action !== undefined)) return;
  for (const left of existing) if (!kept.has(left.uid)) removeRow(context, child, left);
}

export function saveChildren(
  context: WriteContext,
  structure: ObjectStructure,
  row: Row,
  payload: Payload,
  merge: boolean,
): void {
  for (const relation of structure.children) {
    const sent = payload[relation.name];
    if (Array.isArray(sent)) saveRelation(context, structure.mbo, row, relation, sent, merge);
  }
}
