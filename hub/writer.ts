/**
 * The one writer of hub records. Whatever makes, changes, deletes or restores one comes through here, so that match keys,
 * readings and the change feed follow every time. Decides nothing: what a record becomes is its caller's business.
 */
import type { Entity } from '../domain/entities/index.ts';
import { jsonEqual, type JsonObject } from '../domain/json.ts';
import type { HubComment } from '../store/hub/comments.ts';
import type { HubRecord, NewHubRecord } from '../store/hub/hub-records.ts';
import type { NewLinkedRecord } from '../store/hub/new-records.ts';
import { repositories, type Tx } from '../store/index.ts';
import { matchKeysOf, type HubRules } from './match-keys.ts';

export interface HubScope {
  tenantId: string;
  entity: Entity;
  /** The connection whose system said so; null for people and programs of the plant. */
  originConnectionId: string | null;
  runId: string | null;
  /** RFC 3339 instant. */
  at: string;
  /** Who read a meter when its reading is among the fields: `connection:<id>`, `hub`, a person. */
  readingSource: string;
}

/** What one call writes with. */
export interface HubWrite {
  rules: HubRules;
  tx: Tx;
  scope: HubScope;
}

/** A record as it becomes. */
export interface HubChange {
  id: string;
  before: JsonObject;
  fields: JsonObject;
  /** Field to RFC 3339 instant of its last change. */
  fieldAt: Record<string, string>;
  /** The version it gets: the one before and one. */
  version: number;
}

/** New records that come from nowhere else: a person made them, or a plan. */
export async function addRecords(write: HubWrite, records: readonly NewHubRecord[]): Promise<void> {
  const { tx, scope } = write;
  if (records.length === 0) return;
  // A page of a vendor's records that is being matched at this moment must see the new ones, or make twins of them.
  await repositories.matchKeys.lock(tx, scope.tenantId, scope.entity);
  await repositories.hubRecords.insert(tx, scope, records);
  await repositories.matchKeys.insert(tx, scope.tenantId, keysOf(write, records));
  await addReadings(write, records);
  await tell(
    write,
    records.map(({ id }) => ({ hubId: id, version: 1 })),
  );
}

/** New records with their links, as a page of a first sync makes them. The caller holds the entity's matching lock. */
export async function addLinkedRecords(
  write: HubWrite,
  page: { connectionId: string; runId: string; mappingVersion: string },
  records: readonly NewLinkedRecord[],
): Promise<void> {
  const { tx, scope } = write;
  if (records.length === 0) return;
  const { mappingVersion, ...origin } = page;
  const of = { ...scope, ...origin };
  const logged = records.map(({ id, meta }) => ({ externalId: meta.externalId, hubId: id }));
  // Sent one behind the other: PostgreSQL is busy with the records while the rest is prepared.
  await Promise.all([
    repositories.hubRecords.insertLinked(tx, of, mappingVersion, records),
    repositories.runs.logAlike(tx, of, { direction: 'pull', action: 'created' }, logged),
    tell(
      write,
      records.map(({ id }) => ({ hubId: id, version: 1 })),
    ),
    repositories.matchKeys.insert(tx, scope.tenantId, keysOf(write, records)),
    addReadings(write, records),
  ]);
}

export async function changeRecords(write: HubWrite, changes: readonly HubChange[]): Promise<void> {
  const { rules, tx, scope } = write;
  if (changes.length === 0) return;
  const named = new Set(rules.matchRules(scope.entity).flat());
  const rekeyed = changes.filter(({ before, fields }) =>
    [...named].some((name) => differs(before, fields, name)),
  );
  const former = rekeyed.map(({ id, before }) => ({ id, fields: before }));
  await Promise.all([
    repositories.hubRecords.update(tx, scope.at, changes),
    repositories.matchKeys.replace(tx, scope.tenantId, keysOf(write, former), keysOf(write, rekeyed)),
    addReadings(
      write,
      changes.filter(({ before, fields }) => differs(before, fields, 'lastReading')),
    ),
    tell(
      write,
      changes.map(({ id, version }) => ({ hubId: id, version })),
    ),
  ]);
}

/** Marks records deleted. Connections carry that on by their own policies; a deleted record matches nothing. Returns those that were not. */
export async function deleteRecords(write: HubWrite, ids: readonly string[]): Promise<HubRecord[]> {
  const deleted = await repositories.hubRecords.setDeleted(write.tx, ids, write.scope.at);
  await repositories.matchKeys.drop(write.tx, write.scope.tenantId, keysOf(write, deleted));
  if (write.scope.entity === 'asset')
    await repositories.assetAlerts.endOf(
      write.tx,
      deleted.map(({ id }) => id),
      { at: write.scope.at, notes: 'The asset was deleted.' },
    );
  await tellOf(write, deleted);
  return deleted;
}

/** Brings deleted records back, findable again. Returns those that were deleted. */
export async function restoreRecords(write: HubWrite, ids: readonly string[]): Promise<HubRecord[]> {
  if (ids.length === 0) return [];
  const restored = await repositories.hubRecords.setDeleted(write.tx, ids, null);
  const keys = keysOf(write, restored);
  // Records that were deleted before their keys went with them still have them.
  await repositories.matchKeys.drop(write.tx, write.scope.tenantId, keys);
  await repositories.matchKeys.insert(write.tx, write.scope.tenantId, keys);
  await tellOf(write, restored);
  return restored;
}

/** Adds to the records' conversations. Whoever adds one changes the record's version too, or no connection hears of it. */
export async function addComments({ tx, scope }: HubWrite, comments: readonly HubComment[]): Promise<void> {
  await repositories.comments.insert(tx, scope, comments);
}

function keysOf(
  { rules, scope }: HubWrite,
  records: readonly { id: string; fields: JsonObject }[],
): { key: string; hubId: string }[] {
  return records.flatMap(({ id, fields }) => matchKeysOf(rules, scope.entity, id, fields));
}

/** Readings among these fields as rows of the meters' history; what the meters show is not changed. */
export async function addReadings(
  { tx, scope }: HubWrite,
  records: readonly { id: string; fields: JsonObject }[],
): Promise<void> {
  const readings = records.flatMap(({ id, fields }) => {
    const reading = fields['lastReading'];
    if (typeof reading !== 'object' || reading === null || Array.isArray(reading)) return [];
    const { at, value } = reading;
    if (typeof at !== 'string' || value === undefined) return [];
    return [{ hubId: id, at, value, source: scope.readingSource }];
  });
  await repositories.readings.insert(tx, scope.tenantId, readings);
}

async function tellOf(write: HubWrite, records: readonly HubRecord[]): Promise<void> {
  await tell(
    write,
    records.map(({ id, version }) => ({ hubId: id, version })),
  );
}

async function tell(
  { tx, scope }: HubWrite,
  changes: readonly { hubId: string; version: number }[],
): Promise<void> {
  await repositories.changes.append(tx, scope, changes);
}

function differs(before: JsonObject, after: JsonObject, field: string): boolean {
  return !jsonEqual(before[field] ?? null, after[field] ?? null);
}
