/** Vendor records that may be one of several hub records: a person says which one each is, or that it is one of its own. */
import type { Entity } from '../../domain/entities/index.ts';
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import { namesOf } from '../../store/runs/explain.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { problemsOf } from '../../store/exceptions/quarantine-list.ts';
import {
  listReviews as listRows,
  loadReviews,
  reviewsNaming,
  type ReviewRow,
} from '../../store/exceptions/review-list.ts';
import { audit, connectionFilter, findConnection, instantOf, LIST_MAX, type PersonDeps } from '../person.ts';
import { requireRecord } from '../records/records.ts';

export interface ReviewCandidate {
  id: string;
  number: string;
  /** References are numbers here, as people know them. */
  fields: JsonObject;
  /** The vendor record this hub record is linked with by now, so that it cannot be chosen any more. */
  linkedTo: string | null;
}

export interface Review extends Omit<ReviewRow, 'candidates'> {
  /** The vendor record as its mapping shows it now; null when it cannot be mapped. */
  fields: JsonObject | null;
  candidates: ReviewCandidate[];
}

/** With the candidates side by side. */
export async function listReviews(
  deps: Pick<PersonDeps, 'store' | 'tenantId' | 'now' | 'steps'>,
  query: { connection?: string; entity?: Entity } = {},
  page: { after?: readonly [string, string, string]; limit: number } = { limit: LIST_MAX },
): Promise<Review[]> {
  const { connection, ...rest } = query;
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const rows = await listRows(tx, {
      ...rest,
      ...(await connectionFilter(tx, connection)),
      ...page,
    });
    const hubs = await repositories.hubRecords.load(tx, [
      ...new Set(rows.flatMap(({ candidates }) => candidates)),
    ]);
    const reviews: Review[] = [];
    const at = instantOf(deps);
    for (const row of rows) {
      const links = await repositories.links.loadByHub(tx, row.connectionId, row.candidates);
      const candidates = row.candidates.flatMap((id): ReviewCandidate[] => {
        const hub = hubs.get(id);
        if (hub === undefined) return [];
        return [{ id, number: hub.number, fields: hub.fields, linkedTo: links.get(id)?.externalId ?? null }];
      });
      const scope = { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity, at };
      const fields = row.raw === null ? null : await deps.steps.view(tx, scope, row.raw);
      reviews.push({ ...row, fields, candidates });
    }
    return withNumbers(tx, reviews);
  });
}

/** References as numbers instead of ids. */
async function withNumbers(tx: Tx, reviews: readonly Review[]): Promise<Review[]> {
  const ids = reviews.flatMap(({ entity, fields, candidates }) =>
    [fields ?? {}, ...candidates.map((one) => one.fields)].flatMap((shown) =>
      referencesOf(entity, shown).map(({ value }) => value),
    ),
  );
  const names = await namesOf(tx, [...new Set(ids)]);
  const readable = (entity: Entity, fields: JsonObject): JsonObject =>
    replaceReferences(entity, fields, ({ value }) => names.get(value)?.number ?? value);
  return reviews.map((review) => ({
    ...review,
    fields: review.fields === null ? null : readable(review.entity, review.fields),
    candidates: review.candidates.map((one) => ({ ...one, fields: readable(review.entity, one.fields) })),
  }));
}

export interface ReviewRequest {
  connection: string;
  externalId: string;
  /** Needed only when records of two entities carry the same id there. */
  entity?: Entity;
}

/** Locks the connection and finds the one review that is meant. */
async function lockReview(tx: Tx, request: ReviewRequest): Promise<ReviewRow> {
  const connection = await findConnection(tx, request.connection);
  await lockConnections(tx, [connection.id]);
  const rows = (await loadReviews(tx, connection.id, [request.externalId])).filter(
    ({ entity }) => request.entity === undefined || entity === request.entity,
  );
  const [row] = rows;
  if (row === undefined) {
    throw new Failure(
      'not_found',
      `No record "${request.externalId}" of ${connection.name} waits for a match.`,
    );
  }
  if (rows.length > 1) {
    throw new Failure(
      'invalid_request',
      `Records of several entities have this id; add --entity ${rows.map(({ entity }) => entity).join(' or ')}.`,
    );
  }
  return row;
}

/** Applies a reviewed record as decided, or fails with the reason and changes nothing. */
export async function applyDecided(
  deps: PersonDeps,
  tx: Tx,
  row: ReviewRow,
  hubId: string | null,
): Promise<void> {
  if (row.raw === null) {
    throw new Failure('conflict', 'The record is not kept any more; pull it again with `sync --full`.');
  }
  const counts = await deps.steps.apply(
    tx,
    { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity, at: instantOf(deps) },
    [{ meta: row.record, raw: row.raw }],
    new Map([[row.externalId, hubId]]),
  );
  const done = (counts['linked'] ?? 0) + (counts['created'] ?? 0) === 1;
  if (done) return;
  throw new Failure(
    'conflict',
    `The record ${row.externalId} cannot be decided now: ${await reasonOf(tx, row, counts)}.`,
  );
}

