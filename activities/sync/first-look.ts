/**
 * What the first pass of a connection would do, without doing it: every entity is read, mapped, matched and merged by the
 * same code as in a pass, and only counted. Nothing is kept, here or there. What it says holds while nobody edits, and
 * records that refer to new ones are counted as if those were there.
 */
import { isAbsentEntity, toFailure } from '../../domain/kernel/failure.ts';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { replaceReferences } from '../../domain/entities/references.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { fieldsToPush } from '../../domain/merge/merge.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import type { ExternalRecord, Session } from '../../connectors/kit/contract.ts';
import type { CompiledMapping } from '../../mappings/engine/format.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { EntityLook } from '../../plant/connections/connections.ts';
import { completeSettings } from './complete-settings.ts';
import type { ApplyContext, Candidate, SyncDeps } from './context.ts';
import { capabilitiesOf } from './direction.ts';
import { decideRecord, shownConflicts, type RecordDecision } from './merge/decide-record.ts';
import { loadMergeFacts } from './merge/facts.ts';
import { applyMatchRules } from './merge/match-records.ts';
import { toIncoming } from './pull/incoming.ts';

export interface LookRequest {
  connection: ConnectionRow;
  actor: string;
  /** Most records of one entity that are read. */
  recordsMax: number;
  signal: AbortSignal;
}

/** The hub id of each vendor record that was looked at, of new ones a made-up one: what others refer to. */
type HubIds = Map<Entity, Map<string, string>>;

export async function lookFirst(deps: SyncDeps, request: LookRequest): Promise<EntityLook[]> {
  const { connection } = await completeSettings(deps, request.connection, request.actor, request.signal);
  const session = await deps.openSession(connection, request.signal);
  const known: HubIds = new Map(ENTITIES.map((entity) => [entity, new Map<string, string>()]));
  try {
    const looks: EntityLook[] = [];
    for (const entity of ENTITIES) {
      const mapping = deps.mapping(connection, entity);
      if (mapping === null) continue;
      const look = { deps, request: { ...request, connection }, session, entity, mapping, known };
      looks.push(await lookAtEntity(look));
    }
    return looks;
  } finally {
    await session.close();
  }
}

interface Looking {
  deps: SyncDeps;
  request: LookRequest;
  session: Session;
  entity: Entity;
  mapping: CompiledMapping;
  known: HubIds;
}

async function lookAtEntity(looking: Looking): Promise<EntityLook> {
  const { deps, request, entity } = looking;
  const { connection } = request;
  const capability = capabilitiesOf(deps, connection)[entity];
  const sync = entitySync(connection.config, entity);
  const look: EntityLook = {
    entity,
    read: 0,
    complete: true,
    absent: null,
    unmapped: 0,
    linked: 0,
    matched: 0,
    reviews: 0,
    conflicts: 0,
    hub: { creates: 0, updates: 0 },
    system: { creates: 0, updates: 0 },
  };
  /** Hub records that this system has, or may have. */
  const met = new Set<string>();
  if (sync.pull && capability.pull !== 'none') {
    try {
      await walk(looking, look, met);
    } catch (error) {
      if (!isAbsentEntity(error)) throw error;
      return { ...look, absent: toFailure(error).message };
    }
  }
  if (sync.push && sync.create && capability.create) {
    const live = await deps.store.inTenant(connection.tenantId, (tx) =>
      deps.repo.hubRecords.countLive(tx, connection.tenantId, entity),
    );
    look.system.creates = Math.max(0, live - met.size);
  }
  if (!sync.push || !capability.update) look.system.updates = 0;
  return look;
}

async function walk(looking: Looking, look: EntityLook, met: Set<string>): Promise<void> {
  const { deps, request, session, entity } = looking;
  const { recordsMax, connection, signal } = request;
  const limits = deps.connector(connection.system).manifest.limits;
  const pageSize = Math.min(limits.pageSize, limits.pageSizeMax, LIMITS.pageSizeMax, recordsMax);
  for (let cursor: string | null = null; look.read < recordsMax;) {
    signal.throwIfAborted();
    const page = await session.pull(entity, { cursor, pageSize });
    look.read += page.records.length + (page.broken?.length ?? 0);
    look.unmapped += page.broken?.length ?? 0;
    await lookAtPage(looking, page.records, look, met);
    if (!page.more) {
      look.complete = page.incomplete === undefined;
      return;
    }
    cursor = page.cursor;
  }
  look.complete = false;
}

