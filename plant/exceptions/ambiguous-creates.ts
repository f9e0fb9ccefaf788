/**
 * Creates of which several vendor records may be the result. Each of these waits as a review too: adopting one is accepting
 * its review; here is the list, and the word that none of them is it.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import { repositories } from '../../store/index.ts';
import {
  listAmbiguousCreates as listRows,
  loadAmbiguousCreate,
  loadReviews,
  type AmbiguousCreateRow,
} from '../../store/exceptions/review-list.ts';
import { audit, findConnection, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';
import { requireRecord } from '../records/records.ts';
import { rejectRow, type DecidedReview } from './reviews.ts';

export function listAmbiguousCreates(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
): Promise<AmbiguousCreateRow[]> {
  return deps.store.inTenant(deps.tenantId, (tx) => listRows(tx, LIST_MAX));
}

/** None of the vendor records found is what our create made: they become records of their own, and it may be created. */
export async function denyAmbiguousCreate(
  deps: PersonDeps,
  request: { connection: string; number: string },
): Promise<{ connectionId: string; number: string; own: DecidedReview[] }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const connection = await findConnection(tx, request.connection);
    await lockConnections(tx, [connection.id]);
    const hub = await requireRecord(tx, request.number);
    const intent = await loadAmbiguousCreate(tx, connection.id, hub.id);
    if (intent === null) {
      throw new Failure('not_found', `No create of ${hub.number} at ${connection.name} waits for a person.`);
    }
    await repositories.createIntents.drop(tx, connection.id, [hub.id]);
    const ids = intent.candidates.map(({ externalId }) => externalId);
    const own: DecidedReview[] = [];
    for (const row of await loadReviews(tx, connection.id, ids)) {
      if (row.entity === hub.entity && row.candidates.every((id) => id === hub.id)) {
        own.push(await rejectRow(deps, tx, row));
      }
    }
    await repositories.pushes.enqueue(
      tx,
      { tenantId: deps.tenantId, connectionId: connection.id, entity: hub.entity },
      [hub.id],
    );
    await audit(deps, tx, {
      action: 'create.deny',
      subject: `record/${hub.id}`,
      before: { connection: connection.name, reference: intent.reference, candidates: ids },
      after: { own: own.map(({ externalId }) => externalId) },
      at: instantOf(deps),
    });
    return { connectionId: connection.id, number: hub.number, own };
  });
}
