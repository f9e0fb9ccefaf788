/**
 * Applies vendor records to the hub, one transaction a page: map, resolve references, match, merge, write. The same
 * path serves pulled pages, resumed records and the answers to our own writes.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { Link } from '../../../store/links/links.ts';
import { queueFiles } from '../files/attachments-reach.ts';
import type { ApplyContext, Candidate, Counts, Incoming } from '../context.ts';
import { count } from '../context.ts';
import { isUnchanged } from '../pull/incoming.ts';
import { breakCircles } from './break-circles.ts';
import { decideRecord, shownConflicts, type RecordDecision } from './decide-record.ts';
import { loadMergeFacts } from './facts.ts';
import { mapRecords } from './map-records.ts';
import { matchRecords } from './match-records.ts';
import { lookUpReferences, resolveOrPark, withKnownReferences } from './resolve-references.ts';
import { writeDecisions } from './write-decisions.ts';

export interface ApplyResult {
  counts: Counts;
  hubChanged: boolean;
  /** Fields that some of these records lost and none of them shows. */
  vanished: readonly string[];
}

/** Counters that together account for every record that came in. */
const OUTCOMES = [
  'unchanged',
  'created',
  'linked',
  'updated',
  'same',
  'quarantined',
  'parked',
  'review',
] as const;

export async function applyRecords(
  context: ApplyContext,
  incoming: readonly Incoming[],
  source: 'pull' | 'answer',
): Promise<ApplyResult> {
  const { deps, tx, scope, mapping } = context;
  // A page may show a record twice when it changed while the vendor was paging; the later one is newer.
  const records = [...new Map(incoming.map((record) => [record.meta.externalId, record])).values()];
  const counts: Counts = {};
  count(counts, 'in', records.length);

  const links = await deps.repo.links.load(
    tx,
    scope.connectionId,
    scope.entity,
    records.map(({ meta }) => meta.externalId),
  );
  const fresh = records.filter(
    ({ meta, pushed }) =>
      pushed !== undefined || !isUnchanged(meta, links.get(meta.externalId), mapping.version),
  );
  count(counts, 'unchanged', records.length - fresh.length);

  const parked = new Set<string>();
  let someWereParked = true;
  let hubChanged = false;
  let vanished: readonly string[] = [];
  if (fresh.length > 0) {
    const candidates = await mapRecords(context, fresh, counts);
    const unlinked = candidates.filter(
      ({ incoming: { meta, pushed } }) =>
        !links.has(meta.externalId) && pushed === undefined && context.decided?.has(meta.externalId) !== true,
    );
    const [known, exceptions] = await Promise.all([
      lookUpReferences(context, candidates),
      deps.repo.exceptions.kinds(tx, scope.connectionId, scope.entity),
      // Two systems' pages at once must see each other's new records, or both would make one of the same thing.
      unlinked.length > 0 ? deps.repo.matchKeys.lock(tx, scope.tenantId, scope.entity) : undefined,
    ]);
    someWereParked = exceptions.parked;
    const { matched, reviewed } = await matchRecords(
      context,
      unlinked.map((candidate) => ({
        candidate,
        fields: withKnownReferences(scope.entity, candidate, known),
      })),
      exceptions,
      counts,
    );
    for (const [externalId, hubId] of context.decided ?? [])
      if (hubId !== null) matched.set(externalId, hubId);
    const open = candidates.filter(({ incoming: { meta } }) => !reviewed.has(meta.externalId));
    const ids = assignHubIds(open, links, matched, deps.newId);
    const resolved = await resolveOrPark(context, open, known, ids, counts);
    const ready = await breakCircles(context, resolved, ids, counts);
    for (const { incoming: one } of open) parked.add(one.meta.externalId);
    for (const { incoming: one } of ready) parked.delete(one.meta.externalId);
    const facts = await loadMergeFacts(context, ready, {
      links,
      matched,
      ids,
      intended: exceptions.intended,
    });
    const rules = { mapping, at: scope.at, newId: deps.newId };
    const decisions = [...facts].map(([candidate, known]) => decideRecord(candidate, known, rules));
    await writeDecisions(context, decisions, exceptions);
    countDecisions(counts, decisions);
    await queueFiles(context, ready, links, ids);
    vanished = vanishedFields(decisions);
    hubChanged = decisions.some((decision) => decision.kind === 'create' || decision.change !== null);
  }
  // Whatever became of a record that waited, unless it waits again: one that is bad or ambiguous would be resumed for ever.
  if (someWereParked) {
    const through = records.map(({ meta }) => meta.externalId).filter((id) => !parked.has(id));
    await deps.repo.parked.unpark(tx, scope.connectionId, scope.entity, through);
  }
  assertAccounted(counts);
  const named =
    source === 'pull'
      ? counts
      : Object.fromEntries(Object.entries(counts).map(([name, n]) => [`answer_${name}`, n]));
  await deps.repo.runs.addCounts(tx, scope.runId, scope.entity, named);
  return { counts: named, hubChanged, vanished };
}

function assignHubIds(
  candidates: readonly Candidate[],
  links: ReadonlyMap<string, Link>,
  matched: ReadonlyMap<string, string>,
  newId: () => string,
): Map<string, string> {
  return new Map(
    candidates.map(({ incoming: { meta, pushed } }) => [
      meta.externalId,
      links.get(meta.externalId)?.hubId ?? pushed?.hubId ?? matched.get(meta.externalId) ?? newId(),
    ]),
  );
}

function countDecisions(counts: Counts, decisions: readonly RecordDecision[]): void {
  for (const decision of decisions) {
    count(counts, decision.kind === 'create' ? 'created' : decision.as);
    if (decision.kind === 'merge') count(counts, 'conflicts', shownConflicts(decision).length);
  }
}

/** Fields that some record lost and none of the others shows: people empty fields, and so does a changed schema. */
function vanishedFields(decisions: readonly RecordDecision[]): string[] {
  const emptied = new Set(decisions.flatMap((one) => (one.kind === 'merge' ? one.emptied : [])));
  return [...emptied].filter((field) =>
    decisions.every(({ candidate }) => (candidate.fields[field] ?? null) === null),
  );
}

/** in = out + quarantined + parked, on every page: a record that vanished would be a bug, and stops the page. */
function assertAccounted(counts: Counts): void {
  const out = OUTCOMES.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  if (out !== (counts['in'] ?? 0)) {
    throw new Failure('bug', `${String(counts['in'])} records came in, ${String(out)} are accounted for.`);
  }
}
