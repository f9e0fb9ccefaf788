/** Finds a system's mapping files and compiles them. The only part of the engine that touches the disk. */
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { compileMapping } from './compile.ts';
import type { CompiledMapping } from './format.ts';

/** The folder the mappings ship in. */
export const MAPPINGS_FOLDER: string = join(import.meta.dirname, '..');

export interface ShippedMapping {
  /** As messages name it: `mappings/maximo/work_order.yaml`. */
  file: string;
  text: string;
  compiled: CompiledMapping;
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
  const mappings = new Map<Entity, ShippedMapping>();
  for (const path of await mappingFiles(folder, system)) {
    const file = shortName(folder, path);
    const text = await readFile(path, 'utf8');
    const compiled = compileMapping({ file, text });
    if (compiled.system !== system)
      throw new Failure(
        'mapping_failed',
        `${file} says system ${compiled.system}, but lies in the folder ${system}.`,
      );
    if (mappings.has(compiled.entity))
      throw new Failure(
        'mapping_failed',
        `${file} maps ${compiled.entity} a second time; keep one file an entity.`,
      );
    mappings.set(compiled.entity, { file, text, compiled });
  }
  if (mappings.size === 0)
    throw new Failure('invalid_config', `There are no mappings for ${system} in ${join(folder, system)}.`);
  return mappings;
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
