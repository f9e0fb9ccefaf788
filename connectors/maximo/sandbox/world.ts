/**
 * What every part of the sandbox shares: the tables, the domains, the clock, the users and the dials. The control port
 * turns the dials (contract section 9: switches); each is explained where it is read.
 */
import type { Past } from '../../kit/sandbox/index.ts';
import type { Database, Row } from './database.ts';
import type { Dials } from './dials.ts';
import type { Domains } from './domains.ts';

export interface User {
  name: string;
  password: string;
  apiKey: string;
  personId: string;
  /** Records of other sites do not exist for this user. */
  sites: readonly string[];
}

export interface Stamp {
  /** Epoch milliseconds of the sandbox's clock. */
  now(): number;
  /** The time a write gets as changedate. */
  forWrite(): number;
}

/** Tells the control port what was written. */
export type ReportWrite = (kind: 'created' | 'updated' | 'deleted', mbo: string) => void;

export interface World {
  db: Database;
  past: Past<string, Row>;
  domains: Domains;
  stamp: Stamp;
  dials: Dials;
  users: User[];
  /** Organisation of each site. */
  sites: Map<string, string>;
  report: ReportWrite;
  /** Permitted target states of a work order, as the wire shows them. */
  allowedStates(row: Row): Record<string, unknown[]>;
  /** Next number of a sequence: wonum, ticketid. */
  nextNumber(sequence: string): string;
}

export const ITEM_SET = 'ITEMSET1';
