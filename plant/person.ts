/** What an operation needs when a person does something: the store, who it is, and the sync steps people may start by hand. */
import type { FieldShapes } from '../domain/entities/field-shape.ts';
import type { Entity } from '../domain/entities/index.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import type { HubRules } from '../hub/match-keys.ts';
import { appendAudit } from '../store/access/audit.ts';
import type { ConnectionRow } from '../store/connections/connections.ts';
import { repositories, type Store, type Tx } from '../store/index.ts';
import type { RecordMeta } from '../store/links/staging.ts';

export interface PersonDeps {
  store: Store;
  tenantId: string;
  /** Written into the audit log, e.g. `cli:maria`. */
  actor: string;
  /** Epoch milliseconds. */
  now(): number;
  newId(): string;
  steps: SyncSteps;
}

export interface StepScope {
  tenantId: string;
  connectionId: string;
  entity: Entity;
  /** RFC 3339 instant. */
  at: string;
}

/** The sync's own steps, handed in: this layer decides, the sync carries out. The caller holds the connection's lock. */
export interface SyncSteps extends HubRules {
  /** Applies kept vendor records as a pull does; `decided` gives for unlinked ones the hub record, or null for one of its own. */
  apply(
    tx: Tx,
    scope: StepScope,
    records: readonly { meta: RecordMeta; raw: JsonObject }[],
    decided: ReadonlyMap<string, string | null>,
  ): Promise<Record<string, number>>;
  /** Treats links as gone at the vendor, by the connection's policy. */
  removeGone(tx: Tx, scope: StepScope, gone: readonly { externalId: string; hubId: string }[]): Promise<void>;
  /** A kept vendor record as its mapping shows it now, references as hub ids; null when it cannot be mapped. */
  view(tx: Tx, scope: StepScope, raw: JsonObject): Promise<JsonObject | null>;
  /** How the merge looks into the fields of an entity at a connection. */
  shapes(tx: Tx, connectionId: string, entity: Entity): Promise<FieldShapes>;
  /** How records of an entity stand at a connection; null where it is not read. */
  placeOf(connection: ConnectionRow, entity: Entity): EntityPlace | null;
  /** The fields that a system's mapping reads and writes; empty when the entity is not mapped. */
  mappedFields(system: string, entity: Entity): { pulled: readonly string[]; pushed: readonly string[] };
}

/** What a system can hold of an entity, and what a field would be written as there. */
export interface EntityPlace {
  /** Whether records that are missing there are created, and those that are there changed. */
  create: boolean;
  update: boolean;
  pullFields: readonly string[];
  pushFields: readonly string[];
  /** What is written when `field` of these fields changed, references as the system's own ids; null when it cannot be mapped. */
  push(fields: JsonObject, field: string): Promise<JsonObject | null>;
}

/** Most rows a list shows at once. */
export const LIST_MAX = 1_000;

export function instantOf(deps: Pick<PersonDeps, 'now'>): string {
  return new Date(deps.now()).toISOString();
}

export async function audit(
  deps: Pick<PersonDeps, 'tenantId' | 'actor'>,
  tx: Tx,
  entry: { action: string; subject: string; before: Json; after: Json; at: string },
): Promise<void> {
  await appendAudit(tx, deps.tenantId, { actor: deps.actor, ...entry });
}

/** By name or id. */
export async function findConnection(tx: Tx, nameOrId: string): Promise<ConnectionRow> {
  const all = await repositories.connections.list(tx);
  const found = all.find(({ id, name }) => name === nameOrId || id === nameOrId);
  if (found !== undefined) return found;
  const names = all.map(({ name }) => name).join(', ');
  throw new Failure(
    'not_found',
    `There is no connection "${nameOrId}"; there ${names === '' ? 'is none yet' : `are ${names}`}.`,
  );
}

/** Lists name connections; the store wants ids. */
export async function connectionFilter(
  tx: Tx,
  nameOrId: string | undefined,
): Promise<{ connectionId?: string }> {
  return nameOrId === undefined ? {} : { connectionId: (await findConnection(tx, nameOrId)).id };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Refuses what cannot be an id before the database does. */
export function assertId(what: string, id: string): void {
  if (!UUID.test(id))
    throw new Failure('not_found', `There is no ${what} "${id}"; take the id from the list.`);
}
