/**
 * What a connector is to the rest of the product: data about the system (manifest) and a session with a few verbs.
 * A connector knows vendor records and vendor field names only; canonical fields, merging and storage are not its business.
 */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { Failure } from '../../domain/kernel/failure.ts';
import type { NetworkPolicy } from './network.ts';

/** What the system can do with one entity. Said here instead of failing at run time. */
export interface EntityCapability {
  read: boolean;
  /** `incremental` reads what changed since a watermark; `full` can only walk everything. */
  pull: 'incremental' | 'full' | 'none';
  create: boolean;
  update: boolean;
  remove: boolean;
  comments: 'read_write' | 'write' | 'read' | 'none';
  /** Files on the record; absent means none. */
  attachments?: 'read_write' | 'read' | 'write' | 'none';
  /** How a create whose outcome is unknown is found again. */
  findCreated: 'reference' | 'natural_key' | 'none';
  /** The vendor's own way of taking a record out of use without deleting it; absent: there is none. */
  retire?: RetireCapability;
  /** One sentence on what the vendor cannot do here, for the capability table. */
  note?: string;
}

export interface RetireCapability {
  /** In the vendor's words, for people: `status DECOMMISSIONED`, `the deletion flag`. */
  by: string;
  /** Whether there is a way back. */
  undo: boolean;
}

export interface Manifest {
  system: string;
  title: string;
  /** Contract page and date the facts were taken from. */
  source: string;
  capabilities: Readonly<Record<Entity, EntityCapability>>;
  limits: {
    pageSize: number;
    pageSizeMax: number;
    writeBatch: number;
    parallel: number;
    /** Requests per second the connector allows itself unless the connection says otherwise. */
    requestsPerSecond: number;
    /** Re-read window of incremental pulls, milliseconds. */
    overlapMs: number;
  };
  authModes: readonly string[];
  webhooks: boolean;
}

/** One record of the vendor as a pull shows it. `raw` is what mappings read and what is kept. */
export interface ExternalRecord {
  /** The identity links and references use; stable for the life of the record. */
  externalId: string;
  /** Where the vendor's calls address it (rest id, href tail), when that is not the external id. */
  address: string | null;
  /** The vendor's version mark (`_rowstamp`, `updatedAt`), to refuse a write onto a moved record. */
  version: string | null;
  /** RFC 3339 UTC instant of the vendor's last change, when it tells. */
  updatedAt: string | null;
  /** The number people know the record by there, e.g. wonum. */
  number: string | null;
  /** The vendor refuses every change to it (closed history); nothing is pushed to it any more. */
  readOnly?: boolean;
  /**
   * Within which part of the system its keys and numbers mean one thing (a Maximo site, a SAP plant). Two records of one
   * system that differ in it are two things, whatever their numbers say. Absent or null: the whole system.
   */
  scope?: string | null;
  raw: JsonObject;
}

/** A row that is no record: without an id, or in a shape nobody can read. It is set aside; its page goes on. */
export interface BrokenRecord {
  /** Where it is known all the same. */
  externalId: string | null;
  /** Says which row of which list, what is wrong with it and what to do. */
  failure: Failure;
  /** The row as it came, as far as JSON can hold it. */
  raw: JsonObject;
}

export interface PullRequest {
  /** Opaque, made by the connector; null reads everything from the start. */
  cursor: string | null;
  pageSize: number;
}

export interface PullPage {
  records: ExternalRecord[];
  /** Rows of this page that are no records. */
  broken?: BrokenRecord[];
  /** Where to go on; when `more` is false, where the next pass starts (its overlap already subtracted). */
  cursor: string;
  more: boolean;
  /** With the last page: why this walk may have missed records, in words for people. What it showed is good. */
  incomplete?: string;
}

/** A comment to append. `key` is ours; `maybeSent` means an earlier try had an unknown outcome. */
export interface NewComment {
  key: string;
  text: string;
  author: string | null;
  at: string;
  maybeSent: boolean;
}

export interface CreateOp {
  /** The hub record's id: correlates the outcome. */
  key: string;
  /** At most 10 characters [A-Z0-9], unique for ever in this connection: sent in the vendor's reference field if it has one. */
  reference: string;
  /** RFC 3339 instant when the intent was stored: lower bound of a search for what may have been created. */
  intendedAt: string;
  /** Vendor field names and values, from the push mapping. */
  payload: JsonObject;
  comments: NewComment[];
}

