/**
 * Mending links: a vendor record that was taken for the wrong hub record, and two hub records that are one thing. Whatever
 * is decided, the vendor's kept record goes once more through the sync's own steps, so that bases, history and feed are as
 * after any first contact.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { replaceReferences } from '../../domain/entities/references.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import {
  createsOf,
  deleteLink,
  forgetAt,
  forgetContent,
  linksOfHubRecord,
  listLinkRows,
  loadLinkRow,
  moveBelongings,
  moveLink,
  referringRecords,
  type LinkKey,
  type LinkRow,
} from '../../store/links/link-admin.ts';
import { repositories, type Tx } from '../../store/index.ts';
import type { RecordMeta } from '../../store/links/staging.ts';
import { changeRecord, deleteRecord } from './change-record.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { requireRecord } from './records.ts';

export type { LinkKey, LinkRow };

export async function listLinks(
  deps: PersonDeps,
  filter: { connectionId: string; entity: Entity },
  page: { after: string | null; limit: number },
): Promise<LinkRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listLinkRows(tx, filter, page));
}

export async function linksOf(deps: PersonDeps, record: string): Promise<LinkRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    linksOfHubRecord(tx, (await requireRecord(tx, record)).id),
  );
}

async function requireLink(tx: Tx, key: LinkKey): Promise<LinkRow> {
  const row = await loadLinkRow(tx, key);
  if (row === null) {
    throw new Failure('not_found', `No ${key.entity} "${key.externalId}" is linked at this connection.`);
  }
  return row;
}

/** The vendor record is a thing of its own: it becomes a new hub record, and the old one may be created there anew. */
export async function unlink(deps: PersonDeps, key: LinkKey): Promise<LinkRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [key.connectionId]);
    const row = await requireLiveLink(tx, key);
    const made = await linkAnew(deps, tx, row, null);
    await leaveBehind(deps, tx, row, 'unlink');
    await auditLink(deps, tx, 'link.unlink', row, made);
    return made;
  });
}

/** The vendor record is that other hub record. */
export async function relink(deps: PersonDeps, key: LinkKey, record: string): Promise<LinkRow> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [key.connectionId]);
    const row = await requireLiveLink(tx, key);
    const hub = await requireSame(tx, row.entity, record);
    if (hub.id === row.hubId) return row;
    const taken = (await linksOfHubRecord(tx, hub.id)).find((one) => one.connectionId === key.connectionId);
    if (taken !== undefined) {
      throw new Failure(
        'conflict',
        `${hub.number} is linked with ${taken.externalId} of ${taken.connection} already; unlink that first.`,
      );
    }
    await assertNoCreates(tx, [hub.id], (connectionId) => connectionId === key.connectionId);
    const made = await linkAnew(deps, tx, row, hub.id);
    await leaveBehind(deps, tx, row, 'relink');
    await auditLink(deps, tx, 'link.relink', row, made);
    return made;
  });
}

/** More records than this refer to nothing that two people made twice by mistake. */
const REFERRING_MAX = 5_000;
/** Records that follow a vendor record to another hub record at once; a machine with more has waited for nobody. */
const FOLLOWING_MAX = 20_000;

/** Two hub records are one thing: links, conversation and references of `drop` go to `keep`, then `drop` is deleted. */
export async function mergeRecords(
  deps: PersonDeps,
  request: { keep: string; drop: string },
): Promise<{ record: HubRecord; moved_links: number; moved_references: number }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const keep = await requireRecord(tx, request.keep);
    const drop = await requireSame(tx, keep.entity, request.drop);
    if (keep.id === drop.id) {
      throw new Failure('invalid_request', 'These are the same record.', { path: 'drop' });
    }
    // Whatever a connection is about to create of the two, it must not do it meanwhile.
    const connections = await repositories.connections.list(tx);
    await lockConnections(tx, connections.map(({ id }) => id).sort());
    const { ours, theirs } = await liveLinks(tx, keep.id, drop.id);
    const both = theirs.find((link) => ours.some((one) => one.connectionId === link.connectionId));
    if (both !== undefined) {
      throw new Failure(
        'conflict',
        `Both records exist at ${both.connection}; merge or delete one of them there first.`,
      );
    }
    await assertNoCreates(tx, [drop.id], () => true);
    await assertNoCreates(tx, [keep.id], (connectionId) =>
      theirs.some((link) => link.connectionId === connectionId),
    );
    await repositories.hubRecords.lock(tx, [keep.id, drop.id]);
    for (const link of theirs) await linkAnew(deps, tx, link, keep.id);
    await moveBelongings(tx, drop.id, keep.id);
    const references = await moveReferences(deps, tx, drop, keep.id);
    const at = instantOf(deps);
    await deleteRecord(deps, tx, drop, at);
    await audit(deps, tx, {
      action: 'record.merge',
      subject: `record/${keep.id}`,
      before: { dropped: drop.id, number: drop.number, fields: drop.fields },
      after: { links: theirs.length, references },
      at,
    });
    const record = (await repositories.hubRecords.load(tx, [keep.id])).get(keep.id) ?? keep;
    return { record, moved_links: theirs.length, moved_references: references };
  });
}

