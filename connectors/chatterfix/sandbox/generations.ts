/** The generations by name: an explicit list. */
import type { GenerationName } from './dials.ts';
import type { Generation } from './generation.ts';
import { microservices } from './microservices.ts';
import { unified } from './unified.ts';

export const generations: Readonly<Record<GenerationName, Generation>> = { unified, microservices };
