/**
 * Field mappings made by hand: one external field onto one field of a record. Each is kept as a row and takes effect
 * as one rule of the connection's override; how the rule is written is in field-rules.ts.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import {
  deleteFieldMapping,
  insertFieldMapping,
  listFieldMappings,
  loadFieldMapping,
  loadOverride,
  type FieldMappingRow,
} from '../../store/connections/mapping-overrides.ts';
import { canonicalField, pullRuleOf, withWords, type FieldRule } from './field-rules.ts';
import { storeOverride } from './versions.ts';
import { requireView, type MappingDeps } from './view.ts';
import { instantOf, type PersonDeps } from '../person.ts';

/** Entities that these mappings are meant for, in the order they are tried when none is named. */
const FIELD_MAPPED: readonly Entity[] = ['work_order', 'plan', 'asset'];

export interface NewFieldMapping extends FieldRule {
  connectionId: string;
  /** Null: every one of these entities that has the field. */
  entity: Entity | null;
}

/** One external field onto one of ours, as a rule of the connection's override. */
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
        connectionId,
        entity,
        sourceField: wanted.source_field,
        targetField: wanted.target_field,
        transformationRule: wanted.transformation_rule,
        isRequired: wanted.is_required,
        defaultValue: wanted.default_value,
      };
      if (!(await insertFieldMapping(tx, deps.tenantId, { ...row, at }))) {
        throw new Failure(
          'conflict',
          `"${wanted.target_field}" of ${entity} is mapped already at this connection; delete that mapping first.`,
        );
      }
      const active = await loadOverride(tx, connectionId, entity, 'active');
      await storeOverride(deps, tx, {
        connectionId,
        entity,
        document: withRule(active?.document ?? null, plan),
        note: `field mapping ${wanted.source_field} to ${wanted.target_field}`,
      });
      made.push({ ...row, createdAt: new Date(at) });
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
    await lockConnections(tx, [row.connectionId]);
    const active = await loadOverride(tx, row.connectionId, row.entity, 'active');
    const field = canonicalField(row.entity, row.targetField)?.field ?? '';
    const { [field]: _gone, ...pull } = (active?.document['pull'] ?? {}) as JsonObject;
    await deleteFieldMapping(tx, id);
    await storeOverride(deps, tx, {
      connectionId: row.connectionId,
      entity: row.entity,
      document: { ...active?.document, pull },
      note: `without the field mapping to ${row.targetField}`,
    });
  });
}
