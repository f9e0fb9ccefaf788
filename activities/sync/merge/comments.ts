/**
 * Comments are append-only and travel once: each is known at each connection by the vendor's id. A comment that comes
 * back after a send of unknown outcome is recognised by its text and adopted, not taken for a new one.
 */
import type { CommentLink, HubComment } from '../../../store/hub/comments.ts';
import type { Candidate } from '../context.ts';

interface Input {
  hubId: string;
  candidate: Candidate;
  known: readonly CommentLink[];
  newId: () => string;
  at: string;
}

export interface MergedComments {
  created: HubComment[];
  links: Omit<CommentLink, 'text'>[];
}

export function mergeComments(input: Input): MergedComments {
  const { hubId, candidate, newId } = input;
  const created: HubComment[] = [];
  const links: Omit<CommentLink, 'text'>[] = [];
  const sent = new Map((candidate.incoming.pushed?.comments ?? []).map((outcome) => [outcome.key, outcome]));
  for (const [key, { outcome, externalId }] of sent) {
    const state = outcome === 'done' ? 'linked' : outcome;
    links.push({ hubCommentId: key, hubId, externalId, state });
  }

  const taken = new Set([
    ...input.known.flatMap(({ externalId }) => (externalId === null ? [] : [externalId])),
    ...[...sent.values()].flatMap(({ externalId }) => (externalId === null ? [] : [externalId])),
  ]);
  const unsettled = input.known.filter(
    ({ hubCommentId, externalId }) =>
      externalId === null && (sent.get(hubCommentId)?.externalId ?? null) === null,
  );
  for (const comment of candidate.comments) {
    if (taken.has(comment.externalId)) continue;
    taken.add(comment.externalId);
    const index = unsettled.findIndex(({ text }) => foldBlanks(text) === foldBlanks(comment.text));
    const [adopted] = index === -1 ? [] : unsettled.splice(index, 1);
    if (adopted !== undefined) {
      const at = links.findIndex(({ hubCommentId }) => hubCommentId === adopted.hubCommentId);
      if (at !== -1) links.splice(at, 1);
      links.push({
        hubCommentId: adopted.hubCommentId,
        hubId,
        externalId: comment.externalId,
        state: 'linked',
      });
      continue;
    }
    const id = newId();
    created.push({
      id,
      hubId,
      text: comment.text,
      author: comment.author ?? null,
      at: comment.at ?? input.at,
    });
    links.push({ hubCommentId: id, hubId, externalId: comment.externalId, state: 'linked' });
  }
  return { created, links };
}

/** Systems keep lines and blanks as their editors like them: the words are what tells two texts apart. */
function foldBlanks(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
