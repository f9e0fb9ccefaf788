/**
 * Fiix's payloads: envelopes and records read tolerantly, requests and objects written exactly. Section numbers are those
 * of the wire contract.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

const json: z.ZodType<Json> = z.json();
const record: z.ZodType<JsonObject> = z.record(z.string(), json);

/** No match may come as a list, as nothing or as null (2.2). */
export const found = z
  .looseObject({ objects: z.array(record).nullish() })
  .transform(({ objects }) => objects ?? []);
/** `object` is left out for an id that does not exist (2.4, 2.6); `count` is then 0. */
export const one = z
  .looseObject({ object: record.nullish(), count: z.number().nullish() })
  .transform(({ object, count }) => (count === 0 ? null : (object ?? null)));
export const batched = z
  .looseObject({ responses: z.array(record).nullish() })
  .transform(({ responses }) => responses ?? []);
export const rpcAnswer = z.looseObject({ object: json.nullish() }).transform(({ object }) => object ?? null);
export const version = z
  .looseObject({ serverVersion: z.looseObject({ major: z.number(), minor: z.number(), patch: z.number() }) })
  .transform(({ serverVersion: { major, minor, patch } }) => `${major}.${minor}.${patch}`);

/** An object, never a text (2.1); what other live clients send. */
export const CLIENT_VERSION = { major: 2, minor: 8, patch: 1 } as const;

export interface Filter {
  ql: string;
  parameters: (string | number)[];
}
/** Requests of 2.2 to 2.9 without the envelope. */
export type Request =
  | {
      _maCn: 'FindRequest';
      className: string;
      fields: string;
      filters: Filter[];
      orderBy: string;
      startIndex: 0;
      maxObjects: number;
    }
  | { _maCn: 'AddRequest'; className: string; fields: string; object: JsonObject }
  | { _maCn: 'ChangeRequest'; className: string; changeFields: string; fields: string; object: JsonObject }
  | { _maCn: 'RemoveRequest'; className: string; id: number }
  | { _maCn: 'RpcRequest'; name: string; action?: string; parameters?: JsonObject };

export function add(className: string, fields: JsonObject, temporaryId?: number): Request {
  const id = temporaryId === undefined ? {} : { id: temporaryId };
  return { _maCn: 'AddRequest', className, fields: 'id', object: { className, ...id, ...fields } };
}

/** Only what `changeFields` names is written (2.6); null clears (guess). */
export function change(className: string, id: number, fields: JsonObject): Request {
  return {
    _maCn: 'ChangeRequest',
    className,
    changeFields: Object.keys(fields).join(', '),
    fields: 'id',
    object: { className, id, ...fields },
  };
}

export function remove(className: string, id: number): Request {
  return { _maCn: 'RemoveRequest', className, id };
}

/** Of the answer, not of the record (2.1, seen live); they say nothing and may differ from answer to answer. */
const NOISE = new Set(['className', '_maCn', 'dirty', 'new', 'uideleted', 'extraFields']);

/** A record without what only belongs to the answer; empty fields are absent, as Fiix leaves them out (2.10). */
export function normalise(row: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(row).filter(([name, value]) => value !== null && value !== '' && !NOISE.has(name)),
  );
}

export function idOf(row: JsonObject): number {
  const id = row['id'];
  if (typeof id === 'number' && Number.isSafeInteger(id)) return id;
  throw new Failure(
    'unexpected_response',
    'Fiix answered with a record that has no id; report it to the vendor.',
    {
      path: 'id',
    },
  );
}

export function intOf(value: Json | undefined): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : null;
}

export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

/** An id as links keep it; anything else names no record of Fiix. */
export function parseId(externalId: string): number | null {
  return /^[1-9]\d{0,14}$/.test(externalId) ? Number(externalId) : null;
}

/** One text holds title and description (6.1): the first line, and the rest. */
export function splitText(text: string): { title: string; details: string } {
  const clean = text.replace(/\r\n?/g, '\n').replace(/^\s*\n/, '');
  const end = clean.indexOf('\n');
  return end < 0
    ? { title: clean.trim(), details: '' }
    : { title: clean.slice(0, end).trim(), details: clean.slice(end + 1) };
}

export function joinText(title: string, details: string | null | undefined): string {
  return details ? `${title}\n${details}` : title;
}

