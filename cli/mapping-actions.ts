/** The mapping engine as the API's operations use it. */
import type { MappingActions } from '../plant/mappings/mappings.ts';
import { ENTITIES, type Entity } from '../domain/entities/index.ts';
import type { JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { connectors } from '../connectors/registry.ts';
import {
  judgeMapping,
  previewPull,
  previewPush,
  sampleOf,
  viewMapping,
  withOverride,
  type Discovered,
  type MappingText,
} from '../mappings/engine/index.ts';
import type { MappingBook } from './mapping-book.ts';

export function createMappingActions(book: MappingBook): MappingActions {
  const textOf = (system: string, entity: Entity, override: JsonObject | null): MappingText | null => {
    const shipped = book.shipped(system, entity);
    if (shipped === null || override === null) return shipped;
    return withOverride(shipped, override, '');
  };
  const required = (system: string, entity: Entity, override: JsonObject | null) => {
    const text = textOf(system, entity, override);
    if (text === null) throw new Failure('not_found', `${system} has no mapping of ${entity}.`);
    return text;
  };
  return {
    list: () =>
      Object.keys(connectors).flatMap((system) =>
        ENTITIES.flatMap((entity) => {
          const shipped = book.shipped(system, entity);
          if (shipped === null) return [];
          const { file, compiled } = shipped;
          return [{ system, entity, file, object: compiled.object, version: compiled.version }];
        }),
      ),
    view(system, entity, override) {
      const text = textOf(system, entity, override);
      return text === null ? null : viewMapping(text);
    },
    judge: (system, entity, override, seen) =>
      judgeMapping({
        shipped: required(system, entity, null),
        override,
        // Stored as a connector described it.
        discovered: seen && { ...seen, fields: seen.fields as unknown as Discovered['fields'] },
      }),
    sample: (system, entity) => sampleOf(required(system, entity, null).file),
    previewPull: (system, entity, override, raw, context) =>
      previewPull(required(system, entity, override), raw, context),
    previewPush: (system, entity, override, fields, changed, context) =>
      previewPush(required(system, entity, override), fields, changed, context),
  };
}
