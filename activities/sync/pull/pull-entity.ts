/**
 * Pulls one entity: page after page until the vendor has no more, the next ones fetched while this one is applied. A
 * fetched page is staged before it is applied, so that a crash repeats at most the one fetch that was under way.
 */
import type { PullPage } from '../../../connectors/kit/contract.ts';
import { Failure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { storableText } from '../../../domain/kernel/text.ts';
import type { Link } from '../../../store/links/links.ts';
import type { StagedPage } from '../../../store/links/staging.ts';
import type { Counts, Incoming } from '../context.ts';
import { count } from '../context.ts';
import { formatCursor, parseCursor } from '../cursor.ts';
import type { EntityWork } from '../entity-work.ts';
import { applyPage } from './apply-page.ts';
import { isUnchanged, toIncoming } from './incoming.ts';
import { loadKept } from './load-kept.ts';
import { notePage } from './note-page.ts';
import { resumeCircles, resumeParked } from './resume-parked.ts';
import { resumeCreates } from '../push/resume-creates.ts';
import { applyWithSchema } from '../schema/vanished-fields.ts';

const MAPPED_AT_ONCE = 50;

export interface EntityPulled {
  counts: Counts;
  hubChanged: boolean;
  /** False when the bound of pages was reached before the end. */
  complete: boolean;
}

export async function pullEntity(work: EntityWork, options: { full: boolean }): Promise<EntityPulled> {
  const { deps, scope, signal } = work;
  const totals: Counts = {};
  let hubChanged = false;
  let current = work;
  const apply = async (
    incoming: readonly Incoming[],
    staged: StagedPage | null,
    askedAt = work.askedAt,
  ): Promise<void> => {
    const applied = await applyWithSchema({ ...current, askedAt }, (now) => applyPage(now, incoming, staged));
    current = applied.work;
    const { result } = applied;
    for (const [name, n] of Object.entries(result.counts)) count(totals, name, n);
    hubChanged ||= result.hubChanged;
    work.progress(totals);
  };

  // What an unfinished create made must be known as ours before a page shows it.
  hubChanged = await resumeCreates(work);
  await resumeParked(work, (incoming) => apply(incoming, null));

  if (options.full || work.connection.reread[scope.entity] === 'wanted') await forget(work);
  const [linked, stagedBefore, cursor] = await deps.store.inTenant(scope.tenantId, (tx) =>
    Promise.all([
      deps.repo.links.exist(tx, scope.connectionId, scope.entity),
      deps.repo.staging.load(tx, scope.connectionId, scope.entity),
      deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull'),
    ]),
  );
  let fetchFrom: string | null = parseCursor(cursor).value;
  let more = true;
  let page = 0;
  for (const staged of stagedBefore) {
    await apply(await loadKept(work, staged.records), staged);
    fetchFrom = staged.nextCursor;
    more = staged.more;
    page = staged.page;
  }
  // A pass always asks at least once, also when the last one ended with nothing more.
  if (stagedBefore.length === 0) more = true;

  // Fetching runs ahead of applying: while PostgreSQL writes one page, the next are fetched, staged and mapped here.
  let pages = 1;
  const fetchPage = (cursor: string | null, number: number): Promise<FetchedPage> =>
    fetchAndStage(work, cursor, number, linked);
  const ahead: Promise<FetchedPage | null>[] = more ? [fetchPage(fetchFrom, page + 1)] : [];
  const fetchAfter = async (previous: Promise<FetchedPage | null>): Promise<FetchedPage | null> => {
    const before = await previous;
    if (before?.staged.more !== true || pages >= LIMITS.pagesPerActivityMax || signal.aborted) return null;
    pages += 1;
    return fetchPage(before.staged.nextCursor, before.staged.page + 1);
  };
  for (let next = ahead.shift(); next !== undefined; next = ahead.shift()) {
    for (let last = ahead.at(-1) ?? next; ahead.length < LIMITS.pagesAheadMax; last = ahead.at(-1) ?? last) {
      const following = fetchAfter(last);
      // If applying fails, the fetches under way must not become unhandled rejections.
      following.catch(() => undefined);
      ahead.push(following);
    }
    const fetched = await next;
    if (fetched === null) break;
    deps.crashPoint('pull:staged');
    more = fetched.staged.more;
    for (const [name, n] of Object.entries(fetched.noted)) count(totals, name, n);
    await apply(fetched.incoming, fetched.staged, fetched.askedAt);
    deps.crashPoint('pull:applied');
  }
  if (signal.aborted)
    throw new Failure('cancelled', 'The pull was cancelled; what was applied stays applied.');
  await resumeParked(work, (incoming) => apply(incoming, null));
  if (!more) {
    await resumeCircles(work, (incoming) => apply(incoming, null));
    const waiting = await deps.store.inTenant(scope.tenantId, (tx) => deps.repo.parked.note(tx, scope));
    count(totals, 'parked_waiting', waiting);
  }
  return { counts: totals, hubChanged, complete: !more };
}

interface FetchedPage {
  staged: StagedPage;
  /** Epoch ms when the system was asked for it. */
  askedAt: number;
  /** What the page said beside its records. */
  noted: Counts;
  incoming: Incoming[];
}

async function fetchAndStage(
  work: EntityWork,
  cursor: string | null,
  page: number,
  linked: boolean,
): Promise<FetchedPage> {
  const { deps, scope, session } = work;
  const limits = deps.connector(work.connection.system).manifest.limits;
  const configured = work.connection.config['pageSize'];
  const pageSize = Math.min(
    typeof configured === 'number' ? configured : limits.pageSize,
    limits.pageSizeMax,
    LIMITS.pageSizeMax,
  );
  const askedAt = deps.now();
  const fetched = await session.pull(scope.entity, { cursor, pageSize });
  deps.crashPoint('pull:fetched');
  // A first sync began without links: looking a thousand of them up would find what this pull itself just made.
  const links = linked && fetched.records.length > 0 ? await linksOf(work, fetched) : new Map<string, Link>();
  const bodies = deps.repo.rawRecords.open(deps.newId());
  const incoming = fetched.records.map((record) => toIncoming(record, bodies, links));
  const staged: StagedPage = {
    page,
    records: incoming.map(({ meta }) => meta),
    nextCursor: fetched.cursor,
    more: fetched.more,
    incomplete: fetched.incomplete === undefined ? null : storableText(fetched.incomplete),
  };
  if (saysNothingNew(fetched, incoming, links, work.mapping.version))
    return { staged, askedAt, noted: {}, incoming };
  const packed = await bodies.pack();
  const noted = await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    await Promise.all([
      deps.repo.rawRecords.keep(tx, { ...scope, at: new Date(deps.now()).toISOString() }, packed),
      deps.repo.staging.stage(tx, scope, staged),
    ]);
    return notePage(work, tx, fetched);
  });
  return { staged, askedAt, noted, incoming: await mapAhead(work, incoming, links) };
}

