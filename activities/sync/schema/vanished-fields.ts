/**
 * Between two looks at a vendor's schema a field may go. Records then come without it, which reads as if people had
 * emptied it. Before such records are applied the vendor is asked once more, so that a field that went is held instead.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { Tx } from '../../../store/index.ts';
import { discoverSchemas, isSchemaInDoubt } from './discover.ts';
import type { EntityWork } from '../entity-work.ts';

/** Undoes a transaction that would empty a field which may be gone. */
class FieldsVanished extends Error {}

/** Throws when these fields, which some records lost and none shows, have to be asked about first. */
export async function refuseVanished(
  { deps, scope, askedAt }: Pick<EntityWork, 'deps' | 'scope' | 'askedAt'>,
  tx: Tx,
  vanished: readonly string[],
): Promise<void> {
  if (vanished.length > 0 && (await isSchemaInDoubt(deps, tx, { ...scope, askedAt })))
    throw new FieldsVanished();
}

/** Applies, and once more after a look when that was refused; with the mapping as the look left it. */
export async function applyWithSchema<T>(
  work: EntityWork,
  apply: (work: EntityWork) => Promise<T>,
): Promise<{ result: T; work: EntityWork }> {
  try {
    return { result: await apply(work), work };
  } catch (error) {
    if (!(error instanceof FieldsVanished)) throw error;
  }
  const { deps, scope, signal } = work;
  const { tenantId, connectionId, runId } = scope;
  const { failure } = await discoverSchemas(deps, { tenantId, connectionId, runId }, signal);
  // Nobody knows now whether the field is gone or was emptied: it is asked again before anything is.
  if (failure?.kind === 'unavailable' || failure?.kind === 'rate_limited')
    throw new Failure(failure.kind, failure.message);
  const connection = await deps.store.inTenant(tenantId, (tx) =>
    deps.repo.connections.load(tx, connectionId),
  );
  const current = { ...work, connection, mapping: deps.mapping(connection, scope.entity) ?? work.mapping };
  return { result: await apply(current), work: current };
}
