/** Replays the cases of described systems and of the mapping engine that need Node alone; the others are in engine.db.test.ts. */
import { describe, expect, it } from '@jest/globals';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { replayRest, restCase } from './rest-case.fixture.ts';
import { replaySql, sqlCase } from './sql-case.fixture.ts';
import { inSqlite } from './sql-databases.fixture.ts';

const FILES = caseFiles('engine');

describe('every file of engine/', () => {
  it('is of a kind that is replayed', () => {
    const kinds = ['rest', 'pass', 'mapping', 'sql', 'override'];
    expect(FILES.filter(({ kind }) => !kinds.includes(kind)).map(({ name }) => name)).toEqual([]);
    expect(FILES.length).toBeGreaterThan(45);
  });
});

describe('a described REST system', () => {
  it.each(ofKind(FILES, 'rest'))('%s', async (_, content) => {
    await replayRest(restCase.parse(content));
  });
});

describe('a file of SQLite', () => {
  const cases = ofKind(FILES, 'sql')
    .map(([name, content]) => [name, sqlCase.parse(content)] as const)
    .filter(([, { dialects }]) => dialects.includes('sqlite'));
  it.each(cases)('%s', async (_, content) => {
    await inSqlite((database) => replaySql(content, database));
  });
});
