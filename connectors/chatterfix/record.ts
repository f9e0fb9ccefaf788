/**
 * One spelling for everything the generations of ChatterFix say differently (contract 7, 9, 11, 12): names of fields, ids as
 * text, words in lower snake case, times as instants. The result is `raw`, what mappings read and what is kept.
 */
import { createHash } from 'node:crypto';
import type { Entity } from '../../domain/entities/index.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { ChatterfixConfig } from './config.ts';
import { parseDescription, spokenSerial } from './description.ts';
import type { Profile } from './profile.ts';
import { instantOf } from './wall-time.ts';
import { idOf } from './wire.ts';

/** Other names in circulation, in the order of contract 12; the first that is there counts. */
const ALIASES: Readonly<Partial<Record<Entity, Readonly<Record<string, string>>>>> = {
  work_order: {
    assigned: 'assigned_to',
    technician: 'assigned_to',
    asset: 'asset_id',
    assigned_asset_id: 'asset_id',
    dueDate: 'due_date',
    created_date: 'created_at',
    updated_date: 'updated_at',
    completed_date: 'completed_at',
    completion_date: 'completed_at',
    work_summary: 'completion_notes',
  },
  asset: {
    // The enterprise edition's word for the type.
    category: 'asset_type',
    asset_code: 'asset_tag',
    next_maintenance: 'next_maintenance_date',
    last_maintenance: 'last_maintenance_date',
  },
  part: {
    sku: 'part_number',
    current_stock: 'quantity',
    stock_qty: 'quantity',
    quantity_on_hand: 'quantity',
    stock_quantity: 'quantity',
    min_stock_level: 'min_stock',
    min_qty: 'min_stock',
    minimum_stock_level: 'min_stock',
    max_stock_level: 'max_stock',
    max_qty: 'max_stock',
    bin_location: 'location',
    uom: 'unit',
    unit_of_measure: 'unit',
  },
  plan: {
    task_name: 'title',
    name: 'title',
    frequency: 'frequency_value',
  },
};

/** Only shown by a read of one record, so that list and read agree (contract 6). */
const EXTRAS = new Set([
  'activity',
  'parts_used',
  'attachments',
  'recent_work_orders',
  'maintenance_schedules',
  'recent_transactions',
  'supplier_info',
]);
const IDS = ['id', 'asset_id', 'assigned_to', 'created_by', 'supplier_id'];
const INSTANTS = [
  'created_at',
  'updated_at',
  'due_date',
  'completed_at',
  'started_at',
  'next_due',
  'last_completed',
];
const WORDS = ['status', 'priority', 'criticality', 'frequency_unit', 'frequency_type'];
const NUMBERS = [
  'estimated_hours',
  'actual_hours',
  'quantity',
  'min_stock',
  'max_stock',
  'unit_cost',
  'frequency_value',
  'estimated_duration',
];

/** Every name under which a row may show a field of ours. */
export function spellingsOf(entity: Entity, name: string): string[] {
  const aliases = Object.entries(ALIASES[entity] ?? {});
  return [name, ...aliases.flatMap(([alias, ours]) => (ours === name ? [alias] : []))];
}

export type RecordSettings = Pick<ChatterfixConfig, 'serverZone' | 'databaseZone' | 'people' | 'locations'>;

export function normalise(
  entity: Entity,
  row: JsonObject,
  profile: Profile,
  settings: RecordSettings,
): JsonObject {
  const raw: JsonObject = {};
  const aliases = ALIASES[entity] ?? {};
  for (const [name, value] of Object.entries(row))
    if (value !== null && !EXTRAS.has(name) && !Object.hasOwn(aliases, name)) raw[name] = value;
  for (const [alias, name] of Object.entries(aliases)) {
    const value = row[alias];
    if (value !== undefined && value !== null) raw[name] ??= value;
  }
  for (const name of IDS) if (typeof raw[name] === 'number') raw[name] = String(raw[name]);
  for (const name of WORDS) if (typeof raw[name] === 'string') raw[name] = word(raw[name]);
  for (const name of NUMBERS) if (name in raw) raw[name] = numeric(raw[name] as Json);
  for (const name of INSTANTS) {
    const zone = profile.databaseTimes.includes(name) ? settings.databaseZone : settings.serverZone;
    const value = raw[name];
    // What is no time stays as it is, so that the mapping can say so.
    if (typeof value === 'string') raw[name] = instantOf(value, zone) ?? value;
  }
  // The enterprise edition estimates in minutes (contract 7).
  const minutes = raw['estimated_duration'];
  if (entity === 'plan' && typeof minutes === 'number') raw['estimated_hours'] ??= minutes / 60;
  if (raw['is_active'] === 1 || raw['is_active'] === 0) raw['is_active'] = raw['is_active'] === 1;
  if (entity === 'work_order') detach(row, raw, profile);
  describe(entity, raw, profile);
  place(entity, raw, settings);
  return raw;
}