export interface UpdateOp {
  key: string;
  externalId: string;
  address: string | null;
  /** The version the decision was based on; the write must not land on another. */
  version: string | null;
  /** Only the vendor fields that change. Empty when only comments are appended. */
  payload: JsonObject;
  comments: NewComment[];
  /** External ids of the comments already known on this record (so that `maybeSent` ones can be told apart). */
  knownComments: string[];
}

/** What became of one appended comment; a vendor that does not tell ids gives null. */
export interface CommentOutcome {
  key: string;
  outcome: 'done' | 'unknown' | 'rejected';
  externalId: string | null;
}

/** One call, or one kind of call, of a write that takes several. */
export interface WriteStep {
  /** In the vendor's words: `status APPR`, `SetMaintOrderStatusToLocked`, `labor`. */
  name: string;
  /** Names of the payload's fields that it carries; none for a step that only makes way for others. */
  fields: readonly string[];
  /** Fields of `ExternalRecord.raw` that a pull shows differently after it, as far as that is known before. */
  shows?: JsonObject;
}

/**
 * How far a write of several calls got before it was refused, put off or lost.
 * - `as_before`: the record stands as it did, because nothing was applied or what was applied has been taken back.
 * - `between`: the steps in `done` stand there and those in `remaining` do not.
 * - `unknown`: as `between`, but the first of `remaining` may have been applied.
 *
 * What `done` shows on the record is ours and nobody's edit. A repeat of the same write goes on from where it stands.
 */
export interface WriteProgress {
  stands: 'as_before' | 'between' | 'unknown';
  /** Applied and not taken back, in order. */
  done: readonly WriteStep[];
  /** Still to come, in order; the one that failed is the first. */
  remaining: readonly WriteStep[];
}

/**
 * What became of one write.
 * - `done`: applied; `record` is the vendor's record as a pull would now show it.
 * - `stale`: the record moved since `version`; nothing was written; `record` is how it is now.
 * - `missing`: the record does not exist any more.
 * - `rejected`: the vendor refused; repeating cannot help. `record` when part of a multi-call write was applied.
 * - `retry`: the write is not complete, try again later (throttle, outage); without `progress` surely nothing was applied.
 * - `unknown`: may have been applied; ask `findCreated` (create) or read again (update) before repeating.
 *
 * The last three carry `progress` whenever the write takes several calls and any of them was sent, and `record`, the
 * record as it stands now, whenever it could be read after that.
 */
export type WriteOutcome =
  | { key: string; outcome: 'done'; record: ExternalRecord; comments: CommentOutcome[] }
  | { key: string; outcome: 'stale'; record: ExternalRecord }
  | { key: string; outcome: 'missing' }
  | {
      key: string;
      outcome: 'rejected';
      failure: Failure;
      record?: ExternalRecord;
      comments?: CommentOutcome[];
      progress?: WriteProgress;
    }
  | {
      key: string;
      outcome: 'retry' | 'unknown';
      failure: Failure;
      record?: ExternalRecord;
      progress?: WriteProgress;
    };

/** A record to take out of use, or to bring back. */
export interface RetireOp {
  externalId: string;
  address: string | null;
}

/**
 * What became of taking a record out of use, or of bringing it back. `done`: it is so, also when it was so before;
 * `record` is how a pull now shows it (null when it left the lists), `undo` is what `reinstate` needs for the way back
 * and is kept by the caller. The others mean what they mean of a write.
 */
export type RetireOutcome =
  | { outcome: 'done'; record: ExternalRecord | null; undo: JsonObject | null }
  | { outcome: 'missing' }
  | {
      outcome: 'rejected' | 'retry' | 'unknown';
      failure: Failure;
      record?: ExternalRecord;
      progress?: WriteProgress;
    };

/** What a search for a possibly created record found. More than one candidate is for a person to decide. */
export interface FoundCreated {
  key: string;
  candidates: ExternalRecord[];
  /**
   * The search proves nothing: candidates differ from what was sent, as if people had changed them since, or nothing sent tells
   * ours from others. Even a single candidate is for a person, and so is a second create where none was found.
   */
  doubtful?: true;
}

