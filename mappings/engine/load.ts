/** Finds a system's mapping files and compiles them. The only part of the engine that touches the disk. */
import { readdir, readFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { compileMapping } from './compile.ts';
import type { CompiledMapping } from './format.ts';
import type { MappingText } from './source.ts';

/** The folder the mappings ship in. */
export const MAPPINGS_FOLDER: string = join(import.meta.dirname, '..');

export interface ShippedMapping {
  /** As messages name it: `mappings/maximo/work_order.yaml`. */
  file: string;
  text: string;
  readonly compiled: CompiledMapping;
}

/** All mappings of a system, from the folder the product ships when none is given; `invalid_config` when it has none, `mapping_failed` when one cannot be compiled. */
export async function loadMappings(
  folder: string | undefined,
  system: string,
): Promise<Map<Entity, CompiledMapping>> {
  const shipped = await loadShippedMappings(folder ?? MAPPINGS_FOLDER, system);
  return new Map([...shipped].map(([entity, { compiled }]) => [entity, compiled]));
}

/** The same with their texts, for whoever shows or overrides them. */
export async function loadShippedMappings(
  folder: string,
  system: string,
): Promise<Map<Entity, ShippedMapping>> {
  const mappings = await openShippedMappings(folder, system);
  return new Map(
    [...mappings].map(([entity, { file, text, compiled }]) => [entity, { file, text, compiled }]),
  );
}

/** The same for whoever needs few of them: each is compiled when it is first asked for, and may throw only then. */
export async function openShippedMappings(
  folder: string,
  system: string,
): Promise<Map<Entity, ShippedMapping>> {
  const mappings = new Map<Entity, ShippedMapping>();
  for (const path of await mappingFiles(folder, system)) {
    const file = shortName(folder, path);
    const entity = entityOf(file);
    mappings.set(entity, compiledLater({ file, text: await readFile(path, 'utf8') }, { system, entity }));
  }
  if (mappings.size === 0)
    throw new Failure('invalid_config', `There are no mappings for ${system} in ${join(folder, system)}.`);
  return mappings;
}

function entityOf(file: string): Entity {
  const name = basename(file, '.yaml');
  const entity = ENTITIES.find((one) => one === name);
  if (entity !== undefined) return entity;
  throw new Failure(
    'mapping_failed',
    `${file} is not named after an entity; name it ${ENTITIES.join('.yaml, ')}.yaml.`,
  );
}

function compiledLater(source: MappingText, place: { system: string; entity: Entity }): ShippedMapping {
  let known: CompiledMapping | undefined;
  return {
    ...source,
    get compiled() {
      return (known ??= compiledIn(place, source));
    },
  };
}

function compiledIn(place: { system: string; entity: Entity }, source: MappingText): CompiledMapping {
  const compiled = compileMapping(source);
  for (const what of ['system', 'entity'] as const) {
    if (compiled[what] !== place[what])
      throw new Failure(
        'mapping_failed',
        `${source.file} says ${what} ${compiled[what]}, but lies where that of ${place[what]} is.`,
      );
  }
  return compiled;
}

/** `<entity>.yaml` files of a system, without the cases. */
export async function mappingFiles(folder: string, system: string): Promise<string[]> {
  const names = await readdir(join(folder, system)).catch(() => []);
  return names
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('.cases.yaml'))
    .sort()
    .map((name) => join(folder, system, name));
}

/** How messages name a file: `mappings/maximo/work_order.yaml`, wherever the product lies. */
export function shortName(folder: string, path: string): string {
  return join('mappings', relative(folder, path));
}
