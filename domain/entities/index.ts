/**
 * The canonical entities: one table of what each is called, its schema, the fields that refer to other records, and
 * the keys by which two systems' records can be recognised as the same thing. Order is dependency order: a pass walks
 * it from left to right, so that what a record refers to is linked before the record.
 */
import { z } from 'zod';
import { customFields, date, decimal, instant, line, reference, text, zone } from './field.ts';
import { listBy, NAMED, READING, type FieldShapes } from './field-shape.ts';
import * as words from './vocabulary.ts';

export const ENTITIES = [
  'person',
  'location',
  'asset',
  'part',
  'meter',
  'plan',
  'request',
  'work_order',
] as const;
export type Entity = (typeof ENTITIES)[number];

const person = z.strictObject({
  /** The plant's short code for the person (Maximo personid). */
  code: line.optional(),
  name: line,
  firstName: text.optional(),
  lastName: text.optional(),
  email: line.optional(),
  phone: text.optional(),
  jobTitle: text.optional(),
  active: z.boolean().optional(),
  customFields: customFields.optional(),
});

const location = z.strictObject({
  code: line.optional(),
  name: line,
  description: text.optional(),
  kind: z.enum(words.LOCATION_KINDS).optional(),
  parent: reference.optional(),
  address: text.optional(),
  latitude: z.number().min(-90).max(90).optional(),
  longitude: z.number().min(-180).max(180).optional(),
  /** Only a site carries the zone; everything below it inherits. */
  timeZone: zone.optional(),
  active: z.boolean().optional(),
  customFields: customFields.optional(),
});

const asset = z.strictObject({
  /** The plant's number painted on the machine. */
  tag: line.optional(),
  name: line,
  description: text.optional(),
  type: z.enum(words.ASSET_TYPES).optional(),
  category: text.optional(),
  status: z.enum(words.ASSET_STATUSES).optional(),
  condition: z.enum(words.ASSET_CONDITIONS).optional(),
  parent: reference.optional(),
  location: reference.optional(),
  responsible: reference.optional(),
  manufacturer: text.optional(),
  model: text.optional(),
  serialNumber: line.optional(),
  criticality: z.number().int().optional(),
  installedOn: date.optional(),
  warrantyEndsOn: date.optional(),
  expectedLifeMonths: z.number().int().nonnegative().optional(),
  department: text.optional(),
  /** Who answers for it, as written, when no person record fits. */
  responsibleName: text.optional(),
  tags: z.array(line).max(1_000).optional(),
  /** Technical data: name to scalar. */
  specifications: customFields.optional(),
  purchaseCost: decimal.optional(),
  replacementCost: decimal.optional(),
  customFields: customFields.optional(),
});

const part = z.strictObject({
  partNumber: line.optional(),
  name: line,
  description: text.optional(),
  unit: text.optional(),
  category: text.optional(),
  active: z.boolean().optional(),
  unitCost: decimal.optional(),
  onHand: decimal.optional(),
  reorderPoint: decimal.optional(),
  bin: text.optional(),
  store: reference.optional(),
  barcode: text.optional(),
  customFields: customFields.optional(),
});

const meter = z.strictObject({
  code: line.optional(),
  name: line,
  kind: z.enum(words.METER_KINDS).optional(),
  unit: text.optional(),
  asset: reference.optional(),
  location: reference.optional(),
  /** The newest reading; older ones are rows of their own. `value` is a number, or text for an observation. */
  lastReading: z.strictObject({ value: z.union([z.number(), z.string()]), at: instant }).optional(),
  active: z.boolean().optional(),
  customFields: customFields.optional(),
});

const planStep = z.strictObject({
  sequence: z.number().int(),
  title: line,
  description: text.optional(),
  estimatedMinutes: z.number().nonnegative().optional(),
});

const plan = z.strictObject({
  code: line.optional(),
  name: line,
  description: text.optional(),
  asset: reference.optional(),
  location: reference.optional(),
  assignee: reference.optional(),
  type: z.enum(words.MAINTENANCE_TYPES).optional(),
  priority: z.enum(words.PRIORITIES).optional(),
  active: z.boolean().optional(),
  every: z.strictObject({ n: z.number().int().positive(), unit: z.enum(words.PLAN_FREQUENCIES) }).optional(),
  basis: z.enum(words.PLAN_BASES).optional(),
  timeZone: zone.optional(),
  startsAt: instant.optional(),
  endsAt: instant.optional(),
  nextDueAt: instant.optional(),
  lastDoneAt: instant.optional(),
  leadDays: z.number().int().nonnegative().optional(),
  estimatedMinutes: z.number().nonnegative().optional(),
  estimatedCost: decimal.optional(),
  /** What makes it due; `time_based` when absent. */
  triggerType: z.enum(words.TRIGGER_TYPES).optional(),
  triggerValue: z.union([z.number(), text]).optional(),
  /** The machines it is carried out on, where it is more than one. */
  assets: z
    .array(z.strictObject({ asset: reference }))
    .max(1_000)
    .optional(),
  requiredSkills: z.array(line).max(1_000).optional(),
  requiredTools: z.array(line).max(1_000).optional(),
  requiredParts: z.array(line).max(1_000).optional(),
  /** What is done each time: becomes the tasks of the orders made from it. */
  steps: z.array(planStep).max(1_000).optional(),
  meter: reference.optional(),
  meterEvery: z.number().positive().optional(),
  customFields: customFields.optional(),
});

