/**
 * The generations of ChatterFix as data: where records live, how lists end, what can be written and how it is spelled
 * (contract 4 to 7, 11). Reading and writing walk this table; none of them asks for a generation by name.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { ChatterfixConfig, ProfileName } from './config.ts';

/** Which host answers: one for all, or one each (contract 5). */
export type Service = 'main' | 'assets' | 'parts';

export type Listing =
  /** Pages by offset; `max` is the largest page, `total` says where the number of records is told. */
  | { by: 'offset'; max: number | null; total: 'stats' | 'envelope' | null }
  /** One answer holds everything; `limit` is what asks for it. More rows than `cap` are cut off there without a word. */
  | { by: 'whole'; limit: string | null; cap: number | null };

export interface ObjectShape {
  service: Service;
  /** Of the collection, as it must be spelled: a missing or extra slash answers 307. */
  path: string;
  noun: string;
  listing: Listing;
  /** Newest first, so that what was just created is on the first page. */
  newestFirst: boolean;
  /** Whether one record can be asked for by its id. */
  readOne: boolean;
  /** What a create answers; null when nothing can be created. */
  created: 'id' | 'record' | 'nothing' | null;
  /** A full replace needs the whole record, a partial one takes what changes; null when nothing can be changed. */
  update: 'replace' | 'partial' | null;
  remove: boolean;
  /** Fields that can be written, in our names; `later` ones only by an update. */
  writable: readonly string[];
  later?: readonly string[];
  /** Our name to theirs, where they differ. */
  renamed?: Readonly<Record<string, string>>;
  /** What a create must carry although we know nothing of it; `$reference` is unique for ever. */
  defaults: Readonly<Record<string, string | number>>;
  /** A field that is unique there: a lost create is found by it, and by the mark in the description where there is none. */
  natural?: string;
}

export interface Profile {
  name: ProfileName;
  title: string;
  objects: Readonly<Partial<Record<Entity, ObjectShape>>>;
  /** Whether ids are integers: they are texts in the engine and numbers on the wire. */
  integerIds: boolean;
  /** Whether `assigned_to` is a user's id; elsewhere it is a name. */
  assigneeIsId: boolean;
  /** `lower` is lower snake case, `title` is `In Progress`. */
  spelling: 'lower' | 'title';
  /** Statuses that are taken; any when null. */
  statuses: readonly string[] | null;
  /** Null in an update: empties the field, or means "leave alone" (contract 5). */
  nullClears: boolean;
  /** Times the database stamps; all other naive times are the application's. */
  databaseTimes: readonly string[];
  attachments: boolean;
  /** Whether `POST /api/query` is known to change a work order (contract 4.8). */
  sql: boolean;
}

const WORK_ORDER = ['title', 'description', 'status', 'priority', 'assigned_to', 'asset_id'];
const ASSET = ['name', 'description', 'location', 'asset_type', 'status'];
const PART = ['name', 'part_number', 'description', 'category', 'location', 'quantity', 'min_stock'];
const WORDS = ['open', 'in_progress', 'completed', 'on_hold', 'cancelled'];

const kebab = {
  service: 'main',
  path: '/api/work-orders',
  noun: 'work order',
  newestFirst: true,
  defaults: { status: 'open', priority: 'medium' },
} as const;
const assets = {
  service: 'assets',
  path: '/api/assets',
  noun: 'asset',
  newestFirst: true,
  defaults: { description: '', location: '', asset_type: '', status: 'active' },
} as const;
const parts = {
  service: 'parts',
  path: '/api/parts',
  noun: 'part',
  newestFirst: true,
  defaults: { description: '', category: '', location: '', quantity: 0, min_stock: 0, unit_cost: 0 },
} as const;
const byOffset = { by: 'offset', max: null, total: 'stats' } as const;
const atOnce = (limit: string | null, cap: number | null): Listing => ({ by: 'whole', limit, cap });
const readOnly = { created: null, update: null, remove: false, writable: [], defaults: {} } as const;

const usual = {
  integerIds: true,
  assigneeIsId: false,
  spelling: 'lower',
  statuses: null,
  nullClears: true,
  databaseTimes: [],
  attachments: false,
  sql: false,
} as const;

