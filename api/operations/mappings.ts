/**
 * Mappings in the hands of integration engineers: look, try on a record, change for one connection, go back. What ships is
 * never changed; a change is a numbered override of single rules, checked before it is stored.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connection-admin.ts';
import { lockConnections } from '../../store/connection-lock.ts';
import type { ConnectionRow } from '../../store/connections.ts';
import { linksOfHubRecord } from '../../store/link-admin.ts';
import { repositories, type Tx } from '../../store/index.ts';
import {
  addOverride,
  deactivateOverride,
  deleteFieldMapping,
  insertFieldMapping,
  listFieldMappings,
  listOverrides,
  loadFieldMapping,
  loadOverride,
  type FieldMappingRow,
  type OverrideRow,
} from '../../store/mapping-overrides.ts';
import { canonicalField, pullRuleOf, withWords, type FieldRule } from './field-rules.ts';
import { audit, instantOf, type PersonDeps } from './person.ts';
import { requireRecord } from './records.ts';

export type { FieldMappingRow };

export interface RuleView {
  field: string;
  rule: JsonObject;
}

export interface MappingView {
  object: string;
  version: string;
  match: readonly (readonly string[])[];
  conflict: { default: string; fields: Readonly<Record<string, string>> };
  pull: RuleView[];
  push: RuleView[];
}

export interface Finding {
  level: 'error' | 'info';
  where: string;
  message: string;
}

export interface FieldPreview {
  field: string;
  rule: JsonObject;
  input: JsonObject;
  output: Json;
  errors: string[];
}

export interface Preview {
  ok: boolean;
  fields: FieldPreview[];
  result: JsonObject | null;
}

/** The mapping engine, handed in. `override` null means as shipped. Everything here is pure but for reading shipped files. */
export interface MappingActions {
  list(): { system: string; entity: Entity; file: string; object: string; version: string }[];
  /** Throws `mapping_failed` with the place. Null when the system has no mapping of the entity. */
  view(system: string, entity: Entity, override: JsonObject | null): MappingView | null;
  check(system: string, entity: Entity, override: JsonObject | null): Promise<Finding[]>;
  sample(system: string, entity: Entity): Promise<JsonObject>;
  previewPull(
    system: string,
    entity: Entity,
    override: JsonObject | null,
    raw: JsonObject,
    context: JsonObject,
  ): Promise<Preview>;
  previewPush(
    system: string,
    entity: Entity,
    override: JsonObject | null,
    fields: JsonObject,
    changed: ReadonlySet<string> | null,
    context: JsonObject,
  ): Promise<Preview>;
}

export interface MappingDeps extends PersonDeps {
  mappings: MappingActions;
}

export interface EffectiveMapping extends MappingView {
  system: string;
  entity: Entity;
  /** Number of the active override; null means as shipped. */
  override_version: number | null;
  override: JsonObject | null;
}

function requireView(
  deps: MappingDeps,
  system: string,
  entity: Entity,
  override: JsonObject | null,
): MappingView {
  const view = deps.mappings.view(system, entity, override);
  if (view === null) throw new Failure('not_found', `${system} has no mapping of ${entity}.`);
  return view;
}

export function readShipped(deps: MappingDeps, system: string, entity: Entity): EffectiveMapping {
  const view = requireView(deps, system, entity, null);
  return { ...view, system, entity, override_version: null, override: null };
}

export async function readMapping(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
): Promise<EffectiveMapping> {
  const { system, row } = await deps.store.inTenant(deps.tenantId, async (tx) => ({
    system: (await connectionDetails(tx, connectionId)).system,
    row: await loadOverride(tx, connectionId, entity, 'active'),
  }));
  const override = row?.document ?? null;
  return {
    ...requireView(deps, system, entity, override),
    system,
    entity,
    override_version: row?.version ?? null,
    override,
  };
}

/** What is wrong with an override, before it is stored; empty when nothing is. Infos tell what is lossy. */
export async function validateOverride(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  override: JsonObject,
): Promise<Finding[]> {
  const { system } = await deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, connectionId));
  requireView(deps, system, entity, null);
  try {
    return await deps.mappings.check(system, entity, override);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'mapping_failed') throw error;
    return [{ level: 'error', where: 'override', message: error.message }];
  }
}

