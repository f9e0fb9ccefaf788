/** Replays a case of kind `sql`: tables of somebody's own, statements of that somebody, and what the connector makes of them. */
import { expect } from '@jest/globals';
import { z } from 'zod';
import type { PullPage, Session } from '../../connectors/kit/contract.ts';
import { createSessionDeps } from '../../connectors/kit/session-deps.fixture.ts';
import { sql } from '../../connectors/sql/index.ts';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { spelled } from './rest-case.fixture.ts';

const entity = z.enum(ENTITIES);
const object = z.record(z.string(), z.unknown());
const dialect = z.enum(['sqlite', 'postgres', 'mysql']);
export type CaseDialect = z.infer<typeof dialect>;

const step = z.strictObject({
  sql: z.string().optional(),
  pull: entity.optional(),
  pageSize: z.number().default(100),
  keys: entity.optional(),
  probe: z.literal(true).optional(),
  read: z.tuple([entity, z.array(z.string())]).optional(),
  update: z.tuple([entity, z.string(), object]).optional(),
  discover: entity.optional(),
  expect: object.optional(),
});

export const sqlCase = z.strictObject({
  what: z.string(),
  kind: z.literal('sql'),
  dialects: z.array(dialect).min(1),
  /** Statements, one a line ending with a semicolon. */
  tables: z.string(),
  settings: object.default({}),
  entities: object,
  steps: z.array(step).min(1),
});

export interface CaseDatabase {
  config: JsonObject;
  secret: JsonObject;
  /** Runs somebody's own statements. */
  run(text: string): Promise<void>;
  allowed: string[];
}

export async function replaySql(
  { tables, settings, entities, steps }: z.infer<typeof sqlCase>,
  database: CaseDatabase,
): Promise<void> {
  for (const statement of statementsOf(tables)) await database.run(statement);
  const connect = (): Session =>
    sql.connect(
      { ...database.config, ...settings, entities },
      database.secret,
      createSessionDeps({ network: { allowed: database.allowed } }),
    );
  const cursors = new Map<string, string>();
  for (const one of steps) {
    // Each step as another worker would make it.
    const session = connect();
    try {
      for (const statement of statementsOf(one.sql ?? '')) await database.run(statement);
      const result = await resultOf(one, session, cursors).catch((error: unknown) => {
        const { kind, message, path } = toFailure(error);
        return { failure: { kind, message, path } };
      });
      if (one.expect === undefined) expect(result).not.toHaveProperty('failure');
      else expect(result).toMatchObject(spelled(one.expect) as object);
    } finally {
      await session.close();
    }
  }
}

function statementsOf(text: string): string[] {
  return text
    .split(/;\s*(?:\n|$)/)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

async function resultOf(
  one: z.infer<typeof step>,
  session: Session,
  cursors: Map<string, string>,
): Promise<object> {
  if (one.pull !== undefined) return pulled(session, one.pull, one.pageSize, cursors);
  if (one.keys !== undefined) {
    const { externalIds } = await session.keys(one.keys, null);
    return { ids: externalIds };
  }
  if (one.probe === true) return session.probe();
  if (one.read !== undefined) return { records: await session.read(...one.read) };
  if (one.discover !== undefined) return (await session.discover?.())?.entities[one.discover] ?? {};
  if (one.update !== undefined) {
    const [of, externalId, payload] = one.update;
    const op = { key: 'k', externalId, address: null, version: null, comments: [], knownComments: [] };
    const [outcome] = await session.update(of, [{ ...op, payload: payload as JsonObject }]);
    return outcome ?? {};
  }
  return {};
}

async function pulled(
  session: Session,
  of: z.infer<typeof entity>,
  pageSize: number,
  cursors: Map<string, string>,
): Promise<object> {
  const pages: PullPage[] = [];
  for (;;) {
    const page = await session.pull(of, { cursor: cursors.get(of) ?? null, pageSize });
    pages.push(page);
    cursors.set(of, page.cursor);
    if (!page.more) break;
    if (pages.length > 100) throw new Error('The pull does not end.');
  }
  const records = pages.flatMap((page) => page.records);
  return {
    ids: records.map(({ externalId }) => externalId),
    records,
    broken: pages.flatMap(({ broken = [] }) => broken.map(({ failure }) => ({ message: failure.message }))),
  };
}
