/**
 * ChatterFix's payloads on the wire: envelopes of all generations read tolerantly (contract 11). What the records in them mean
 * is `record.ts`, what is sent is `body.ts`.
 */
import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json.ts';

const json: z.ZodType<Json> = z.json();
export const object: z.ZodType<JsonObject> = z.record(z.string(), json);

const LISTS = [
  'work_orders',
  'assets',
  'parts',
  'pm_schedules',
  'preventive_maintenance',
  'users',
  'attachments',
  'items',
  'data',
  'results',
];
const RECORDS = ['work_order', 'asset', 'part'];
const IDS = ['id', 'work_order_id', 'asset_id', 'part_id', 'pm_id'];

export interface List {
  rows: JsonObject[];
  /** The envelope's own count of everything, when it has one. */
  total: number | null;
  /** The envelope says that its rows are made up (contract 7). */
  demo: boolean;
}

/** A bare array, or the first of the known names that is one. */
export const list = z.unknown().transform((answer, context): List => {
  const parsed = z.array(object).safeParse(arrayIn(answer));
  if (!parsed.success) {
    context.addIssue({ code: 'custom', message: 'it holds no list of records' });
    return z.NEVER;
  }
  const envelope = Array.isArray(answer) ? {} : (answer as Record<string, unknown>);
  const total = envelope['total'];
  return {
    rows: parsed.data,
    total: typeof total === 'number' ? total : null,
    demo: envelope['status'] === 'demo' || envelope['is_demo'] === true,
  };
});

function arrayIn(answer: unknown): unknown {
  if (Array.isArray(answer) || typeof answer !== 'object' || answer === null) return answer;
  const name = LISTS.find((known) => Array.isArray((answer as Record<string, unknown>)[known]));
  return name === undefined ? undefined : (answer as Record<string, unknown>)[name];
}

/** One record, bare or wrapped. */
export const one = object.transform((answer, context): JsonObject => {
  const record = recordIn(answer);
  if (idIn(record) !== null) return record;
  context.addIssue({ code: 'custom', message: 'it holds no record with an id' });
  return z.NEVER;
});

/** What a create or an update answers: the record if it is shown, its id if that is told, else nothing. */
export const written = object.transform((answer) => {
  const record = recordIn(answer);
  const id = idIn(record) ?? IDS.map((name) => idOf(answer[name])).find((value) => value !== null) ?? null;
  return { id, record: record === answer ? null : record };
});

function recordIn(answer: JsonObject): JsonObject {
  for (const name of RECORDS) {
    const inner = answer[name];
    if (typeof inner === 'object' && inner !== null && !Array.isArray(inner)) return inner;
  }
  return answer;
}

function idIn(row: JsonObject): string | null {
  return idOf(row['id']);
}

/** Ids are texts in the engine (`"41"`). */
export function idOf(value: Json | undefined): string | null {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

export const openapi = z.looseObject({
  openapi: z.string(),
  info: z.looseObject({ title: z.string().optional(), version: z.string().optional() }).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()).optional() }).optional(),
});
export type OpenApi = z.infer<typeof openapi>;

/** A broken database answers 200 with `status: error` (contract 3.2). */
export const health = z.looseObject({ status: z.string().optional() });

export const stats = z
  .record(z.string(), z.unknown())
  .transform((answer) => (name: string): number | null => {
    const count = answer[name];
    return typeof count === 'number' ? count : null;
  });

/** `POST /api/query` (contract 4.8). */
export const queried = z.looseObject({ success: z.literal(true) });
