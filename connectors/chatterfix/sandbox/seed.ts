/** Reads a seed's name, with `@<generation>` behind it if wanted. */
import { plantOfSeed } from '../../kit/sandbox/index.ts';
import { GENERATIONS, type GenerationName } from './dials.ts';
import { OPEN_ORDERS, plantOf, type Plant } from './plant.ts';

export interface Seed {
  plant: Plant;
  generation: GenerationName;
}

export async function readSeed(seed: string): Promise<Seed> {
  const [name = '', wanted = 'unified'] = seed.split('@');
  const generation = GENERATIONS.find((known) => known === wanted);
  if (generation === undefined) {
    throw new TypeError(`There is no generation "${wanted}"; use one of ${GENERATIONS.join(', ')}.`);
  }
  return { plant: plantOf(await plantOfSeed(name, { open: OPEN_ORDERS })), generation };
}