async function lookAtPage(
  { deps, request, entity, mapping, known }: Looking,
  records: readonly ExternalRecord[],
  look: EntityLook,
  met: Set<string>,
): Promise<void> {
  const { connection } = request;
  const candidates = await mapped(deps, mapping, connection, records);
  look.unmapped += records.length - candidates.length;
  const { tenantId, id: connectionId, config } = connection;
  const at = new Date(deps.now()).toISOString();
  await deps.store.inTenant(tenantId, async (tx) => {
    const scope = { tenantId, connectionId, entity, runId: '', at };
    const context: ApplyContext = { deps, tx, scope, mapping, config };
    const links = await deps.repo.links.load(
      tx,
      connectionId,
      entity,
      candidates.map(({ incoming }) => incoming.meta.externalId),
    );
    const seen = candidates.map((candidate) => withHubIds(entity, candidate, known));
    const { matched, ambiguous } = await applyMatchRules(
      context,
      seen
        .filter(({ incoming }) => !links.has(incoming.meta.externalId))
        .map((candidate) => ({ candidate, fields: candidate.fields })),
    );
    const reviewed = new Set(ambiguous.map(({ candidate }) => candidate));
    // An earlier page had it already: two records there may be one here.
    for (const [externalId, hubId] of matched) if (met.has(hubId)) matched.delete(externalId);
    for (const { hubIds } of ambiguous) for (const id of hubIds) met.add(id);
    look.reviews += reviewed.size;
    const open = seen.filter((candidate) => !reviewed.has(candidate));
    const ids = new Map(
      open.map(
        ({
          incoming: {
            meta: { externalId },
          },
        }) => [externalId, links.get(externalId)?.hubId ?? matched.get(externalId) ?? deps.newId()],
      ),
    );
    const facts = await loadMergeFacts(context, open, { links, matched, ids, intended: false });
    for (const [candidate, fact] of facts) {
      known.get(entity)?.set(candidate.incoming.meta.externalId, fact.hubId);
      if (fact.known !== null) met.add(fact.hubId);
      countDecision(look, mapping, decideRecord(candidate, fact, { mapping, at, newId: deps.newId }));
    }
  });
}

async function mapped(
  deps: SyncDeps,
  mapping: CompiledMapping,
  connection: ConnectionRow,
  records: readonly ExternalRecord[],
): Promise<Candidate[]> {
  const bodies = deps.repo.rawRecords.open(deps.newId());
  const candidates: Candidate[] = [];
  for (const record of records) {
    const incoming = toIncoming(record, bodies);
    const result = await mapping.pull(incoming.raw, connection.config);
    if (result.ok) candidates.push({ incoming, fields: result.fields, comments: [], resolved: true });
  }
  return candidates;
}

function withHubIds(entity: Entity, candidate: Candidate, known: HubIds): Candidate {
  const fields = replaceReferences(
    entity,
    candidate.fields,
    (reference) => known.get(reference.entity)?.get(reference.value) ?? null,
  );
  return { ...candidate, fields };
}

function countDecision(look: EntityLook, mapping: CompiledMapping, decision: RecordDecision): void {
  if (decision.kind === 'create') {
    look.hub.creates += 1;
    return;
  }
  if (decision.firstLink) look.matched += 1;
  else look.linked += 1;
  if (decision.change !== null) look.hub.updates += 1;
  const conflicts = shownConflicts(decision);
  look.conflicts += conflicts.length;
  // A pass also queues what only may be due, and finds that nothing is; here only what is written counts.
  const due = fieldsToPush({
    hub: decision.change?.fields ?? decision.hub.fields,
    baseHub: decision.link.baseHub,
    pushFields: mapping.pushFields,
    held: new Set(conflicts.map(({ field }) => field)),
    shapes: mapping.shapes,
  });
  if (due.size > 0) look.system.updates += 1;
}
