/** The workbench of the conformance suite: sandboxes and sessions that are closed after each test, and looking at failures. */
import { inspect } from 'node:util';
import { expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { FailureKind } from '../../domain/kernel/failure.ts';
import type { ConformanceOptions, EntityFixture } from './conformance-options.ts';
import type { Aspect, Proof } from './conformance-report.ts';
import type { Connector, CreateOp, ExternalRecord, Session, SessionDeps, UpdateOp } from './contract.ts';
import { createMemoryTokens, createSessionDeps } from './session-deps.fixture.ts';
import type { RunningSandbox } from './sandbox/index.ts';

/** No walk of the suite is longer; a cursor that stands still is found by it. */
const PAGES_MAX = 400;

export interface Stand {
  sandbox: RunningSandbox;
  session: Session;
  config: JsonObject;
  secret: JsonObject;
  /** Another session on the same sandbox, sharing the token. */
  connect(changes?: { config?: JsonObject; secret?: JsonObject; signal?: AbortSignal }): Session;
}

export interface Bench {
  connector: Connector;
  options: ConformanceOptions;
  open(): Promise<Stand>;
  tidy(): Promise<void>;
  /** Tests whose results are kept for the report; of an entity, or of the system as a whole. */
  proofs(entity: Entity | null): Prove;
}

export type Prove = (aspect: Aspect, name: string, test: () => Promise<void>) => void;

export function titleOf({ connector, variant }: ConformanceOptions): string {
  return `${connector.manifest.title}${variant === undefined ? '' : `, ${variant}`}`;
}

export function createBench(options: ConformanceOptions, proofs: Proof[] = []): Bench {
  const closers: (() => Promise<void>)[] = [];

  return {
    connector: options.connector,
    options,
    async open() {
      const { config, secret, sandbox } = await options.start();
      closers.push(() => sandbox.close());
      const tokens = createMemoryTokens();
      const deps = (signal: AbortSignal): SessionDeps =>
        createSessionDeps({ signal, tokens, ...(options.network ? { network: options.network } : {}) });
      const connect: Stand['connect'] = (changes = {}) => {
        const session = options.connector.connect(
          changes.config ?? config,
          changes.secret ?? secret,
          deps(changes.signal ?? new AbortController().signal),
        );
        closers.unshift(() => session.close());
        return session;
      };
      return { sandbox, session: connect(), config, secret, connect };
    },
    proofs: (entity) => (aspect, name, test) => {
      it(name, async () => {
        const proof: Proof = { of: titleOf(options), entity, aspect, passed: false };
        proofs.push(proof);
        await test();
        proof.passed = true;
      });
    },
    async tidy() {
      for (const close of closers.splice(0)) await close();
    },
  };
}

/** The failure a call ends with; no secret of the connection may be in it. */
export async function failureOf(promise: Promise<unknown>, secret: JsonObject): Promise<Failure> {
  const error: unknown = await promise.then(
    () => new Error('The call was expected to fail and did not.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw error;
  assertNoSecret(error, secret);
  return error;
}

export async function expectFailure(
  promise: Promise<unknown>,
  kind: FailureKind,
  secret: JsonObject,
): Promise<Failure> {
  const failure = await failureOf(promise, secret);
  expect({ kind: failure.kind, message: failure.message }).toEqual({ kind, message: failure.message });
  return failure;
}

export function assertNoSecret(failure: Failure, secret: JsonObject): void {
  const shown = [failure.message, failure.stack ?? '', failure.code ?? '', inspect(failure.cause)].join('\n');
  for (const value of Object.values(secret)) {
    if (typeof value === 'string' && shown.includes(value)) {
      throw new Error(`A secret of the connection stands in an error: ${failure.kind}.`);
    }
  }
}

/** Everything from a cursor on. */
export async function drain(
  session: Session,
  entity: Entity,
  cursor: string | null,
  pageSize: number,
): Promise<{ records: ExternalRecord[]; cursor: string }> {
  const records: ExternalRecord[] = [];
  let at = cursor;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await session.pull(entity, { cursor: at, pageSize });
    records.push(...page.records);
    at = page.cursor;
    if (!page.more) return { records, cursor: at };
  }
  throw new Error(`The pull of ${entity} did not end within ${String(PAGES_MAX)} pages.`);
}

export async function sweep(session: Session, entity: Entity): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await session.keys(entity, cursor);
    ids.push(...page.externalIds);
    if (page.cursor === null) return ids;
    cursor = page.cursor;
  }
  throw new Error(`The key sweep of ${entity} did not end within ${String(PAGES_MAX)} pages.`);
}

export function held(sandbox: RunningSandbox, fixture: EntityFixture): Record<string, unknown>[] {
  return sandbox.control.list(fixture.object) as Record<string, unknown>[];
}

/** External ids of everything the sandbox holds of an entity, sorted. */
export function heldIds(sandbox: RunningSandbox, fixture: EntityFixture): string[] {
  return held(sandbox, fixture)
    .flatMap((record) => fixture.externalIdsOf?.(record) ?? [idOf(record, fixture)])
    .sort();
}

/** What the control port calls the record behind an external id. */
export function controlIdOf(sandbox: RunningSandbox, fixture: EntityFixture, externalId: string): string {
  const record = held(sandbox, fixture).find((candidate) =>
    (fixture.externalIdsOf?.(candidate) ?? [idOf(candidate, fixture)]).includes(externalId),
  );
  if (!record) throw new Error(`The sandbox holds no ${fixture.object} ${externalId}.`);
  return idOf(record, fixture);
}

export function idOf(record: Record<string, unknown>, fixture: EntityFixture): string {
  return fixture.idOf?.(record) ?? String(record['id']);
}

export function insertMany(
  sandbox: RunningSandbox,
  fixture: EntityFixture,
  from: number,
  count: number,
): void {
  for (let n = from; n < from + count; n += 1) {
    sandbox.control.insert(fixture.object, fixture.insert?.(n, sandbox) ?? {});
  }
}

export function shows(fixture: EntityFixture, raw: JsonObject, fields: Record<string, unknown>): boolean {
  if (fixture.shows) return fixture.shows(raw, fields);
  return Object.entries(fields).every(([name, value]) => jsonEqual(raw[name], value as Json));
}

export function createOp(key: string, payload: JsonObject): CreateOp {
  const reference = `CF${key.toUpperCase().replace(/[^A-Z0-9]/g, '')}`.slice(0, 10);
  return { key, reference, intendedAt: new Date().toISOString(), payload, comments: [] };
}

export function updateOp(record: ExternalRecord, payload: JsonObject): UpdateOp {
  return {
    key: 'hub-1',
    externalId: record.externalId,
    address: record.address,
    version: record.version,
    payload,
    comments: [],
    knownComments: [],
  };
}
