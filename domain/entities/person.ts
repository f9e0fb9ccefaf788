import { z } from 'zod';
import { NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, line, text } from './field.ts';

export const PERSON_FIELDS = {
  /** The plant's short code for the person (Maximo personid). */
  code: field(line, { filter: true, inputNote: 'No two people have the same.' }),
  name: needed(line, { filter: true }),
  firstName: field(text),
  lastName: field(text),
  email: field(line, { input: z.email().max(254) }),
  phone: field(text),
  jobTitle: field(text),
  active: field(z.boolean()),
  customFields: field(customFields, { shape: NAMED }),
};
