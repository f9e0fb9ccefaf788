/** Which fields of a vendor's records the shipped mappings read, for the proof that discovery shows them. */
import { readFile } from 'node:fs/promises';
import { ENTITIES, type Entity } from '../domain/entities/index.ts';
import { mappingFiles, MAPPINGS_FOLDER } from '../mappings/engine/load.ts';
import { readMapping, type Rule } from '../mappings/engine/source.ts';

/** Read in vain at times: meters of places are another structure of Maximo's than meters of assets. */
const NOT_ALWAYS_THERE: Readonly<Record<string, readonly string[]>> = { 'maximo meter': ['location'] };

export async function mappedFields(system: string): Promise<Partial<Record<Entity, string[]>>> {
  const reads: Partial<Record<Entity, string[]>> = {};
  for (const file of await mappingFiles(MAPPINGS_FOLDER, system)) {
    const { mapping } = readMapping({ file, text: await readFile(file, 'utf8') });
    const entity = ENTITIES.find((one) => one === mapping.entity);
    if (entity === undefined) continue;
    const spared = NOT_ALWAYS_THERE[`${system} ${entity}`] ?? [];
    const names = Object.values(mapping.pull)
      .flatMap(firstFields)
      .filter((name) => !spared.includes(name));
    reads[entity] = [...new Set(names)].sort();
  }
  return reads;
}

/** Of alternatives (`path: [a, b]`) one is enough, so only single paths count; expressions are not taken apart. */
function firstFields(rule: Rule): string[] {
  const paths = [rule.path, rule.each, ...(rule.key ?? []), ...(rule.sum ?? [])];
  return paths.flatMap((path) => {
    if (typeof path !== 'string' || path.startsWith('$')) return [];
    return [path.split(/[.[]/)[0] ?? path];
  });
}
