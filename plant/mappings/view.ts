/** What a mapping is: as shipped, and as it holds for one connection. The engine that compiles it is handed in. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import { latestSchemas, type SchemaRow } from '../../store/connections/discovered-schemas.ts';
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
  /** `error`: refused. `warning`: taken, and probably not what is meant. `info`: what is lossy. */
  level: 'error' | 'warning' | 'info';
  /** The path within an override, `pull.title.path`; file and line of a shipped rule. */
  where: string;
  message: string;
}

/** What the system was last seen to hold of an entity. */
export interface SeenSchema {
  fields: SchemaRow['fields'];
  /** Described by the system itself, not drawn from records. */
  complete: boolean;
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
  /** Everything that is wrong with a mapping; never throws for what the override says. */
  judge(
    system: string,
    entity: Entity,
    override: JsonObject | null,
    seen: SeenSchema | null,
  ): Promise<Finding[]>;
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

/** What is wrong with an override at a connection: the same answer for whoever previews, validates or stores it. */
export async function judgeAt(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  override: JsonObject | null,
): Promise<Finding[]> {
  const { system, seen } = await deps.store.inTenant(deps.tenantId, async (tx) => ({
    system: (await connectionDetails(tx, connectionId)).system,
    seen: (await latestSchemas(tx, connectionId)).find((schema) => schema.entity === entity),
  }));
  requireView(deps, system, entity, null);
  return deps.mappings.judge(
    system,
    entity,
    override,
    seen === undefined ? null : { fields: seen.fields, complete: seen.source === 'metadata' },
  );
}
