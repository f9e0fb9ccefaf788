/** The vendor-specific dials: behaviour of real accounts that a client must survive (contract 6, 8, 10). */
import { STATUSES } from './schema.ts';

export interface WebhookDial {
  /** Extra copies of each delivery. */
  duplicate: number;
  delayMs: number;
  /** Probability that an event is never delivered. */
  drop: number;
  /** A receiver has this long to answer. */
  timeoutMs: number;
  /** Pause before the second and third try. */
  retryMs: number;
}

export interface Dials {
  /** A list without results answers 404. */
  emptyListIs404: boolean;
  /** Unknown body fields are refused. */
  strictFields: boolean;
  /** How statuses are shown; null shows the API's own words. */
  statusLabels: Readonly<Record<string, string>> | null;
  /** References arrive expanded although nobody asked. */
  expandWithoutAsking: boolean;
  webhooks: WebhookDial;
  /** Lists do not yet show the changes of the last so many milliseconds, or the last so many writes. */
  staleReads: { ms: number; writes: number };
  /** After a page of this resource is served, somebody inserts a record; so many times. */
  insertWhilePaging: { object: string; times: number };
  /** So many consecutive writes share one timestamp. */
  equalTimestamps: number;
  /** Of tokens issued from now on. */
  tokenLifetimeMs: number;
  /** Titles of work orders the account may not see: all, or those of the listed ids. */
  permissionPlaceholderTitle: boolean | readonly string[];
  /** The account's work-order categories; others are refused. null accepts any, as foreign clients need (contract 8). */
  categories: readonly string[] | null;
  /** A reading leaves the meter's `updatedAt` alone. */
  quietReadings: boolean;
  /** Origin of the addresses files are read from; null is the API's own. */
  storageOrigin: string | null;
}

const ODD_LABELS = { open: 'Open', onHold: 'ON_HOLD', inProgress: 'In-Progress', complete: 'Complete' };
/** Resources that a title or a name is enough for. */
const INSERTABLE: readonly string[] = ['locations', 'assets', 'parts', 'meters', 'requests', 'work-orders'];
const DAY_MS = 86_400_000;

export function createDials(): Dials {
  return {
    emptyListIs404: false,
    strictFields: false,
    statusLabels: null,
    expandWithoutAsking: false,
    webhooks: { duplicate: 0, delayMs: 0, drop: 0, timeoutMs: 5_000, retryMs: 100 },
    staleReads: { ms: 0, writes: 0 },
    insertWhilePaging: { object: 'work-orders', times: 0 },
    equalTimestamps: 1,
    tokenLifetimeMs: DAY_MS,
    permissionPlaceholderTitle: false,
    categories: null,
    quietReadings: false,
    storageOrigin: null,
  };
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}

function text(value: unknown, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}

function texts(value: unknown): string[] | null {
  return Array.isArray(value) ? value.map(String) : null;
}

/** Sets one dial; null or false returns it to rest. */
export function setDial(dials: Dials, name: string, value: unknown): void {
  const rest = createDials();
  switch (name) {
    case 'emptyListIs404':
    case 'strictFields':
    case 'expandWithoutAsking':
    case 'quietReadings':
      dials[name] = value === true;
      return;
    case 'statusLabels': {
      const labels = object(value);
      const given = Object.fromEntries(STATUSES.map((status) => [status, text(labels[status], status)]));
      dials.statusLabels =
        value === 'odd' ? ODD_LABELS : typeof value === 'object' && value !== null ? given : null;
      return;
    }
    case 'webhooks': {
      const given = object(value);
      const next = { ...rest.webhooks };
      for (const key of Object.keys(next) as (keyof WebhookDial)[]) next[key] = number(given[key], next[key]);
      dials.webhooks = next;
      return;
    }
    case 'staleReads': {
      const given = object(value);
      dials.staleReads = { ms: number(given['ms'] ?? value, 0), writes: number(given['writes'], 0) };
      return;
    }
    case 'insertWhilePaging': {
      const given = object(value);
      const times = value === true ? Number.MAX_SAFE_INTEGER : number(given['times'] ?? value, 0);
      const target = text(given['object'], rest.insertWhilePaging.object);
      if (!INSERTABLE.includes(target)) throw new TypeError(`Insert into one of ${INSERTABLE.join(', ')}.`);
      dials.insertWhilePaging = { object: target, times };
      return;
    }
    case 'equalTimestamps':
    case 'tokenLifetimeMs':
      dials[name] = number(value, rest[name]);
      return;
    case 'permissionPlaceholderTitle':
      dials.permissionPlaceholderTitle = texts(value) ?? value === true;
      return;
    case 'storageOrigin':
      dials.storageOrigin = typeof value === 'string' ? value : null;
      return;
    case 'categories':
      dials.categories = texts(value);
      return;
    default:
      throw new TypeError(`The dial "${name}" is unknown; use one of ${Object.keys(rest).join(', ')}.`);
  }
}
