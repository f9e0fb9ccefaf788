/** The generations by name: an explicit list. */
import { cmms6b } from './cmms6b.ts';
import { consolidated } from './consolidated.ts';
import type { GenerationName } from './dials.ts';
import { enterprise3 } from './enterprise3.ts';
import { firestore } from './firestore.ts';
import { gateway } from './gateway.ts';
import type { Generation } from './generation.ts';
import { microOct1 } from './micro-oct1.ts';
import { microservices } from './microservices.ts';
import { september } from './september.ts';
import { unified } from './unified.ts';
import { unknownGeneration } from './unknown-generation.ts';
import { vmMonolith } from './vm-monolith.ts';

export const generations: Readonly<Record<GenerationName, Generation>> = {
  unified,
  gateway,
  microservices,
  consolidated,
  cmms6b,
  enterprise3,
  september,
  'vm-monolith': vmMonolith,
  'micro-oct1': microOct1,
  firestore,
  unknown: unknownGeneration,
};