/**
 * A reference to an asset that cannot be read would make the work order wait for it for ever: the generation has no assets
 * (contract 7), or the id is one of none, which the empty joined name tells (contract 4.2).
 */
function detach(row: JsonObject, raw: JsonObject, profile: Profile): void {
  const id = raw['asset_id'];
  if (id === undefined || (profile.objects.asset !== undefined && row['asset_name'] !== null)) return;
  delete raw['asset_id'];
  raw['asset_reference'] = id;
}

/** The text people wrote, without our mark and lines; what the lines say counts where there is no field for it. */
function describe(entity: Entity, raw: JsonObject, profile: Profile): void {
  const written = raw['description'];
  if (typeof written !== 'string') return;
  const { text, lines } = parseDescription(written);
  const shown = entity === 'asset' ? text : withLines(text, lines, written);
  if (entity === 'asset') {
    for (const [name, value] of Object.entries(lines)) raw[name] ??= value;
    const spoken = spokenSerial(text);
    const hasField = profile.objects.asset?.writable.includes('serial_number') === true;
    if (spoken !== null && !hasField) raw['serial_number'] ??= spoken;
  }
  // A work order may not have an empty description (contract 4.2): its title stands in for it.
  if (shown === '' || (entity === 'work_order' && shown === raw['title'])) delete raw['description'];
  else raw['description'] = shown;
}

/** Only assets keep fields in lines; elsewhere such lines are what people wrote. */
function withLines(text: string, lines: Readonly<Record<string, string>>, written: string): string {
  return Object.keys(lines).length === 0 ? text : written.replace(/\s*\[ext:[A-Z0-9]{1,10}\]\s*$/, '');
}

/** References that the settings can resolve: ChatterFix has neither a list of users nor one of locations (contract 4.5, 9). */
function place(entity: Entity, raw: JsonObject, { people, locations }: RecordSettings): void {
  if (entity === 'work_order') {
    const names = [raw['assigned_to'], raw['assigned_username']].flatMap((value) =>
      typeof value === 'string' ? [same(value)] : [],
    );
    const person = people.find(({ id, username, name }) =>
      [id, username, name].some((known) => known !== undefined && names.includes(same(known))),
    );
    if (person !== undefined) raw['assignee_id'] = person.id;
  }
  const at = raw['location'];
  if (entity === 'asset' && typeof at === 'string') {
    const found = locations.find(({ text }) => same(text) === same(at));
    if (found !== undefined) raw['location_id'] = found.text;
  }
}

/** `In Progress`, `in-progress` and `IN_PROGRESS` are one word (contract 11). */
export function word(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
}

function same(text: string): string {
  return text.trim().toLowerCase();
}

function numeric(value: Json): Json {
  if (typeof value !== 'string' || value.trim() === '') return value;
  const number = Number(value);
  return Number.isNaN(number) ? value : number;
}

/** The version is a hash of the content: no generation has a mark that moves with every change (contract 9). */
export function recordOf(entity: Entity, raw: JsonObject): ExternalRecord {
  const externalId = idOf(raw['id']);
  if (externalId === null) {
    throw new Failure(
      'unexpected_response',
      'ChatterFix sent a record without an id; report it to who runs it.',
      {
        path: 'id',
      },
    );
  }
  const updatedAt = raw['updated_at'];
  const number = raw['code'] ?? raw['number'] ?? raw['wo_number'];
  return {
    externalId,
    address: null,
    version: createHash('sha256').update(canonicalJson(raw)).digest('hex').slice(0, 32),
    updatedAt: typeof updatedAt === 'string' && updatedAt.endsWith('Z') ? updatedAt : null,
    number: entity !== 'work_order' ? null : typeof number === 'string' ? number : `CF-${externalId}`,
    raw,
  };
}
