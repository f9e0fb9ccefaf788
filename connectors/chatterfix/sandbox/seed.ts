/** Reads a seed's name: `empty`, `excavators`, `site:<letters>` or `orders:N`, with `@<generation>` behind it if wanted. */
import { loadExcavatorOrders } from '../../kit/sandbox/index.ts';
import { GENERATIONS, type GenerationName } from './dials.ts';
import { EMPTY_PLANT, type Plant } from './plant.ts';
import { excavatorPlant, readSite } from './plant-excavators.ts';
import { syntheticPlant } from './plant-synthetic.ts';

export interface Seed {
  plant: Plant;
  generation: GenerationName;
}

async function plantOf(name: string): Promise<Plant> {
  if (name === 'empty') return EMPTY_PLANT;
  if (name === 'excavators') return excavatorPlant(await loadExcavatorOrders(), readSite('site:ABCDE'));
  const [, count] = /^orders:(\d+)$/.exec(name) ?? [];
  if (count !== undefined) return syntheticPlant(Number(count));
  if (name.startsWith('site:')) return excavatorPlant(await loadExcavatorOrders(), readSite(name));
  throw new TypeError(
    `The seed "${name}" is unknown; use empty, excavators, site:<letters> or orders:<number>, with @<generation> behind it if wanted.`,
  );
}

export async function readSeed(seed: string): Promise<Seed> {
  const [name = '', wanted = 'unified'] = seed.split('@');
  const generation = GENERATIONS.find((known) => known === wanted);
  if (generation === undefined) {
    throw new TypeError(`There is no generation "${wanted}"; use one of ${GENERATIONS.join(', ')}.`);
  }
  return { plant: await plantOf(name), generation };
}
