import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { connect, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import { ensureTenant } from '../../../../store/access/tenants.ts';
import { OPERATOR } from '../../../../domain/access/delegation.ts';
import { createApiKey } from '../../../../plant/keys/api-keys.ts';
import { openTestApi, type TestApi } from '../../api.fixture.ts';
import type { AnswerBody } from '../plain-records/answers.fixture.ts';

let api: TestApi;
let base: string;
let order: string;
beforeAll(async () => {
  api = await openTestApi();
  await api.app.listen({ port: 0, host: '127.0.0.1' });
  base = `http://127.0.0.1:${String((api.app.server.address() as AddressInfo).port)}/api/v1`;
  await api.call('POST', '/assets', {
    body: { asset_id: 'EX 1', name: 'Excavator', asset_type: 'machinery' },
  });
  const body = { asset_id: 'EX 1', title: 'x', description: 'x', priority: 'low', estimated_hours: 1 };
  order = (await api.call('POST', '/work-orders', { body })).json<AnswerBody>().work_order_id;
});
afterAll(() => api.close());
afterEach(() => {
  expect(api.bugs.splice(0)).toEqual([]);
});

async function send(
  path: string,
  content: string | Buffer | ReadableStream,
  type: string | null = 'image/png',
  key = api.key,
) {
  const answer = await fetch(base + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, ...(type === null ? {} : { 'content-type': type }) },
    body: content,
    ...(content instanceof ReadableStream ? { duplex: 'half' } : {}),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as AnswerBody };
}
const read = (path: string, key = api.key): Promise<Response> =>
  fetch(base + path, { headers: { authorization: `Bearer ${key}` } });

describe('files', () => {
  it.each([
    ['a work order', () => `/work-orders/${order}`],
    ['an asset', () => '/assets/EX%201'],
  ])('of %s go in and come out as they are', async (_what, path) => {
    const content = randomBytes(700_000);
    const added = await send(`${path()}/attachments?name=hose.png`, content);
    expect(added.status).toBe(201);
    expect(added.body.attachment).toMatchObject({
      name: 'hose.png',
      media_type: 'image/png',
      bytes: 700_000,
      sha256: createHash('sha256').update(content).digest('hex'),
      added_by: expect.stringMatching(/^key:/),
      origin_connection_id: null,
      connections: [],
    });
    const got = await fetch(new URL(added.headers.get('location') ?? '', base), {
      headers: { authorization: `Bearer ${api.key}` },
    });
    expect(Buffer.from(await got.arrayBuffer()).equals(content)).toBe(true);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': '700000',
      'content-disposition': `attachment; filename="hose.png"; filename*=UTF-8''hose.png`,
      'x-content-type-options': 'nosniff',
    });
    const listed = await (await read(`${path()}/attachments`)).json();
    expect(listed).toMatchObject({ count: 1, attachments: [added.body.attachment], refused: [] });
    const again = await send(`${path()}/attachments?name=other.png`, content);
    expect([again.status, again.body.attachment_id]).toEqual([200, added.body.attachment_id]);
  });

  it('may have any name, which cannot break out of the header', async () => {
    const name = `Öl "leck"; x=\r\n€.pdf`;
    const added = await send(
      `/work-orders/${order}/attachments?name=${encodeURIComponent(name)}`,
      'pdf',
      'application/pdf',
    );
    const got = await read(`/attachments/${added.body.attachment_id}/content`);
    expect(await got.text()).toBe('pdf');
    const { attachment } = added.body;
    expect(got.headers.get('content-disposition')).toBe(
      `attachment; filename="_l _leck_; x=_.pdf"; filename*=UTF-8''${encodeURIComponent(attachment.name)}`,
    );
  });

  it('of JSON come as bytes with their media type beside', async () => {
    const path = `/work-orders/${order}/attachments?name=log.json`;
    expect((await send(path, '{}', 'application/json')).status).toBe(415);
    const added = await send(`${path}&media_type=application/json`, '{"a":1}', 'application/octet-stream');
    expect([added.status, added.body.attachment.media_type]).toEqual([201, 'application/json']);
  });

  it('are refused without a name, as programs, and for records that are not there; the connection stays', async () => {
    const big = randomBytes(3_000_000);
    expect((await send(`/work-orders/${order}/attachments`, 'x')).status).toBe(422);
    const program = await send(`/work-orders/${order}/attachments?name=setup.exe`, big);
    expect([program.status, program.body.errors?.[0]?.field]).toEqual([422, 'name']);
    expect((await send(`/work-orders/${randomUUID()}/attachments?name=a.png`, big)).status).toBe(404);
    expect((await send('/assets/NOBODY/attachments?name=a.png', big)).status).toBe(404);
    expect(
      (
        await send(
          `/work-orders/${order}/attachments?name=a.png`,
          'x',
          'image/png',
          await api.keyOf('viewer'),
        )
      ).status,
    ).toBe(403);
  });

  it('above the bound are refused and leave nothing', async () => {
    const chunk = Buffer.alloc(1024 * 1024);
    let left = LIMITS.fileBytesMax / chunk.length + 1;
    const stream = new ReadableStream({
      pull(controller) {
        if (left === 0) controller.close();
        else controller.enqueue(chunk);
        left -= 1;
      },
    });
    const before = await contents();
    const answer = await send(`/work-orders/${order}/attachments?name=film.mp4`, stream, 'video/mp4');
    expect(answer.status).toBe(413);
    expect(await contents()).toBe(before);
  }, 60_000);

  it('whose sender goes away leave nothing', async () => {
    const before = await contents();
    const { port } = api.app.server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    socket.write(
      `POST /api/v1/work-orders/${order}/attachments?name=half.png HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${api.key}\r\n` +
        'content-type: image/png\r\ncontent-length: 1000000\r\n\r\n',
    );
    socket.write(Buffer.alloc(600_000, 1));
    await until(async () => (await contents()) > before);
    socket.destroy();
    await until(async () => (await contents()) === before);
    const { attachments } = (await (await read(`/work-orders/${order}/attachments`)).json()) as AnswerBody;
    expect(attachments).not.toContainEqual(expect.objectContaining({ name: 'half.png' }));
  });

  it("are nobody else's", async () => {
    const added = await send(`/work-orders/${order}/attachments?name=own.txt`, 'ours', 'text/plain');
    const tenantId = randomUUID();
    await ensureTenant(api.plant.store.db, { id: tenantId, slug: `t${tenantId}`, name: 'Other' });
    const { key } = await createApiKey({ ...api.person, tenantId }, OPERATOR, {
      name: 'other',
      role: 'admin',
    });
    expect((await read(`/attachments/${added.body.attachment_id}/content`, key)).status).toBe(404);
    expect((await read(`/work-orders/${order}/attachments`, key)).status).toBe(404);
    expect((await read(`/attachments/${randomUUID()}/content`)).status).toBe(404);
    expect((await read('/attachments/x/content')).status).toBe(404);
  });
});

/** Contents kept for the tenant, finished or not. */
async function contents(): Promise<number> {
  const found = await api.plant.store.inTenant(api.plant.tenantId, (tx) =>
    sql<{ n: number }>`select count(*) as n from file_content`.execute(tx),
  );
  return found.rows[0]?.n ?? 0;
}

/** Looks again as soon as it has looked: a look is a round trip to the database, which leaves the server its turn. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error('It did not come to that in 20 s.');
  }
}