async function reasonOf(tx: Tx, row: ReviewRow, counts: Record<string, number>): Promise<string> {
  if ((counts['parked'] ?? 0) > 0) return 'it refers to a record that is not linked yet';
  if ((counts['quarantined'] ?? 0) === 0) return 'it is linked already';
  const problems = await problemsOf(tx, row.connectionId, row.entity, row.externalId);
  const told = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return `it cannot be mapped${told === '' ? '' : ` (${told})`}`;
}

/** Candidates that were held back may be created there now, unless another review still holds them. */
async function releaseCandidates(deps: PersonDeps, tx: Tx, row: ReviewRow): Promise<void> {
  const links = await repositories.links.loadByHub(tx, row.connectionId, row.candidates);
  await repositories.pushes.enqueue(
    tx,
    { tenantId: deps.tenantId, connectionId: row.connectionId, entity: row.entity },
    row.candidates.filter((id) => !links.has(id)),
  );
}

/** Reviews that waited for this hub record alone: nothing is ambiguous about them any more, so the rules decide as usual. */
async function reconsider(deps: PersonDeps, tx: Tx, connectionId: string, hub: HubRecord): Promise<void> {
  const rows = await reviewsNaming(tx, connectionId, hub.id);
  const links = await repositories.links.loadByHub(tx, connectionId, [
    ...new Set(rows.flatMap(({ candidates }) => candidates)),
  ]);
  const records = rows.flatMap(({ record, raw, candidates }) =>
    raw !== null && candidates.every((id) => links.has(id)) ? [{ meta: record, raw }] : [],
  );
  if (records.length === 0) return;
  const scope = { tenantId: deps.tenantId, connectionId, entity: hub.entity, at: instantOf(deps) };
  await deps.steps.apply(tx, scope, records, new Map());
}

export interface DecidedReview {
  connectionId: string;
  externalId: string;
  number: string;
}

/** The vendor record is that hub record: they are linked and merged as at first contact. */
export async function acceptReview(
  deps: PersonDeps,
  request: ReviewRequest & { number: string },
): Promise<DecidedReview> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const row = await lockReview(tx, request);
    const hub = await requireRecord(tx, request.number);
    if (hub.entity !== row.entity || hub.deletedAt !== null) {
      throw new Failure(
        'invalid_request',
        `${hub.number} is ${hub.deletedAt === null ? `a ${hub.entity}, not a ${row.entity}` : 'deleted'}; choose another record.`,
      );
    }
    const link = (await repositories.links.loadByHub(tx, row.connectionId, [hub.id])).get(hub.id);
    if (link !== undefined) {
      throw new Failure(
        'conflict',
        `${hub.number} is linked with ${link.externalId} of ${row.connection} already.`,
      );
    }
    const intent = (await repositories.createIntents.load(tx, row.connectionId, [hub.id])).get(hub.id);
    if (intent !== undefined && intent.state !== 'ambiguous') {
      throw new Failure(
        'conflict',
        `${hub.number} is being created at ${row.connection}; try again after the next pass.`,
      );
    }
    await applyDecided(deps, tx, row, hub.id);
    await repositories.createIntents.drop(tx, row.connectionId, [hub.id]);
    await releaseCandidates(deps, tx, row);
    await reconsider(deps, tx, row.connectionId, hub);
    await audit(deps, tx, {
      action: 'review.accept',
      subject: `record/${hub.id}`,
      before: { connection: row.connection, external: row.externalId, candidates: row.candidates },
      after: { linked: hub.id, intent: intent?.reference ?? null },
      at: instantOf(deps),
    });
    return { connectionId: row.connectionId, externalId: row.externalId, number: hub.number };
  });
}

/** The vendor record is none of the candidates: it becomes a hub record of its own. */
export async function rejectReview(deps: PersonDeps, request: ReviewRequest): Promise<DecidedReview> {
  return deps.store.inTenant(deps.tenantId, async (tx) => rejectRow(deps, tx, await lockReview(tx, request)));
}

export async function rejectRow(deps: PersonDeps, tx: Tx, row: ReviewRow): Promise<DecidedReview> {
  await applyDecided(deps, tx, row, null);
  await releaseCandidates(deps, tx, row);
  const hubId = (
    await repositories.links.resolveExternalIds(tx, row.connectionId, row.entity, [row.externalId])
  ).get(row.externalId);
  const hub = await requireRecord(tx, hubId ?? '');
  await audit(deps, tx, {
    action: 'review.reject',
    subject: `record/${hub.id}`,
    before: { connection: row.connection, external: row.externalId, candidates: row.candidates },
    after: { created: hub.id },
    at: instantOf(deps),
  });
  return { connectionId: row.connectionId, externalId: row.externalId, number: hub.number };
}
