/** What the HTTP API is given by the program that serves it. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Principal } from '../../plant/keys/api-keys.ts';
import type { CallCounts } from '../../plant/keys/call-counts.ts';
import type { ConnectionActions } from '../../plant/connections/connections.ts';
import type { MappingActions } from '../../plant/mappings/mappings.ts';
import type { SchemaActions } from '../../plant/schemas/schemas.ts';
import type { SyncSteps } from '../../plant/person.ts';
import type { ReceiveWebhookDeps } from '../../plant/connections/receive-webhook.ts';
import type { PersonDeps } from '../../plant/person.ts';
import type { RequestLine } from './frame/request-line.ts';
import type { HealthDeps } from './health.ts';
import type { NoticeAnswers } from './notices.ts';

export interface ApiDeps {
  store: PersonDeps['store'];
  /** Where failures to log in and requests are counted; all processes together. */
  counts: CallCounts;
  /** Epoch milliseconds. */
  now(): number;
  newId(): string;
  steps: SyncSteps;
  actions: ConnectionActions;
  mappings: MappingActions;
  schemas: SchemaActions;
  webhook: ReceiveWebhookDeps;
  /** Absent: nobody answers notices here. */
  notices?: NoticeAnswers;
  health: HealthDeps;
  /** Checks a bearer token that is no API key; rejects with `unauthorized`. Absent: only API keys come in. */
  verifyToken?: (token: string) => Promise<Principal>;
  /** Tells the connections of a tenant that the hub changed. */
  wake(tenantId: string, entities?: readonly Entity[]): Promise<void>;
  /** Receives each request when it was answered. */
  onAnswer(line: RequestLine): void;
  /** Receives what went wrong inside, without payloads; of which request, where it was one. */
  onBug(error: unknown, requestId?: string): void;
  settings: ApiSettings;
}

export interface ApiSettings {
  /** Origins that browsers may call from; empty means none. */
  corsOrigins: readonly string[];
  /** Requests one key or user may make in a minute. */
  requestsPerMinute: number;
  /** Addresses and ranges of proxies whose X-Forwarded-For tells the client's address; nobody's when absent. */
  trustedProxies?: readonly string[];
  /** Requests of one client address that may fail to authenticate in a minute; `FAILURES_PER_MINUTE` when absent. */
  failuresPerMinute?: number;
  /** Version shown in the OpenAPI document. */
  version: string;
}
