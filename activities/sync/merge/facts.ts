/** What the merge of a batch is decided from, read at once and locked: hub records, links, open conflicts, comments, bases. */
import type { HeldValues } from '../../../domain/merge/held-values.ts';
import type { CommentLink } from '../../../store/hub/comments.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Link } from '../../../store/links/links.ts';
import type { ApplyContext, Candidate } from '../context.ts';
import { lookAtIntent, type Intended } from './intents.ts';
import { isFoundAgain, loadBases, type Bases } from './merge-bases.ts';

/** What is known of the records of a batch before they are merged, by external id. */
export interface Identified {
  links: ReadonlyMap<string, Link>;
  /** First-link matches: the hub record that an unlinked one is. */
  matched: ReadonlyMap<string, string>;
  /** The hub id each has or will have. */
  ids: ReadonlyMap<string, string>;
}

/** The facts of one record. */
export interface MergeFacts {
  hubId: string;
  link: Link | undefined;
  /** Null for a record that the hub does not have. */
  known: KnownFacts | null;
}

export interface KnownFacts {
  hub: HubRecord;
  bases: Bases;
  /** What a person is deciding, with the vendor's values. */
  held: HeldValues;
  comments: readonly CommentLink[];
  /** The record of an earlier create of ours whose outcome nobody had seen. */
  foundAgain: boolean;
  /** A write of ours is under way: what it shows is nobody's edit. */
  intended: Intended | null;
}

export async function loadMergeFacts(
  context: ApplyContext,
  candidates: readonly Candidate[],
  identified: Identified & { intended: boolean },
): Promise<Map<Candidate, MergeFacts>> {
  const { deps, tx, scope } = context;
  const { links, matched, ids } = identified;
  const existing = candidates.flatMap(({ incoming: { meta, pushed } }) => {
    const id = links.get(meta.externalId)?.hubId ?? pushed?.hubId ?? matched.get(meta.externalId);
    return id === undefined ? [] : [id];
  });
  const hubs = await deps.repo.hubRecords.lock(tx, existing);
  const held = await deps.repo.conflicts.openValues(tx, scope.connectionId, existing);
  const talks = candidates.some(
    ({ comments, incoming }) => comments.length > 0 || incoming.pushed !== undefined,
  );
  const comments = talks
    ? await deps.repo.comments.loadLinks(tx, scope.connectionId, existing)
    : new Map<string, CommentLink[]>();
  const basesOf = await loadBases(context, candidates, hubs, identified);

  const intents = identified.intended
    ? await deps.repo.updateIntents.load(tx, scope.connectionId, existing)
    : new Map<string, never>();
  const facts = new Map<Candidate, MergeFacts>();
  for (const candidate of candidates) {
    const { externalId } = candidate.incoming.meta;
    const link = links.get(externalId);
    const hubId = ids.get(externalId) ?? '';
    const hub = hubs.get(hubId);
    if (hub === undefined) {
      facts.set(candidate, { hubId, link, known: null });
      continue;
    }
    const bases = await basesOf(candidate, hub, link);
    const intended = await lookAtIntent(context, candidate, { hub, bases, intent: intents.get(hubId) });
    facts.set(candidate, {
      hubId,
      link,
      known: {
        hub,
        bases: intended?.decision ?? bases,
        held: held.get(hubId) ?? new Map<string, never>(),
        comments: comments.get(hubId) ?? [],
        foundAgain: link === undefined && isFoundAgain(candidate),
        intended,
      },
    });
  }
  return facts;
}
