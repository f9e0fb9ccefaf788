/**
 * Connections in the hands of people and programs: make, look, change, new credentials, try, pause, resume, delete. What
 * needs the vendor or Temporal is handed in as `ConnectionActions`; this file decides and stores.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { EntityCapabilityView } from './connectors.ts';
import {
  connectionDetails,
  countConnectionLinks,
  deleteConnectionRows,
  listConnectionOverviews,
  listConnectionRows,
  updateConnectionRow,
  type ConnectionDetails,
  type ConnectionOverview,
} from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { ConnectionRow, DeletePolicy } from '../../store/connections/connections.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { newDestinations } from './destinations.ts';

export type { ConnectionDetails, ConnectionOverview };

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

export interface NewConnection {
  system: string;
  name: string;
  basics: Basics | null;
  config: JsonObject | null;
  secret: JsonObject | null;
  pollSeconds: number | null;
  requestsPerSecond: number | null;
  deletePolicy: DeletePolicy | null;
  /** The reason when it is made paused; null starts it. */
  paused: string | null;
}

export const MADE_PAUSED = 'It was made paused; resume it to start.';

const INCOMPLETE = 'Settings are incomplete: ';

/**
 * Stores a connection and starts it. The plain form (address, key, user) cannot say everything that some systems need:
 * then the connection is stored paused, with what is missing as the reason. Settings given in full must be right.
 */
export async function createConnection(
  deps: ConnectionDeps,
  wanted: NewConnection,
): Promise<ConnectionDetails> {
  const details = await storeConnection(deps, wanted);
  if (details.state === 'active') await deps.actions.start(details);
  return details;
}

/** Stores it, checked and with its entry in the audit log, and starts nothing. */
export async function storeConnection(
  deps: ConnectionDeps,
  wanted: NewConnection,
): Promise<ConnectionDetails> {
  assertSystem(deps, wanted.system);
  const { config, secret, problem } = settingsOf(deps, wanted);
  const id = deps.newId();
  const at = instantOf(deps);
  const reason = problem === null ? wanted.paused : INCOMPLETE + problem;
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await repositories.connections.insert(tx, {
      id,
      tenantId: deps.tenantId,
      system: wanted.system,
      name: wanted.name,
      config,
      requestsPerSecond: wanted.requestsPerSecond,
      ...(wanted.pollSeconds === null ? {} : { pollSeconds: wanted.pollSeconds }),
      ...(wanted.deletePolicy === null ? {} : { deletePolicy: wanted.deletePolicy }),
    });
    if (reason !== null) await repositories.connections.setState(tx, id, 'paused', reason);
    await deps.actions.seal(tx, deps.tenantId, id, secret);
    await audit(deps, tx, {
      action: 'connection.create',
      subject: `connection/${id}`,
      before: null,
      after: {
        name: wanted.name,
        system: wanted.system,
        config,
        state: reason === null ? 'active' : 'paused',
        reason,
      },
      at,
    });
    return connectionDetails(tx, id);
  });
}

function assertSystem(deps: ConnectionDeps, system: string): void {
  const known = deps.actions.systems().map((one) => one.system);
  if (known.includes(system)) return;
  throw new Failure(
    'invalid_request',
    `cmms_type: there is no connector for "${system}"; choose one of ${known.sort().join(', ')}.`,
    { path: 'cmms_type' },
  );
}

function settingsOf(deps: ConnectionDeps, wanted: NewConnection): CheckedSettings {
  const { system } = wanted;
  const basics = wanted.basics === null ? null : deps.actions.fromBasics(system, wanted.basics);
  const config: JsonObject = { ...basics?.config, ...wanted.config };
  const secret: JsonObject = dropNull(wanted.secret ?? basics?.secret ?? {});
  if (wanted.config !== null && wanted.secret !== null) {
    return { ...deps.actions.check(system, config, secret), problem: null };
  }
  try {
    return { ...deps.actions.check(system, config, secret), problem: null };
  } catch (error) {
    const failure = toFailure(error);
    // An address that may not be reached is refused whatever form it came in.
    if (failure.kind !== 'invalid_request' || failure.code !== null) throw error;
    // What is missing may come later; what the system does not know would be kept and shown, a mistyped password too.
    if (Object.keys(wanted.config ?? {}).some((name) => !isSetting(deps, system, name))) throw error;
    return { config, secret, problem: failure.message };
  }
}

