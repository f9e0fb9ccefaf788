import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { BY_ID, BY_SEQ, orderBy, pageAnswer, readPage, timeAndId } from './pages.ts';
import { encodeCursor } from './shapes.ts';

const ROWS = Array.from({ length: 5 }, (_, index) => ({ seq: index + 1 }));
const read = async (after: number | null, limit: number) =>
  ROWS.filter(({ seq }) => seq > (after ?? 0)).slice(0, limit);

describe('pages', () => {
  it.each([
    [1, [1, 1, 1, 1, 1]],
    [2, [2, 2, 1]],
    [5, [5]],
    [6, [5]],
  ])('of %d rows hold each row once, and the last says that it is', async (limit, sizes) => {
    const seen: number[][] = [];
    let cursor: string | undefined;
    do {
      const { rows, next } = await readPage({ limit, cursor }, BY_SEQ, read);
      seen.push(rows.map(({ seq }) => seq));
      cursor = next ?? undefined;
    } while (cursor !== undefined);
    expect(seen.map(({ length }) => length)).toEqual(sizes);
    expect(seen.flat()).toEqual([1, 2, 3, 4, 5]);
  });

  it('that are empty have no next', async () => {
    expect(await readPage({ limit: 2 }, BY_SEQ, async () => [])).toEqual({ rows: [], next: null });
  });

  it('are answered in the form of lists', () => {
    expect(pageAnswer('keys', { rows: [1, 2], next: 'x' }, (row) => row + 1).body).toEqual({
      success: true,
      keys: [2, 3],
      count: 2,
      next_cursor: 'x',
    });
    expect(pageAnswer('keys', { rows: [1], next: null }).body).toMatchObject({ keys: [1], count: 1 });
  });
});

describe('cursors', () => {
  const id = '01920000-0000-7000-8000-000000000001';
  const at = '2026-03-01T08:15:00.000Z';

  /** Callers keep them: what one version gave, the next takes. */
  it('are the key of the last row, as JSON in base64url', async () => {
    const { next } = await readPage({ limit: 1 }, BY_ID, async () => [{ id }, { id: 'z' }]);
    expect(Buffer.from(next ?? '', 'base64url').toString()).toBe(`["${id}"]`);
  });

  it('come back as the operation takes them', async () => {
    const order = { position: timeAndId, cells: (row: { at: string; id: string }) => [row.at, row.id] };
    const given: unknown[] = [];
    const cursor = encodeCursor([at, id]);
    await readPage({ limit: 1, cursor }, order, async (after, limit) => {
      given.push(after, limit);
      return [{ at, id }];
    });
    expect(given).toEqual([{ at, id }, 2]);
  });

  it.each([
    ['no base64url of JSON', 'nonsense'],
    ['of another type', encodeCursor([1])],
    ['of another list', encodeCursor(['a name', id])],
    ['empty', encodeCursor([])],
  ])('that are %s are refused before anything is read', async (_what, cursor) => {
    const order = orderBy(z.string().max(3), (row: { name: string }) => row.name);
    await expect(
      readPage({ limit: 1, cursor }, order, () => Promise.reject(new Error('was read'))),
    ).rejects.toMatchObject({ status: 422, errors: [expect.objectContaining({ field: 'cursor' })] });
  });
});
