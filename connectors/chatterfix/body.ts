/**
 * From a payload of the push mapping to what a generation takes: names, native ids, spelling of words, what stands in for
 * nothing (contract 4, 5, 6, 12). A field that a generation has no place for is left out, as a mapping without a rule for it
 * would; a name nobody knows is refused.
 */
import { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { ChatterfixConfig } from './config.ts';
import { LINE_FIELDS, parseDescription, spokenSerial, writeDescription } from './description.ts';
import { spelled, statusWord } from './profile.ts';
import type { ObjectShape, Profile } from './profile.ts';
import { spellingsOf } from './record.ts';

const text = z.string().nullable();
const hours = z.number().nonnegative().nullable();
/** Stock is counted in whole numbers everywhere; a fraction is refused, not rounded (contract 12.6). */
const whole = z.number().int().nullable();
const day = z.iso.date().nullable();

const PAYLOADS: Readonly<Partial<Record<Entity, z.ZodObject>>> = {
  asset: z
    .strictObject({
      name: z.string().min(1),
      description: text,
      asset_type: text,
      location: text,
      status: z.enum(['active', 'inactive', 'maintenance', 'retired', 'disposed']),
      asset_tag: text,
      serial_number: text,
      manufacturer: text,
      model: text,
      criticality: z.enum(['low', 'medium', 'high', 'critical']).nullable(),
      purchase_date: day,
      warranty_expiry: day,
      installation_date: day,
    })
    .partial(),
  part: z
    .strictObject({
      name: z.string().min(1),
      part_number: z.string().min(1),
      description: text,
      category: text,
      location: text,
      quantity: whole,
      min_stock: whole,
      unit_cost: z.number().nullable(),
      unit: text,
    })
    .partial(),
  work_order: z
    .strictObject({
      title: z.string().min(1).max(255),
      description: text,
      status: z.enum([
        'open',
        'scheduled',
        'in_progress',
        'on_hold',
        'waiting_parts',
        'waiting_approval',
        'completed',
        'cancelled',
      ]),
      priority: z.enum(['low', 'medium', 'high', 'critical']),
      assigned_to: text,
      asset_id: text,
      due_date: z.iso.datetime().nullable(),
      estimated_hours: hours,
      actual_hours: hours,
    })
    .partial(),
};

/** Taken to be text there, so that "" empties them where null means "leave alone" (contract 5). */
const TEXTS = new Set([
  'description',
  'asset_type',
  'location',
  'manufacturer',
  'model',
  'serial_number',
  'category',
  'assigned_to',
  'due_date',
  'purchase_date',
  'warranty_expiry',
]);

/** The payload as checked fields, in our names; throws `rejected` naming the field at fault. */
export function fieldsOf(entity: Entity, payload: JsonObject, noun: string): JsonObject {
  const parsed = PAYLOADS[entity]?.safeParse(payload);
  if (parsed === undefined) throw new Failure('rejected', `ChatterFix's ${noun} is read only.`);
  if (parsed.success) return parsed.data as JsonObject;
  const issue = parsed.error.issues[0];
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
  const path = unknown ?? issue?.path.map(String).join('.') ?? '';
  const reason =
    unknown === undefined
      ? `cannot take "${path}": ${issue?.message ?? 'it does not fit'}`
      : `has no field "${path}"; correct mappings/chatterfix/${entity}.yaml`;
  throw new Failure('rejected', `A ChatterFix ${noun} ${reason}.`, { path });
}

/** The fields of ours that this generation has a place for; lines of an asset's description are places too. */
export function storable(
  entity: Entity,
  shape: ObjectShape,
  fields: JsonObject,
  verb: 'create' | 'update',
): JsonObject {
  const names = placesOf(entity, shape, verb);
  return Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name)));
}

function placesOf(entity: Entity, shape: ObjectShape, verb: 'create' | 'update'): ReadonlySet<string> {
  const { later = [], fixed = [] } = shape;
  const own =
    verb === 'update'
      ? [...shape.writable, ...later].filter((name) => !fixed.includes(name))
      : shape.writable.filter((name) => !later.includes(name));
  return new Set([...own, ...(entity === 'asset' ? LINE_FIELDS : [])]);
}

export interface BodyParts {
  entity: Entity;
  profile: Profile;
  shape: ObjectShape;
  config: Pick<ChatterfixConfig, 'openStatus'>;
}

/** The body of a create. `mark` finds it again; it may be in the description or, where there is a unique field, nowhere. */
export function createBody(
  parts: BodyParts,
  fields: JsonObject,
  reference: string,
  mark: string | null,
): JsonObject {
  const { entity, shape } = parts;
  const all: JsonObject = {};
  for (const [name, value] of Object.entries(shape.defaults))
    if (placesOf(entity, shape, 'create').has(name)) all[name] = value === '$reference' ? reference : value;
  for (const [name, value] of Object.entries(fields)) if (value !== null) all[name] = value;
  return wireOf(parts, { ...all, ...describe(parts, null, all, mark) }, 'create');
}

/** The body of an update: what changes, or the whole record with it where an update replaces the record (contract 4.3). */
export function updateBody(parts: BodyParts, row: JsonObject, fields: JsonObject): JsonObject {
  const { entity, shape } = parts;
  const described = describe(parts, row, fields, null);
  const changed = wireOf(parts, { ...fields, ...described }, 'update');
  if (shape.update !== 'replace') return changed;
  const body: JsonObject = {};
  for (const name of shape.writable) {
    const own = wireName(shape, name);
    if (own in changed) continue;
    body[own] = shownOf(entity, shape, row, name) ?? shape.defaults[name] ?? null;
  }
  return { ...body, ...changed };
}