/** Stores an override as the next version. One with an error is refused, and nothing changes. */
export async function saveOverride(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  change: { document: JsonObject; note: string | null },
): Promise<EffectiveMapping> {
  const findings = await validateOverride(deps, connectionId, entity, change.document);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) {
    throw new Failure(
      'invalid_request',
      `The mapping cannot be used: ${errors.map(({ where, message }) => `${where} ${message}`).join(' ')}`,
      { path: 'override' },
    );
  }
  await deps.store.inTenant(deps.tenantId, (tx) => storeOverride(deps, tx, connectionId, entity, change));
  return readMapping(deps, connectionId, entity);
}

async function storeOverride(
  deps: PersonDeps,
  tx: Tx,
  connectionId: string,
  entity: Entity,
  change: { document: JsonObject; note: string | null },
): Promise<void> {
  await lockConnections(tx, [connectionId]);
  const before = await loadOverride(tx, connectionId, entity, 'active');
  const at = instantOf(deps);
  const version = await addOverride(
    tx,
    { tenantId: deps.tenantId, connectionId, entity },
    { ...change, createdBy: deps.actor, at },
  );
  await audit(deps, tx, {
    action: 'mapping.change',
    subject: `connection/${connectionId}`,
    before: before === null ? null : { entity, version: before.version, document: before.document },
    after: { entity, version, document: change.document },
    at,
  });
}

const VERSIONS_MAX = 200;

export async function listVersions(
  deps: PersonDeps,
  connectionId: string,
  entity: Entity,
): Promise<OverrideRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, connectionId);
    return listOverrides(tx, connectionId, entity, VERSIONS_MAX);
  });
}

/** An old version becomes the newest; null goes back to what ships. */
export async function rollBack(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  version: number | null,
): Promise<EffectiveMapping> {
  if (version === null) {
    await deps.store.inTenant(deps.tenantId, async (tx) => {
      await lockConnections(tx, [connectionId]);
      await connectionDetails(tx, connectionId);
      const before = await loadOverride(tx, connectionId, entity, 'active');
      await deactivateOverride(tx, connectionId, entity);
      await audit(deps, tx, {
        action: 'mapping.reset',
        subject: `connection/${connectionId}`,
        before: before === null ? null : { entity, version: before.version, document: before.document },
        after: { entity, version: null },
        at: instantOf(deps),
      });
    });
    return readMapping(deps, connectionId, entity);
  }
  const old = await deps.store.inTenant(deps.tenantId, (tx) =>
    loadOverride(tx, connectionId, entity, version),
  );
  if (old === null) throw new Failure('not_found', `There is no version ${String(version)} of this mapping.`);
  return saveOverride(deps, connectionId, entity, {
    document: old.document,
    note: `version ${String(version)} again`,
  });
}

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

/** Nothing is stored and nobody is asked. Without record and sample the shipped example is shown. */
export async function previewMapping(
  deps: MappingDeps,
  request: PreviewRequest,
): Promise<Preview & { input: JsonObject }> {
  const { connectionId, entity } = request;
  const { connection, input } = await deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await connectionDetails(tx, connectionId);
    return { connection: row, input: request.sample ?? (await inputOf(tx, row, request)) };
  });
  const { system, config } = connection;
  const override = request.override ?? connection.overrides[entity] ?? null;
  requireView(deps, system, entity, override);
  const shown = input ?? (await deps.mappings.sample(system, entity));
  if (request.direction === 'pull') {
    return {
      ...(await deps.mappings.previewPull(system, entity, override, shown, config)),
      input: shown,
    };
  }
  const fields =
    input ?? (await deps.mappings.previewPull(system, entity, override, shown, config)).result ?? {};
  const changed = request.changed === null ? null : new Set(request.changed);
  return {
    ...(await deps.mappings.previewPush(system, entity, override, fields, changed, config)),
    input: fields,
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
  if (request.direction === 'push') return hub.fields;
  const link = (await linksOfHubRecord(tx, hub.id)).find((one) => one.connection_id === connection.id);
  if (link === undefined || link.raw_hash === null) {
    throw new Failure(
      'conflict',
      `${hub.number} is not linked at ${connection.name}, so there is no record of it to pull; send a sample.`,
    );
  }
  const bodies = await repositories.loadRaw(tx, connection.id, request.entity, [
    { external_id: link.external_id, hash: link.raw_hash },
  ]);
  const raw = bodies.get(link.external_id);
  if (raw === undefined) throw new Failure('conflict', 'What the system showed is not kept any more.');
  return raw;
}

