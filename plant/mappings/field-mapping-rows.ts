/** Field mappings are kept as rows for their list, and take effect as rules of the override; here the rows follow the rules. */
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual, type JsonObject } from '../../domain/json.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import {
  deleteFieldMapping,
  listFieldMappings,
  type FieldMappingRow,
} from '../../store/connections/mapping-overrides.ts';
import type { Tx } from '../../store/index.ts';
import { pullRuleOf, withWords } from './field-rules.ts';
import { requireView, type MappingDeps } from './view.ts';

/** One a canonical field of three entities; more are no field mappings of one connection. */
const ROWS_MAX = 1_000;

/** Deletes the rows of a connection's entity whose rule is not the one an override holds. */
export async function forgetFieldMappings(
  deps: MappingDeps,
  tx: Tx,
  held: { connectionId: string; entity: Entity; document: JsonObject },
): Promise<void> {
  const { connectionId, entity, document } = held;
  const { system } = await connectionDetails(tx, connectionId);
  const shipped = requireView(deps, system, entity, null);
  const pull = (document['pull'] ?? {}) as JsonObject;
  const rows = await listFieldMappings(tx, connectionId, { after: null, limit: ROWS_MAX });
  for (const row of rows.filter((one) => one.entity === entity)) {
    const { field, rule } = pullRuleOf(entity, ruleOf(row));
    const words = shipped.pull.find((one) => one.field === field)?.rule;
    if (!jsonEqual(withWords(rule, words), pull[field])) await deleteFieldMapping(tx, row.id);
  }
}

function ruleOf(row: FieldMappingRow): Parameters<typeof pullRuleOf>[1] {
  return {
    source_field: row.sourceField,
    target_field: row.targetField,
    transformation_rule: row.transformationRule,
    is_required: row.isRequired,
    default_value: row.defaultValue,
  };
}
