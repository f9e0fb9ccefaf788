/** Replays a case of kind `rest`: steps on one session of a described system, each with what must come of it. */
import { expect } from '@jest/globals';
import { z } from 'zod';
import { custom } from '../../connectors/custom/index.ts';
import type { PullPage, Session } from '../../connectors/kit/contract.ts';
import { createSessionDeps } from '../../connectors/kit/session-deps.fixture.ts';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { RunningCaseServer } from './case-server.fixture.ts';
import { startCaseServer } from './case-server.fixture.ts';

const entity = z.enum(ENTITIES);
const object = z.record(z.string(), z.unknown());

const step = z.strictObject({
  /** Begins a new session, as another worker would. */
  anew: z.boolean().default(false),
  /** Answers from here on, beside or instead of those before. */
  answers: object.optional(),
  pull: entity.optional(),
  /** Breaks the pull off after so many pages; the next pull goes on from there. */
  pages: z.number().optional(),
  keys: entity.optional(),
  probe: z.literal(true).optional(),
  read: z.tuple([entity, z.array(z.string())]).optional(),
  create: z.tuple([entity, object]).optional(),
  /** The record's id and the payload. */
  update: z.tuple([entity, z.string(), object]).optional(),
  remove: z.tuple([entity, z.string()]).optional(),
  find: z.tuple([entity, object]).optional(),
  pageSize: z.number().default(100),
  expect: object.optional(),
  /** Calls this step must have made, in order. */
  sent: z.array(z.string()).optional(),
  /** The most calls it may make. */
  callsMax: z.number().default(200),
});
type Step = z.infer<typeof step>;

export const restCase = z.strictObject({
  what: z.string(),
  kind: z.literal('rest'),
  definition: object,
  secret: object.default({}),
  server: z.record(z.string(), z.unknown()),
  steps: z.array(step).min(1),
});

const OP = { key: 'k', reference: 'CF12345678', intendedAt: '2026-03-01T00:00:00.000Z', comments: [] };

export async function replayRest({
  definition,
  secret,
  server: spec,
  steps,
}: z.infer<typeof restCase>): Promise<void> {
  const server = await startCaseServer(spec);
  const complete = { auth: { type: 'none' }, ...definition };
  const connect = (): Session =>
    custom.connect({ baseUrl: server.url, definition: complete }, secret, createSessionDeps());
  let session = connect();
  const cursors = new Map<Entity, string>();
  try {
    for (const one of steps) {
      if (one.anew) {
        await session.close();
        session = connect();
      }
      for (const [call, answer] of Object.entries(one.answers ?? {})) server.set(call, answer);
      await replayStep(one, session, server, cursors);
    }
  } finally {
    await session.close();
    await server.close();
  }
}

async function replayStep(
  one: Step,
  session: Session,
  server: RunningCaseServer,
  cursors: Map<Entity, string>,
): Promise<void> {
  const before = server.sent.length;
  const result = await resultOf(one, session, cursors).catch((error: unknown) => {
    const { kind, message, path, applied } = toFailure(error);
    return { failure: { kind, message, path, applied } };
  });
  if (one.expect !== undefined) expect(result).toMatchObject(spelled(one.expect) as object);
  else expect(result).not.toHaveProperty('failure');
  const sent = server.sent.slice(before);
  if (one.sent !== undefined) expect(sent).toEqual(one.sent);
  expect(sent.length).toBeLessThanOrEqual(one.callsMax);
}

async function resultOf(one: Step, session: Session, cursors: Map<Entity, string>): Promise<object> {
  if (one.pull !== undefined) return pulled(session, one.pull, one, cursors);
  if (one.keys !== undefined) return swept(session, one.keys);
  if (one.probe === true) return session.probe();
  if (one.read !== undefined) return { records: await session.read(...one.read) };
  if (one.create !== undefined) {
    const [of, payload] = one.create;
    const [outcome] = await session.create(of, [{ ...OP, payload: payload as JsonObject }]);
    return outcome ?? {};
  }
  if (one.update !== undefined) {
    const [of, externalId, payload] = one.update;
    const op = { key: 'k', externalId, address: null, version: null, comments: [], knownComments: [] };
    const [outcome] = await session.update(of, [{ ...op, payload: payload as JsonObject }]);
    return outcome ?? {};
  }
  if (one.remove !== undefined) {
    await session.remove(...one.remove, null);
    return { removed: true };
  }
  if (one.find !== undefined) {
    const [of, payload] = one.find;
    const [found] = await session.findCreated(of, [{ ...OP, payload: payload as JsonObject }]);
    return { ids: found?.candidates.map(({ externalId }) => externalId), doubtful: found?.doubtful ?? false };
  }
  throw new Error('A step of a case does nothing that is known.');
}

async function pulled(
  session: Session,
  of: Entity,
  { pages = Infinity, pageSize }: Step,
  cursors: Map<Entity, string>,
): Promise<object> {
  const records: PullPage['records'] = [];
  const broken: NonNullable<PullPage['broken']> = [];
  let incomplete: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const got = await session.pull(of, { cursor: cursors.get(of) ?? null, pageSize });
    records.push(...got.records);
    broken.push(...(got.broken ?? []));
    cursors.set(of, got.cursor);
    incomplete = got.incomplete ?? null;
    if (!got.more) break;
  }
  return {
    count: new Set(records.map(({ externalId }) => externalId)).size,
    ids: records.map(({ externalId }) => externalId),
    records,
    broken: broken.map(({ externalId, failure }) => ({ externalId, message: failure.message })),
    incomplete,
  };
}

async function swept(session: Session, of: Entity): Promise<object> {
  const ids: string[] = [];
  let cursor: string | null = null;
  let incomplete: string | null = null;
  do {
    const page = await session.keys(of, cursor);
    ids.push(...page.externalIds);
    ({ cursor } = page);
    incomplete = page.incomplete ?? null;
  } while (cursor !== null);
  return { count: new Set(ids).size, ids, incomplete };
}

/** `{contains: text}` in an expectation stands for any text that holds it. */
export function spelled(expected: unknown): unknown {
  if (Array.isArray(expected)) return expected.map(spelled);
  if (typeof expected !== 'object' || expected === null) return expected;
  const entries = Object.entries(expected);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'contains') return expect.stringContaining(String(only[1]));
  if (entries.length === 1 && only?.[0] === 'anyOrder')
    return expect.arrayContaining((only[1] as unknown[]).map(spelled));
  return Object.fromEntries(entries.map(([key, value]) => [key, spelled(value)]));
}
