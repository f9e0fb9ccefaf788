/** What the tests of mappings read in answers: the envelope's keys with their shapes. */
import type { z } from 'zod';
import type { link } from '../links/shapes.ts';
import type { fieldMapping, finding, mapping, mappingVersion, preview } from './shapes.ts';

export interface AnswerBody {
  mapping: z.output<typeof mapping>;
  versions: z.output<typeof mappingVersion>[];
  valid: boolean;
  findings: z.output<typeof finding>[];
  preview: z.output<typeof preview>;
  /** Field mappings made by hand. */
  mappings: z.output<typeof fieldMapping>[];
  links: z.output<typeof link>[];
  /** Of a problem. */
  errors: { field: string; message: string }[];
}
