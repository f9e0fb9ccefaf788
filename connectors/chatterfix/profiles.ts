/**
 * The generations of ChatterFix as data: where records live, how lists end, what can be written and how it is spelled
 * (contract 4 to 7, 11). Reading and writing walk this table; none of them asks for a generation by name.
 */
import type { ProfileName } from './config.ts';
import type { Listing, Profile } from './profile.ts';

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
        fixed: ['asset_id', 'due_date'],
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
  /**
   * Contract 7 and its corrections. Asset and part lists are always empty there and their writes are not kept. A PUT replaces
   * the order, and no answer shows its asset: a change would clear it, so none is offered.
   */
  september: {
    ...usual,
    name: 'september',
    title: 'first release (27 September 2025)',
    objects: {
      work_order: {
        ...kebab,
        listing: atOnce(null, null),
        readOne: false,
        created: 'record',
        update: null,
        remove: true,
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