/** Settings of our own, and those the connector's schema names; a schema without names judges itself. */
function isSetting(deps: ConnectionDeps, system: string, name: string): boolean {
  if (name === 'sync' || name === 'pageSize') return true;
  const known = deps.actions.systems().find((one) => one.system === system)?.config_schema['properties'];
  return typeof known !== 'object' || known === null || Object.hasOwn(known, name);
}

function dropNull(values: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}

export async function listAllConnections(
  deps: PersonDeps,
  page: { afterName: string | null; limit: number },
): Promise<ConnectionDetails[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listConnectionRows(tx, page));
}

export async function overviewConnections(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
): Promise<ConnectionOverview[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listConnectionOverviews(tx));
}

export async function readConnection(deps: PersonDeps, id: string): Promise<ConnectionDetails> {
  return deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, id));
}

export interface ConnectionChange {
  name?: string | undefined;
  config?: JsonObject | undefined;
  /** New credentials; a new address needs them. */
  secret?: JsonObject | undefined;
  pollSeconds?: number | undefined;
  requestsPerSecond?: number | null | undefined;
  deletePolicy?: DeletePolicy | undefined;
}

/** Settings are merged field by field; a null clears one. A running connection takes them up with its next pass. */
export async function changeConnection(
  deps: ConnectionDeps,
  id: string,
  change: ConnectionChange,
  assertMayChange: (version: number) => void,
): Promise<ConnectionDetails> {
  const at = instantOf(deps);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    const before = await connectionDetails(tx, id);
    assertMayChange(before.version);
    const config =
      change.config === undefined
        ? before.config
        : deps.actions.checkConfig(before.system, dropNull({ ...before.config, ...change.config }));
    if (change.secret === undefined) assertKnownDestinations(before.config, config);
    else await sealChecked(deps, tx, before, change.secret);
    await updateConnectionRow(tx, id, {
      name: change.name ?? before.name,
      config,
      pollSeconds: change.pollSeconds ?? before.pollSeconds,
      requestsPerSecond:
        change.requestsPerSecond === undefined ? before.requestsPerSecond : change.requestsPerSecond,
      deletePolicy: change.deletePolicy ?? before.deletePolicy,
    });
    const after = await connectionDetails(tx, id);
    await audit(deps, tx, {
      action: 'connection.change',
      subject: `connection/${id}`,
      before: shownInAudit(before),
      after: shownInAudit(after),
      at,
    });
    return after;
  });
}

function assertKnownDestinations(before: JsonObject, after: JsonObject): void {
  const [destination] = newDestinations(before, after);
  if (destination === undefined) return;
  throw new Failure(
    'invalid_request',
    `The stored credentials were not given for ${destination}; send them (secret) together with the new address.`,
    { path: 'secret' },
  );
}

async function sealChecked(
  deps: ConnectionDeps,
  tx: Tx,
  row: Pick<ConnectionRow, 'id' | 'system'>,
  secret: JsonObject,
): Promise<void> {
  await deps.actions.seal(tx, deps.tenantId, row.id, deps.actions.checkSecret(row.system, secret));
  await audit(deps, tx, {
    action: 'connection.rotate_secret',
    subject: `connection/${row.id}`,
    before: null,
    after: null,
    at: instantOf(deps),
  });
}

function shownInAudit(row: ConnectionDetails): JsonObject {
  const { name, config, pollSeconds, requestsPerSecond, deletePolicy } = row;
  return {
    name,
    config,
    poll_seconds: pollSeconds,
    requests_per_second: requestsPerSecond,
    delete_policy: deletePolicy,
  };
}

/** New credentials; the old ones are gone, and so is a login that was made with them. */
export async function rotateSecret(
  deps: ConnectionDeps,
  id: string,
  secret: JsonObject,
): Promise<ConnectionDetails> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    const row = await connectionDetails(tx, id);
    await sealChecked(deps, tx, row, secret);
    await updateConnectionRow(tx, id, {
      name: row.name,
      config: row.config,
      pollSeconds: row.pollSeconds,
      requestsPerSecond: row.requestsPerSecond,
      deletePolicy: row.deletePolicy,
    });
    return connectionDetails(tx, id);
  });
}