/** Class, noun, and which kind of file owner a record is (1.5, 3.10). */
export const CLASSES = {
  person: { className: 'User', noun: 'user', file: null },
  location: { className: 'Asset', noun: 'location', file: { field: 'intAssetID', source: 'ASSET_INFO' } },
  asset: { className: 'Asset', noun: 'asset', file: { field: 'intAssetID', source: 'ASSET_INFO' } },
  part: { className: 'Asset', noun: 'part', file: { field: 'intAssetID', source: 'ASSET_INFO' } },
  meter: { className: 'MeterReading', noun: 'meter', file: null },
  plan: {
    className: 'ScheduledMaintenance',
    noun: 'scheduled maintenance',
    file: { field: 'intScheduledMaintenanceID', source: null },
  },
  request: { className: 'WorkOrder', noun: 'work request', file: null },
  work_order: {
    className: 'WorkOrder',
    noun: 'work order',
    file: { field: 'intWorkOrderID', source: 'WORK_ORDER_INFO' },
  },
} as const satisfies Record<
  Entity,
  { className: string; noun: string; file: { field: string; source: string | null } | null }
>;

const text = z.string().nullable();
const id = z.coerce.number().int().positive().nullable();
const epoch = z.number().int().nullable();
const geo = z.number().nullable();
const name = z.string().min(1);
const task = z.strictObject({
  sequence: z.number().int(),
  title: z.string().min(1),
  details: text.optional(),
  completed: z.boolean().optional(),
  dblTimeEstimatedHours: z.number().nullable().optional(),
});

/**
 * What the push mappings may send (sections 3.2 to 3.10). Names with an underscore are ours: words and ids that become
 * ids and link rows of the tenant in `write.ts`.
 */
const WRITABLE: Readonly<Record<Entity, z.ZodObject | null>> = {
  person: z
    .strictObject({
      strFullName: name,
      strUserName: name,
      strEmailAddress: text,
      strTelephone: text,
      strUserTitle: text,
      strPersonnelCode: text,
    })
    .partial(),
  location: z
    .strictObject({
      strName: name,
      strCode: text,
      strDescription: text,
      strAddress: text,
      dblLatitude: geo,
      dblLongitude: geo,
      _parent: id,
      _kind: z.enum(['site', 'area', 'position', 'store', 'other']),
    })
    .partial(),
  asset: z
    .strictObject({
      strName: name,
      strCode: text,
      strDescription: text,
      strMake: text,
      strModel: text,
      strSerialNumber: text,
      strBarcode: text,
      strCriticality: text,
      bolIsOnline: z.union([z.literal(0), z.literal(1)]),
      intAssetParentID: id,
      intAssetLocationID: id,
      _category: z.string(),
      _type: z.enum(['equipment', 'tool']),
    })
    .partial(),
  part: z
    .strictObject({
      strName: name,
      strCode: text,
      strDescription: text,
      strBarcode: text,
      _category: z.string(),
    })
    .partial(),
  meter: z
    .strictObject({
      intAssetID: z.coerce.number().int().positive(),
      _unit: name,
      _reading: z.strictObject({ value: z.number(), at: z.number().int() }),
    })
    .partial(),
  plan: z
    .strictObject({
      strDescription: name,
      intScheduledMaintenanceStatusID: z.union([z.literal(0), z.literal(1)]),
      _priority: text,
      _maintenanceType: text,
    })
    .partial(),
  request: null,
  work_order: z
    .strictObject({
      strDescription: name,
      dtmSuggestedStartDate: epoch,
      dtmSuggestedCompletionDate: epoch,
      dtmDateCompleted: epoch,
      intRequestedByUserID: id,
      _status: z.number().int(),
      _priority: text,
      _maintenanceType: text,
      _asset: id,
      _location: id,
      _assignee: id,
      _tasks: z.array(task),
    })
    .partial(),
};

/** The body of a push payload; throws `rejected` naming the field Fiix does not take. */
export function bodyOf(entity: Entity, payload: JsonObject): JsonObject {
  const { noun } = CLASSES[entity];
  const schema = WRITABLE[entity];
  if (!schema) throw new Failure('rejected', `Fiix has no ${noun} of its own; send it as a work order.`);
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data as JsonObject;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown ?? issue?.path.map(String).join('.') ?? '';
  const reason =
    unknown === undefined
      ? `cannot take "${path}": ${issue?.message ?? 'it does not fit'}`
      : `has no writable field "${path}"`;
  throw new Failure('rejected', `A Fiix ${noun} ${reason}; correct mappings/fiix/${entity}.yaml.`, { path });
}
