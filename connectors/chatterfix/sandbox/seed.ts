/** Reads a seed's name: `empty`, `excavators`, `site:<letters>` or `orders:N`, with `@<generation>` behind it if wanted. */
import { loadExcavatorOrders, readSeedName } from '../../kit/sandbox/index.ts';
import { GENERATIONS, type GenerationName } from './dials.ts';
import { EMPTY_PLANT, type Plant } from './plant.ts';
import { excavatorPlant } from './plant-excavators.ts';
import { syntheticPlant } from './plant-synthetic.ts';

export interface Seed {
  plant: Plant;
  generation: GenerationName;
}

async function plantOf(seed: string): Promise<Plant> {
  const name = readSeedName(seed);
  if (name.kind === 'empty') return EMPTY_PLANT;
  if (name.kind === 'orders') return syntheticPlant(name.count);
  return excavatorPlant(await loadExcavatorOrders(), name.site);
}

export async function readSeed(seed: string): Promise<Seed> {
  const [name = '', wanted = 'unified'] = seed.split('@');
  const generation = GENERATIONS.find((known) => known === wanted);
  if (generation === undefined) {
    throw new TypeError(`There is no generation "${wanted}"; use one of ${GENERATIONS.join(', ')}.`);
  }
  return { plant: await plantOf(name), generation };
}
