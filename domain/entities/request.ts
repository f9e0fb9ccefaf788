import { z } from 'zod';
import { NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, instant, line, reference, text } from './field.ts';
import { PRIORITIES, REQUEST_STATUSES } from './vocabulary.ts';

export const REQUEST_FIELDS = {
  title: needed(line),
  description: field(text),
  status: field(z.enum(REQUEST_STATUSES), { filter: true, setBy: 'operation' }),
  priority: field(z.enum(PRIORITIES)),
  asset: field(reference, { name: 'asset_id', refers: 'asset', filter: true }),
  location: field(reference, { name: 'location_id', refers: 'location' }),
  requestedBy: field(reference, { refers: 'person' }),
  assignee: field(reference, { name: 'assigned_to', refers: 'person', filter: true }),
  requestedAt: field(instant, { inputNote: 'Now when absent.' }),
  dueAt: field(instant),
  customFields: field(customFields, { shape: NAMED }),
};
