/** Work requests on their way: submitted, then approved or rejected, then resolved; or withdrawn. */
import type { REQUEST_STATUSES } from '../../domain/entities/vocabulary.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { instantOf, type PersonDeps } from '../person.ts';
import { REQUEST } from '../records/plain-records-kinds.ts';
import { createPlain, lockPlain, showPlain, type ShownRecord } from '../records/plain-records.ts';
import { editRecord, type VersionCheck } from '../work-orders/edit.ts';

export type RequestStatus = (typeof REQUEST_STATUSES)[number];

/** A status to those it may come from; what another system left without one counts as submitted. */
const MOVES: Readonly<Record<Exclude<RequestStatus, 'submitted'>, readonly RequestStatus[]>> = {
  approved: ['submitted'],
  rejected: ['submitted'],
  cancelled: ['submitted', 'approved'],
  resolved: ['approved'],
};

export async function submitRequest(
  deps: PersonDeps,
  input: Readonly<Record<string, unknown>>,
): Promise<ShownRecord> {
  return createPlain(deps, REQUEST, { requested_at: instantOf(deps), ...input });
}

/** The status it has already changes nothing. */
export async function moveRequest(
  deps: PersonDeps,
  id: string,
  wanted: keyof typeof MOVES,
  check: VersionCheck,
): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockPlain(tx, deps.tenantId, REQUEST, id);
    check(hub.version);
    const current = (hub.fields['status'] ?? 'submitted') as RequestStatus;
    if (current !== wanted && !MOVES[wanted].includes(current)) {
      throw new Failure(
        'conflict',
        `Request ${hub.number} is ${current}; only one that is ${MOVES[wanted].join(' or ')} becomes ${wanted}.`,
        { path: 'status' },
      );
    }
    const moved = await editRecord(
      deps,
      tx,
      hub,
      { status: wanted },
      { action: 'request.move', at: instantOf(deps) },
    );
    return showPlain(tx, REQUEST, moved);
  });
}
