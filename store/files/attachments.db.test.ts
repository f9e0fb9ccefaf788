import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import {
  addFileToRecord,
  listAttachments,
  loadAttachment,
  pendingAttachments,
  writeAttachmentLink,
} from './attachments.ts';
import type { Tx } from '../database.ts';
import {
  beginFirstLook,
  continueFirstLook,
  dueFiles,
  enqueueDailyLook,
  enqueueFiles,
  entitiesWithFiles,
  hasFilesDue,
  nextFilesInMs,
  postponeFiles,
  settleFiles,
} from './file-queue.ts';
import { createFileStore, type FileStore } from './files.ts';
import { insertHubRecords } from '../hub/hub-records.ts';
import { writeLinks } from '../links/links.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';

const AT = '2026-03-01T08:00:00.000Z';

describe('attachments', () => {
  let test: TestStore;
  let files: FileStore;
  let north: string;
  let south: string;
  let hubId: string;
  beforeAll(async () => {
    test = await openTestStore();
    files = createFileStore(test.store);
    north = await addConnection(test, test.tenantA);
    south = await addConnection(test, test.tenantA);
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    hubId = randomUUID();
    await inA(async (tx) => {
      await insertHubRecords(
        tx,
        {
          tenantId: test.tenantA,
          entity: 'work_order',
          originConnectionId: null,
          at: new Date().toISOString(),
        },
        [{ id: hubId, fields: { title: 'Grease the pump' } }],
      );
      for (const connection of [north, south]) await link(tx, connection);
    });
  });

  const inA = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => test.store.inTenant(test.tenantA, work);
  const scope = (connectionId: string) =>
    ({ tenantId: test.tenantA, connectionId, entity: 'work_order' }) as const;
  const link = (tx: Tx, connectionId: string): Promise<void> =>
    writeLinks(
      tx,
      scope(connectionId),
      [
        {
          externalId: hubId,
          hubId,
          address: null,
          externalVersion: null,
          externalNumber: null,
          externalUpdatedAt: null,
          rawHash: null,
          mappingVersion: null,
          baseHub: {},
          baseExternal: null,
          hubVersion: 1,
          readOnly: false,
          scope: null,
        },
      ],
      true,
    );
  const add = (name: string, content: string) =>
    addFileToRecord(
      { store: test.store, files },
      {
        tenantId: test.tenantA,
        hubId,
        attachmentId: randomUUID(),
        name,
        mediaType: 'text/plain',
        content: Readable.from([Buffer.from(content)]),
        by: 'planner',
        at: AT,
      },
    );
  const due = async (connectionId: string) =>
    (await inA((tx) => dueFiles(tx, connectionId, 'work_order', 100))).filter((row) => row.hubId === hubId);

  it('of a person are listed, can be read, and are due at every connection of the record', async () => {
    const { id, added } = await add('notes.txt', 'seal leaks');
    expect(added).toBe(true);
    expect(await inA((tx) => listAttachments(tx, hubId))).toMatchObject([
      {
        id,
        name: 'notes.txt',
        mediaType: 'text/plain',
        bytes: 10,
        originConnectionId: null,
        addedBy: 'planner',
        links: [],
      },
    ]);
    const shown = await inA((tx) => loadAttachment(tx, id));
    expect(await text(await files.open(test.tenantA, shown?.sha256 ?? ''))).toBe('seal leaks');
    expect(await due(north)).toMatchObject([{ look: false, externalId: hubId }]);
    expect(await due(south)).toHaveLength(1);
    expect(await inA((tx) => pendingAttachments(tx, south, hubId))).toMatchObject([
      { id, name: 'notes.txt', bytes: 10, linkId: null },
    ]);
    expect(await test.store.inTenant(test.tenantB, (tx) => listAttachments(tx, hubId))).toEqual([]);
  });

  it('with the same content are on a record once', async () => {
    const first = await add('a.txt', 'same');
    expect(await add('b.txt', 'same')).toEqual({ id: first.id, added: false });
    expect(await inA((tx) => listAttachments(tx, hubId))).toHaveLength(1);
  });

  it('are refused where they cannot go, without a trace', async () => {
    await expect(add('setup.EXE', 'MZ')).rejects.toMatchObject({ kind: 'rejected', path: 'name' });
    const known = hubId;
    hubId = randomUUID();
    await expect(add('a.txt', 'x')).rejects.toMatchObject({ kind: 'not_found' });
    hubId = known;
    expect(await inA((tx) => listAttachments(tx, hubId))).toEqual([]);
  });

  it('have no path in their name', async () => {
    const { id } = await add('..\\..\\etc/passwd\r\n.txt', 'x');
    expect(await inA((tx) => loadAttachment(tx, id))).toMatchObject({ name: 'passwd.txt' });
  });

  it.each([
    ['linked', 0],
    ['rejected', 0],
    ['unknown', 0],
    ['sending', 1],
  ] as const)('that are %s at a connection are pending there %i times', async (state, times) => {
    const { id } = await add('a.txt', state);
    const write = {
      id: randomUUID(),
      hubId,
      hubAttachmentId: id,
      name: 'a.txt',
      bytes: 7,
      reason: null,
      at: AT,
    };
    await inA((tx) => writeAttachmentLink(tx, scope(north), { ...write, externalId: null, state }));
    const pending = await inA((tx) => pendingAttachments(tx, north, hubId));
    expect(pending.map(({ linkId }) => linkId)).toEqual(times === 0 ? [] : [write.id]);
    expect(await inA((tx) => pendingAttachments(tx, south, hubId))).toHaveLength(1);
  });

  it('a queued record that is queued again while it is under way stays queued', async () => {
    await inA((tx) => enqueueFiles(tx, scope(north), [{ hubId, look: true, slow: true }]));
    const [taken] = await due(north);
    if (taken === undefined) throw new Error('nothing is due');
    await inA((tx) => enqueueFiles(tx, scope(north), [{ hubId, look: true, slow: false }]));
    await inA((tx) => settleFiles(tx, north, taken));
    const [again] = await due(north);
    expect(again).toMatchObject({ look: true });
    await inA((tx) => settleFiles(tx, north, again ?? taken));
    expect(await due(north)).toEqual([]);
  });

  it('a look that is not needed is not queued for a record without files', async () => {
    await inA((tx) => enqueueFiles(tx, scope(north), [{ hubId, look: false, slow: false }]));
    expect(await due(north)).toEqual([]);
  });

  it('postponed records wait their time', async () => {
    await inA((tx) => sql`delete from file_queue`.execute(tx));
    expect(await inA((tx) => nextFilesInMs(tx, north))).toBeNull();
    await inA((tx) => enqueueFiles(tx, scope(north), [{ hubId, look: true, slow: false }]));
    expect(await inA((tx) => nextFilesInMs(tx, north))).toBe(0);
    expect(await inA((tx) => entitiesWithFiles(tx, north))).toEqual(new Set(['work_order']));
    await inA((tx) => postponeFiles(tx, north, hubId, 3_600_000));
    expect(await due(north)).toEqual([]);
    expect(await inA((tx) => hasFilesDue(tx, north, 'work_order'))).toBe(false);
    expect(await inA((tx) => nextFilesInMs(tx, north))).toBeGreaterThan(3_500_000);
    await inA((tx) => enqueueFiles(tx, scope(north), [{ hubId, look: false, slow: false }]));
    expect(await due(north)).toEqual([]);
  });

  it('the first look takes every record of the connection, a step at a time', async () => {
    await inA((tx) => sql`delete from file_queue`.execute(tx));
    const all = (
      await inA((tx) =>
        sql<{ hubId: string }>`select hub_id from link where connection_id = ${north}`.execute(tx),
      )
    ).rows.map((row) => row.hubId);
    expect(all.length).toBeGreaterThan(2);
    expect(await inA((tx) => hasFilesDue(tx, north, 'work_order'))).toBe(false);
    await inA((tx) => beginFirstLook(tx, scope(north)));
    expect(await inA((tx) => hasFilesDue(tx, north, 'work_order'))).toBe(true);
    expect(await inA((tx) => nextFilesInMs(tx, north))).toBe(0);
    expect(await inA((tx) => entitiesWithFiles(tx, north))).toEqual(new Set(['work_order']));
    const looked: string[] = [];
    while (await inA((tx) => hasFilesDue(tx, north, 'work_order'))) {
      await inA((tx) => continueFirstLook(tx, scope(north), 2));
      const step = await inA((tx) => dueFiles(tx, north, 'work_order', 100));
      expect(step.length).toBeLessThanOrEqual(2);
      for (const row of step) {
        expect(row.look).toBe(true);
        await inA((tx) => settleFiles(tx, north, row));
        looked.push(row.hubId);
      }
    }
    expect(looked.sort()).toEqual(all.sort());
    expect(await inA((tx) => nextFilesInMs(tx, north))).toBeNull();
  });

  it('the daily look leaves out closed and old records', async () => {
    await inA((tx) => sql`delete from file_queue`.execute(tx));
    await inA((tx) => enqueueDailyLook(tx, scope(north), ['work_order'], 30));
    expect(await due(north)).toMatchObject([{ look: true }]);
    await inA(async (tx) => {
      await sql`delete from file_queue`.execute(tx);
      await sql`update hub_record set updated_at = now() - interval '31 days' where id = ${hubId}`.execute(
        tx,
      );
      await enqueueDailyLook(tx, scope(north), ['work_order'], 30);
    });
    expect(await due(north)).toEqual([]);
    await inA(async (tx) => {
      await sql`update hub_record set updated_at = now() where id = ${hubId}`.execute(tx);
      await sql`update link set read_only = true where hub_id = ${hubId}`.execute(tx);
      await enqueueDailyLook(tx, scope(north), ['work_order'], 30);
    });
    expect(await due(north)).toEqual([]);
  });
});
