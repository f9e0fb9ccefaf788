/** What waits for a person or another record: asked twice, it waits once. */
import { randomUUID } from 'node:crypto';
import { inCamelCase } from '../../domain/case.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { dropIntents, loadIntents, markIntents, storeIntents } from '../links/create-intents.ts';
import type { Tx } from '../database.ts';
import {
  closeOpenConflicts,
  closeMatchReviews,
  closeQuarantine,
  openConflictValues,
  park,
  quarantine,
  recordConflicts,
  resumableParked,
  reviewMatches,
  underReview,
  unpark,
  type ConflictWrite,
  type QuarantineWrite,
  type Scope,
} from './exceptions.ts';
import { insertHubRecords } from '../hub/hub-records.ts';
import { writeLinks } from '../links/links.ts';
import type { RecordMeta } from '../links/staging.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';

const AT = '2026-03-01T08:15:00.000Z';
const LATER = '2026-03-02T08:15:00.000Z';

describe('exceptions', () => {
  let test: TestStore;
  let scope: Scope;
  let hubId: string;
  let inA: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  beforeAll(async () => {
    test = await openTestStore();
    inA = (work) => test.store.inTenant(test.tenantA, work);
  });
  beforeEach(async () => {
    scope = {
      tenantId: test.tenantA,
      connectionId: await addConnection(test, test.tenantA),
      entity: 'asset',
      runId: randomUUID(),
      at: AT,
    };
    hubId = randomUUID();
    await inA((tx) =>
      insertHubRecords(tx, { ...scope, originConnectionId: null }, [
        { id: hubId, fields: { name: 'Excavator' } },
      ]),
    );
  });
  afterAll(() => test.close());

  const rowsOf = async (table: string) =>
    (
      await test.admin.query<Record<string, unknown>>(
        `select * from ${table} where connection_id = $1 order by created_at, id`,
        [scope.connectionId],
      )
    ).rows.map(inCamelCase);
  const record = (externalId: string): RecordMeta => ({
    externalId,
    address: null,
    version: null,
    updatedAt: null,
    number: null,
    hash: randomUUID(),
  });

  describe('conflicts', () => {
    const conflict = (more: Partial<ConflictWrite>): ConflictWrite => ({
      id: randomUUID(),
      hubId,
      externalId: '301',
      field: 'status',
      policy: 'manual',
      hubValue: 'running',
      externalValue: 'down',
      winner: null,
      ...more,
    });
    const store = (...conflicts: ConflictWrite[]) => inA((tx) => recordConflicts(tx, scope, conflicts));

    it('brings an open one up to date instead of opening another', async () => {
      expect(await store(conflict({}))).toBe(1);
      expect(await store(conflict({ externalValue: 'scrapped' }))).toBe(0);
      expect(await rowsOf('conflict')).toMatchObject([{ externalValue: 'scrapped', resolvedAt: null }]);
    });

    it('keeps every one a policy decided, each with its loser', async () => {
      const decided = { policy: 'newest', winner: 'external' as const };
      expect(await store(conflict(decided))).toBe(1);
      expect(await store(conflict({ ...decided, hubValue: 'idle' }))).toBe(1);
      expect(await rowsOf('conflict')).toMatchObject([
        { resolvedBy: 'policy', winner: 'external' },
        { resolvedBy: 'policy', winner: 'external' },
      ]);
      expect(await inA((tx) => openConflictValues(tx, scope.connectionId, [hubId]))).toEqual(new Map());
    });

    it('tells what is open, with the value of the vendor, until it is closed; the same field can be open again', async () => {
      await store(conflict({}), conflict({ field: 'name' }));
      const open = () => inA((tx) => openConflictValues(tx, scope.connectionId, [hubId]));
      const [status, name] = [['status', 'down'] as const, ['name', 'down'] as const];
      expect(await open()).toEqual(new Map([[hubId, new Map([status, name])]]));
      await inA((tx) =>
        closeOpenConflicts(
          tx,
          scope.connectionId,
          [{ hubId, field: 'status', by: 'agreement', winner: 'external' }],
          LATER,
        ),
      );
      expect(await open()).toEqual(new Map([[hubId, new Map([name])]]));
      expect(await store(conflict({}))).toBe(1);
      expect(await open()).toEqual(new Map([[hubId, new Map([status, name])]]));
      const closed = (by: 'policy' | 'superseded', field: string) =>
        inA((tx) => closeOpenConflicts(tx, scope.connectionId, [{ hubId, field, by, winner: null }], LATER));
      await closed('policy', 'status');
      await closed('superseded', 'name');
      expect((await rowsOf('conflict')).map(({ resolvedBy }) => resolvedBy).toSorted()).toEqual([
        'agreement',
        'policy',
        'superseded',
      ]);
    });
  });

  describe('quarantine', () => {
    const bad = (problem: string): QuarantineWrite => ({
      id: randomUUID(),
      subject: '301',
      rawHash: null,
      data: { assetnum: '301' },
      problems: [{ path: 'status', problem }],
    });
    const put = (direction: 'pull' | 'push', problem: string) =>
      inA((tx) => quarantine(tx, scope, direction, [bad(problem)]));

    it('holds one open entry a record and direction, with the newest problem', async () => {
      await put('pull', 'first');
      await put('pull', 'second');
      await put('push', 'third');
      const problems = (await rowsOf('quarantine')).map((row) => [row['direction'], row['problems']]);
      expect(new Map(problems as [string, unknown][])).toEqual(
        new Map([
          ['pull', [{ path: 'status', problem: 'second' }]],
          ['push', [{ path: 'status', problem: 'third' }]],
        ]),
      );
      expect(problems).toHaveLength(2);
    });

    it('lets a record out, keeps the entry, and takes the record in again', async () => {
      await put('pull', 'first');
      await inA((tx) => closeQuarantine(tx, { ...scope, at: LATER }, 'pull', ['301', 'unknown']));
      expect(await rowsOf('quarantine')).toMatchObject([{ closedAs: 'replayed', closedAt: new Date(LATER) }]);
      await put('pull', 'again');
      expect(await rowsOf('quarantine')).toHaveLength(2);
    });
  });

  it('parked records come back when what they wait for is linked', async () => {
    const child = record('302');
    const waits = { externalId: '302', waitsEntity: 'asset' as const, record: child };
    await inA((tx) => park(tx, scope, [{ ...waits, waitsExternalId: '999' }]));
    await inA((tx) => park(tx, scope, [{ ...waits, waitsExternalId: '301' }]));
    const resumable = () =>
      inA((tx) => resumableParked(tx, scope.connectionId, 'asset', { after: null, limit: 10 }));
    expect(await resumable()).toEqual([]);
    const link = {
      externalId: '301',
      hubId,
      address: null,
      externalVersion: null,
      externalNumber: null,
      externalUpdatedAt: null,
      rawHash: null,
      mappingVersion: null,
      baseHub: {},
      baseExternal: null,
      readOnly: false,
      scope: null,
      hubVersion: 1,
    };
    await inA((tx) => writeLinks(tx, scope, [link], true));
    expect(await resumable()).toEqual([{ record: child, waitedFor: 'asset:301' }]);
    await inA((tx) => unpark(tx, scope.connectionId, 'asset', ['302']));
    expect(await resumable()).toEqual([]);
  });

  it('a match under review holds back its candidates until it is closed', async () => {
    const other = randomUUID();
    const held = () => inA((tx) => underReview(tx, scope.connectionId, [hubId, other]));
    const review = (candidates: string[]) =>
      inA((tx) => reviewMatches(tx, scope, [{ externalId: '301', candidates, record: record('301') }]));
    await review([hubId, other]);
    expect(await held()).toEqual(new Set([hubId, other]));
    await review([hubId]);
    expect(await held()).toEqual(new Set([hubId]));
    await inA((tx) => closeMatchReviews(tx, scope, ['301']));
    expect(await held()).toEqual(new Set());
  });

  describe('intents to create', () => {
    const intent = (reference: string) => ({
      hubId,
      reference,
      payload: { description: 'Excavator' },
      intendedAt: AT,
    });
    const load = async () => (await inA((tx) => loadIntents(tx, scope.connectionId, [hubId]))).get(hubId);

    it('stores one per record, refuses a second, and remembers what became of it', async () => {
      await inA((tx) => storeIntents(tx, scope, [intent('CF0000001')]));
      expect(await load()).toEqual({
        ...intent('CF0000001'),
        triedAt: '2026-03-01T08:15:00.000Z',
        state: 'sending',
      });
      await expect(inA((tx) => storeIntents(tx, scope, [intent('CF0000002')]))).rejects.toThrow(
        /duplicate key/,
      );
      await inA((tx) =>
        markIntents(tx, scope.connectionId, [{ hubId, state: 'ambiguous', candidates: ['301', '302'] }]),
      );
      expect(await load()).toMatchObject({ state: 'ambiguous', reference: 'CF0000001' });
      await inA((tx) => dropIntents(tx, scope.connectionId, [hubId]));
      expect(await load()).toBeUndefined();
    });

    it('never lets two records share a reference at one connection', async () => {
      const other = randomUUID();
      await inA((tx) =>
        insertHubRecords(tx, { ...scope, originConnectionId: null }, [
          { id: other, fields: { name: 'Other' } },
        ]),
      );
      const both = [intent('CF0000003'), { ...intent('CF0000003'), hubId: other }];
      await expect(inA((tx) => storeIntents(tx, scope, both))).rejects.toThrow(/create_intent_reference/);
    });
  });
});