/**
 * The last page, and nothing on it is new: there is nothing to keep until it is applied. Most polls bring just that, and after a crash it
 * is asked for once more. One with pages behind it is staged, because those may be when it is not.
 */
function saysNothingNew(
  { more, broken = [], incomplete }: PullPage,
  incoming: readonly Incoming[],
  links: ReadonlyMap<string, Link>,
  mappingVersion: string,
): boolean {
  if (more || broken.length > 0 || incomplete !== undefined) return false;
  return incoming.every(({ meta }) => isUnchanged(meta, links.get(meta.externalId), mappingVersion));
}

function linksOf({ deps, scope }: EntityWork, { records }: PullPage): Promise<Map<string, Link>> {
  const ids = records.map(({ externalId }) => storableText(externalId));
  return deps.store.inTenant(scope.tenantId, (tx) =>
    deps.repo.links.load(tx, scope.connectionId, scope.entity, ids),
  );
}

/** Maps what is new while PostgreSQL still writes the page before; the apply looks again at what is unchanged. */
async function mapAhead(
  { mapping, connection }: EntityWork,
  incoming: readonly Incoming[],
  links: ReadonlyMap<string, Link>,
): Promise<Incoming[]> {
  const ahead: Incoming[] = [];
  for (const [index, record] of incoming.entries()) {
    // The page before is being written: its answers must not wait here until a thousand records are mapped.
    if (index % MAPPED_AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
    const unchanged = isUnchanged(record.meta, links.get(record.meta.externalId), mapping.version);
    if (unchanged) ahead.push(record);
    else {
      const { raw } = record;
      const mapped = mapping.pullNow(raw, connection.config) ?? (await mapping.pull(raw, connection.config));
      ahead.push({ ...record, mapped });
    }
  }
  return ahead;
}

async function forget(work: EntityWork): Promise<void> {
  const { deps, scope } = work;
  await deps.store.inTenant(scope.tenantId, async (tx) => {
    await deps.repo.connections.assertFence(tx, scope.connectionId, work.fence);
    const before = parseCursor(await deps.repo.cursors.load(tx, scope.connectionId, scope.entity, 'pull'));
    for (const { page } of await deps.repo.staging.load(tx, scope.connectionId, scope.entity)) {
      await deps.repo.staging.drop(tx, scope.connectionId, scope.entity, page);
    }
    await deps.repo.cursors.forget(tx, scope.connectionId, scope.entity, 'pull');
    await deps.repo.schemas.beginReread(tx, scope.connectionId, scope.entity);
    if (before.complete) {
      await deps.repo.cursors.save(tx, scope, 'pull', formatCursor({ ...before, value: null }));
    }
  });
}
