/** Conflicts that wait for a person: list them, and decide one or many. A decision is one transaction. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import {
  closeConflict,
  listOpenConflicts,
  loadConflict,
  type ConflictRow,
} from '../../store/exceptions/conflict-list.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { writeLinkBases } from '../../store/links/link-bases.ts';
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
 * Decides one field. The vendor's value counts as seen in either case, so both bases of the field become that value: taken
 * over, hub and base agree and nothing is pushed; overruled, the hub differs from its base and the push carries it.
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
    const { field, externalValue: external } = conflict;
    const takesExternal = 'take' in decision && decision.take === 'external';
    const wanted: JsonObject = takesExternal
      ? { [field]: external }
      : 'value' in decision
        ? { [field]: decision.value }
        : {};
    const { version, changed } = await changeRecord(deps, tx, hub, wanted, {
      originConnectionId: takesExternal ? connectionId : null,
      at,
      readingSource: takesExternal ? `connection:${connectionId}` : 'hub',
    });
    const value = changed[field] === undefined ? (hub.fields[field] ?? null) : changed[field].after;
    await writeLinkBases(tx, connectionId, {
      hubId,
      baseHub: withValue(link.baseHub, field, external),
      baseExternal: withValue(link.baseExternal ?? link.baseHub, field, external),
      // A change that came from this very system is not offered to it again.
      hubVersion: takesExternal && link.hubVersion === hub.version ? version : link.hubVersion,
    });
    await closeConflict(tx, conflict.id, {
      winner: takesExternal ? 'external' : 'hub',
      hubValue: value,
      by: deps.actor,
      at,
    });
    if (!takesExternal) {
      await repositories.pushes.enqueue(
        tx,
        { tenantId: deps.tenantId, connectionId, entity: conflict.entity },
        [hubId],
      );
    }
    const before = { hub: hub.fields[field] ?? null, external };
    await audit(deps, tx, {
      action: 'conflict.resolve' satisfies EditAction,
      subject: `record/${hubId}`,
      before: { [field]: before.hub, conflict: conflict.id, connection: conflict.connection, external },
      after: { [field]: value, decision: 'take' in decision ? decision.take : 'value' },
      at,
    });
    return {
      id: conflict.id,
      connectionId,
      number: conflict.number,
      field,
      before,
      value,
      pushes: !takesExternal,
    };
  });
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

function withValue(base: JsonObject, field: string, value: Json): JsonObject {
  const { [field]: _old, ...rest } = base;
  return value === null ? rest : { ...rest, [field]: value };
}
