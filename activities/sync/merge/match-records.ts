/**
 * First-link matching: a vendor record without a link is the hub record that the first applicable match rule finds.
 * More than one candidate, two vendor records for one hub record, or a candidate that other evidence contradicts waits for a
 * person; so does what an ambiguous create of ours may have made, whatever the rules say. A value that many records share
 * identifies none of them.
 */
import type { JsonObject } from '../../../domain/json.ts';
import { matchKey } from '../../../hub/match-keys.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { contradictions, matchText } from '../../../domain/merge/match.ts';
import type { ExceptionKinds } from '../../../store/exceptions/exceptions.ts';
import type { SiblingLink } from '../../../store/links/sibling-links.ts';
import type { ApplyContext, Candidate, Counts } from '../context.ts';
import { count } from '../context.ts';

export interface MatchResult {
  /** External id to the hub record it is. */
  matched: Map<string, string>;
  /** External ids that wait for a person. */
  reviewed: Set<string>;
}

export async function matchRecords(
  context: ApplyContext,
  unlinked: readonly { candidate: Candidate; fields: JsonObject }[],
  exceptions: Pick<ExceptionKinds, 'contested'>,
  counts: Counts,
): Promise<MatchResult> {
  const { deps, tx, scope } = context;
  const contested = exceptions.contested
    ? await deps.repo.createIntents.contestedRecords(
        tx,
        scope.connectionId,
        scope.entity,
        unlinked.map(({ candidate }) => candidate.incoming.meta.externalId),
      )
    : new Map<string, string[]>();
  const free = unlinked.filter(({ candidate }) => !contested.has(candidate.incoming.meta.externalId));
  const { matched, ambiguous } = await applyMatchRules(context, free);
  for (const { candidate } of unlinked) {
    const hubIds = contested.get(candidate.incoming.meta.externalId);
    if (hubIds !== undefined) ambiguous.push({ candidate, hubIds });
  }
  await deps.repo.reviews.add(
    tx,
    scope,
    ambiguous.map(({ candidate, hubIds }) => ({
      externalId: candidate.incoming.meta.externalId,
      candidates: hubIds,
      record: candidate.incoming.meta,
    })),
  );
  count(counts, 'review', ambiguous.length);
  return {
    matched,
    reviewed: new Set(ambiguous.map(({ candidate }) => candidate.incoming.meta.externalId)),
  };
}

interface RuleResult {
  matched: Map<string, string>;
  ambiguous: { candidate: Candidate; hubIds: string[] }[];
}

/** What the rules find; nothing is written. */
export async function applyMatchRules(
  context: ApplyContext,
  unlinked: readonly { candidate: Candidate; fields: JsonObject }[],
): Promise<RuleResult> {
  const { deps, tx, scope, mapping } = context;
  const result: RuleResult = { matched: new Map(), ambiguous: [] };
  if (unlinked.length === 0 || mapping.match.length === 0) return result;

  const keyed = withoutShared(
    unlinked.map(({ candidate, fields }) => ({
      candidate,
      fields,
      keys: mapping.match.flatMap((rule) => {
        const text = matchText(scope.entity, rule, fields);
        return text === null ? [] : [{ rule, text, key: matchKey(text) }];
      }),
    })),
  );
  const found = await deps.repo.matchKeys.find(tx, scope.connectionId, [
    ...new Set(keyed.flatMap(({ keys }) => keys.map(({ key }) => key))),
  ]);
  if (found.length === 0) return result;
  const byKey = Map.groupBy(found, (row) => row.key);
  const records = await deps.repo.hubRecords.load(tx, [...new Set(found.map((row) => row.hubId))]);

  const siblings = Map.groupBy(
    await deps.repo.links.siblings(tx, scope.connectionId, [...records.keys()]),
    ({ hubId }) => hubId,
  );

  const wanted = new Map<string, Candidate[]>();
  const matches: Match[] = [];
  for (const { candidate, fields, keys } of keyed) {
    for (const { rule, text, key } of keys) {
      // The hash found them, the values decide.
      const hubs = (byKey.get(key) ?? []).flatMap(({ hubId }) => {
        const record = records.get(hubId);
        return record?.entity === scope.entity &&
          !isElsewhere(candidate, siblings.get(hubId)) &&
          record.deletedAt === null &&
          matchText(scope.entity, rule, record.fields) === text
          ? [record]
          : [];
      });
      if (hubs.length === 0 || hubs.length > LIMITS.matchSharedMax) continue;
      const contradicted = hubs.some(
        (hub) =>
          isOther(candidate, siblings.get(hub.id)) ||
          contradictions(scope.entity, mapping.match, rule, [fields, hub.fields]).length > 0,
      );
      matches.push({ candidate, hubIds: hubs.map(({ id }) => id), contradicted });
      for (const { id } of hubs) wanted.set(id, [...(wanted.get(id) ?? []), candidate]);
      break;
    }
  }

  for (const { candidate, hubIds, contradicted } of matches) {
    const [only] = hubIds;
    if (hubIds.length === 1 && only !== undefined && wanted.get(only)?.length === 1 && !contradicted) {
      result.matched.set(candidate.incoming.meta.externalId, only);
    } else {
      result.ambiguous.push({ candidate, hubIds });
    }
  }
  return result;
}

/** Another site of the same system has the hub record: whatever the numbers say, these are two things. */
function isElsewhere({ incoming: { meta } }: Candidate, siblings: readonly SiblingLink[] = []): boolean {
  return siblings.some(({ scope }) => scope !== null && meta.scope !== undefined && scope !== meta.scope);
}

/** Another connection to the same system has the hub record as another record of it. */
function isOther({ incoming: { meta } }: Candidate, siblings: readonly SiblingLink[] = []): boolean {
  return siblings.some(({ externalId }) => externalId !== meta.externalId);
}

/** What the first rule that finds anything finds for a vendor record. */
interface Match {
  candidate: Candidate;
  hubIds: string[];
  contradicted: boolean;
}

interface Keyed {
  candidate: Candidate;
  fields: JsonObject;
  keys: { rule: readonly string[]; text: string; key: string }[];
}

/** Leaves out what many of the vendor's records say alike. */
function withoutShared(keyed: readonly Keyed[]): Keyed[] {
  const times = new Map<string, number>();
  for (const { keys } of keyed) for (const { text } of keys) times.set(text, (times.get(text) ?? 0) + 1);
  return keyed.map((one) => ({
    ...one,
    keys: one.keys.filter(({ text }) => (times.get(text) ?? 0) <= LIMITS.matchSharedMax),
  }));
}
