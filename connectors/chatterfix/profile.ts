/**
 * What can be said of one generation of ChatterFix, and how it spells what is ours. Which generation says what is in
 * profiles.ts.
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
  /** Those that only a create takes. */
  fixed?: readonly string[];
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
