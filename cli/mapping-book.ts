/**
 * All mappings of a process: those that ship, and those with a connection's own changes or without rules that are held, which
 * are compiled when they are first asked for and kept. A change is another content, so nothing stale is ever given.
 */
import { createHash } from 'node:crypto';
import type { MappedConnection } from '../activities/sync/context.ts';
import { connectors } from '../connectors/registry.ts';
import type { Entity } from '../domain/entities/index.ts';
import type { HeldRules } from '../domain/merge/held-fields.ts';
import { canonicalJson, type JsonObject } from '../domain/json.ts';
import {
  compileMapping,
  driftOf,
  loadShippedMappings,
  MAPPINGS_FOLDER,
  openShippedMappings,
  withOverride,
  type CompiledMapping,
  type Drift,
  type MappingText,
  type SchemaChange,
  type ShippedMapping,
} from '../mappings/engine/index.ts';

export interface MappingBook {
  shipped(system: string, entity: Entity): ShippedMapping | null;
  mapping(connection: MappedConnection, entity: Entity): CompiledMapping | null;
  /** What a change of the vendor's schema does to a connection's rules, those included that are held. */
  drift(connection: MappedConnection, entity: Entity, change: SchemaChange): Drift[];
  /** Field lists that some system recognises records of the entity by. */
  matchRules(entity: Entity): readonly (readonly string[])[];
}

export interface BookOptions {
  /** When what ships is compiled: all of it at once, or each mapping when it is first asked for. */
  compile?: 'now' | 'later';
}

/** Compiled changes kept at once; each is some 100 KB. */
const OVERRIDES_MAX = 500;

/** `compile: 'later'` is for a command, which needs few mappings and would spend most of its time on all of them. */
export async function openMappingBook({ compile = 'now' }: BookOptions = {}): Promise<MappingBook> {
  const open = compile === 'now' ? loadShippedMappings : openShippedMappings;
  const systems = new Map<string, Map<Entity, ShippedMapping>>();
  for (const system of Object.keys(connectors)) systems.set(system, await open(MAPPINGS_FOLDER, system));
  const rules = new Map<Entity, readonly (readonly string[])[]>();
  const rulesOf = (entity: Entity): readonly (readonly string[])[] => {
    const known = rules.get(entity);
    if (known !== undefined) return known;
    const made = distinct([...systems.values()].flatMap((one) => one.get(entity)?.compiled.match ?? []));
    rules.set(entity, made);
    return made;
  };
  const compiled = new Map<string, CompiledMapping>();
  const textOf = (shipped: ShippedMapping, override: JsonObject | undefined): MappingText =>
    override === undefined ? shipped : withOverride(shipped, override, `override of ${shipped.file}`);
  const changed = (
    shipped: ShippedMapping,
    override: JsonObject | undefined,
    held: HeldRules | undefined,
  ): CompiledMapping => {
    const content: JsonObject = {
      override: override ?? null,
      held: held === undefined ? null : { pull: [...held.pull], push: [...held.push] },
    };
    const digest = createHash('sha256').update(canonicalJson(content)).digest('hex');
    const key = `${shipped.file}/${digest}`;
    const known = compiled.get(key);
    if (known !== undefined) return known;
    const made = compileMapping(textOf(shipped, override), held);
    const [oldest] = compiled.keys();
    if (compiled.size >= OVERRIDES_MAX && oldest !== undefined) compiled.delete(oldest);
    compiled.set(key, made);
    return made;
  };
  return {
    shipped: (system, entity) => systems.get(system)?.get(entity) ?? null,
    mapping({ system, overrides, held }, entity) {
      const shipped = systems.get(system)?.get(entity);
      if (shipped === undefined) return null;
      const [override, waiting] = [overrides?.[entity], held?.[entity]];
      return override === undefined && waiting === undefined
        ? shipped.compiled
        : changed(shipped, override, waiting);
    },
    drift({ system, overrides }, entity, change) {
      const shipped = systems.get(system)?.get(entity);
      return shipped === undefined ? [] : driftOf(textOf(shipped, overrides?.[entity]), change);
    },
    matchRules: rulesOf,
  };
}

function distinct(rules: readonly (readonly string[])[]): (readonly string[])[] {
  return [...new Map(rules.map((rule) => [rule.join('|'), rule])).values()];
}
