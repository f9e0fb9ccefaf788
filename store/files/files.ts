/**
 * The content of files, addressed by its SHA-256 and streamed in both directions: a worker never holds more of a file than
 * a chunk or two. Behind `FileStore`, so that an object store can take the place of PostgreSQL (docs/adr/0010). What a file
 * is called and where it hangs is in attachments.ts.
 */
import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { sql } from 'kysely';
import { tooLarge } from '../../domain/files/file-policy.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { Store } from '../database.ts';

export interface StoredFile {
  /** Hex. */
  sha256: string;
  bytes: number;
}

/** Code of the failure (`rejected`) of content that exceeds the bound. */
export const FILE_TOO_LARGE = 'FILE_TOO_LARGE';

export interface FileStore {
  /**
   * Keeps content while it streams in; the same content is kept once. Content above `bytesMax` is `rejected` with code
   * FILE_TOO_LARGE, and nothing of it stays. The stream is destroyed when it is not read to its end.
   */
  put(tenantId: string, content: Readable, options?: { bytesMax?: number }): Promise<StoredFile>;
  /** The content from its start; `not_found` when there is none. Read what is wanted and destroy the rest. */
  open(tenantId: string, sha256: string): Promise<Readable>;
  /** Removes content that belongs to no file and was not touched for that long: uploads that broke off. */
  dropUnused(tenantId: string, olderThanMs: number): Promise<number>;
}

/**
 * Content in rows of `fileChunkBytes`. Each row commits alone: one transaction for a whole file would hold back the change
 * feed for as long as a slow vendor sends (docs/architecture.md, "Change feed").
 */
export function createFileStore(store: Store): FileStore {
  async function addChunk(tenantId: string, contentId: string, n: number, data: Buffer): Promise<void> {
    await store.inTenant(tenantId, (tx) =>
      sql`insert into file_chunk (tenant_id, content_id, n, data)
        values (${tenantId}::uuid, ${contentId}::uuid, ${n}, ${data})`.execute(tx),
    );
  }

  /** Names the content by its hash; false when the same content is kept already. */
  async function finish(tenantId: string, contentId: string, file: StoredFile): Promise<boolean> {
    try {
      return await store.inTenant(tenantId, async (tx) => {
        // Touched, so that nobody removes it as unused before it is attached.
        const known =
          await sql`update file_content set touched_at = now() where sha256 = ${file.sha256} returning 1`.execute(
            tx,
          );
        if (known.rows.length > 0) return false;
        await sql`update file_content set sha256 = ${file.sha256}, bytes = ${file.bytes}, touched_at = now()
          where id = ${contentId}::uuid`.execute(tx);
        return true;
      });
    } catch (error) {
      // Another worker finished the same content in this moment.
      if (error instanceof Error && 'code' in error && error.code === '23505') return false;
      throw error;
    }
  }

  async function drop(tenantId: string, contentId: string): Promise<void> {
    await store.inTenant(tenantId, (tx) =>
      sql`delete from file_content where id = ${contentId}::uuid and sha256 is null`.execute(tx),
    );
  }

  return {
    async put(tenantId, content, options = {}) {
      const bytesMax = options.bytesMax ?? LIMITS.fileBytesMax;
      const contentId = randomUUID();
      try {
        await store.inTenant(tenantId, (tx) =>
          sql`insert into file_content (id, tenant_id) values (${contentId}::uuid, ${tenantId}::uuid)`.execute(
            tx,
          ),
        );
        const digest = createHash('sha256');
        let bytes = 0;
        let n = 0;
        for await (const chunk of inChunks(content, LIMITS.fileChunkBytes)) {
          bytes += chunk.length;
          if (bytes > bytesMax) throw new Failure('rejected', tooLarge().reason, { code: FILE_TOO_LARGE });
          digest.update(chunk);
          await addChunk(tenantId, contentId, n, chunk);
          n += 1;
        }
        const file = { sha256: digest.digest('hex'), bytes };
        if (!(await finish(tenantId, contentId, file))) await drop(tenantId, contentId);
        return file;
      } catch (error) {
        // What stays when this fails too is removed as unused later.
        await drop(tenantId, contentId).catch(() => undefined);
        throw error;
      } finally {
        content.destroy();
      }
    },

    async open(tenantId, sha256) {
      const found = await store.inTenant(tenantId, (tx) =>
        sql<{ id: string }>`select id from file_content where sha256 = ${sha256}`.execute(tx),
      );
      const contentId = found.rows[0]?.id;
      if (contentId === undefined)
        throw new Failure('not_found', `There is no content with the SHA-256 ${sha256}.`);
      return Readable.from(chunksOf(store, tenantId, contentId), { objectMode: false });
    },

    async dropUnused(tenantId, olderThanMs) {
      const dropped = await store.inTenant(tenantId, (tx) =>
        sql`delete from file_content c
          where c.touched_at < now() - ${olderThanMs} * interval '1 millisecond'
            and not exists (select 1 from hub_file f where f.tenant_id = c.tenant_id and f.sha256 = c.sha256)`.execute(
          tx,
        ),
      );
      return Number(dropped.numAffectedRows ?? 0);
    },
  };
}

async function* chunksOf(store: Store, tenantId: string, contentId: string): AsyncGenerator<Buffer> {
  for (let n = 0; ; n += 1) {
    const found = await store.inTenant(tenantId, (tx) =>
      sql<{
        data: Buffer;
      }>`select data from file_chunk where content_id = ${contentId}::uuid and n = ${n}`.execute(tx),
    );
    const data = found.rows[0]?.data;
    if (data === undefined) return;
    yield data;
  }
}

/** The stream in pieces of exactly `size`, the last one shorter; the source is not read ahead of them. */
async function* inChunks(source: Readable, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const piece of source as AsyncIterable<Buffer | string>) {
    let rest = typeof piece === 'string' ? Buffer.from(piece) : piece;
    while (held + rest.length >= size) {
      const head = rest.subarray(0, size - held);
      yield Buffer.concat([...parts, head], size);
      rest = rest.subarray(head.length);
      parts = [];
      held = 0;
    }
    if (rest.length > 0) {
      parts.push(rest);
      held += rest.length;
    }
  }
  if (held > 0) yield Buffer.concat(parts, held);
}
