/** What a connector tells the conformance suite about itself: how to start its sandbox, and what is special about its records. Types only. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { Connector } from './contract.ts';
import type { NetworkPolicy } from './network.ts';
import type { RunningSandbox } from './sandbox/index.ts';

/** A call as the sandbox's fault rules match it; `path` is a regular expression. */
export interface CallMatch {
  method: string;
  path: string;
}

export interface EntityFixture {
  /** What the sandbox's control port calls the vendor's object. */
  object: string;
  /** The control port's id of one of its records; `id` when absent. */
  idOf?: (record: Record<string, unknown>) => string;
  /** The external ids a record of the control port shows itself as; its id when absent. */
  externalIdsOf?: (record: Record<string, unknown>) => string[];
  /** Fields of the n-th new record, as a person in the vendor's own screens would enter it; absent when none can be entered. */
  insert?: (n: number, sandbox: RunningSandbox) => Record<string, unknown>;
  /** What such a person changes, and how a pulled record shows it (all fields as they are, when absent). */
  change?: Record<string, unknown>;
  shows?: (raw: JsonObject, fields: Record<string, unknown>) => boolean;
  /** Payload of the n-th create; different n must differ in the natural key. */
  create?: (n: number, sandbox: RunningSandbox) => JsonObject;
  createCall?: CallMatch;
  /** Payload of an update to a record made by `create`. */
  update?: JsonObject;
  updateCall?: CallMatch;
  /** Whether a record shows itself as taken out of use; wanted where the manifest says that it retires them. */
  retired?: (raw: JsonObject) => boolean;
  /** The call that takes it out of use. */
  retireCall?: CallMatch;
  /** A payload to create that the vendor refuses for good. */
  refused?: JsonObject;
  /** Fields of the payload that show themselves unchanged, to try what the wire does to literals. */
  literals?: LiteralFields;
  /** Texts of the comments on a record, as the sandbox holds them. */
  commentsOf?: (sandbox: RunningSandbox, externalId: string) => string[];
}

export interface LiteralFields {
  text?: string;
  instant?: string;
  /** Instants are sent as milliseconds. */
  epoch?: true;
  number?: string;
}

export interface ConformanceOptions {
  connector: Connector;
  /** What tells several lines of one system apart: a way to log in, a generation, a dialect. */
  variant?: string;
  /** A fresh sandbox and how to connect to it. */
  start(): Promise<{ config: JsonObject; secret: JsonObject; sandbox: RunningSandbox }>;
  /** Well-formed credentials that the sandbox refuses; null when the system asks for none. */
  wrongSecret: JsonObject | null;
  fixtures: Partial<Record<Entity, EntityFixture>>;
  /** Whether a login gives a session that can expire; `writes`: only what writing needs, such as a token against forgery. */
  sessions: boolean | 'writes';
  /** Its records are not those the shipped mappings are written for: another generation, a document of its own. */
  ownRecords?: true;
  /** Fields of `raw` that the shipped mapping of an entity reads. */
  reads?: Partial<Record<Entity, readonly string[]>>;
  /**
   * What can break between connector and system. `http` (default): every effect of the sandbox kit. `connection`: no HTTP
   * lies in between, only `timeout`, `reset_before` and `drop_after_commit` mean something. `none`: nothing, as with a file.
   */
  faults?: 'http' | 'connection' | 'none';
  /** Which addresses tests may reach; loopback when absent. */
  network?: NetworkPolicy;
  /** The configuration pointed to where nobody listens, and what the failure must name; null when there is no address. */
  unreachable?: ((config: JsonObject) => { config: JsonObject; names: string }) | null;
  /** The configuration with an address that is none. */
  misconfigured?: (config: JsonObject) => JsonObject;
}
