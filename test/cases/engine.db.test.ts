/** Replays the cases that need PostgreSQL: whole passes over described systems, and tables of somebody's own on servers. */
import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { emptyDatabases } from '../../connectors/sql/empty-database.fixture.ts';
import type { EmptyDatabases } from '../../connectors/sql/empty-database.fixture.ts';
import { mariadbProgram, startMariadb } from '../../connectors/sql/mariadb.fixture.ts';
import type { MariadbServer } from '../../connectors/sql/mariadb.fixture.ts';
import { createTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { caseFiles, ofKind } from './case-files.fixture.ts';
import { passCase, replayPass } from './pass-case.fixture.ts';
import { replaySql, sqlCase } from './sql-case.fixture.ts';
import type { CaseDialect } from './sql-case.fixture.ts';
import { onServer } from './sql-databases.fixture.ts';

const FILES = caseFiles('engine');

describe('passes over a described system', () => {
  it.each(ofKind(FILES, 'pass'))('%s', async (_, content) => {
    await replayPass(passCase.parse(content));
  });
});

function casesOn(dialect: CaseDialect) {
  return ofKind(FILES, 'sql')
    .map(([name, content]) => [name, sqlCase.parse(content)] as const)
    .filter(([, { dialects }]) => dialects.includes(dialect));
}

async function replayOn(databases: EmptyDatabases, content: ReturnType<typeof sqlCase.parse>): Promise<void> {
  try {
    await onServer(await databases.create(), (database) => replaySql(content, database));
  } finally {
    await databases.dropAll();
  }
}

describe('tables in PostgreSQL', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());
  it.each(casesOn('postgres'))('%s', async (_, content) => {
    await replayOn(emptyDatabases(database.adminUrl), content);
  });
});

const program = mariadbProgram();
(program === null ? describe.skip : describe)('tables in MariaDB', () => {
  let server: Promise<MariadbServer> | undefined;
  afterAll(async () => (await server)?.stop());
  it.each(casesOn('mysql'))('%s', async (_, content) => {
    server ??= startMariadb(program ?? '');
    await replayOn(emptyDatabases((await server).adminUrl), content);
  });
});
