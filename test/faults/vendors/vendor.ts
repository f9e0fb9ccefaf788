/**
 * What a scenario must know of one system: how people there enter and read a record, through the sandbox's control port,
 * which calls can go wrong and which of its manners can be turned. Written from the vendors' contracts, not from our
 * mappings, so that a wrong mapping shows up.
 */
import type { FaultRule, Random, SandboxControl } from '../../../connectors/kit/sandbox/index.ts';
import type { Json, JsonObject } from '../../../domain/json.ts';

export type Kind = 'work_order' | 'asset' | 'location';
export const KINDS = ['location', 'asset', 'work_order'] as const satisfies readonly Kind[];

export type Row = Record<string, unknown>;

/** One vendor's spelling of one field. */
export interface Spelling {
  /** What a person changes there to say it, given the record (null: a new one); null when it cannot be said there. */
  write(value: Json, row: Row | null, control: SandboxControl): JsonObject | null;
  /** As the hub would have it; null when nothing is there. */
  read(row: Row): Json;
}

/** Where people of a vendor see the records of one kind. */
export interface Screen {
  /** What the control port calls them. */
  object: string;
  /** By canonical field; a field that is missing cannot be typed there, or not without loss. */
  fields: Readonly<Record<string, Spelling>>;
  externalId(row: Row): string;
  /** What else a person types into a new record. */
  entered?(key: string, control: SandboxControl): JsonObject;
  /** Rows of the object that are of this kind; all when absent. */
  holds?(row: Row, control: SandboxControl): boolean;
}

export interface Vendor {
  /** Null: the system has no such records. */
  screens: Readonly<Record<Kind, Screen | null>>;
  /**
   * Kinds that people there keep, but that this installation's contract does not open to us: the product promises to leave
   * them alone, not to carry them. None when absent.
   */
  apart?(seed: number): readonly Kind[];
  /** Settings of the connection beside those the sandbox gives. */
  config?(seed: number): JsonObject;
  /** How this installation of it is, from the beginning. */
  prepare?(control: SandboxControl, seed: number): void;
  /** Calls that faults are laid on, one of them at random; none when nothing lies between us and the system. */
  calls: readonly NonNullable<FaultRule['match']>[];
  /** Turns that a scenario may give to the system's manners. */
  dials(random: Random): readonly { name: string; value: Json }[];
  /** How the dials are laid back to rest. */
  rest: Readonly<Record<string, Json>>;
  /**
   * Records that move without a date by which changes could be asked for, once the dial is turned. They are read again one
   * page a pass, in rounds that begin at most once in `everyMs`: what people did shows up after a whole round.
   */
  undated?: { kind: Kind; dial: string; everyMs: number };
  /** Writes that one edit of an order takes there, as its state is: one when absent. */
  writesOfAnEdit?(row: Row): number;
  /** Whether the sandbox counts what the API writes; where it does not, the rows themselves are compared. */
  countsWrites: boolean;
  comments?: {
    /** What is typed into a work order so that it says this; null where people's comments cannot be entered. */
    said(text: string): JsonObject | null;
    /** How often the text stands there. */
    heard(control: SandboxControl, rows: readonly Row[], text: string): number;
    /** Whether what was said can be read again, so that a send of unknown outcome is cleared up. */
    readable: boolean;
  };
  /** The steps of a work order as people there edit them, one at a time; absent where the API neither shows nor takes them. */
  steps?: {
    /** The member with what the step says. */
    title: string;
    /** What a person types into a new step, given the number the next one would have. */
    entered(said: string, number: number): JsonObject;
  };
  /** A row made by the dial that inserts a copy of the newest row between two pages. */
  isCopy?(row: Row): boolean;
}

/** Text as it is; markup that a vendor's editor adds is no part of it. */
export function text(field: string): Spelling {
  return {
    write: (value) => ({ [field]: value }),
    read: (row) => plain(row[field]),
  };
}

export function plain(value: unknown): string | null {
  return typeof value === 'string'
    ? value
        .replace(/<[^>]*>/g, '')
        .replace(/&nbsp;/g, ' ')
        .trim()
    : null;
}

/** What a field that holds text says; nothing else is text. */
export function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An empty text says nothing. */
export function textOrNothing(field: string): Spelling {
  return { ...text(field), read: (row) => plain(row[field]) || null };
}

export function instant(field: string): Spelling {
  return {
    write: (value) => ({ [field]: value }),
    read: (row) => {
      const value = row[field];
      if (typeof value !== 'string') return null;
      const zoned = /(Z|[+-]\d\d:?\d\d)$/.test(value) ? value : `${value.replace(' ', 'T')}Z`;
      return new Date(Date.parse(zoned)).toISOString();
    },
  };
}

export function epoch(field: string): Spelling {
  return {
    write: (value) => ({ [field]: typeof value === 'string' ? Date.parse(value) : null }),
    read: (row) => (typeof row[field] === 'number' ? new Date(row[field]).toISOString() : null),
  };
}

/** Hours there, minutes here. */
export function hours(field: string): Spelling {
  return {
    write: (value) => (typeof value === 'number' ? { [field]: value / 60 } : null),
    read: (row) => {
      const value = row[field];
      return typeof value === 'number' ? Math.round(value * 6_000) / 100 : null;
    },
  };
}

export function words(field: string, values: Readonly<Record<string, Json>>): Spelling {
  return {
    write: (value) => {
      const spelled = typeof value === 'string' ? values[value] : undefined;
      return spelled === undefined ? null : { [field]: spelled };
    },
    read: (row) => Object.entries(values).find(([, spelled]) => spelled === row[field])?.[0] ?? null,
  };
}
