/** What operations on connections need beyond the store: the systems and Temporal, handed in. */
import type { JsonObject } from '../../domain/json.ts';
import type { ConnectionRow } from '../../store/connections/connections.ts';
import type { Tx } from '../../store/index.ts';
import type { PersonDeps } from '../person.ts';
import type { EntityCapabilityView } from './connectors.ts';
import type { EntityLook } from './entity-look.ts';

export interface CheckedSettings {
  config: JsonObject;
  secret: JsonObject;
  /** Null when both are complete; else one sentence that names what is missing. */
  problem: string | null;
}

export interface ProbeResult {
  account: string;
  version: string | null;
}

/** What the vendor's side and Temporal do for a connection. Every call is bounded in time and fails with a `Failure`. */
export interface ConnectionActions {
  systems(): readonly SystemView[];
  /** Judges settings and credentials by the connector's schemas. Throws `invalid_request` with the path. */
  check(system: string, config: JsonObject, secret: JsonObject): { config: JsonObject; secret: JsonObject };
  checkConfig(system: string, config: JsonObject): JsonObject;
  checkSecret(system: string, secret: JsonObject): JsonObject;
  fromBasics(system: string, basics: Basics): { config: JsonObject; secret: JsonObject };
  seal(tx: Tx, tenantId: string, connectionId: string, secret: JsonObject): Promise<void>;
  /** Logs in; settings that the system tells of itself are kept in the actor's name. */
  probe(connection: ConnectionRow, actor: string): Promise<ProbeResult>;
  start(connection: ConnectionRow): Promise<void>;
  /** Has the workflow look at the connection's row; one that does not run has nothing to look for. */
  look(connection: ConnectionRow): Promise<void>;
  /** Has the workflow try now, whatever it waits for. */
  retry(connection: ConnectionRow): Promise<void>;
  /** Ends the workflow; what is under way is waited for. */
  end(connection: ConnectionRow): Promise<void>;
  /** Reads the system and counts what a first pass would do; nothing is kept but settings that the system tells of itself. */
  firstLook(request: {
    connection: ConnectionRow;
    actor: string;
    recordsMax: number;
    signal: AbortSignal;
  }): Promise<EntityLook[]>;
  syncNow(connection: ConnectionRow, mode: 'poll' | 'full' | 'sweep'): Promise<string>;
  cancelRun(connection: ConnectionRow, runId: string): Promise<void>;
}

export interface SystemView {
  system: string;
  title: string;
  source: string;
  auth_modes: readonly string[];
  webhooks: boolean;
  limits: Readonly<Record<string, number>>;
  capabilities: Readonly<Record<string, EntityCapabilityView>>;
  config_schema: JsonObject;
  secret_schema: JsonObject;
}

export interface Basics {
  url: string;
  apiKey: string | null;
  username: string | null;
  password: string | null;
}

export interface ConnectionDeps extends PersonDeps {
  actions: ConnectionActions;
}
