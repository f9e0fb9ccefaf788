/** Conflicts that wait for a person: list them, and decide one or many. A decision is one transaction. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { FieldShapes } from '../../domain/entities/field-shape.ts';
import { keepHubAt, takeExternalAt } from '../../domain/merge/held-values.ts';
import { rootOf, valueAt } from '../../domain/merge/value-path.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  closeConflict,
  listOpenConflicts,
  loadConflict,
  type ConflictRow,
} from '../../store/exceptions/conflict-list.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import type { Link } from '../../store/links/links.ts';
import { changeRecord } from '../records/change-record.ts';
import type { EditAction } from '../mappings/field-actions.ts';
import { assertId, audit, connectionFilter, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';

export type { ConflictRow };

/** Whose value holds, or a third one. */
export type ConflictDecision = { take: 'hub' | 'external' } | { value: Json };

export interface ConflictQuery {
  connection?: string;
  entity?: Entity;
  field?: string;
}

export async function listConflicts(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  query: ConflictQuery = {},
  page: { after?: string; limit: number } = { limit: LIST_MAX },
): Promise<ConflictRow[]> {
  const { connection, ...rest } = query;
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    listOpenConflicts(tx, { ...rest, ...(await connectionFilter(tx, connection)), ...page }),
  );
}

/** Also one that is closed. */
export async function readConflict(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<ConflictRow> {
  const row = await deps.store.inTenant(deps.tenantId, (tx) => loadConflict(tx, id));
  if (row === null) throw new Failure('not_found', `There is no conflict ${id}.`);
  return row;
}

async function requireOpen(tx: Tx, id: string): Promise<ConflictRow> {
  const conflict = await loadConflict(tx, id);
  if (conflict === null) throw new Failure('not_found', `There is no conflict ${id}.`);
  if (conflict.resolvedAt !== null) {
    throw new Failure(
      'conflict',
      `This conflict is closed already, by ${conflict.resolvedBy ?? 'somebody'}.`,
    );
  }
  return conflict;
}

export interface ResolvedConflict {
  id: string;
  connectionId: string;
  number: string;
  field: string;
  before: { hub: Json; external: Json };
  /** The hub's value after the decision. */
  value: Json;
  /** Whether a push to the connection is due. */
  pushes: boolean;
}

/**
 * Decides one value. The vendor's counts as seen in either case, so both bases take it: taken over, hub and base agree and
 * nothing is pushed; overruled, the hub differs from its base and the push carries it.
 */
export async function resolveConflict(
  deps: PersonDeps,
  request: { id: string; decision: ConflictDecision },
): Promise<ResolvedConflict> {
  assertId('conflict', request.id);
  const { decision } = request;
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { connectionId, hubId } = await requireOpen(tx, request.id);
    await lockConnections(tx, [connectionId]);
    const hub = (await repositories.hubRecords.lock(tx, [hubId])).get(hubId);
    const link = (await repositories.links.loadByHub(tx, connectionId, [hubId])).get(hubId);
    // Once more: a pass may have brought another value, or agreement, while this waited for the lock.
    const conflict = await requireOpen(tx, request.id);
    if (hub === undefined || link === undefined) {
      throw new Failure('conflict', `${conflict.number} is not linked at ${conflict.connection} any more.`);
    }
    const at = instantOf(deps);
    const shapes = await deps.steps.shapes(tx, connectionId, conflict.entity);
    const decided = decidedValues(hub, link, conflict, { decision, shapes });
    const { version, changed } = await changeRecord(deps, tx, hub, decided.wanted, {
      originConnectionId: decided.takesExternal ? connectionId : null,
      at,
      readingSource: decided.takesExternal ? `connection:${connectionId}` : 'hub',
    });
    // References given by number are ids by now.
    const after = changed[rootOf(conflict.field)]?.after;
    const value =
      after === undefined
        ? decided.value
        : valueAt({ [rootOf(conflict.field)]: after }, conflict.field, shapes);
    const { baseHub, baseExternal } = decided;
    // A change that came from this very system is not offered to it again.
    const isSeen = decided.takesExternal && link.hubVersion === hub.version;
    const hubVersion = isSeen ? version : link.hubVersion;
    await repositories.links.writeBases(tx, connectionId, { hubId, baseHub, baseExternal, hubVersion });
    return closeDecided(deps, tx, conflict, { ...decided, decision, at, value });
  });
}

interface Decided {
  takesExternal: boolean;
  /** What the hub record is to be changed to. */
  wanted: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  before: Json;
  value: Json;
}

function decidedValues(
  hub: HubRecord,
  link: Link,
  { field: path, externalValue: external }: ConflictRow,
  { decision, shapes }: { decision: ConflictDecision; shapes: FieldShapes },
): Decided {
  const values = {
    hub: hub.fields,
    baseHub: link.baseHub,
    baseExternal: link.baseExternal ?? link.baseHub,
  };
  const takesExternal = 'take' in decision && decision.take === 'external';
  const before = valueAt(hub.fields, path, shapes);
  const value = 'value' in decision ? decision.value : before;
  const after = takesExternal
    ? takeExternalAt(values, path, external, shapes)
    : keepHubAt(values, path, { external, value }, shapes);
  const root = rootOf(path);
  const wanted = takesExternal || 'value' in decision ? { [root]: after.hub[root] ?? null } : {};
  return { ...after, takesExternal, wanted, before, value: valueAt(after.hub, path, shapes) };
}

/** Writes down who decided what, and queues what is to be pushed. */
async function closeDecided(
  deps: PersonDeps,
  tx: Tx,
  conflict: ConflictRow,
  decided: Decided & { decision: ConflictDecision; at: string },
): Promise<ResolvedConflict> {
  const { id, connectionId, hubId, entity, field, number, externalValue: external } = conflict;
  const { takesExternal, value, decision, at } = decided;
  await closeConflict(tx, id, {
    winner: takesExternal ? 'external' : 'hub',
    hubValue: value,
    by: deps.actor,
    at,
  });
  if (!takesExternal)
    await repositories.pushes.enqueue(tx, { tenantId: deps.tenantId, connectionId, entity }, [hubId]);
  await audit(deps, tx, {
    action: 'conflict.resolve' satisfies EditAction,
    subject: `record/${hubId}`,
    before: { [field]: decided.before, conflict: id, connection: conflict.connection, external },
    after: { [field]: value, decision: 'take' in decision ? decision.take : 'value' },
    at,
  });
  const before = { hub: decided.before, external };
  return { id, connectionId, number, field, before, value, pushes: !takesExternal };
}

/** Decides every open conflict the query finds, each in its own transaction. One that closed meanwhile is passed over. */
export async function resolveConflicts(
  deps: PersonDeps,
  request: { query: ConflictQuery; take: 'hub' | 'external' },
): Promise<ResolvedConflict[]> {
  const resolved: ResolvedConflict[] = [];
  for (;;) {
    const open = await listConflicts(deps, request.query);
    const before = resolved.length;
    for (const { id } of open) {
      try {
        resolved.push(await resolveConflict(deps, { id, decision: { take: request.take } }));
      } catch (error) {
        if (!(error instanceof Failure && error.kind === 'conflict')) throw error;
      }
    }
    if (open.length < LIST_MAX || resolved.length === before) return resolved;
  }
}