/**
 * What a row shows of a field, under whatever name. A replace clears every field that it does not carry, so a field that the
 * row does not show at all, not even as empty, makes the replace impossible.
 */
export function shownOf(entity: Entity, shape: ObjectShape, row: JsonObject, name: string): Json {
  const spelling = [wireName(shape, name), ...spellingsOf(entity, name)].find((known) =>
    Object.hasOwn(row, known),
  );
  if (spelling !== undefined) return row[spelling] ?? null;
  throw new Failure(
    'rejected',
    `This ChatterFix replaces a ${shape.noun} as a whole and does not show its "${name}", which a change would clear; change the ${shape.noun} there.`,
    { path: name, code: HIDDEN_FIELD },
  );
}

/** A row as it will be shown when a body has been written to it, whatever names the two use. */
export function overlaid({ entity, shape }: BodyParts, row: JsonObject, body: JsonObject): JsonObject {
  const names = new Map(
    [...shape.writable, ...(shape.later ?? [])].map((name) => [wireName(shape, name), name]),
  );
  const replaced = new Set(Object.keys(body).flatMap((own) => spellingsOf(entity, names.get(own) ?? own)));
  const kept = Object.entries(row).filter(([name]) => !replaced.has(name));
  return { ...Object.fromEntries(kept), ...body };
}

/** An update that would clear what nobody can see. */
export const HIDDEN_FIELD = 'hidden_field';

/** The description with its lines and its mark, when one of them changes. */
function describe(
  { entity, shape }: BodyParts,
  row: JsonObject | null,
  fields: JsonObject,
  mark: string | null,
): JsonObject {
  const lineNames =
    entity === 'asset' ? LINE_FIELDS.filter((name) => name in fields && !shape.writable.includes(name)) : [];
  if (row !== null && !('description' in fields) && lineNames.length === 0) return {};
  const before = parseDescription(typeof row?.['description'] === 'string' ? row['description'] : '');
  const lines: Record<string, string> = entity === 'asset' ? { ...before.lines } : {};
  for (const name of lineNames) {
    const value = fields[name];
    if (typeof value === 'string' && value !== '') lines[name] = value;
    else Reflect.deleteProperty(lines, name);
  }
  const wanted = 'description' in fields ? fields['description'] : before.text;
  const text = typeof wanted === 'string' ? wanted : '';
  // A number that stood in the old text and not in the new one is not gone: nobody meant to take it away.
  const spoken = spokenSerial(before.text);
  const keepsIt = entity === 'asset' && spoken !== null && !shape.writable.includes('serial_number');
  if (keepsIt && !('serial_number' in fields) && spokenSerial(text) !== spoken)
    lines['serial_number'] ??= spoken;
  const written = writeDescription({
    text,
    lines,
    mark: mark ?? before.mark,
  });
  // At least one character is asked for (contract 4.2); the reader knows a title that stands in.
  const title = fields['title'] ?? row?.['title'] ?? null;
  return { description: written === '' && entity === 'work_order' ? title : written };
}

function wireOf(parts: BodyParts, fields: JsonObject, verb: 'create' | 'update'): JsonObject {
  const { shape } = parts;
  const { later = [], fixed = [] } = shape;
  const places =
    verb === 'create'
      ? shape.writable
      : [...shape.writable, ...later].filter((name) => !fixed.includes(name));
  const body: JsonObject = {};
  for (const [name, value] of Object.entries(fields)) {
    if (!places.includes(name)) continue;
    body[wireName(shape, name)] = value === null ? nothing(parts, name) : native(parts, name, value);
  }
  return body;
}

function wireName(shape: ObjectShape, name: string): string {
  return shape.renamed?.[name] ?? name;
}

/** What empties a field: null, "" or a default, as the generation understands it. */
function nothing({ entity, profile, shape }: BodyParts, name: string): Json {
  if (shape.update === 'replace') return shape.defaults[name] ?? null;
  if (profile.nullClears) return null;
  if (TEXTS.has(name)) return '';
  throw new Failure(
    'rejected',
    `The ${profile.title} of ChatterFix takes null for "leave alone", so "${name}" of a ${shape.noun} cannot be emptied; enter another value.`,
    { path: `${entity}.${name}` },
  );
}

function native({ entity, profile, shape, config }: BodyParts, name: string, value: Json): Json {
  if (typeof value !== 'string') return value;
  if (name === 'status' && entity === 'work_order')
    return spelled(profile, statusWord(profile, value, config));
  if (name === 'status' && profile.spelling === 'title')
    return spelled(profile, value === 'disposed' ? 'retired' : value);
  if (name === 'status' || name === 'priority' || name === 'criticality') return spelled(profile, value);
  const isId = name === 'asset_id' ? profile.integerIds : name === 'assigned_to' && profile.assigneeIsId;
  if (!isId) return value;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new Failure(
    'rejected',
    `The ${profile.title} of ChatterFix takes a number for "${name}" of a ${shape.noun}, not "${cutText(value, 40)}"; correct the settings \`people\` or the mapping.`,
    { path: name },
  );
}
