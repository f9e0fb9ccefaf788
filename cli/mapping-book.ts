/**
 * All mappings of a process: those that ship, and those with a connection's own changes, which are compiled when they are
 * first asked for and kept. A change of an override is another text, so nothing stale is ever given.
 */
import { createHash } from 'node:crypto';
import type { MappedConnection } from '../activities/sync/context.ts';
import { connectors } from '../connectors/registry.ts';
import { ENTITIES, type Entity } from '../domain/entities/index.ts';
import { canonicalJson, type JsonObject } from '../domain/json.ts';
import {
  compileMapping,
  loadShippedMappings,
  MAPPINGS_FOLDER,
  withOverride,
  type CompiledMapping,
  type ShippedMapping,
} from '../mappings/engine/index.ts';

export interface MappingBook {
  shipped(system: string, entity: Entity): ShippedMapping | null;
  mapping(connection: MappedConnection, entity: Entity): CompiledMapping | null;
  /** Field lists that some system recognises records of the entity by. */
  matchRules(entity: Entity): readonly (readonly string[])[];
}

/** Compiled overrides kept at once; each is some 100 KB. */
const OVERRIDES_MAX = 500;

export async function openMappingBook(): Promise<MappingBook> {
  const systems = new Map<string, Map<Entity, ShippedMapping>>();
  for (const system of Object.keys(connectors)) {
    systems.set(system, await loadShippedMappings(MAPPINGS_FOLDER, system));
  }
  const rules = new Map<Entity, (readonly string[])[]>(
    ENTITIES.map((entity) => [
      entity,
      distinct([...systems.values()].flatMap((one) => one.get(entity)?.compiled.match ?? [])),
    ]),
  );
  const compiled = new Map<string, CompiledMapping>();
  const overridden = (shipped: ShippedMapping, override: JsonObject): CompiledMapping => {
    const digest = createHash('sha256').update(canonicalJson(override)).digest('hex');
    const key = `${shipped.file}/${digest}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compileMapping(withOverride(shipped, override, `override of ${shipped.file}`));
    const [oldest] = compiled.keys();
    if (compiled.size >= OVERRIDES_MAX && oldest !== undefined) compiled.delete(oldest);
    compiled.set(key, made);
    return made;
  };
  return {
    shipped: (system, entity) => systems.get(system)?.get(entity) ?? null,
    mapping({ system, overrides }, entity) {
      const shipped = systems.get(system)?.get(entity);
      if (shipped === undefined) return null;
      const override = overrides?.[entity];
      return override === undefined ? shipped.compiled : overridden(shipped, override);
    },
    matchRules: (entity) => rules.get(entity) ?? [],
  };
}

function distinct(rules: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(rules.map((rule) => [rule.join('|'), rule])).values()];
}
