import { z } from 'zod';
import { listBy, NAMED } from './field-shape.ts';
import { field, needed } from './field-table.ts';
import { customFields, decimal, instant, line, reference, text } from './field.ts';
import * as words from './vocabulary.ts';

/** One entry of a work order's conversation. Append-only; `externalId` is the vendor's id while a record is mapped. */
export const comment = z.strictObject({
  externalId: line,
  text: text.min(1),
  author: text.optional(),
  at: instant.optional(),
});
export type MappedComment = z.infer<typeof comment>;

export const orderStep = z.strictObject({
  /** Sequence number within the order; the identity of the task. */
  sequence: z.number().int(),
  title: line,
  description: text.optional(),
  status: z.enum(words.TASK_STATUSES).optional(),
  estimatedMinutes: z.number().nonnegative().optional(),
  actualMinutes: z.number().nonnegative().optional(),
  completedAt: instant.optional(),
  completedBy: text.optional(),
  notes: text.optional(),
});
const partUsed = z.strictObject({ part: reference, quantity: decimal });
/** A part planned for the order; what was really used stands in `parts` too when it is a part of the hub. */
export const partLine = z.strictObject({
  line: z.number().int().positive(),
  /** Hub id of the part, where there is one. */
  partId: z.string().max(200).optional(),
  partNumber: line,
  description: text.optional(),
  quantity: decimal,
  unitCost: decimal.optional(),
  status: z.enum(words.PART_LINE_STATUSES),
  issuedAt: instant.optional(),
  usedAt: instant.optional(),
  by: text.optional(),
});
export const labourLine = z.strictObject({
  person: reference,
  minutes: z.number(),
  startedAt: instant.optional(),
});

export const WORK_ORDER_FIELDS = {
  title: needed(line),
  asset: field(reference, { name: 'asset_id', refers: 'asset', own: true, filter: true }),
  description: field(text),
  status: field(z.enum(words.WORK_ORDER_STATUSES), { own: true, setBy: 'operation', filter: true }),
  holdReason: field(z.enum(words.HOLD_REASONS), { setBy: 'operation' }),
  priority: field(z.enum(words.PRIORITIES), { filter: true }),
  type: field(z.enum(words.MAINTENANCE_TYPES), { name: 'work_order_type' }),
  category: field(text),
  plan: field(reference, {
    name: 'schedule_id',
    refers: 'plan',
    setBy: 'operation',
    shownNote: 'The maintenance schedule it comes from.',
  }),
  estimatedMinutes: field(z.number().nonnegative(), { name: 'estimated_hours', as: 'hours' }),
  actualMinutes: field(z.number().nonnegative(), { name: 'actual_hours', as: 'hours', afterwards: true }),
  estimatedCost: field(decimal),
  actualCost: field(decimal, { afterwards: true }),
  assignee: field(reference, {
    name: 'assigned_to',
    own: true,
    refers: 'person',
    written: 'assigneeName',
    filter: true,
  }),
  /** Who does it, as written, when no person record fits. */
  assigneeName: field(text, { name: 'assigned_to', own: true, setBy: 'operation' }),
  assignedTeam: field(text),
  requestedBy: field(reference, { own: true, refers: 'person', setBy: 'systems' }),
  requestedAt: field(instant, { setBy: 'operation' }),
  /** Where it is, as written, beside the location record. */
  place: field(text, { name: 'location', inputNote: 'Where it is, in words.' }),
  location: field(reference, {
    name: 'location_id',
    refers: 'location',
    setBy: 'systems',
    shownNote: 'Hub id of the location record.',
  }),
  scheduledStart: field(instant),
  scheduledEnd: field(instant),
  dueAt: field(instant, {
    name: 'due_date',
    inputNote: 'When it becomes overdue; scheduled_end when absent.',
  }),
  startedAt: field(instant, { name: 'actual_start', setBy: 'operation' }),
  completedAt: field(instant, { name: 'actual_end', setBy: 'operation' }),
  notes: field(text, { afterwards: true }),
  findings: field(text, { afterwards: true }),
  recommendations: field(text, { afterwards: true }),
  safetyRequirements: field(text),
  specialInstructions: field(text),
  customFields: field(customFields, { shape: NAMED, empty: {}, afterwards: true }),
  tasks: field(z.array(orderStep).max(1_000), {
    name: 'steps',
    own: true,
    shape: listBy('sequence'),
    setBy: 'operation',
  }),
  plannedParts: field(z.array(partLine).max(1_000), {
    name: 'parts',
    own: true,
    shape: listBy('line'),
    setBy: 'operation',
  }),
  /** Parts used, one line a part, absolute quantities, sorted by part. */
  parts: field(z.array(partUsed).max(1_000), {
    name: 'parts_used',
    own: true,
    refers: { part: 'part' },
    shape: listBy('part'),
    setBy: 'operation',
  }),
  /** Labour booked, sorted by start, then person. */
  labour: field(z.array(labourLine).max(1_000), {
    own: true,
    refers: { person: 'person' },
    shape: listBy('startedAt', 'person'),
    setBy: 'operation',
  }),
};
