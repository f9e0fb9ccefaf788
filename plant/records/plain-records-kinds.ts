/**
 * The records that the API offers alike: how sentences call them, what names such a record, and what keeps one from being
 * deleted. Their fields stand in the tables of domain/entities.
 */
import type { Entity } from '../../domain/entities/index.ts';

export interface RecordKind {
  entity: Entity;
  /** As sentences call it. */
  noun: string;
  /** Fields that name a record beside its id and number, the surest first. */
  keys: readonly string[];
  /** The key that no second live record may have. */
  unique: string | null;
  /** Values a new record gets when the caller says nothing. */
  initial: Readonly<Record<string, string | boolean>>;
  /** Records that refer to this one and keep it from being deleted; `open` counts only those in these states. */
  heldBy: readonly { entity: Entity; field: string; noun: string; open?: readonly string[] }[];
}

const COMMON = { initial: {}, heldBy: [] } as const;

const OPEN_ORDER = ['requested', 'scheduled', 'in_progress', 'on_hold'];

export const ASSET: RecordKind = {
  ...COMMON,
  entity: 'asset',
  noun: 'asset',
  keys: ['tag'],
  unique: 'tag',
  initial: { status: 'operational' },
  heldBy: [
    { entity: 'work_order', field: 'asset', noun: 'open work orders', open: OPEN_ORDER },
    { entity: 'asset', field: 'parent', noun: 'assets below it' },
  ],
};

export const LOCATION: RecordKind = {
  ...COMMON,
  entity: 'location',
  noun: 'location',
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
  keys: ['partNumber'],
  unique: 'partNumber',
};

export const METER: RecordKind = {
  ...COMMON,
  entity: 'meter',
  noun: 'meter',
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