/** A file on a vendor's record, without its content. */
export interface ExternalAttachment {
  /** Stable for the life of the file, unique on its record. */
  externalId: string;
  name: string;
  mediaType: string | null;
  bytes: number | null;
  /** RFC 3339 UTC instant. */
  createdAt: string | null;
}

/** A file to add to a vendor's record. */
export interface NewAttachment {
  name: string;
  mediaType: string;
  bytes: number;
  /** SHA-256 of the content, hex. */
  sha256: string;
  /** The content from its start; each call opens it anew. */
  open(): Promise<Readable>;
}

/**
 * What became of a file that was added. `unknown`: it may have arrived; the caller lists the record's files before it
 * sends again. `retry`: surely not stored.
 */
export type AttachmentOutcome =
  | { outcome: 'done'; externalId: string | null }
  | { outcome: 'rejected' | 'retry' | 'unknown'; failure: Failure };

export interface Attachments {
  /** All files of one record, oldest first. A record that does not exist has none. */
  list(entity: Entity, externalId: string, address: string | null): Promise<ExternalAttachment[]>;
  /** The content as a stream; never whole in memory. The caller destroys a stream it does not read to the end. */
  open(
    entity: Entity,
    externalId: string,
    address: string | null,
    attachment: ExternalAttachment,
  ): Promise<Readable>;
  add(
    entity: Entity,
    externalId: string,
    address: string | null,
    file: NewAttachment,
  ): Promise<AttachmentOutcome>;
}

/** A field as the vendor itself describes it, or as samples show it. */
export interface DiscoveredField {
  type:
    | 'text'
    | 'integer'
    | 'number'
    | 'boolean'
    | 'instant'
    | 'date'
    | 'reference'
    | 'object'
    | 'list'
    | 'unknown';
  /** Null when the source does not tell. */
  nullable: boolean | null;
  maxLength?: number;
  readOnly?: boolean;
  /** In a schema of metadata: only records show this field, so that its absence would prove nothing. */
  sampled?: boolean;
  values?: readonly string[];
  /** Fields of an object, or of a list's elements. */
  item?: Readonly<Record<string, DiscoveredField>>;
}

export interface DiscoveredSchema {
  /** `samples`: a field not listed may exist all the same. */
  source: 'metadata' | 'samples';
  /** Top-level names are those of `ExternalRecord.raw`. Absent: the entity does not exist there. */
  entities: Readonly<
    Partial<Record<Entity, { object: string; fields: Readonly<Record<string, DiscoveredField>> }>>
  >;
}

export interface KeyPage {
  externalIds: string[];
  cursor: string | null;
  /** Why this walk may have missed records, in words for people; then nothing is taken for deleted. */
  incomplete?: string;
}

/**
 * Which external system a connection speaks to. Stable text: the same whoever asks and however the address was typed.
 * Two connections reach the same records when `system` is equal and their `scopes` share one, or either sees all.
 */
export interface SystemIdentity {
  /** Address and tenant, e.g. `maximo https://eam.example.com/maximo`. */
  system: string;
  /** The sites, plants or accounts within it that the connection is limited to, sorted; null: everything it may see. */
  scopes: readonly string[] | null;
  /** Who we are there, when that is known without secrets. */
  account: string | null;
}

export interface WebhookSubscription {
  id: string;
  event: string;
}

/**
 * A logged-in conversation with one system. Every method throws a `Failure` and honours the abort signal.
 *
 * An entity that this system lacks although others of its kind have it (a service not switched on, an object structure
 * not there) fails with `absentEntity` of absent-entity.ts: that entity is skipped and said once, the others go on.
 */
