/** Files between real sandboxes: each crosses once, whatever is lost on the way, and no record waits for one. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { addFileToRecord, listAttachments, listRefusedFiles } from '../../../store/files/attachments.ts';
import { enqueueDailyLook } from '../../../store/files/file-queue.ts';
import { createFileStore } from '../../../store/files/files.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import { createPlant, type Plant, type PlantConnection } from '../../../test/support/plant.ts';

const ENTITIES = ['person', 'location', 'asset', 'work_order'] as const;

describe('files', () => {
  let database: TestDatabase;
  let plant: Plant;
  let maximo: PlantConnection;
  let upkeep: PlantConnection;
  let wonum: string;
  /** Set to stop the work at that point once. */
  let crashAt: string | null;
  let clockMs: number;
  beforeEach(async () => {
    database = await createTestDatabase();
    crashAt = null;
    clockMs = 0;
    plant = await createPlant({
      url: database.url,
      now: () => Date.now() + clockMs,
      crashPoint(name) {
        if (name !== crashAt) return;
        crashAt = null;
        throw new Error(`stopped at ${name}`);
      },
    });
    maximo = await plant.connect('maximo', { seed: 'empty' });
    upkeep = await plant.connect('upkeep', { seed: 'empty' });
    ({ wonum } = maximo.sandbox.control.insert('mxapiwodetail', {
      description: 'Seal leaks',
      siteid: 'BEDFORD',
    }) as { wonum: string });
  });
  afterEach(async () => {
    await plant.close();
    await database.drop();
  });

  /** What a person adds in Maximo's screens: the order's change date does not move. */
  async function addInMaximo(name: string, content: Buffer | string): Promise<void> {
    const [order] = (maximo.sandbox.control.list('mxapiwodetail') as { wonum: string; id: string }[]).filter(
      (row) => row.wonum === wonum,
    );
    const answer = await fetch(
      `${maximo.sandbox.url}/maximo/api/os/mxapiwodetail/${String(order?.id)}/doclinks`,
      {
        method: 'POST',
        headers: {
          apikey: maximo.sandbox.credentials['apiKey'] ?? '',
          slug: name,
          'x-document-meta': 'FILE/Attachments',
          'content-type': 'text/plain',
        },
        body: Buffer.from(content),
      },
    );
    expect(answer.status).toBe(201);
  }

  async function inMaximo(): Promise<string[]> {
    const [order] = maximo.sandbox.control.list('mxapiwodetail') as { id: string }[];
    const answer = await fetch(
      `${maximo.sandbox.url}/maximo/api/os/mxapiwodetail/${String(order?.id)}/doclinks`,
      { headers: { apikey: maximo.sandbox.credentials['apiKey'] ?? '' } },
    );
    const { member } = (await answer.json()) as { member: { describedBy: { fileName: string } }[] };
    return member.map(({ describedBy }) => describedBy.fileName);
  }

  /** Names of the files on UpKeep's only order. */
  function inUpkeep(): string[] {
    const [order] = upkeep.sandbox.control.list('work-orders') as { files: string[] }[];
    const files = upkeep.sandbox.control.list('files') as { id: string; name: string }[];
    return (order?.files ?? []).map((id) => files.find((file) => file.id === id)?.name ?? '?');
  }

  const pass = (connection: PlantConnection) => plant.pass(connection, { entities: ENTITIES, files: true });
  const files = (connection: PlantConnection) => plant.files(connection, 'work_order');
  const inPlant = <T>(work: Parameters<typeof plant.store.inTenant<T>>[1]): Promise<T> =>
    plant.store.inTenant(plant.tenantId, work);
  /** All postponed files are due now. */
  const hurry = () => inPlant((tx) => sql`update file_queue set not_before = '-infinity'`.execute(tx));
  const hubId = async (): Promise<string> => {
    const found = await inPlant((tx) =>
      sql<{ id: string }>`select id from hub_record where entity = 'work_order'`.execute(tx),
    );
    return found.rows[0]?.id ?? '';
  };
  const shown = async () => {
    const id = await hubId();
    return inPlant((tx) => listAttachments(tx, id));
  };
  const logged = async (): Promise<string[]> => {
    const found = await inPlant((tx) =>
      sql<{ action: string }>`select action from record_log where action like 'file%' order by seq`.execute(
        tx,
      ),
    );
    return found.rows.map((row) => row.action);
  };
  const queued = async (): Promise<number> => {
    const found = await inPlant((tx) => sql<{ n: number }>`select count(*) as n from file_queue`.execute(tx));
    return found.rows[0]?.n ?? 0;
  };

  it('of Maximo reach UpKeep once, and nothing moves afterwards', async () => {
    await addInMaximo('photo.txt', 'seal');
    expect((await pass(maximo))['work_order']).toMatchObject({ files_in: 1 });
    expect((await pass(upkeep))['work_order']).toMatchObject({ pushed_created: 1, files_out: 1 });
    expect(inUpkeep()).toEqual(['photo.txt']);
    const [file] = await shown();
    expect(file).toMatchObject({
      name: 'photo.txt',
      bytes: 4,
      originConnectionId: maximo.id,
      sha256: createHash('sha256').update('seal').digest('hex'),
    });
    expect(file?.links).toMatchObject([
      { connectionId: maximo.id, state: 'linked' },
      { connectionId: upkeep.id, state: 'linked' },
    ]);
    for (let round = 0; round < 3; round += 1) {
      for (const connection of [maximo, upkeep]) {
        const counts = (await pass(connection))['work_order'] ?? {};
        expect(counts).not.toHaveProperty('files_in');
        expect(counts).not.toHaveProperty('files_out');
      }
    }
    expect([inUpkeep(), await inMaximo()]).toEqual([['photo.txt'], ['photo.txt']]);
    expect(await queued()).toBe(0);
  });

  it('of UpKeep reach Maximo, with their content', async () => {
    await pass(maximo);
    await pass(upkeep);
    const content = randomBytes(LIMITS.fileChunkBytes + 77);
    const { control } = upkeep.sandbox;
    const made = control.insert('files', { name: 'curve.bin', content: content.toString('base64') });
    const [order] = control.list('work-orders') as { id: string }[];
    control.change('work-orders', order?.id ?? '', { files: [(made as { id: string }).id] });
    expect((await pass(upkeep))['work_order']).toMatchObject({ files_in: 1 });
    expect((await pass(maximo))['work_order']).toMatchObject({ files_out: 1 });
    expect(await inMaximo()).toEqual(['curve.bin']);
    const [file] = await shown();
    expect(await buffer(await plant.deps.files.open(plant.tenantId, file?.sha256 ?? ''))).toEqual(content);
  });

  it('of people in the hub reach both', async () => {
    await pass(maximo);
    await pass(upkeep);
    await addFileToRecord(
      { store: plant.store, files: plant.deps.files },
      {
        tenantId: plant.tenantId,
        hubId: await hubId(),
        attachmentId: randomUUID(),
        name: 'plan.txt',
        mediaType: 'text/plain',
        content: Readable.from([Buffer.from('plan')]),
        by: 'planner',
        at: new Date().toISOString(),
      },
    );
    expect(await files(maximo)).toMatchObject({ files_out: 1 });
    expect(await files(upkeep)).toMatchObject({ files_out: 1 });
    expect([inUpkeep(), await inMaximo()]).toEqual([['plan.txt'], ['plan.txt']]);
  });

  it('added without a change of the record are found by the daily look', async () => {
    await pass(maximo);
    await pass(upkeep);
    await addInMaximo('late.txt', 'late');
    expect((await pass(maximo))['work_order']).not.toHaveProperty('files_in');
    await inPlant((tx) =>
      enqueueDailyLook(tx, { tenantId: plant.tenantId, connectionId: maximo.id }, ['work_order'], 30),
    );
    expect(await files(maximo)).toMatchObject({ files_in: 1 });
    expect(await files(upkeep)).toMatchObject({ files_out: 1 });
  });

  it('with the same content on both sides are one and stay where they are', async () => {
    await addInMaximo('a.txt', 'same');
    await addInMaximo('b.txt', 'same');
    await pass(maximo);
    expect(await shown()).toHaveLength(1);
    await pass(upkeep);
    expect(inUpkeep()).toEqual(['a.txt']);
  });

  describe('whose upload gets no answer', () => {
    beforeEach(async () => {
      await pass(maximo);
      await pass(upkeep);
      await addInMaximo('photo.txt', 'seal');
      await inPlant((tx) =>
        enqueueDailyLook(tx, { tenantId: plant.tenantId, connectionId: maximo.id }, ['work_order'], 30),
      );
      await files(maximo);
    });

    it.each(['drop_after_commit', 'reset_before'] as const)('become no twins (%s)', async (effect) => {
      upkeep.sandbox.control.setFaults({ rules: [{ match: { method: 'PATCH' }, effect, times: 1 }] });
      expect(await files(upkeep)).toMatchObject({ files_unknown: 1 });
      // At once it is looked for, and not sent again before the vendor surely shows what it has.
      await hurry();
      await files(upkeep);
      expect(inUpkeep()).toHaveLength(effect === 'drop_after_commit' ? 1 : 0);
      clockMs += LIMITS.createSettleMs + 1;
      await hurry();
      await files(upkeep);
      expect(inUpkeep()).toEqual(['photo.txt']);
      expect((await shown())[0]?.links).toMatchObject([{ state: 'linked' }, { state: 'linked' }]);
      expect(await queued()).toBe(0);
    });

    it.each(['files:intended', 'files:sent'])('become no twins when the worker dies at %s', async (point) => {
      crashAt = point;
      await expect(files(upkeep)).rejects.toThrow(/stopped at/);
      for (let tries = 0; tries < 3; tries += 1) {
        await hurry();
        await files(upkeep);
        clockMs += LIMITS.createSettleMs + 1;
      }
      expect(inUpkeep()).toEqual(['photo.txt']);
      expect(upkeep.sandbox.control.list('files')).toHaveLength(1);
    });

    it('are told apart by content when name and size are the same', async () => {
      upkeep.sandbox.control.setFaults({
        rules: [{ match: { method: 'PATCH' }, effect: 'drop_after_commit', times: 1 }],
      });
      await files(upkeep);
      const { control } = upkeep.sandbox;
      const twin = control.insert('files', {
        name: 'photo.txt',
        content: Buffer.from('SEAL').toString('base64'),
      }) as { id: string };
      const [order] = control.list('work-orders') as { id: string; files: string[] }[];
      control.change('work-orders', order?.id ?? '', { files: [twin.id, ...(order?.files ?? [])] });
      clockMs += LIMITS.createSettleMs + 1;
      await pass(upkeep);
      await hurry();
      await pass(upkeep);
      expect(inUpkeep()).toEqual(['photo.txt', 'photo.txt']);
      expect(await shown()).toHaveLength(2);
    });
  });

  it('taken over by a worker that died are taken over once', async () => {
    await addInMaximo('photo.txt', 'seal');
    await plant.pass(maximo, { entities: ENTITIES });
    for (const point of ['files:stored', 'files:taken']) {
      crashAt = point;
      await expect(files(maximo)).rejects.toThrow(/stopped at/);
      await hurry();
    }
    await files(maximo);
    expect(await shown()).toHaveLength(1);
    expect((await logged()).filter((action) => action === 'file_in')).toHaveLength(1);
  });

  it('that are too large or run as programs are shown with the reason and not tried again', async () => {
    await addInMaximo('setup.exe', 'MZ');
    // Its size is only known while it arrives.
    await addInMaximo('huge.txt', Buffer.alloc(3000));
    const small = createFileStore(plant.store);
    const put: typeof small.put = (tenant, content) => small.put(tenant, content, { bytesMax: 1000 });
    plant.deps.files = { ...small, put };
    expect((await pass(maximo))['work_order']).toMatchObject({ files_refused: 2 });
    const id = await hubId();
    expect(await inPlant((tx) => listRefusedFiles(tx, id))).toMatchObject([
      { name: 'setup.exe', state: 'rejected', reason: expect.stringMatching(/\.exe can run/) },
      { name: 'huge.txt', state: 'too_large', reason: expect.stringMatching(/MiB/) },
    ]);
    maximo.sandbox.control.resetStats();
    await inPlant((tx) =>
      enqueueDailyLook(tx, { tenantId: plant.tenantId, connectionId: maximo.id }, ['work_order'], 30),
    );
    expect(await files(maximo)).toEqual({});
    // The list and nothing more.
    expect(maximo.sandbox.control.stats().requests).toBe(1);
    expect(await logged()).toEqual(['file_refused', 'file_refused']);
  });

  it('that fail hold neither their order nor the other files, and come when they can', async () => {
    await addInMaximo('broken.txt', 'broken');
    await addInMaximo('good.txt', 'good');
    maximo.sandbox.control.setFaults({
      rules: [{ match: { path: 'doclinks/1$' }, effect: 'http_500', status: 400 }],
    });
    expect((await pass(maximo))['work_order']).toMatchObject({ created: 1, files_in: 1, files_failed: 1 });
    expect((await pass(upkeep))['work_order']).toMatchObject({ pushed_created: 1, files_out: 1 });
    expect(inUpkeep()).toEqual(['good.txt']);
    expect(await queued()).toBe(1);
    maximo.sandbox.control.clearFaults();
    await hurry();
    expect(await files(maximo)).toMatchObject({ files_in: 1 });
    expect(await files(upkeep)).toMatchObject({ files_out: 1 });
    expect(inUpkeep()).toEqual(['good.txt', 'broken.txt']);
  });

  it('of a record that breaks our own code go behind those of the others', async () => {
    await addInMaximo('photo.txt', 'seal');
    await plant.pass(maximo, { entities: ENTITIES });
    const original = plant.deps.files;
    plant.deps.files = { ...original, put: async () => Promise.reject(new TypeError('x is not a function')) };
    await expect(files(maximo)).rejects.toMatchObject({ kind: 'bug' });
    expect(await files(maximo)).toEqual({});
    plant.deps.files = original;
    await hurry();
    expect(await files(maximo)).toMatchObject({ files_in: 1 });
  });

  it('that never succeed are given up after a bound, visibly, until the record is looked at again', async () => {
    await addInMaximo('broken.txt', 'broken');
    maximo.sandbox.control.setFaults({
      rules: [{ match: { path: 'doclinks/1$' }, effect: 'http_500', status: 400 }],
    });
    await plant.pass(maximo, { entities: ENTITIES });
    for (let tries = 0; tries < LIMITS.fileAttemptsMax + 2; tries += 1) {
      await files(maximo);
      await hurry();
    }
    expect(await queued()).toBe(0);
    const actions = await logged();
    expect(actions.filter((action) => action === 'file_failed')).toHaveLength(LIMITS.fileAttemptsMax);
    expect(actions.at(-1)).toBe('files_given_up');
  });

  it('that the vendor refuses are kept with its reason and not sent again', async () => {
    await addInMaximo('photo.txt', 'seal');
    await pass(maximo);
    await plant.pass(upkeep, { entities: ENTITIES });
    upkeep.sandbox.control.setFaults({
      rules: [{ match: { method: 'POST', path: '/files$' }, effect: 'http_500', status: 413 }],
    });
    expect(await files(upkeep)).toMatchObject({ files_failed: 1 });
    expect((await shown())[0]?.links).toMatchObject([
      { state: 'linked' },
      { connectionId: upkeep.id, state: 'rejected', reason: expect.stringMatching(/413/) },
    ]);
    upkeep.sandbox.control.clearFaults();
    await hurry();
    expect(await files(upkeep)).toEqual({});
    expect(inUpkeep()).toEqual([]);
  });

  it('do not write for a connection whose fence moved', async () => {
    await addInMaximo('photo.txt', 'seal');
    await plant.pass(maximo, { entities: ENTITIES });
    const original = plant.deps.files;
    plant.deps.files = {
      ...original,
      async put(...args) {
        await inPlant((tx) => plant.deps.repo.connections.takeFence(tx, maximo.id));
        return original.put(...args);
      },
    };
    await expect(files(maximo)).rejects.toMatchObject({ kind: 'cancelled' });
    expect(await shown()).toEqual([]);
  });

  it('of 50 MB cross without ever being in memory as a whole', async () => {
    const content = randomBytes(50 * 1024 * 1024);
    await addInMaximo('film.bin', content);
    // Between the vendor's socket and the rows of the store, and between these and the upload.
    const flight = { given: 0, passed: 0, max: 0 };
    const moved = (): void => {
      flight.max = Math.max(flight.max, flight.given - flight.passed);
    };
    const counting = (field: 'given' | 'passed'): ReturnType<typeof createFileStore> =>
      createFileStore({
        ...plant.store,
        async inTenant(tenantId, work) {
          const result = await plant.store.inTenant(tenantId, work);
          flight[field] += LIMITS.fileChunkBytes;
          moved();
          return result;
        },
      });
    const counted = (stream: Readable, field: 'given' | 'passed'): Readable =>
      Readable.from(
        (async function* () {
          for await (const piece of stream as AsyncIterable<Buffer>) {
            flight[field] += piece.length;
            moved();
            yield piece;
          }
        })(),
        { objectMode: false },
      );
    const [storing, reading] = [counting('passed'), counting('given')];
    plant.deps.files = {
      ...storing,
      put: (tenant, stream) => storing.put(tenant, counted(stream, 'given')),
      open: async (tenant, sha256) => counted(await reading.open(tenant, sha256), 'passed'),
    };
    expect((await pass(maximo))['work_order']).toMatchObject({ files_in: 1 });
    expect(flight.given).toBe(content.length);
    expect(flight.max).toBeGreaterThan(0);
    expect(flight.max).toBeLessThanOrEqual(4 * LIMITS.fileChunkBytes);

    Object.assign(flight, { given: 0, passed: 0, max: 0 });
    expect((await pass(upkeep))['work_order']).toMatchObject({ files_out: 1 });
    expect(flight.passed).toBe(content.length);
    expect(flight.max).toBeLessThanOrEqual(4 * LIMITS.fileChunkBytes);
    const sizes = upkeep.sandbox.control.list('files') as { size: number }[];
    expect(sizes.map(({ size }) => size)).toEqual([content.length]);
    const [file] = await shown();
    expect(file?.sha256).toBe(createHash('sha256').update(content).digest('hex'));
  });
});
