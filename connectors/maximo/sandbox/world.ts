/**
 * What every part of the sandbox shares: the tables, the domains, the clock, the users and the dials. The control port
 * turns the dials (contract section 9: switches); each is explained where it is read.
 */
import type { Database, Row } from './database.ts';
import type { ServerZone } from './date-time.ts';
import type { ObjectStructure } from './model.ts';
import type { PublishDial } from './publish-channel.ts';
import type { Domains } from './domains.ts';

export interface User {
  name: string;
  password: string;
  apiKey: string;
  personId: string;
  /** Records of other sites do not exist for this user. */
  sites: readonly string[];
}

export interface Dials {
  zone: ServerZone;
  /** mxe.oslc.maxpagesize: a larger page is an error, not cut. */
  maxPageSize: number | null;
  /** Pages even when the client did not ask (contract 3.5, auto paging). */
  autoPageSize: number | null;
  /** Attributes no structure has, in select: an error, or left out of the answer (unknown, contract 10.3). */
  unknownAttributes: 'refuse' | 'ignore';
  /** `status` in a create: applied after the insert, or not stored (unknown, contract 10.7). */
  createStatus: 'honoured' | 'ignored';
  /** A worklog must exist before COMP. */
  statusRequiresWorklog: boolean;
  /** Errors come as a gateway's HTML page. */
  htmlErrors: boolean;
  /** The API key is refused. */
  expiredKey: boolean;
  /** How many coming pages are each preceded by an insert of somebody else. */
  insertWhilePaging: number;
  /** Where hints of changes are posted (contract 5.4). */
  publishChannel: PublishDial | null;
}

export interface Stamp {
  /** Epoch milliseconds of the sandbox's clock. */
  now(): number;
  /** The time a write gets as changedate; n writes may share one. */
  forWrite(): number;
  /** Makes the next n writes share one time. */
  share(writes: number): void;
}

/** Tells the control port what was written. */
export type ReportWrite = (kind: 'created' | 'updated' | 'deleted', mbo: string) => void;

export interface World {
  db: Database;
  domains: Domains;
  stamp: Stamp;
  dials: Dials;
  users: User[];
  /** Organisation of each site. */
  sites: Map<string, string>;
  report: ReportWrite;
  /** Inserts a row as somebody else would, for the dial insertWhilePaging. */
  disturb(structure: ObjectStructure): void;
  /** Permitted target states of a work order, as the wire shows them. */
  allowedStates(row: Row): Record<string, unknown[]>;
  /** Next number of a sequence: wonum, ticketid. */
  nextNumber(sequence: string): string;
}

export const ITEM_SET = 'ITEMSET1';

export function defaultDials(): Dials {
  return {
    zone: { text: '+00:00', offsetMs: 0 },
    maxPageSize: null,
    autoPageSize: null,
    unknownAttributes: 'refuse',
    createStatus: 'honoured',
    statusRequiresWorklog: false,
    htmlErrors: false,
    expiredKey: false,
    insertWhilePaging: 0,
    publishChannel: null,
  };
}

export function createStamp(now: () => number): Stamp {
  let shared = 0;
  let at = 0;
  return {
    now,
    forWrite() {
      if (shared > 0) {
        shared -= 1;
        return at;
      }
      return now();
    },
    share(writes) {
      shared = writes;
      at = now();
    },
  };
}
