import { z } from 'zod';
import { listBy, NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, decimal, instant, line, reference, text, zone } from './field.ts';
import * as words from './vocabulary.ts';

export const planStep = z.strictObject({
  sequence: z.number().int(),
  title: line,
  description: text.optional(),
  estimatedMinutes: z.number().nonnegative().optional(),
});

export const PLAN_FIELDS = {
  code: field(line),
  name: needed(line),
  description: field(text),
  type: field(z.enum(words.MAINTENANCE_TYPES), { name: 'maintenance_type', filter: true }),
  priority: field(z.enum(words.PRIORITIES)),
  every: field(z.strictObject({ n: z.number().int().positive(), unit: z.enum(words.PLAN_FREQUENCIES) }), {
    name: 'interval',
    setBy: 'operation',
    own: true,
  }),
  /** What makes it due; `time_based` when absent. */
  triggerType: field(z.enum(words.TRIGGER_TYPES)),
  triggerValue: field(z.union([z.number(), text])),
  estimatedMinutes: field(z.number().nonnegative(), {
    name: 'estimated_duration',
    inputNote: 'Minutes.',
    shownNote: 'Minutes.',
  }),
  estimatedCost: field(decimal),
  requiredSkills: field(z.array(line).max(1_000), { empty: [] }),
  requiredTools: field(z.array(line).max(1_000), { empty: [] }),
  requiredParts: field(z.array(line).max(1_000), { empty: [] }),
  /** What is done each time: becomes the tasks of the orders made from it. */
  steps: field(z.array(planStep).max(1_000), { shape: listBy('sequence'), own: true, setBy: 'operation' }),
  asset: field(reference, { name: 'asset_ids', own: true, refers: 'asset', setBy: 'operation' }),
  /** The machines it is carried out on, where it is more than one. */
  assets: field(z.array(z.strictObject({ asset: reference })).max(1_000), {
    name: 'asset_ids',
    own: true,
    refers: { asset: 'asset' },
    shape: listBy('asset'),
    setBy: 'operation',
  }),
  assignee: field(reference, { name: 'assigned_to', own: true, refers: 'person' }),
  active: field(z.boolean(), { name: 'is_active', filter: true }),
  basis: field(z.enum(words.PLAN_BASES)),
  timeZone: field(zone, { name: 'timezone' }),
  lastDoneAt: field(instant, { name: 'last_executed', setBy: 'operation' }),
  nextDueAt: field(instant, { name: 'next_scheduled', setBy: 'operation' }),
  startsAt: field(instant, {
    setBy: 'operation',
    shownNote: 'Where the series of dates is counted from.',
  }),
  endsAt: field(instant),
  leadDays: field(z.number().int().nonnegative(), {
    setBy: 'systems',
    shownNote: 'How many days before the due date the order is made.',
  }),
  meter: field(reference, {
    name: 'meter_id',
    refers: 'meter',
    setBy: 'systems',
    shownNote: 'Hub id of the meter whose readings make it due.',
  }),
  meterEvery: field(z.number().positive(), {
    setBy: 'systems',
    shownNote: 'Due each time the meter has gone on by this.',
  }),
  location: field(reference, {
    name: 'location_id',
    refers: 'location',
    setBy: 'systems',
    shownNote: 'Hub id of the location record.',
  }),
  customFields: field(customFields, { shape: NAMED, setBy: 'systems', empty: {} }),
};