async function requireSame(tx: Tx, entity: Entity, record: string): Promise<HubRecord> {
  const hub = await requireRecord(tx, record);
  if (hub.entity === entity && hub.deletedAt === null) return hub;
  const why = hub.deletedAt === null ? `a ${hub.entity}, not a ${entity}` : 'deleted';
  throw new Failure('invalid_request', `${hub.number} is ${why}.`, { path: 'record' });
}

/** Takes the link away and applies the kept vendor record as decided; null makes a hub record of its own. */
async function linkAnew(deps: PersonDeps, tx: Tx, row: LinkRow, hubId: string | null): Promise<LinkRow> {
  const key = { connectionId: row.connectionId, entity: row.entity, externalId: row.externalId };
  const raw =
    row.rawHash === null ? undefined : (await repositories.rawRecords.load(tx, [row])).get(row.externalId);
  if (raw === undefined || row.rawHash === null) {
    throw new Failure(
      'conflict',
      `What ${row.connection} showed of ${row.externalId} is not kept any more; sync it with force_sync first.`,
    );
  }
  await deleteLink(tx, key);
  const scope = {
    tenantId: deps.tenantId,
    connectionId: row.connectionId,
    entity: row.entity,
    at: instantOf(deps),
  };
  const meta = { ...metaOf(row), hash: row.rawHash };
  const counts = await deps.steps.apply(tx, scope, [{ meta, raw }], new Map([[row.externalId, hubId]]));
  if ((counts['linked'] ?? 0) + (counts['created'] ?? 0) !== 1) {
    throw new Failure(
      'conflict',
      `The record ${row.externalId} cannot be linked now: it waits for a reference or cannot be mapped any more.`,
    );
  }
  return requireLink(tx, key);
}

/** A link whose record is gone there keeps it from being made again; taken away, the next pass would make a ghost. */
async function requireLiveLink(tx: Tx, key: LinkKey): Promise<LinkRow> {
  const row = await requireLink(tx, key);
  if (row.goneAt === null) return row;
  throw new Failure(
    'conflict',
    `${row.externalId} of ${row.connection} was deleted there; restore it there, or delete ${row.number} here.`,
  );
}

/**
 * The links of two records that are there. One to a record that was deleted at its system keeps it from being made again: it stays,
 * or goes over to the record that stays, unless the other has a link at that system itself.
 */
async function liveLinks(
  tx: Tx,
  keepId: string,
  dropId: string,
): Promise<{ ours: LinkRow[]; theirs: LinkRow[] }> {
  const ours = await linksOfHubRecord(tx, keepId);
  const theirs = await linksOfHubRecord(tx, dropId);
  const isLive = ({ goneAt }: LinkRow): boolean => goneAt === null;
  const at = (links: readonly LinkRow[], { connectionId }: LinkRow): LinkRow | undefined =>
    links.find((link) => link.connectionId === connectionId);
  for (const gone of ours.filter((link) => !isLive(link))) {
    const other = at(theirs, gone);
    if (other !== undefined && isLive(other)) await deleteLink(tx, gone);
  }
  for (const gone of theirs.filter((link) => !isLive(link))) {
    if (at(ours, gone) === undefined) await moveLink(tx, gone, keepId);
    else await deleteLink(tx, gone);
  }
  return { ours: ours.filter(isLive), theirs: theirs.filter(isLive) };
}

/** What is being created there would come back as one record more than anybody decided about. */
async function assertNoCreates(
  tx: Tx,
  hubIds: readonly string[],
  concerns: (connectionId: string) => boolean,
): Promise<void> {
  const found = (await createsOf(tx, hubIds)).find(({ connectionId }) => concerns(connectionId));
  if (found === undefined) return;
  throw new Failure(
    'conflict',
    found.ambiguous
      ? `A create at ${found.connection} waits for a person; decide it first (\`creates list\`).`
      : `The record is being created at ${found.connection}; try again after the next pass.`,
  );
}

