/** What the sync activities are given, and what one record looks like on its way through them. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { HeldPaths } from '../../domain/merge/held-values.ts';
import type { HubWrite } from '../../hub/writer.ts';
import type { CommentOutcome, Connector, Session, SystemIdentity } from '../../connectors/kit/contract.ts';
import type { Drift, SchemaChange } from '../../mappings/engine/drift.ts';
import type { CompiledMapping, MappedCommentLike, PullResult } from '../../mappings/engine/format.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { FileStore } from '../../store/files/files.ts';
import type { Repositories, Store, Tx } from '../../store/index.ts';
import type { Counts } from '../../store/runs/runs.ts';
import type { RecordMeta } from '../../store/links/staging.ts';

/** Whose mapping is asked for: a connection, or a system as shipped. */
export type MappedConnection = Pick<ConnectionRow, 'system'> &
  Partial<Pick<ConnectionRow, 'overrides' | 'held'>>;

export interface SyncDeps {
  store: Store;
  repo: Repositories;
  /** Content of files. */
  files: FileStore;
  /** Epoch milliseconds. */
  now: () => number;
  /** A new time-ordered uuid. */
  newId: () => string;
  /** Ten random characters [0-9A-Z] for a vendor's reference field. */
  newReference: () => string;
  connector: (system: string) => Connector;
  /** Whether two connections can meet the same records. */
  sharesRecords: (a: SystemIdentity, b: SystemIdentity) => boolean;
  /** The shipped mapping of a system with the connection's own changes, if it has any, without the rules that are held. */
  mapping: (connection: MappedConnection, entity: Entity) => CompiledMapping | null;
  /** What a change of the vendor's schema does to the connection's rules. */
  drift: (connection: MappedConnection, entity: Entity, change: SchemaChange) => Drift[];
  /** Every field list any system's mapping matches this entity by. */
  matchRules: (entity: Entity) => readonly (readonly string[])[];
  /** Opens a logged-in session; unseals the credentials. The caller closes it. */
  openSession: (connection: ConnectionRow, signal: AbortSignal) => Promise<Session>;
  /** Tells every other connection of the tenant that the hub changed. */
  pokeOthers: (tenantId: string, connectionId: string) => Promise<void>;
  /** Tests stop the work between two steps here; in production it does nothing. */
  crashPoint: (name: string) => void;
}

/** One entity of one connection within one run. */
export interface EntityScope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
  runId: string;
  /** RFC 3339 instant of this step. */
  at: string;
}

/** A vendor record to apply. */
export interface Incoming {
  meta: RecordMeta;
  raw: JsonObject;
  /** What the mapping made of it, when that was done ahead while an earlier page was being written. */
  mapped?: PullResult;
  /** Set when the record is the vendor's answer to our own write. */
  pushed?: PushedState;
  /**
   * Set when the vendor refused our write: what differs stays as it is until somebody changes it or replays. The version
   * is that of the hub record which was refused; a later one is another word and is pushed.
   */
  refused?: { hubVersion: number };
}

/** What we had written when the vendor answered with this record. */
export interface PushedState {
  hubId: string;
  created: boolean;
  /**
   * False when we only know that the record exists: found after an unknown outcome, or refused half-way. Then what it
   * shows is compared with what we wanted, and the rest is still to be written.
   */
  certain: boolean;
  /** The hub record as it was when the push was decided. */
  values: JsonObject;
  hubVersion: number;
  fields: ReadonlySet<string>;
  /** Fields left out because they refer to something that cannot be made there: still to be written when it appears. */
  withheld: ReadonlySet<string>;
  /** What a person was deciding: the vendor's own values went out there. */
  held: HeldPaths;
  comments: readonly CommentOutcome[];
}

/** A mapped record: canonical fields, its references still the vendor's ids until they are resolved. */
export interface Candidate {
  incoming: Incoming;
  fields: JsonObject;
  comments: MappedCommentLike[];
  /** References are hub ids already. */
  resolved?: boolean;
  /** The record does not show everything it says yet: its link keeps no content hash, so that the next pull looks again. */
  incomplete?: boolean;
}

export interface ApplyContext {
  deps: SyncDeps;
  tx: Tx;
  scope: EntityScope;
  mapping: CompiledMapping;
  /** The connection's config: readable in mappings as `$context`. */
  config: JsonObject;
  /** What a person decided about unlinked records: external id to the hub record it is, or null for a record of its own. */
  decided?: ReadonlyMap<string, string | null>;
  /** The entity was not read to its end yet. */
  firstReading?: boolean;
}

/** What the hub is written with when a connection's system says something. */
export function hubWriteOf(
  deps: Pick<SyncDeps, 'matchRules'>,
  tx: Tx,
  { tenantId, entity, connectionId, runId, at }: EntityScope,
): HubWrite {
  return {
    rules: deps,
    tx,
    scope: {
      tenantId,
      entity,
      originConnectionId: connectionId,
      runId,
      at,
      readingSource: `connection:${connectionId}`,
    },
  };
}

export type { Counts };

/** Adds `n` to a counter. */
export function count(counts: Counts, name: string, n = 1): void {
  if (n !== 0) counts[name] = (counts[name] ?? 0) + n;
}
