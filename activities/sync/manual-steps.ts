/**
 * The steps of the sync that a person may start by hand: apply kept records once more, carry out deletions that were
 * stopped. The same code as in a pass, in the caller's transaction, recorded as a run of its own. The caller holds
 * the connection's lock.
 */
import type { FieldShapes } from '../../domain/entities/field-shape.ts';
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { entitySync } from '../../domain/sync-settings.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Tx } from '../../store/index.ts';
import type { RecordMeta } from '../../store/links/staging.ts';
import { applyRecords } from './merge/apply-records.ts';
import { carryOutDeletions } from './pull/carry-out-deletions.ts';
import type { Counts, EntityScope, SyncDeps } from './context.ts';
import { capabilitiesOf } from './direction.ts';
import { resolveKnown } from './merge/resolve-references.ts';

export interface ManualScope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
  /** RFC 3339 instant of the step. */
  at: string;
}

export type ManualSteps = ReturnType<typeof createManualSteps>;

export function createManualSteps(deps: SyncDeps) {
  async function asRun<T>(
    tx: Tx,
    scope: ManualScope,
    work: (scope: EntityScope, connection: ConnectionRow) => Promise<T>,
  ): Promise<T> {
    const connection = await deps.repo.connections.load(tx, scope.connectionId);
    const runId = deps.newId();
    const version = deps.mapping(connection, scope.entity)?.version;
    await deps.repo.runs.start(tx, {
      id: runId,
      tenantId: scope.tenantId,
      connectionId: scope.connectionId,
      kind: 'pass',
      at: scope.at,
      mappingVersions: version === undefined ? {} : { [scope.entity]: version },
    });
    const result = await work({ ...scope, runId }, connection);
    await deps.repo.runs.finish(tx, runId, 'completed', null, scope.at);
    return result;
  }

  return {
    /** Applies vendor records as a pull does. `decided` says for unlinked ones which hub record each is, null for none. */
    apply(
      tx: Tx,
      scope: ManualScope,
      records: readonly { meta: RecordMeta; raw: JsonObject }[],
      decided: ReadonlyMap<string, string | null>,
    ): Promise<Counts> {
      return asRun(tx, scope, async (entityScope, connection) => {
        const mapping = deps.mapping(connection, scope.entity);
        if (mapping === null) {
          throw new Failure(
            'invalid_config',
            `There is no mapping of ${scope.entity} for ${connection.system}; add mappings/${connection.system}/${scope.entity}.yaml.`,
          );
        }
        const context = { deps, tx, scope: entityScope, mapping, config: connection.config, decided };
        return (await applyRecords(context, records, 'pull')).counts;
      });
    },

    /** Treats these links as gone, by the connection's policy. */
    async removeGone(
      tx: Tx,
      scope: ManualScope,
      gone: readonly { externalId: string; hubId: string }[],
    ): Promise<void> {
      await asRun(tx, scope, (entityScope, connection) =>
        carryOutDeletions(deps, tx, entityScope, connection.deletePolicy, gone),
      );
    },

    /** A kept vendor record as its mapping shows it now, references as hub ids; null when it cannot be mapped. */
    async view(tx: Tx, scope: ManualScope, raw: JsonObject): Promise<JsonObject | null> {
      const connection = await deps.repo.connections.load(tx, scope.connectionId);
      const mapping = deps.mapping(connection, scope.entity);
      const result = await mapping?.pull(raw, connection.config);
      if (mapping === null || result?.ok !== true) return null;
      const context = { deps, tx, scope: { ...scope, runId: '' }, mapping, config: connection.config };
      return resolveKnown(context, result.fields);
    },

    async shapes(tx: Tx, connectionId: string, entity: Entity): Promise<FieldShapes> {
      const connection = await deps.repo.connections.load(tx, connectionId);
      return deps.mapping(connection, entity)?.shapes ?? ENTITY_DEFINITIONS[entity].shapes;
    },

    placeOf(connection: ConnectionRow, entity: Entity) {
      const mapping = deps.mapping(connection, entity);
      const { read, create, update } = capabilitiesOf(deps, connection)[entity];
      if (mapping === null || !read) return null;
      return {
        create: create && entitySync(connection.config, entity).create,
        update,
        pullFields: mapping.pullFields,
        pushFields: mapping.pushFields,
        async push(fields: JsonObject, field: string): Promise<JsonObject | null> {
          const pushed = await mapping.push(fields, new Set([field]), connection.config);
          return pushed.ok ? pushed.payload : null;
        },
      };
    },

    mappedFields(system: string, entity: Entity): { pulled: readonly string[]; pushed: readonly string[] } {
      const mapping = deps.mapping({ system }, entity);
      return { pulled: mapping?.pullFields ?? [], pushed: mapping?.pushFields ?? [] };
    },

    matchRules: deps.matchRules,
  };
}
