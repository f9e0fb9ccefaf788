/**
 * The records that the API offers alike: which fields are public under which name, what else names such a record, and
 * what keeps one from being deleted. Names not given here are the hub's own in snake_case.
 */
import { ENTITY_DEFINITIONS, type Entity } from '../../domain/entities/index.ts';

export interface RecordKind {
  entity: Entity;
  /** As sentences call it. */
  noun: string;
  /** Field of the hub to its public name. */
  names: Readonly<Record<string, string>>;
  /** Fields that these operations neither show nor take: others own them. */
  left: readonly string[];
  /** Fields that name a record beside its id and number, the surest first. */
  keys: readonly string[];
  /** The key that no second live record may have. */
  unique: string | null;
  /** Values a new record gets when the caller says nothing. */
  initial: Readonly<Record<string, string | boolean>>;
  /** What an absent list or map is shown as. */
  empty: Readonly<Record<string, readonly never[] | Readonly<Record<string, never>>>>;
  /** Person fields to the field that keeps the text when nobody fits. */
  written: Readonly<Record<string, string>>;
  /** Records that refer to this one and keep it from being deleted; `open` counts only those in these states. */
  heldBy: readonly { entity: Entity; field: string; noun: string; open?: readonly string[] }[];
}

const COMMON = { names: {}, left: [], initial: {}, empty: {}, written: {}, heldBy: [] } as const;

const OPEN_ORDER = ['requested', 'scheduled', 'in_progress', 'on_hold'];

export const ASSET: RecordKind = {
  ...COMMON,
  entity: 'asset',
  noun: 'asset',
  names: {
    tag: 'asset_id',
    type: 'asset_type',
    installedOn: 'installation_date',
    warrantyEndsOn: 'warranty_expiry',
    expectedLifeMonths: 'expected_lifespan',
    responsible: 'responsible_person',
    parent: 'parent_id',
    location: 'location_id',
  },
  // Assessments set it.
  left: ['condition'],
  keys: ['tag'],
  unique: 'tag',
  initial: { status: 'operational' },
  empty: { tags: [], specifications: {} },
  written: { responsible: 'responsibleName' },
  heldBy: [
    { entity: 'work_order', field: 'asset', noun: 'open work orders', open: OPEN_ORDER },
    { entity: 'asset', field: 'parent', noun: 'assets below it' },
  ],
};

export const LOCATION: RecordKind = {
  ...COMMON,
  entity: 'location',
  noun: 'location',
  names: { parent: 'parent_id' },
  keys: ['code', 'name'],
  unique: 'code',
  heldBy: [
    { entity: 'location', field: 'parent', noun: 'locations below it' },
    { entity: 'asset', field: 'location', noun: 'assets there' },
  ],
};

export const PART: RecordKind = {
  ...COMMON,
  entity: 'part',
  noun: 'part',
  names: { store: 'store_id' },
  keys: ['partNumber'],
  unique: 'partNumber',
};

export const METER: RecordKind = {
  ...COMMON,
  entity: 'meter',
  noun: 'meter',
  names: { asset: 'asset_id', location: 'location_id' },

  left: [],
  // Plants give every machine's hour meter the same code.
  keys: ['code'],
  unique: null,
};

export const PERSON: RecordKind = {
  ...COMMON,
  entity: 'person',
  noun: 'person',
  keys: ['code', 'email', 'name'],
  unique: 'code',
};

export const REQUEST: RecordKind = {
  ...COMMON,
  entity: 'request',
  noun: 'request',
  names: { asset: 'asset_id', location: 'location_id', assignee: 'assigned_to' },
  keys: [],
  unique: null,
  initial: { status: 'submitted' },
};

const KINDS: Partial<Record<Entity, RecordKind>> = {
  asset: ASSET,
  location: LOCATION,
  part: PART,
  meter: METER,
  person: PERSON,
  request: REQUEST,
};

/** The fields of an entity that name its records beside id and number. */
export function keysOf(entity: Entity): readonly string[] {
  return KINDS[entity]?.keys ?? [];
}

export interface PublicField {
  /** In the hub. */
  field: string;
  /** In the API. */
  name: string;
  /** The entity it refers to. */
  target: Entity | null;
}

const fieldsByKind = new Map<RecordKind, readonly PublicField[]>();

/** What a kind shows and takes, in the order of its schema. */
export function publicFields(kind: RecordKind): readonly PublicField[] {
  const known = fieldsByKind.get(kind);
  if (known !== undefined) return known;
  const { schema, references } = ENTITY_DEFINITIONS[kind.entity];
  const aside = new Set([...kind.left, ...Object.values(kind.written)]);
  const fields = Object.keys(schema.shape)
    .filter((field) => !aside.has(field))
    .map((field) => ({
      field,
      name: kind.names[field] ?? field.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      target: references[field] ?? null,
    }));
  fieldsByKind.set(kind, fields);
  return fields;
}
