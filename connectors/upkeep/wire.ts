/**
 * UpKeep's payloads: envelopes and records read tolerantly and brought to one spelling (`normalise`), bodies written
 * exactly (`bodyOf`). Section numbers are those of the wire contract.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

const json: z.ZodType<Json> = z.json();
const object: z.ZodType<JsonObject> = z.record(z.string(), json);

export const login = z.looseObject({ result: z.looseObject({ sessionToken: z.string().min(1) }) });
export const one = z.looseObject({ result: object });
export const maybeOne = z.looseObject({ result: object.optional() });

/** `results`; an array in `result` and a bare array have been seen too (2.1). */
export const list = z
  .union([
    z.looseObject({ results: z.array(object) }),
    z.looseObject({ result: z.array(object) }),
    z.array(object),
  ])
  .transform((answer) => {
    if (Array.isArray(answer)) return answer;
    return 'results' in answer ? (answer.results as JsonObject[]) : answer.result;
  });

export const planList = z.looseObject({
  data: z.array(object),
  pagination: z.looseObject({ nextPage: z.union([z.number(), z.string()]).nullish() }).optional(),
});

/** The id stands at the top level (5); under `result` it is taken as well. */
export const webhookCreated = z
  .looseObject({
    webhookId: z.string().optional(),
    result: z.looseObject({ id: z.string().optional(), webhookId: z.string().optional() }).optional(),
  })
  .transform((answer, context) => {
    const id = answer.webhookId ?? answer.result?.webhookId ?? answer.result?.id;
    if (id !== undefined) return id;
    context.addIssue({ code: 'custom', message: 'it names no webhookId', path: ['webhookId'] });
    return z.NEVER;
  });

export interface Webhook {
  id: string;
  endpoint: string;
}

export function webhookOf(row: JsonObject): Webhook | null {
  const id = row['id'] ?? row['webhookId'] ?? row['_id'];
  const endpoint = row['endpoint'];
  return typeof id === 'string' && typeof endpoint === 'string' ? { id, endpoint } : null;
}

export interface Reading {
  value: number;
  /** ISO 8601 UTC. */
  date: string;
  /** When it was entered: of two readings of one date the later entered holds. */
  createdAt: string;
}

export function readingOf(row: JsonObject): Reading | null {
  const value = numberOf(row['value']);
  const date = instantOf(row['date'] ?? row['createdAt']);
  if (typeof value !== 'number' || date === null) return null;
  return { value, date, createdAt: instantOf(row['createdAt']) ?? date };
}

/** Where an entity lives and what its natural key is called. Plans have their own calls. */
export const OBJECTS = {
  person: { path: '/users', title: 'email', noun: 'user' },
  location: { path: '/locations', title: 'name', noun: 'location' },
  asset: { path: '/assets', title: 'name', noun: 'asset' },
  part: { path: '/parts', title: 'name', noun: 'part' },
  meter: { path: '/meters', title: 'name', noun: 'meter' },
  plan: { path: '/pm', title: 'name', noun: 'preventive maintenance' },
  request: { path: '/requests', title: 'title', noun: 'request' },
  work_order: { path: '/work-orders', title: 'title', noun: 'work order' },
} as const satisfies Record<Entity, { path: string; title: string; noun: string }>;

/** Ids that `includes` (asked for or not, 2.3) may show as whole objects. */
const REFERENCES = [
  'asset',
  'location',
  'objectLocationForWorkOrder',
  'parentAsset',
  'parentLocation',
  'assignedToUser',
  'assignedByUser',
  'requestedByUser',
  'completedByUser',
  'createdByUser',
  'updatedBy',
  'team',
  'downtimeStatus',
];
const REFERENCE_LISTS = ['additionalUsers', 'parts'];
const INSTANTS = ['createdAt', 'updatedAt', 'dueDate', 'startDate', 'endDueDate', 'dateCompleted'];
/** Numbers that may arrive as text (6.17). */
const NUMBERS = [
  'priority',
  'quantity',
  'minimumQuantity',
  'cost',
  'laborCost',
  'time',
  'longitude',
  'latitude',
];
/** Other spellings in circulation (3.3). */
const ALIASES: Readonly<Record<string, string>> = {
  _id: 'id',
  serial: 'serialNumber',
  barcodeNumber: 'barcode',
  barcodeSerial: 'barcode',
};
/** Display labels some plants see (6.4). */
const WORK_ORDER_STATUSES: Readonly<Record<string, string>> = {
  open: 'open',
  onhold: 'onHold',
  inprogress: 'inProgress',
  complete: 'complete',
  completed: 'complete',
  closed: 'complete',
};

/**
 * One spelling for everything UpKeep may say in several ways: references as ids, instants as ISO text, numbers as
 * numbers, the four statuses as written in the reference, unset fields absent.
 */