/** Entities that the original's mappings were meant for, in the order they are tried when none is named. */
const FIELD_MAPPED: readonly Entity[] = ['work_order', 'plan', 'asset'];

export interface NewFieldMapping extends FieldRule {
  connectionId: string;
  /** Null: every entity of the original that has the field. */
  entity: Entity | null;
}

/** Endpoint 2 of the reference API: one external field onto one of ours, as a rule of the connection's override. */
export async function createFieldMapping(
  deps: MappingDeps,
  wanted: NewFieldMapping,
): Promise<FieldMappingRow[]> {
  const { connectionId } = wanted;
  const { system } = await deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, connectionId));
  const entities =
    wanted.entity === null
      ? FIELD_MAPPED.filter(
          (entity) =>
            canonicalField(entity, wanted.target_field) !== null &&
            deps.mappings.view(system, entity, null) !== null,
        )
      : [wanted.entity];
  if (entities.length === 0) {
    throw new Failure('invalid_request', `No entity has a field "${wanted.target_field}".`, {
      path: 'target_field',
    });
  }
  const plans = entities.map((entity) => {
    const { field, rule } = pullRuleOf(entity, wanted);
    const shipped = requireView(deps, system, entity, null).pull.find((one) => one.field === field)?.rule;
    return { entity, field, rule: withWords(rule, shipped) };
  });
  // Compiled before anything is stored; a source that the vendor's schema does not know may be a custom field.
  for (const plan of plans) {
    const current = await deps.store.inTenant(deps.tenantId, (tx) =>
      loadOverride(tx, connectionId, plan.entity, 'active'),
    );
    try {
      requireView(deps, system, plan.entity, withRule(current?.document ?? null, plan));
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'mapping_failed') throw error;
      throw new Failure('invalid_request', `The mapping cannot be used: ${error.message}`, {
        path: 'transformation_rule',
      });
    }
  }
  const at = instantOf(deps);
  // All entities or none: half a mapping would refuse the second try.
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [connectionId]);
    const made: FieldMappingRow[] = [];
    for (const plan of plans) {
      const { entity } = plan;
      const row = {
        id: deps.newId(),
        connection_id: connectionId,
        entity,
        source_field: wanted.source_field,
        target_field: wanted.target_field,
        transformation_rule: wanted.transformation_rule,
        is_required: wanted.is_required,
        default_value: wanted.default_value,
      };
      if (!(await insertFieldMapping(tx, deps.tenantId, { ...row, at }))) {
        throw new Failure(
          'conflict',
          `"${wanted.target_field}" of ${entity} is mapped already at this connection; delete that mapping first.`,
        );
      }
      const active = await loadOverride(tx, connectionId, entity, 'active');
      await storeOverride(deps, tx, connectionId, entity, {
        document: withRule(active?.document ?? null, plan),
        note: `field mapping ${wanted.source_field} to ${wanted.target_field}`,
      });
      made.push({ ...row, created_at: new Date(at) });
    }
    return made;
  });
}

function withRule(override: JsonObject | null, plan: { field: string; rule: JsonObject }): JsonObject {
  return {
    ...override,
    pull: { ...(override?.['pull'] as JsonObject | undefined), [plan.field]: plan.rule },
  };
}

export async function listFieldMappingsOf(
  deps: PersonDeps,
  connectionId: string | null,
  page: { after: string | null; limit: number },
): Promise<FieldMappingRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listFieldMappings(tx, connectionId, page));
}

/** The shipped rule holds again. */
export async function removeFieldMapping(deps: MappingDeps, id: string): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await loadFieldMapping(tx, id);
    if (row === null) throw new Failure('not_found', 'There is no such field mapping.');
    await lockConnections(tx, [row.connection_id]);
    const active = await loadOverride(tx, row.connection_id, row.entity, 'active');
    const field = canonicalField(row.entity, row.target_field)?.field ?? '';
    const { [field]: _gone, ...pull } = (active?.document['pull'] ?? {}) as JsonObject;
    await deleteFieldMapping(tx, id);
    await storeOverride(deps, tx, row.connection_id, row.entity, {
      document: { ...active?.document, pull },
      note: `without the field mapping to ${row.target_field}`,
    });
  });
}
