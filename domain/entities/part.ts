import { z } from 'zod';
import { NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, decimal, line, reference, text } from './field.ts';

export const PART_FIELDS = {
  partNumber: field(line, { filter: true, inputNote: 'No two parts have the same.' }),
  name: needed(line),
  description: field(text),
  unit: field(text),
  category: field(text),
  active: field(z.boolean()),
  unitCost: field(decimal),
  onHand: field(decimal, { inputNote: 'As counted; what comes and goes is posted to `/stock`.' }),
  reorderPoint: field(decimal),
  bin: field(text),
  store: field(reference, {
    name: 'store_id',
    refers: 'location',
    filter: true,
    inputNote: 'The location where it is kept.',
  }),
  barcode: field(text),
  customFields: field(customFields, { shape: NAMED }),
};
