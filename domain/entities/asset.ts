import { z } from 'zod';
import { NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, date, decimal, line, reference, text } from './field.ts';
import * as words from './vocabulary.ts';

export const ASSET_FIELDS = {
  /** The plant's number painted on the machine. */
  tag: field(line, { name: 'asset_id' }),
  name: needed(line),
  description: field(text),
  type: field(z.enum(words.ASSET_TYPES), { name: 'asset_type', filter: true }),
  category: field(text),
  status: field(z.enum(words.ASSET_STATUSES), {
    filter: true,
    shownNote: 'Null: another system did not say.',
  }),
  /** Assessments set it. */
  condition: field(z.enum(words.ASSET_CONDITIONS), {
    name: 'current_condition',
    own: true,
    setBy: 'operation',
  }),
  parent: field(reference, {
    name: 'parent_id',
    refers: 'asset',
    filter: true,
    inputNote: 'The asset it is part of.',
  }),
  location: field(reference, {
    name: 'location_id',
    refers: 'location',
    filter: true,
    inputNote: 'The location record it stands at.',
  }),
  responsible: field(reference, {
    name: 'responsible_person',
    refers: 'person',
    written: 'responsibleName',
    inputNote:
      'Hub id, number, code, e-mail address or exact name of a person; other text is kept as written.',
  }),
  /** Who answers for it, as written, when no person record fits. */
  responsibleName: field(text, { name: 'responsible_person', own: true, setBy: 'operation' }),
  manufacturer: field(text),
  model: field(text),
  serialNumber: field(line),
  criticality: field(z.number().int(), { input: z.number().int().min(-1_000_000).max(1_000_000) }),
  // Days, as midnight UTC: the HTTP API shows points in time here.
  installedOn: field(date, {
    name: 'installation_date',
    as: 'midnight',
    shownNote: 'A day: midnight UTC.',
  }),
  warrantyEndsOn: field(date, {
    name: 'warranty_expiry',
    as: 'midnight',
    shownNote: 'A day: midnight UTC.',
  }),
  expectedLifeMonths: field(z.number().int().nonnegative(), {
    name: 'expected_lifespan',
    input: z.number().int().min(0).max(12_000),
    inputNote: 'Months.',
    shownNote: 'Months.',
  }),
  department: field(text, { filter: true }),
  tags: field(z.array(line).max(1_000), { empty: [] }),
  /** Technical data: name to scalar. */
  specifications: field(customFields, { shape: NAMED, empty: {} }),
  purchaseCost: field(decimal),
  replacementCost: field(decimal),
  customFields: field(customFields, { shape: NAMED }),
};
