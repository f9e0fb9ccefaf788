/** Replays the cases of described systems and of the mapping engine that need Node alone; the others are in engine.db.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { replayRest, restCase } from './rest-case.fixture.ts';

const FILES = caseFiles('engine');

describe('every file of engine/', () => {
  it('is of a kind that is replayed', () => {
    const kinds = ['rest', 'pass', 'mapping', 'sql', 'override'];
    expect(FILES.filter(({ kind }) => !kinds.includes(kind)).map(({ name }) => name)).toEqual([]);
    expect(FILES.length).toBeGreaterThan(30);
  });
});

describe('a described REST system', () => {
  it.each(ofKind(FILES, 'rest'))('%s', async (_, content) => {
    await replayRest(restCase.parse(content));
  });
});
