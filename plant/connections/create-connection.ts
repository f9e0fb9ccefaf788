/** A new connection: checked, stored with its sealed credentials, and started unless it is to wait. */
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import { connectionDetails, type ConnectionDetails } from '../../store/connections/connection-admin.ts';
import type { DeletePolicy } from '../../store/connections/connections.ts';
import { repositories } from '../../store/index.ts';
import { audit, instantOf } from '../person.ts';
import type { Basics, CheckedSettings, ConnectionDeps } from './actions.ts';
import { withoutNulls } from './settings.ts';

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
  const secret: JsonObject = withoutNulls(wanted.secret ?? basics?.secret ?? {});
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
