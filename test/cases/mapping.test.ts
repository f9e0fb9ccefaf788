/** Replays the cases of mappings and of what plants lay over them. */
import { describe, it } from '@jest/globals';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { mappingCase, overrideCase, replayMapping, replayOverride } from './mapping-case.fixture.ts';

const FILES = caseFiles('engine');

describe('a mapping', () => {
  it.each(ofKind(FILES, 'mapping'))('%s', async (_, content) => {
    await replayMapping(mappingCase.parse(content));
  });
});

describe('an override', () => {
  it.each(ofKind(FILES, 'override'))('%s', async (_, content) => {
    await replayOverride(overrideCase.parse(content));
  });
});
