/**
 * Looks at how the vendor describes its records now. A look that fails says so and changes nothing: what is described
 * wrongly or not at all is no reason to stop what works.
 */
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { jsonEqual } from '../../../domain/json.ts';
import type { DiscoveredSchema } from '../../../connectors/kit/contract.ts';
import type { ConnectionRow } from '../../../store/connections/connections.ts';
import type { LookRow } from '../../../store/connections/discovered-schemas.ts';
import type { Tx } from '../../../store/index.ts';
import type { SyncDeps } from '../context.ts';
import { ruleVersions, storeLook, type LookResult } from './drift.ts';

export interface LookRequest {
  tenantId: string;
  connectionId: string;
  /** Null when a person looks. */
  runId: string | null;
}

const TOO_LATE = new Failure(
  'unavailable',
  `The system took more than ${String(LIMITS.schemaLookForMs / 1_000)} s to describe itself.`,
);

/** Throws `cancelled` and what our own store refuses; never what the vendor does. */
export async function discoverSchemas(
  deps: SyncDeps,
  request: LookRequest,
  signal: AbortSignal,
): Promise<LookResult> {
  const { tenantId, connectionId } = request;
  const connection = await deps.store.inTenant(tenantId, (tx) =>
    deps.repo.connections.load(tx, connectionId),
  );
  let discovered: DiscoveredSchema | null = null;
  let failure: LookResult['failure'] = null;
  const late = AbortSignal.timeout(LIMITS.schemaLookForMs);
  try {
    discovered = await ask(deps, connection, AbortSignal.any([signal, late]));
  } catch (error) {
    if (signal.aborted) throw new Failure('cancelled', 'The look was cancelled.', { cause: error });
    const { kind, message } = late.aborted ? TOO_LATE : toFailure(error);
    failure = { kind, message };
  }
  const scope = { ...request, at: new Date(deps.now()).toISOString() };
  return deps.store.inTenant(tenantId, async (tx) => {
    await deps.repo.connections.lock(tx, [connectionId]);
    const current = await deps.repo.connections.load(tx, connectionId);
    if (discovered !== null) return { failure, ...(await storeLook(deps, tx, current, scope, discovered)) };
    await deps.repo.schemas.recordLook(tx, scope, { failure, mappingVersions: ruleVersions(deps, current) });
    return { failure, found: 0, ended: 0 };
  });
}

async function ask(
  deps: SyncDeps,
  connection: ConnectionRow,
  signal: AbortSignal,
): Promise<DiscoveredSchema | null> {
  const session = await deps.openSession(connection, signal);
  try {
    return (await session.discover?.()) ?? null;
  } finally {
    await session.close();
  }
}

/**
 * Whether the vendor describes its records, and did so last before it was asked for what is applied now: a column may have been
 * renamed in the second between.
 */
export async function isSchemaInDoubt(
  deps: Pick<SyncDeps, 'repo'>,
  tx: Tx,
  { connectionId, askedAt }: { connectionId: string; askedAt: number },
): Promise<boolean> {
  const last = await deps.repo.schemas.lastLook(tx, connectionId);
  if (last === null || last.lookedAt.getTime() >= askedAt) return false;
  return (await deps.repo.schemas.latest(tx, connectionId)).some(({ source }) => source === 'metadata');
}

/** Before a pass that reads everything, when the last look is old, or when somebody changed the rules it compared. */
export function isLookDue(
  deps: Pick<SyncDeps, 'mapping' | 'now'>,
  connection: ConnectionRow,
  last: LookRow | null,
  mode: 'poll' | 'hint' | 'hub' | 'full' | 'sweep',
): boolean {
  // Somebody waits for these.
  if (mode === 'hub' || mode === 'hint') return false;
  if (mode === 'full' || mode === 'sweep' || last === null) return true;
  if (deps.now() - last.lookedAt.getTime() >= LIMITS.schemaLookMs) return true;
  return !jsonEqual(last.mappingVersions, ruleVersions(deps, connection));
}
