/** What a mapping is: as shipped, and as it holds for one connection. The engine that compiles it is handed in. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import { loadOverride } from '../../store/connections/mapping-overrides.ts';
import type { PersonDeps } from '../person.ts';

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

export function requireView(
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