/**
 * After a vendor record went to another hub record: the one it leaves is offered to the system again as a record of its own, and
 * what refers to the vendor record there refers to the other one from now on.
 */
async function leaveBehind(deps: PersonDeps, tx: Tx, row: LinkRow, why: 'unlink' | 'relink'): Promise<void> {
  await forgetAt(tx, row.connectionId, row.hubId, why);
  await enqueue(deps, tx, row);
  await followReferences(deps, tx, row);
}

/** As the kept vendor records say it; one whose content is not kept any more follows when it is read next. */
async function followReferences(deps: PersonDeps, tx: Tx, row: LinkRow): Promise<void> {
  const { connectionId } = row;
  const referring = await referringRecords(tx, deps.tenantId, row.entity, row.hubId, FOLLOWING_MAX);
  const byEntity = Map.groupBy(referring, ({ entity }) => entity);
  for (const [entity, records] of byEntity) {
    const ids = records.map(({ id }) => id);
    const links = [...(await repositories.links.loadByHub(tx, connectionId, ids)).values()].filter(
      ({ goneAt }) => goneAt === null,
    );
    const kept = await repositories.rawRecords.load(
      tx,
      links.filter(({ rawHash }) => rawHash !== null),
    );
    await forgetContent(
      tx,
      connectionId,
      links.map(({ hubId }) => hubId),
    );
    const again = links.flatMap((link) => {
      const raw = kept.get(link.externalId);
      return raw === undefined || link.rawHash === null
        ? []
        : [{ meta: { ...metaOf(link), hash: link.rawHash }, raw }];
    });
    const scope = { tenantId: deps.tenantId, connectionId, entity, at: instantOf(deps) };
    if (again.length > 0) await deps.steps.apply(tx, scope, again, new Map());
  }
}

type KnownLink = Pick<
  LinkRow,
  | 'externalId'
  | 'address'
  | 'externalVersion'
  | 'externalUpdatedAt'
  | 'externalNumber'
  | 'readOnly'
  | 'scope'
  | 'kept'
>;

function metaOf(link: KnownLink): Omit<RecordMeta, 'hash'> {
  return {
    externalId: link.externalId,
    address: link.address,
    version: link.externalVersion,
    updatedAt: link.externalUpdatedAt?.toISOString() ?? null,
    number: link.externalNumber,
    readOnly: link.readOnly,
    ...(link.scope === null ? {} : { scope: link.scope }),
    ...(link.kept === null ? {} : { kept: link.kept }),
  };
}

/** The hub record that lost its link is offered to the system again, as a record of its own. */
async function enqueue(deps: PersonDeps, tx: Tx, row: LinkRow): Promise<void> {
  await repositories.pushes.enqueue(
    tx,
    { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity },
    [row.hubId],
  );
}

async function moveReferences(deps: PersonDeps, tx: Tx, drop: HubRecord, keepId: string): Promise<number> {
  const referring = await referringRecords(tx, deps.tenantId, drop.entity, drop.id, REFERRING_MAX + 1);
  if (referring.length > REFERRING_MAX) {
    throw new Failure(
      'conflict',
      `More than ${String(REFERRING_MAX)} records refer to ${drop.number}; keep that one and drop the other.`,
    );
  }
  const records = await repositories.hubRecords.lock(
    tx,
    referring.map(({ id }) => id),
  );
  for (const hub of records.values()) {
    const moved = replaceReferences(hub.entity, hub.fields, ({ value }) =>
      value === drop.id ? keepId : value,
    );
    const changed: JsonObject = Object.fromEntries(
      Object.entries(moved).filter(([field, value]) => value !== hub.fields[field]),
    );
    await changeRecord(deps, tx, hub, changed, {
      originConnectionId: null,
      at: instantOf(deps),
      readingSource: 'hub',
    });
  }
  return records.size;
}

async function auditLink(
  deps: PersonDeps,
  tx: Tx,
  action: string,
  before: LinkRow,
  after: LinkRow,
): Promise<void> {
  await audit(deps, tx, {
    action,
    subject: `record/${before.hubId}`,
    before: { connection: before.connection, external: before.externalId, record: before.number },
    after: { record: after.number },
    at: instantOf(deps),
  });
}