export function normalise(entity: Entity, row: JsonObject): JsonObject {
  const raw: JsonObject = {};
  for (const [name, value] of Object.entries(row)) {
    if (value === null) continue;
    const known = ALIASES[name];
    if (known === undefined) raw[name] = value;
    else raw[known] ??= value;
  }
  for (const name of REFERENCES) if (name in raw) raw[name] = idOf(raw[name]);
  for (const name of REFERENCE_LISTS) {
    const ids = raw[name];
    if (Array.isArray(ids)) raw[name] = ids.map(idOf);
  }
  for (const name of INSTANTS) if (name in raw) raw[name] = instantOf(raw[name]) ?? (raw[name] as Json);
  for (const name of NUMBERS) if (name in raw) raw[name] = numberOf(raw[name]);
  // Shown by the single get only, so a record would seem to change with the call that shows it; files travel apart.
  if (entity === 'work_order') delete raw['files'];
  if (typeof raw['workOrderNo'] === 'number') raw['workOrderNo'] = String(raw['workOrderNo']);
  const status = raw['status'];
  if (typeof status === 'string' && (entity === 'work_order' || entity === 'request')) {
    const word = status.toLowerCase().replace(/[\s_-]+/g, '');
    raw['status'] = entity === 'request' ? word : (WORK_ORDER_STATUSES[word] ?? status);
  }
  // A stand-in for what the account may not see (6.8). Without a title the record is quarantined, not overwritten.
  if (entity === 'work_order' && typeof raw['title'] === 'string' && PLACEHOLDER.test(raw['title'])) {
    delete raw['title'];
  }
  return raw;
}

const PLACEHOLDER = /elevated\b.*\b(admin|permission)/i;

function idOf(value: Json | undefined): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value ?? null;
  return value['id'] ?? value['_id'] ?? value['objectId'] ?? null;
}

function numberOf(value: Json | undefined): Json {
  if (typeof value !== 'string' || value.trim() === '') return value ?? null;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

/** ISO text with milliseconds from ISO text or epoch milliseconds (2.2). */
export function instantOf(value: Json | undefined): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const at = typeof value === 'number' || /^\d{11,}$/.test(value) ? Number(value) : Date.parse(value);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}

const text = z.string().nullable();
const id = z.string().min(1).nullable();
const number = z.number().nullable();
const priority = z.number().int().min(0).max(3).nullable();
/** ISO text in, epoch milliseconds out (2.2: what live writers send). */
const epoch = z
  .union([z.number(), z.iso.datetime({ offset: true }).transform((at) => Date.parse(at))])
  .nullable();

/** Fields UpKeep takes (sections 3.1 to 3.9); it would ignore any other without a word, so we refuse them. */
const WRITABLE: Readonly<Record<Entity, z.ZodObject | null>> = {
  person: z
    .strictObject({ email: z.email(), firstName: text, lastName: text, phoneNumber: text, jobTitle: text })
    .partial(),
  location: z
    .strictObject({
      name: z.string().min(1),
      address: text,
      longitude: number,
      latitude: number,
      hideMap: z.boolean(),
      parentLocation: id,
      barcode: text,
    })
    .partial(),
  asset: z
    .strictObject({
      name: z.string().min(1),
      description: text,
      model: text,
      serialNumber: text,
      barcode: text,
      make: text,
      category: text,
      area: text,
      location: id,
      parentAsset: id,
      assignedToUser: id,
      status: z.enum(['active', 'inactive']),
      downtimeStatus: id,
    })
    .partial(),
  part: z
    .strictObject({
      name: z.string().min(1),
      description: text,
      quantity: number,
      minimumQuantity: number,
      cost: number,
      category: text,
      partNumber: text,
      barcode: text,
      area: text,
      location: id,
    })
    .partial(),
  meter: z
    .strictObject({
      name: z.string().min(1),
      units: text,
      frequency: number,
      asset: id,
      location: id,
      lastReading: z.strictObject({ value: z.number(), date: epoch.unwrap() }).nullable(),
    })
    .partial(),
  plan: null,
  request: z
    .strictObject({
      title: z.string().min(1),
      description: text,
      status: z.enum(['pending', 'approved', 'rejected', 'cancelled']),
      priority,
      location: id,
      asset: id,
      team: id,
      assignedToUser: id,
      dueDate: epoch,
    })
    .partial(),
  work_order: z
    .strictObject({
      title: z.string().min(1),
      description: text,
      status: z.enum(['open', 'onHold', 'inProgress', 'complete']),
      priority,
      category: text,
      startDate: epoch,
      dueDate: epoch,
      endDueDate: epoch,
      estimatedDuration: number,
      asset: id,
      location: id,
      assignedToUser: id,
      additionalUsers: z.array(z.string()).nullable(),
      team: id,
      parts: z.array(z.string()).nullable(),
      respectivePartQuantityUsed: z.array(z.number()).nullable(),
      decreaseInventory: z.enum(['auto', 'manual']),
      time: number,
      cost: number,
      archived: z.boolean(),
    })
    .partial(),
};

/** The body to send for a payload of the push mapping; throws `rejected` naming the field UpKeep does not take. */
export function bodyOf(entity: Entity, payload: JsonObject): JsonObject {
  const noun = OBJECTS[entity].noun;
  const schema = WRITABLE[entity];
  if (!schema) throw new Failure('rejected', `UpKeep's ${noun} is read only; do not push plans to it.`);
  const parsed = schema.safeParse(payload);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknown ?? issue?.path.map(String).join('.') ?? '';
    const reason =
      unknown === undefined
        ? `cannot take "${path}": ${issue?.message ?? 'it does not fit'}`
        : `has no writable field "${path}"`;
    throw new Failure('rejected', `An UpKeep ${noun} ${reason}; correct mappings/upkeep/${entity}.yaml.`, {
      path,
    });
  }
  const body = parsed.data as JsonObject;
  // Parts are mastered elsewhere, so listing one may not lower UpKeep's stock (6.12).
  if ('parts' in body) body['decreaseInventory'] ??= 'manual';
  return body;
}