export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  /** Contract 4. */
  unified: {
    ...usual,
    name: 'unified',
    title: 'unified backend (5 October 2025)',
    assigneeIsId: true,
    statuses: WORDS,
    databaseTimes: ['created_at', 'updated_at', 'uploaded_at'],
    attachments: true,
    sql: true,
    objects: {
      work_order: {
        ...kebab,
        listing: byOffset,
        readOne: false,
        created: 'id',
        update: null,
        remove: false,
        // `due_date` is taken and dropped (4.2), so it is not sent.
        writable: [...WORK_ORDER, 'estimated_hours'],
      },
      asset: {
        ...assets,
        listing: byOffset,
        readOne: true,
        created: 'id',
        update: 'replace',
        remove: false,
        writable: ASSET,
      },
      part: {
        ...parts,
        listing: byOffset,
        readOne: true,
        created: 'id',
        update: 'replace',
        remove: false,
        writable: [...PART, 'unit_cost'],
        natural: 'part_number',
      },
      plan: {
        service: 'main',
        path: '/api/pm-schedules',
        noun: 'PM schedule',
        newestFirst: false,
        // The statistics count inactive schedules too, the list does not show them (4.6).
        listing: { by: 'offset', max: null, total: null },
        readOne: false,
        ...readOnly,
      },
    },
  },
  /** Contract 5. */
  microservices: {
    ...usual,
    name: 'microservices',
    title: 'microservices (19 October 2025)',
    nullClears: false,
    objects: {
      work_order: {
        ...kebab,
        path: '/api/work_orders',
        listing: atOnce('0', null),
        readOne: true,
        created: 'nothing',
        update: 'partial',
        remove: true,
        writable: [...WORK_ORDER, 'due_date', 'estimated_hours', 'actual_hours'],
      },
      asset: {
        ...assets,
        listing: atOnce('0', null),
        readOne: true,
        created: 'nothing',
        update: 'partial',
        remove: true,
        writable: [
          ...ASSET,
          'manufacturer',
          'model',
          'serial_number',
          'purchase_date',
          'warranty_expiry',
          'next_maintenance_date',
        ],
      },
      part: {
        ...parts,
        listing: atOnce('0', null),
        readOne: true,
        created: 'nothing',
        update: 'partial',
        remove: true,
        writable: [...PART, 'max_stock', 'unit_cost', 'supplier'],
        renamed: {
          quantity: 'current_stock',
          min_stock: 'min_stock_level',
          max_stock: 'max_stock_level',
        },
      },
    },
  },
  /** Contract 6. Keeps nothing over a restart. */
  consolidated: {
    ...usual,
    name: 'consolidated',
    title: 'consolidated service (25 October 2025)',
    spelling: 'title',
    statuses: WORDS,
    objects: {
      work_order: {
        ...kebab,
        path: '/work_orders/',
        newestFirst: false,
        listing: { by: 'offset', max: 500, total: 'envelope' },
        readOne: true,
        created: 'record',
        update: 'partial',
        remove: false,
        writable: [...WORK_ORDER, 'due_date', 'estimated_hours'],
        // A create always starts as Open.
        later: ['status', 'actual_hours'],
      },
      asset: {
        ...assets,
        path: '/assets/',
        newestFirst: false,
        listing: { by: 'offset', max: 500, total: 'envelope' },
        readOne: true,
        created: 'record',
        update: 'partial',
        remove: false,
        writable: [
          ...ASSET,
          'asset_tag',
          'manufacturer',
          'model',
          'serial_number',
          'criticality',
          'purchase_date',
          'warranty_expiry',
          'installation_date',
        ],
        renamed: { asset_tag: 'asset_code' },
        defaults: { ...assets.defaults, asset_tag: '$reference' },
      },
      part: {
        ...parts,
        path: '/parts/',
        newestFirst: false,
        listing: { by: 'offset', max: 500, total: 'envelope' },
        readOne: true,
        created: 'record',
        update: null,
        remove: false,
        writable: [...PART, 'max_stock', 'unit_cost', 'unit'],
        renamed: {
          part_number: 'sku',
          quantity: 'stock_qty',
          min_stock: 'min_qty',
          max_stock: 'max_qty',
          unit: 'uom',
        },
      },
    },
  },
  /** Contract 7. Lists end at 100 rows, and show five made-up ones while the database is away. */
  cmms6b: {
    ...usual,
    name: 'cmms6b',
    title: 'CMMS service (21 October 2025)',
    objects: {
      work_order: {
        ...kebab,
        listing: atOnce('100', 100),
        readOne: true,
        created: 'record',
        update: 'partial',
        remove: false,
        writable: [...WORK_ORDER, 'due_date', 'estimated_hours'],
        later: ['actual_hours'],
      },
      asset: {
        ...assets,
        listing: atOnce('100', 100),
        readOne: true,
        created: 'record',
        update: null,
        remove: false,
        writable: ASSET,
      },
      part: {
        ...parts,
        listing: atOnce('100', 100),
        readOne: true,
        created: 'record',
        update: null,
        remove: false,
        writable: [...PART, 'unit_cost'],
        renamed: { quantity: 'quantity_on_hand', min_stock: 'minimum_stock_level' },
      },
    },
  },
  /** Contract 7. Its updates take query parameters and its deletes always fail, so neither is offered. */
  enterprise3: {
    ...usual,
    name: 'enterprise3',
    title: 'enterprise edition (29 October 2025)',
    integerIds: false,
    objects: {
      work_order: {
        ...kebab,
        listing: atOnce(null, null),
        readOne: false,
        created: 'id',
        update: null,
        remove: false,
        writable: [...WORK_ORDER, 'due_date', 'estimated_hours'],
      },
      asset: {
        ...assets,
        listing: atOnce(null, null),
        readOne: false,
        created: 'id',
        update: null,
        remove: false,
        writable: ASSET,
      },
      part: {
        ...parts,
        listing: atOnce(null, null),
        readOne: false,
        created: 'id',
        update: null,
        remove: false,
        writable: [...PART, 'unit_cost'],
      },
      plan: {
        service: 'main',
        path: '/api/preventive-maintenance',
        noun: 'PM schedule',
        newestFirst: false,
        listing: atOnce(null, null),
        readOne: false,
        ...readOnly,
      },
      person: {
        service: 'main',
        path: '/api/users',
        noun: 'user',
        newestFirst: false,
        listing: atOnce(null, null),
        readOne: false,
        ...readOnly,
      },
    },
  },
  /** Contract 7. Asset and part lists are always empty there and their writes are not kept. */
  september: {
    ...usual,
    name: 'september',
    title: 'first release (27 September 2025)',
    objects: {
      work_order: {
        ...kebab,
        listing: atOnce(null, null),
        readOne: false,
        created: 'id',
        update: 'replace',
        remove: false,
        writable: [...WORK_ORDER, 'due_date'],
        renamed: { assigned_to: 'assigned', due_date: 'dueDate', asset_id: 'asset' },
      },
    },
  },
  /** Contract 7. Made for browsers: at most 50 work orders can be read, nothing written. */
  firestore: {
    ...usual,
    name: 'firestore',
    title: 'cloud edition (December 2025)',
    integerIds: false,
    spelling: 'title',
    objects: {
      work_order: { ...kebab, listing: atOnce(null, 50), readOne: false, ...readOnly },
    },
  },
};

/** A record's own address; collections with a slash at their end have none behind the id. */
export function itemPath(shape: ObjectShape, id: string): string {
  return `${shape.path.replace(/\/$/, '')}/${encodeURIComponent(id)}`;
}

/** The status a generation takes for a word of ours (contract 12.2): several of ours may be one of theirs. */
export function statusWord(
  profile: Profile,
  word: string,
  config: Pick<ChatterfixConfig, 'openStatus'>,
): string {
  const coarse: Readonly<Record<string, string>> = {
    waiting_parts: 'on_hold',
    waiting_approval: 'on_hold',
    assigned: 'open',
    scheduled: 'open',
    closed: 'completed',
  };
  if (profile.statuses === null) {
    if (word === 'closed') return 'completed';
    return word === 'open' && profile.name === 'microservices' ? config.openStatus : word;
  }
  return profile.statuses.includes(word) ? word : (coarse[word] ?? word);
}

/** `in_progress` as the generation writes it. */
export function spelled(profile: Profile, word: string): string {
  if (profile.spelling === 'lower') return word;
  return word
    .split('_')
    .map((piece) => piece.charAt(0).toUpperCase() + piece.slice(1))
    .join(' ');
}
