/** Records that could not be mapped or were refused: look at them, try them again after a repair, or give them up with a reason. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import { repositories, type Tx } from '../../store/index.ts';
import {
  endQuarantine,
  listQuarantine as listRows,
  loadQuarantine,
  quarantinedMeta,
  type QuarantineRow,
} from '../../store/exceptions/quarantine-list.ts';
import { assertId, audit, connectionFilter, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';

export type { QuarantineRow };

export async function listQuarantine(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  query: { connection?: string; entity?: Entity } = {},
  page: { after?: string; limit: number } = { limit: LIST_MAX },
): Promise<QuarantineRow[]> {
  const { connection, ...rest } = query;
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    listRows(tx, { ...rest, ...(await connectionFilter(tx, connection)), ...page }),
  );
}

export async function showQuarantined(
  deps: Pick<PersonDeps, 'store' | 'tenantId'>,
  id: string,
): Promise<QuarantineRow> {
  assertId('quarantined record', id);
  return deps.store.inTenant(deps.tenantId, (tx) => requireRow(tx, id));
}

async function requireRow(tx: Tx, id: string): Promise<QuarantineRow> {
  const row = await loadQuarantine(tx, id);
  if (row === null) throw new Failure('not_found', `There is no quarantined record ${id}.`);
  return row;
}

async function lockOpen(tx: Tx, id: string): Promise<QuarantineRow> {
  await lockConnections(tx, [(await requireRow(tx, id)).connectionId]);
  const row = await requireRow(tx, id);
  if (row.closedAt !== null) {
    throw new Failure('conflict', `This record left quarantine already (${row.closedAs ?? 'closed'}).`);
  }
  return row;
}

export interface ReplayResult {
  connectionId: string;
  /** `waits`: for a reference or for a match; `queued`: the push is tried again by the next pass. */
  outcome: 'applied' | 'waits' | 'queued' | 'still_bad';
  problems: QuarantineRow['problems'];
}

/** Sends a record through the same path once more, with the present mapping and, if given, repaired data. */
export async function replayQuarantined(
  deps: PersonDeps,
  request: { id: string; data?: JsonObject },
): Promise<ReplayResult> {
  assertId('quarantined record', request.id);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await lockOpen(tx, request.id);
    const result =
      row.direction === 'pull'
        ? await replayPull(deps, tx, row, request.data)
        : await replayPush(deps, tx, row, request.data);
    await audit(deps, tx, {
      action: 'quarantine.replay',
      subject: `quarantine/${row.id}`,
      before: { data: row.data, problems: row.problems },
      after: {
        ...(request.data === undefined ? {} : { data: request.data }),
        outcome: result.outcome,
        problems: result.problems,
      },
      at: instantOf(deps),
    });
    return { connectionId: row.connectionId, ...result };
  });
}

async function replayPull(
  deps: PersonDeps,
  tx: Tx,
  row: QuarantineRow,
  repaired: JsonObject | undefined,
): Promise<Omit<ReplayResult, 'connectionId'>> {
  const meta = await quarantinedMeta(tx, row);
  const raw = repaired ?? row.data;
  if (meta === null || typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    throw new Failure(
      'conflict',
      'What the vendor said about this record is not kept any more; pull it again with `sync --full`.',
    );
  }
  const at = instantOf(deps);
  // The record keeps the hash of what the vendor has, so that the next pull of that very content leaves the repair alone.
  const counts = await deps.steps.apply(
    tx,
    { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity, at },
    [{ meta, raw }],
    new Map(),
  );
  if ((counts['quarantined'] ?? 0) > 0) {
    return { outcome: 'still_bad', problems: (await requireRow(tx, row.id)).problems };
  }
  const waits = (counts['parked'] ?? 0) + (counts['review'] ?? 0) > 0;
  if (waits && repaired !== undefined) {
    throw new Failure(
      'conflict',
      'The repaired record refers to one that is not linked yet, or may be one of several; replay it when that is settled.',
    );
  }
  await endQuarantine(tx, row.id, 'replayed', at);
  return { outcome: waits ? 'waits' : 'applied', problems: [] };
}

async function replayPush(
  deps: PersonDeps,
  tx: Tx,
  row: QuarantineRow,
  repaired: JsonObject | undefined,
): Promise<Omit<ReplayResult, 'connectionId'>> {
  if (repaired !== undefined) {
    throw new Failure(
      'invalid_request',
      `What is pushed is the hub's record: repair it with \`records set ${row.number ?? '<number>'} field=value\`, then replay.`,
    );
  }
  await repositories.pushes.enqueue(
    tx,
    { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity },
    [row.subject],
  );
  return { outcome: 'queued', problems: row.problems };
}

/** Gives a record up. The same content does not come back; a changed one is tried as usual. */
export async function discardQuarantined(
  deps: PersonDeps,
  request: { id: string; reason: string },
): Promise<QuarantineRow> {
  assertId('quarantined record', request.id);
  if (request.reason.trim() === '')
    throw new Failure('invalid_request', 'Say with --reason why the record is given up.');
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await lockOpen(tx, request.id);
    const at = instantOf(deps);
    await endQuarantine(tx, row.id, 'discarded', at);
    await audit(deps, tx, {
      action: 'quarantine.discard',
      subject: `quarantine/${row.id}`,
      before: { data: row.data, problems: row.problems },
      after: { reason: request.reason },
      at,
    });
    return row;
  });
}