export interface Session {
  /**
   * Proves that address and credentials work; cheap. `account` names who we are there; `settings` is what the system told of
   * itself that all that follows depends on, to be kept with the connection's config. It leaves what a person has set, and
   * throws `invalid_config` with the setting's name when the system does not tell either.
   */
  probe(): Promise<{ account: string; version: string | null; settings?: JsonObject }>;
  /** Which system this is; asked when a connection is made or tested, and kept with it. */
  identify?(): Promise<SystemIdentity>;
  pull(entity: Entity, request: PullRequest): Promise<PullPage>;
  /** Reads single records; ids that do not exist are absent from the answer. */
  read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]>;
  /** Outcomes in the order of the operations. Never repeats a create whose outcome is unknown. */
  create(entity: Entity, ops: readonly CreateOp[]): Promise<WriteOutcome[]>;
  update(entity: Entity, ops: readonly UpdateOp[]): Promise<WriteOutcome[]>;
  /**
   * The steps that an update of this record by this payload would take, in order, without taking them; a single one where it is
   * one call. Throws `rejected` where the vendor has no way there, so that it also tells whether there is a way back.
   */
  foresee?(entity: Entity, record: ExternalRecord, payload: JsonObject): Promise<readonly WriteStep[]>;
  /** By reference, or by natural key among records created since `intendedAt`. */
  findCreated(entity: Entity, ops: readonly CreateOp[]): Promise<FoundCreated[]>;
  /** Deletes one record; a record already gone is fine. */
  remove(entity: Entity, externalId: string, address: string | null): Promise<void>;
  /** Takes a record out of use in the vendor's own way; `invalid_request` where the manifest has no `retire`. */
  retire?(entity: Entity, op: RetireOp): Promise<RetireOutcome>;
  /** The way back, with the `undo` that `retire` gave (null when it is not known any more). */
  reinstate?(entity: Entity, op: RetireOp & { undo: JsonObject | null }): Promise<RetireOutcome>;
  /** Walks all keys, for the sweeps that find deletions. */
  keys(entity: Entity, cursor: string | null): Promise<KeyPage>;
  /** What the system's own description says its records look like. */
  discover?(): Promise<DiscoveredSchema>;
  /** Present when the manifest says that some entity has files. */
  attachments?: Attachments;
  webhooks?: {
    subscribe(endpoint: string): Promise<WebhookSubscription[]>;
    unsubscribe(ids: readonly string[]): Promise<void>;
    /** Which entities a delivery is about; the body is a hint, never data. */
    entitiesOf(body: unknown): Entity[];
  };
  close(): Promise<void>;
}

/** The rate budget of one connection, shared by all workers. */
export interface Throttle {
  /** Resolves when one request may be sent; rejects with `cancelled` when the signal fires. */
  acquire(signal: AbortSignal): Promise<void>;
  /** The vendor said stop: nobody sends before that long from now. */
  pause(forMs: number): Promise<void>;
}

export interface SessionDeps {
  throttle: Throttle;
  signal: AbortSignal;
  /** Epoch milliseconds; only `cli` reads the real clock. */
  now(): number;
  tokens: TokenStore;
  /** Settings of the system, kept over the sessions of one connection; absent: each session asks for them. */
  kept?: Kept;
  /** Which addresses the connection may reach; the HTTP client enforces it, other transports must. */
  network: NetworkPolicy;
}

/** Place for what rarely changes in a system (kit/kept.ts). One connection's; losing it costs calls and nothing else. */
export interface Kept {
  /** `at`: epoch milliseconds when it was read there. */
  get(name: string): Promise<{ value: Json; at: number } | null>;
  set(name: string, entry: { value: Json; at: number }): Promise<void>;
}

/** Shared place for a login token, so that workers do not each log in. Values are sealed by the caller. */
export interface TokenStore {
  get(): Promise<string | null>;
  set(token: string | null): Promise<void>;
  /** One worker at a time, over all processes: whoever waited should look at `get` again before it logs in. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
}

/** What a plain form asks for a connection. */
export interface Basics {
  url: string;
  apiKey: string | null;
  username: string | null;
  password: string | null;
}

/** A connector: importable as `connectors/<system>/index.ts`, listed in `connectors/registry.ts`. */
export interface Connector {
  manifest: Manifest;
  /** The manifest of one connection, where its settings decide what can be done; `manifest` for everybody else. Pure and cheap. */
  manifestFor?(config: JsonObject): Manifest;
  /** False while a setting is open that `probe` finds out: nothing is read or written before. Pure and cheap; absent: always true. */
  isComplete?(config: JsonObject): boolean;
  /** Not secret: base URL, site, options. */
  config: z.ZodObject;
  /** Credentials; sealed at rest, never logged, never returned. */
  secret: z.ZodType;
  connect(config: unknown, secret: unknown, deps: SessionDeps): Session;
  /** Settings and credentials out of the plain form, unchecked: the two schemas judge them and name what is missing. */
  fromBasics(basics: Basics): { config: JsonObject; secret: JsonObject };
  /** Which entities a delivery to our webhook is about; empty when the body does not say. The body is a hint, never data. */
  entitiesOf?(body: unknown): Entity[];
}
