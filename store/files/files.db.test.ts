import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { Store } from '../database.ts';
import { createFileStore, type FileStore } from './files.ts';
import { openTestStore, type TestStore } from '../store.fixture.ts';

const sha256 = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

describe('the content of files', () => {
  let test: TestStore;
  let files: FileStore;
  beforeAll(async () => {
    test = await openTestStore();
    files = createFileStore(test.store);
  });
  afterAll(() => test.close());

  const rows = async (table: string): Promise<number> =>
    (await test.admin.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? 0;

  it.each([0, 1, LIMITS.fileChunkBytes, LIMITS.fileChunkBytes * 2 + 1])(
    'comes back as it went in: %i bytes',
    async (size) => {
      const content = randomBytes(size);
      const kept = await files.put(test.tenantA, Readable.from([content], { objectMode: false }));
      expect(kept).toEqual({ sha256: sha256(content), bytes: size });
      expect(await buffer(await files.open(test.tenantA, kept.sha256))).toEqual(content);
    },
  );

  it('is kept once, also when it arrives several times at once', async () => {
    const content = randomBytes(300_000);
    const before = await rows('file_content');
    const kept = await Promise.all(
      Array.from({ length: 4 }, () =>
        files.put(test.tenantA, Readable.from([content], { objectMode: false })),
      ),
    );
    expect(new Set(kept.map((file) => file.sha256))).toEqual(new Set([sha256(content)]));
    expect((await rows('file_content')) - before).toBe(1);
    expect(await buffer(await files.open(test.tenantA, sha256(content)))).toEqual(content);
  });

  it('belongs to its tenant: another has the same content of its own or none', async () => {
    const content = Buffer.from('pump curve');
    const { sha256: hash } = await files.put(test.tenantA, Readable.from([content]));
    await expect(files.open(test.tenantB, hash)).rejects.toMatchObject({ kind: 'not_found' });
    await files.put(test.tenantB, Readable.from([content]));
    expect(await buffer(await files.open(test.tenantB, hash))).toEqual(content);
  });

  it('leaves nothing behind when it is too large, and does not read on', async () => {
    const before = await rows('file_content');
    let produced = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          produced += 64 * 1024;
          yield Buffer.alloc(64 * 1024);
        }
      })(),
      { objectMode: false },
    );
    await expect(files.put(test.tenantA, endless, { bytesMax: 1024 * 1024 })).rejects.toMatchObject({
      kind: 'rejected',
      code: 'FILE_TOO_LARGE',
    });
    expect(endless.destroyed).toBe(true);
    expect(produced).toBeLessThan(2 * 1024 * 1024);
    expect(await rows('file_content')).toBe(before);
    expect(await rows('file_chunk where content_id not in (select id from file_content)')).toBe(0);
  });

  it('leaves nothing behind when the source breaks', async () => {
    const before = await rows('file_content');
    const broken = Readable.from(
      (async function* () {
        yield Buffer.alloc(LIMITS.fileChunkBytes + 1);
        await Promise.resolve();
        throw new Error('the line went dead');
      })(),
      { objectMode: false },
    );
    await expect(files.put(test.tenantA, broken)).rejects.toThrow(/line went dead/);
    expect(await rows('file_content')).toBe(before);
  });

  it('50 MB never are in memory at once: what is read and not yet stored stays below three chunks', async () => {
    const total = 50 * 1024 * 1024;
    let produced = 0;
    let stored = 0;
    let inFlightMax = 0;
    const counting: Store = {
      ...test.store,
      async inTenant(tenantId, work) {
        inFlightMax = Math.max(inFlightMax, produced - stored);
        const result = await test.store.inTenant(tenantId, work);
        // Every transaction after the first stores one chunk.
        stored = Math.min(produced, stored + LIMITS.fileChunkBytes);
        return result;
      },
    };
    const source = Readable.from(
      (function* () {
        const piece = randomBytes(64 * 1024);
        for (; produced < total; produced += piece.length) yield piece;
      })(),
      { objectMode: false },
    );
    const counted = createFileStore(counting);
    const kept = await counted.put(test.tenantA, source);
    expect(kept.bytes).toBe(total);
    expect(inFlightMax).toBeGreaterThan(0);
    expect(inFlightMax).toBeLessThanOrEqual(3 * LIMITS.fileChunkBytes);

    let read = 0;
    let consumed = 0;
    let aheadMax = 0;
    const reading = createFileStore({
      ...test.store,
      async inTenant(tenantId, work) {
        aheadMax = Math.max(aheadMax, read - consumed);
        const result = await test.store.inTenant(tenantId, work);
        read += LIMITS.fileChunkBytes;
        return result;
      },
    });
    for await (const piece of (await reading.open(test.tenantA, kept.sha256)) as AsyncIterable<Buffer>)
      consumed += piece.length;
    expect(consumed).toBe(total);
    expect(aheadMax).toBeLessThanOrEqual(3 * LIMITS.fileChunkBytes);
  });

  it('that belongs to no file goes after a while; what is fresh stays', async () => {
    const { sha256: hash } = await files.put(test.tenantB, Readable.from([Buffer.from('never attached')]));
    expect(await files.dropUnused(test.tenantB, 60_000)).toBe(0);
    await test.admin.query(
      `update file_content set touched_at = now() - interval '2 days' where sha256 = $1`,
      [hash],
    );
    expect(await files.dropUnused(test.tenantB, 60_000)).toBe(1);
    await expect(files.open(test.tenantB, hash)).rejects.toMatchObject({ kind: 'not_found' });
  });
});
