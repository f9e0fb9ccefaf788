/** Replays the cases about vendors' answers and whole passes. */
import { describe, expect, it } from '@jest/globals';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { passCase, replayPass } from './pass-case.fixture.ts';
import { plantCase, replayPlant } from './plant-case.fixture.ts';
import { replayRest, restCase } from './rest-case.fixture.ts';

const FILES = caseFiles('systems');

describe('every file of systems/', () => {
  it('is of a kind that is replayed', () => {
    const kinds = ['rest', 'pass', 'plant'];
    expect(FILES.filter(({ kind }) => !kinds.includes(kind)).map(({ name }) => name)).toEqual([]);
    expect(FILES.length).toBeGreaterThanOrEqual(27);
  });
});

describe('answers of a system', () => {
  it.each(ofKind(FILES, 'rest'))('%s', async (_, content) => {
    await replayRest(restCase.parse(content));
  });
});

describe('passes over a system', () => {
  it.each(ofKind(FILES, 'pass'))('%s', async (_, content) => {
    await replayPass(passCase.parse(content));
  });
});

describe('passes over several systems', () => {
  it.each(ofKind(FILES, 'plant'))('%s', async (_, content) => {
    await replayPlant(plantCase.parse(content));
  });
});
