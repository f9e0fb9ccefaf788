/**
 * The fields that scenarios edit, as each side spells them: what people type into a vendor's screen and what its raw
 * record shows. Written from the vendors' contracts, not from our mappings, so that a wrong mapping shows up.
 */
import type { Json, JsonObject } from '../../domain/json.ts';

export type Kind = 'work_order' | 'asset' | 'location';
export const KINDS = ['location', 'asset', 'work_order'] as const satisfies readonly Kind[];

/** One vendor's spelling of one field. */
interface Spelling {
  field: string;
  /** As a person types it there. */
  write(value: Json): Json;
  /** As the hub would have it; null when nothing is there. */
  read(value: unknown): Json;
}

interface FieldFacts {
  /** Every edit has a value of its own, stored without loss on both sides: it can be told where it ended. */
  exact: boolean;
  maximo: Spelling | null;
  upkeep: Spelling | null;
}

const text = (field: string): Spelling => ({
  field,
  write: (value) => value,
  read: (value) =>
    typeof value === 'string'
      ? value
          .replace(/<[^>]*>/g, '')
          .replace(/&nbsp;/g, ' ')
          .trim()
      : null,
});
const instant = (field: string): Spelling => ({
  field,
  write: (value) => value,
  read: (value) => (typeof value === 'string' ? new Date(Date.parse(value)).toISOString() : null),
});
const hours = (field: string): Spelling => ({
  field,
  write: (value) => (typeof value === 'number' ? value / 60 : null),
  read: (value) => (typeof value === 'number' ? Math.round(value * 6_000) / 100 : null),
});
const words = (field: string, values: Readonly<Record<string, Json>>): Spelling => ({
  field,
  write: (value) => (typeof value === 'string' ? (values[value] ?? null) : null),
  read: (value) => Object.entries(values).find(([, spelled]) => spelled === value)?.[0] ?? null,
});

/** The work orders' title is the name of the others: the record's key is its first word. */
export const FIELDS: Readonly<Record<Kind, Readonly<Record<string, FieldFacts>>>> = {
  work_order: {
    title: { exact: true, maximo: text('description'), upkeep: text('title') },
    description: { exact: true, maximo: text('description_longdescription'), upkeep: text('description') },
    dueAt: { exact: true, maximo: instant('targcompdate'), upkeep: instant('dueDate') },
    estimatedMinutes: { exact: true, maximo: hours('estdur'), upkeep: hours('estimatedDuration') },
    priority: {
      exact: false,
      maximo: words('wopriority', { none: 0, critical: 1, high: 2, medium: 3, low: 4 }),
      upkeep: words('priority', { none: 0, low: 1, medium: 2, high: 3 }),
    },
    status: {
      exact: false,
      maximo: words('status', {
        requested: 'WAPPR',
        scheduled: 'APPR',
        on_hold: 'WMATL',
        in_progress: 'INPRG',
        completed: 'COMP',
        closed: 'CLOSE',
        cancelled: 'CAN',
      }),
      upkeep: words('status', {
        scheduled: 'open',
        on_hold: 'onHold',
        in_progress: 'inProgress',
        completed: 'complete',
      }),
    },
  },
  asset: {
    name: { exact: true, maximo: text('description'), upkeep: text('name') },
    description: { exact: true, maximo: text('description_longdescription'), upkeep: text('description') },
    manufacturer: { exact: true, maximo: text('manufacturer'), upkeep: text('make') },
  },
  location: {
    name: { exact: true, maximo: text('description'), upkeep: text('name') },
  },
};

export const OBJECTS: Readonly<Record<string, Readonly<Record<Kind, string>>>> = {
  maximo: { work_order: 'mxapiwodetail', asset: 'mxapiasset', location: 'mxapilocations' },
  upkeep: { work_order: 'work-orders', asset: 'assets', location: 'locations' },
};

export function titleField(kind: Kind): 'title' | 'name' {
  return kind === 'work_order' ? 'title' : 'name';
}

export function spellingOf(system: string, kind: Kind, field: string): Spelling | null {
  const facts = FIELDS[kind][field];
  if (facts === undefined) return null;
  return system === 'maximo' ? facts.maximo : facts.upkeep;
}

/** Canonical fields as a person of this vendor types them. */
export function spell(system: string, kind: Kind, fields: JsonObject): Record<string, Json> {
  const spelled: Record<string, Json> = {};
  for (const [field, value] of Object.entries(fields)) {
    const spelling = spellingOf(system, kind, field);
    if (spelling !== null) spelled[spelling.field] = spelling.write(value);
  }
  return spelled;
}
