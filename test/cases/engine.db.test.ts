/** Replays the cases of described systems that are about whole passes. */
import { describe, it } from '@jest/globals';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { passCase, replayPass } from './pass-case.fixture.ts';

const FILES = caseFiles('engine');

describe('passes over a described system', () => {
  it.each(ofKind(FILES, 'pass'))('%s', async (_, content) => {
    await replayPass(passCase.parse(content));
  });
});
