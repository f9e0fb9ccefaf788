import { z } from 'zod';
import { NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, line, reference, text, zone } from './field.ts';
import { LOCATION_KINDS } from './vocabulary.ts';

export const LOCATION_FIELDS = {
  code: field(line, { filter: true, inputNote: 'No two locations have the same.' }),
  name: needed(line, { filter: true }),
  description: field(text),
  kind: field(z.enum(LOCATION_KINDS)),
  parent: field(reference, {
    name: 'parent_id',
    refers: 'location',
    filter: true,
    inputNote: 'The location it is part of.',
  }),
  address: field(text),
  latitude: field(z.number().min(-90).max(90)),
  longitude: field(z.number().min(-180).max(180)),
  timeZone: field(zone, { input: zone.max(100), inputNote: 'Of a site; what is below inherits it.' }),
  active: field(z.boolean()),
  customFields: field(customFields, { shape: NAMED }),
};