const request = z.strictObject({
  title: line,
  description: text.optional(),
  status: z.enum(words.REQUEST_STATUSES).optional(),
  priority: z.enum(words.PRIORITIES).optional(),
  asset: reference.optional(),
  location: reference.optional(),
  requestedBy: reference.optional(),
  assignee: reference.optional(),
  requestedAt: instant.optional(),
  dueAt: instant.optional(),
  customFields: customFields.optional(),
});

/** One entry of a work order's conversation. Append-only; `externalId` is the vendor's id while a record is mapped. */
export const comment = z.strictObject({
  externalId: line,
  text: text.min(1),
  author: text.optional(),
  at: instant.optional(),
});
export type MappedComment = z.infer<typeof comment>;

const task = z.strictObject({
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
const partPlanned = z.strictObject({
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
const labour = z.strictObject({ person: reference, minutes: z.number(), startedAt: instant.optional() });
/** Modelled now; files move in a later release. */
export const attachment = z.strictObject({
  name: line,
  mediaType: line,
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const workOrder = z.strictObject({
  title: line,
  description: text.optional(),
  status: z.enum(words.WORK_ORDER_STATUSES).optional(),
  holdReason: z.enum(words.HOLD_REASONS).optional(),
  priority: z.enum(words.PRIORITIES).optional(),
  type: z.enum(words.MAINTENANCE_TYPES).optional(),
  category: text.optional(),
  asset: reference.optional(),
  location: reference.optional(),
  plan: reference.optional(),
  requestedBy: reference.optional(),
  assignee: reference.optional(),
  requestedAt: instant.optional(),
  scheduledStart: instant.optional(),
  scheduledEnd: instant.optional(),
  dueAt: instant.optional(),
  startedAt: instant.optional(),
  completedAt: instant.optional(),
  estimatedMinutes: z.number().nonnegative().optional(),
  actualMinutes: z.number().nonnegative().optional(),
  estimatedCost: decimal.optional(),
  actualCost: decimal.optional(),
  /** Who does it, as written, when no person record fits. */
  assigneeName: text.optional(),
  assignedTeam: text.optional(),
  /** Where it is, as written, beside the location record. */
  place: text.optional(),
  notes: text.optional(),
  findings: text.optional(),
  recommendations: text.optional(),
  safetyRequirements: text.optional(),
  specialInstructions: text.optional(),
  tasks: z.array(task).max(1_000).optional(),
  /** Parts used, one line a part, absolute quantities, sorted by part. */
  parts: z.array(partUsed).max(1_000).optional(),
  plannedParts: z.array(partPlanned).max(1_000).optional(),
  /** Labour booked, sorted by start, then person. */
  labour: z.array(labour).max(1_000).optional(),
  attachments: z.array(attachment).max(1_000).optional(),
  customFields: customFields.optional(),
});

/** A meter's reading as a row of its own. */
export const reading = z.strictObject({
  meter: reference,
  value: z.union([z.number(), z.string()]),
  at: instant,
  source: line,
});

export interface EntityDefinition {
  schema: z.ZodObject;
  /** Field to the entity it refers to; `parts[].part` is the key `part` in each element of the list `parts`. */
  references: Readonly<Record<string, Entity>>;
  /** Fields the merge looks into; every other field is one value. */
  shapes: FieldShapes;
  /** Prefix of the numbers the hub gives, e.g. `WO-000123`. */
  numberPrefix: string;
  /** Whether records carry append-only comments beside their fields. */
  comments: boolean;
}

export const ENTITY_DEFINITIONS: Readonly<Record<Entity, EntityDefinition>> = {
  person: {
    schema: person,
    references: {},
    shapes: { customFields: NAMED },
    numberPrefix: 'P',
    comments: false,
  },
  location: {
    schema: location,
    references: { parent: 'location' },
    shapes: { customFields: NAMED },
    numberPrefix: 'L',
    comments: false,
  },
  asset: {
    schema: asset,
    references: { parent: 'asset', location: 'location', responsible: 'person' },
    shapes: { specifications: NAMED, customFields: NAMED },
    numberPrefix: 'A',
    comments: false,
  },
  part: {
    schema: part,
    references: { store: 'location' },
    shapes: { customFields: NAMED },
    numberPrefix: 'PT',
    comments: false,
  },
  meter: {
    schema: meter,
    references: { asset: 'asset', location: 'location' },
    shapes: { lastReading: READING, customFields: NAMED },
    numberPrefix: 'M',
    comments: false,
  },
  plan: {
    schema: plan,
    references: {
      asset: 'asset',
      location: 'location',
      assignee: 'person',
      meter: 'meter',
      'assets[].asset': 'asset',
    },
    shapes: { steps: listBy('sequence'), assets: listBy('asset'), customFields: NAMED },
    numberPrefix: 'PM',
    comments: false,
  },
  request: {
    schema: request,
    references: { asset: 'asset', location: 'location', requestedBy: 'person', assignee: 'person' },
    shapes: { customFields: NAMED },
    numberPrefix: 'R',
    comments: false,
  },
  work_order: {
    schema: workOrder,
    references: {
      asset: 'asset',
      location: 'location',
      plan: 'plan',
      requestedBy: 'person',
      assignee: 'person',
      'parts[].part': 'part',
      'labour[].person': 'person',
    },
    shapes: {
      tasks: listBy('sequence'),
      parts: listBy('part'),
      plannedParts: listBy('line'),
      labour: listBy('startedAt', 'person'),
      attachments: listBy('sha256'),
      customFields: NAMED,
    },
    numberPrefix: 'WO',
    comments: true,
  },
};