export interface TestResult {
  /** How far the test went: settings alone, or a login at the system. */
  scope: 'settings' | 'network';
  ok: boolean;
  account: string | null;
  version: string | null;
  failure: { kind: string; message: string } | null;
}

/** Tries the settings, then (scope `network`) address and credentials. What is wrong is the result, not an error. */
export async function tryConnection(
  deps: ConnectionDeps,
  id: string,
  scope: TestResult['scope'],
): Promise<TestResult> {
  const row = await readConnection(deps, id);
  const result = { scope, ok: true, account: null, version: null, failure: null };
  try {
    deps.actions.checkConfig(row.system, row.config);
    if (scope === 'settings') return result;
    const { account, version } = await deps.actions.probe(row, deps.actor);
    return { ...result, account, version };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'bug') throw error;
    return { ...result, ok: false, failure: { kind: failure.kind, message: failure.message } };
  }
}

export async function pauseConnection(
  deps: ConnectionDeps,
  id: string,
  reason: string,
): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  await setState(deps, row, 'paused', reason);
  await deps.actions.look(row);
  return readConnection(deps, id);
}

/** Goes on where it stopped; settings that are not complete are told instead. */
export async function resumeConnection(deps: ConnectionDeps, id: string): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  deps.actions.checkConfig(row.system, row.config);
  await setState(deps, row, 'active', null);
  await deps.actions.start(row);
  await deps.actions.look(row);
  return readConnection(deps, id);
}

/**
 * Lifts every wait of a connection: the vendor's time that it was told, pauses of pushes that failed, a step that is to be
 * repeated later. What it then tries may tell it to wait again.
 */
export async function retryConnection(deps: ConnectionDeps, id: string): Promise<ConnectionDetails> {
  const row = await readConnection(deps, id);
  if (row.state === 'paused') {
    throw new Failure(
      'conflict',
      `${row.name} is paused (${row.stateReason ?? 'no reason given'}); resume it instead.`,
    );
  }
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    const lifted = await repositories.throttle.lift(tx, id);
    const pushes = await repositories.pushes.releaseAll(tx, id);
    await audit(deps, tx, {
      action: 'connection.retry',
      subject: `connection/${id}`,
      before: { paused_until: lifted?.toISOString() ?? null, waiting_pushes: pushes },
      after: null,
      at: instantOf(deps),
    });
  });
  await deps.actions.start(row);
  await deps.actions.retry(row);
  return readConnection(deps, id);
}

async function setState(
  deps: ConnectionDeps,
  row: ConnectionRow,
  state: ConnectionRow['state'],
  reason: string | null,
): Promise<void> {
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await repositories.connections.setState(tx, row.id, state, reason);
    await audit(deps, tx, {
      action: state === 'paused' ? 'connection.pause' : 'connection.resume',
      subject: `connection/${row.id}`,
      before: { state: row.state, reason: row.stateReason },
      after: { state, reason },
      at: instantOf(deps),
    });
  });
}

export interface DeletionPreview {
  /** Links by entity: records that would no longer be known as the same thing. */
  links: Record<string, number>;
  linksTotal: number;
  openExceptions: number;
  queuedPushes: number;
}

export async function previewDeletion(deps: PersonDeps, id: string): Promise<DeletionPreview> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, id);
    return countConnectionLinks(tx, id);
  });
}

/** Deletes what was previewed: with another number of links the world has moved and nothing is deleted. Hub records stay. */
export async function deleteConnection(deps: ConnectionDeps, id: string, linksTotal: number): Promise<void> {
  const row = await readConnection(deps, id);
  const seen = await previewDeletion(deps, id);
  if (seen.linksTotal !== linksTotal) {
    throw new Failure(
      'conflict',
      `Deleting ${row.name} would orphan ${String(seen.linksTotal)} links, not ${String(linksTotal)}; look at the preview and send its links_total.`,
    );
  }
  await deps.actions.end(row);
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await lockConnections(tx, [id]);
    await deleteConnectionRows(tx, id);
    await audit(deps, tx, {
      action: 'connection.delete',
      subject: `connection/${id}`,
      before: { ...shownInAudit(row), links: seen.links as Json },
      after: null,
      at: instantOf(deps),
    });
  });
}
