import { describe, expect, it } from '@jest/globals';
import type { CommentLink } from '../../../store/hub/comments.ts';
import { mergeComments } from './comments.ts';

const META = { externalId: 'W1', address: null, version: null, updatedAt: null, number: null, hash: 'h' };
/** A comment of ours whose send had an unknown outcome. */
const sent = (text: string): CommentLink => ({
  hubCommentId: 'ours',
  hubId: 'h',
  externalId: null,
  state: 'unknown',
  text,
});

function merged(ours: string, theirs: string): { made: number; linked: string[] } {
  const { created, links } = mergeComments({
    hubId: 'h',
    candidate: {
      incoming: { raw: {}, meta: META },
      fields: {},
      comments: [{ externalId: 'c9', text: theirs }],
    },
    known: [sent(ours)],
    newId: () => 'new',
    at: '2026-03-01T00:00:00.000Z',
  });
  return { made: created.length, linked: links.map(({ hubCommentId }) => hubCommentId) };
}

describe('a comment that comes back after a send of unknown outcome', () => {
  it.each([
    ['Bearing worn', 'Bearing worn'],
    ['Bearing worn\n\n\nOrdered a new one', 'Bearing worn\n\nOrdered a new one'],
    ['Bearing worn\r\nOrdered', 'Bearing worn Ordered'],
    ['  Bearing  worn ', 'Bearing worn'],
  ])('%j, as %j, is ours', (ours, theirs) => {
    expect(merged(ours, theirs)).toEqual({ made: 0, linked: ['ours'] });
  });

  it('in other words is somebody else’s', () => {
    expect(merged('Bearing worn', 'Bearing not worn')).toEqual({ made: 1, linked: ['new'] });
  });
});
