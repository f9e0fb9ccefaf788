/** A mapping tried on one record, before or after it is changed. */
import type { Entity } from '../../domain/entities/index.ts';
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { linksOfHubRecord } from '../../store/links/link-admin.ts';
import { judgeAt, requireView, type Finding, type MappingDeps, type Preview } from './view.ts';
import { requireRecord } from '../records/records.ts';

export interface PreviewRequest {
  connectionId: string;
  entity: Entity;
  direction: 'pull' | 'push';
  /** Tried instead of the active one. */
  override: JsonObject | null;
  /** A hub record by number or id: its kept vendor record is pulled, or the record itself is pushed. */
  record: string | null;
  /** The input itself: a vendor record to pull, canonical fields to push. */
  sample: JsonObject | null;
  /** Fields that changed, for a push that updates; null previews a create. */
  changed: readonly string[] | null;
}

/**
 * Nothing is stored and nobody is asked; what storing it would find comes along. Without record and sample the shipped example is shown.
 */
export async function previewMapping(
  deps: MappingDeps,
  request: PreviewRequest,
): Promise<Preview & { input: JsonObject; findings: Finding[] }> {
  const { connectionId, entity } = request;
  const { connection, input } = await deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await connectionDetails(tx, connectionId);
    return { connection: row, input: request.sample ?? (await inputOf(tx, row, request)) };
  });
  const { system, config } = connection;
  const override = request.override ?? connection.overrides[entity] ?? null;
  requireView(deps, system, entity, override);
  const findings = await judgeAt(deps, connectionId, entity, override);
  const shown = input ?? (await deps.mappings.sample(system, entity));
  if (request.direction === 'pull') {
    return {
      ...(await deps.mappings.previewPull(system, entity, override, shown, config)),
      input: shown,
      findings,
    };
  }
  const fields =
    input ?? (await deps.mappings.previewPull(system, entity, override, shown, config)).result ?? {};
  const changed = request.changed === null ? null : new Set(request.changed);
  return {
    ...(await deps.mappings.previewPush(system, entity, override, fields, changed, config)),
    input: fields,
    findings,
  };
}

async function inputOf(
  tx: Tx,
  connection: ConnectionRow,
  request: PreviewRequest,
): Promise<JsonObject | null> {
  if (request.record === null) return null;
  const hub = await requireRecord(tx, request.record);
  if (hub.entity !== request.entity) {
    throw new Failure('invalid_request', `${hub.number} is a ${hub.entity}, not a ${request.entity}.`, {
      path: 'record',
    });
  }
  if (request.direction === 'push') return asPushed(tx, connection, hub);
  const link = (await linksOfHubRecord(tx, hub.id)).find((one) => one.connectionId === connection.id);
  if (link === undefined || link.rawHash === null) {
    throw new Failure(
      'conflict',
      `${hub.number} is not linked at ${connection.name}, so there is no record of it to pull; send a sample.`,
    );
  }
  const bodies = await repositories.rawRecords.load(tx, [link]);
  const raw = bodies.get(link.externalId);
  if (raw === undefined) throw new Failure('conflict', 'What the system showed is not kept any more.');
  return raw;
}

/** As a push reads it: its number beside the fields, and references in the system's own ids; one that has no place there is left out. */
async function asPushed(tx: Tx, connection: ConnectionRow, hub: HubRecord): Promise<JsonObject> {
  const referred = referencesOf(hub.entity, hub.fields).map(({ value }) => value);
  const known = await repositories.links.resolveHubIds(tx, connection.id, [...new Set(referred)]);
  const fields = replaceReferences(hub.entity, hub.fields, ({ value }) => known.get(value) ?? null);
  return { ...fields, number: hub.number };
}
