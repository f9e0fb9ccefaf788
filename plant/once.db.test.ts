/** Requests that carry an Idempotency-Key, through crashes and takeovers. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { openTestStore, type TestStore } from '../store/store.fixture.ts';
import type { Store } from '../store/index.ts';
import { once, type OnceAnswer } from './once.ts';

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());

const answer: OnceAnswer = { status: 201, headers: {}, body: '{"success":true}', keep: true };

function request() {
  return { tenantId: test.tenantA, caller: 'key:1', key: randomUUID(), fingerprint: 'POST /work-orders' };
}

/** One effect, so that what happened twice can be counted. */
async function leave(store: Store, mark: string): Promise<void> {
  await store.inTenant(test.tenantA, (tx) =>
    sql`insert into audit_log (tenant_id, actor, action, subject) values (${test.tenantA}, 'test', 'effect', ${mark})`.execute(
      tx,
    ),
  );
}

async function effects(mark: string): Promise<number> {
  return (await test.admin.query('select 1 from audit_log where subject = $1', [mark])).rowCount ?? 0;
}

/** What a process that died leaves: a claim without signs of life. */
async function dieHolding(key: string): Promise<void> {
  await test.admin.query(`update idempotency set lease_until = now() - interval '1 s' where key = $1`, [key]);
}

const refusals = { running: /still being carried out/, applied: /answer is not kept/ };

describe('a request with an Idempotency-Key', () => {
  it('is carried out once, and its answer is given again', async () => {
    const asked = request();
    const work = async (store: Store): Promise<OnceAnswer> => {
      await leave(store, asked.key);
      return answer;
    };
    expect(await once(test.store, asked, work)).toMatchObject({ status: 201, repeated: false });
    expect(await once(test.store, asked, work)).toMatchObject({ body: answer.body, repeated: true });
    expect(await effects(asked.key)).toBe(1);
  });

  it('whose process died before anything was written can be repeated as soon as the lease ends', async () => {
    const asked = request();
    void once(test.store, asked, () => new Promise(() => undefined));
    while ((await test.admin.query('select 1 from idempotency where key = $1', [asked.key])).rowCount === 0);
    await expect(once(test.store, asked, async () => answer)).rejects.toThrow(refusals.running);
    await dieHolding(asked.key);
    expect(await once(test.store, asked, async () => answer)).toMatchObject({ status: 201, repeated: false });
  });

  it('that only read before its process died counts as not carried out', async () => {
    const asked = request();
    const read = Promise.withResolvers<undefined>();
    void once(test.store, asked, async (store) => {
      await store.inTenant(test.tenantA, (tx) => sql`select 1 from connection`.execute(tx));
      read.resolve(undefined);
      return new Promise(() => undefined);
    });
    await read.promise;
    await dieHolding(asked.key);
    expect(await once(test.store, asked, async () => answer)).toMatchObject({ repeated: false });
  });

  it('whose process died after it wrote is never carried out again', async () => {
    const asked = request();
    const wrote = Promise.withResolvers<undefined>();
    void once(test.store, asked, async (store) => {
      await leave(store, asked.key);
      wrote.resolve(undefined);
      return new Promise(() => undefined);
    });
    await wrote.promise;
    await dieHolding(asked.key);
    await expect(once(test.store, asked, async () => answer)).rejects.toThrow(refusals.applied);
    expect(await effects(asked.key)).toBe(1);
  });

  it('whose process was only slow writes nothing after another took over', async () => {
    const asked = request();
    const gate = Promise.withResolvers<undefined>();
    const slow = once(test.store, asked, async (store) => {
      await gate.promise;
      await leave(store, asked.key);
      return answer;
    });
    while ((await test.admin.query('select 1 from idempotency where key = $1', [asked.key])).rowCount === 0);
    await dieHolding(asked.key);
    const quick = await once(test.store, asked, async (store) => {
      await leave(store, asked.key);
      return { ...answer, body: '{"by":"quick"}' };
    });
    expect(quick).toMatchObject({ repeated: false });
    gate.resolve(undefined);
    await expect(slow).rejects.toMatchObject({
      kind: 'conflict',
      message: expect.stringMatching(/took it over/),
    });
    expect(await effects(asked.key)).toBe(1);
    expect(await once(test.store, asked, async () => answer)).toMatchObject({
      body: '{"by":"quick"}',
      repeated: true,
    });
  });

  it('that writes in two transactions side by side is one request', async () => {
    const asked = request();
    await once(test.store, asked, async (store) => {
      await Promise.all([leave(store, asked.key), leave(store, asked.key)]);
      return answer;
    });
    expect(await effects(asked.key)).toBe(2);
  });

  it('whose answer holds a secret keeps none of it', async () => {
    const asked = request();
    const work = async (store: Store): Promise<OnceAnswer> => {
      await leave(store, asked.key);
      return { ...answer, body: '{"key":"cfx_secret"}', keep: false };
    };
    expect(await once(test.store, asked, work)).toMatchObject({ body: '{"key":"cfx_secret"}' });
    const kept = await test.admin.query<{ row: string }>(
      'select i::text as row from idempotency i where key = $1',
      [asked.key],
    );
    expect(kept.rows[0]?.row).not.toContain('cfx_secret');
    await expect(once(test.store, asked, work)).rejects.toThrow(refusals.applied);
  });

  it('with another content under the same key is refused, also when the first one died', async () => {
    const asked = request();
    void once(test.store, asked, () => new Promise(() => undefined));
    while ((await test.admin.query('select 1 from idempotency where key = $1', [asked.key])).rowCount === 0);
    await dieHolding(asked.key);
    await expect(
      once(test.store, { ...asked, fingerprint: 'DELETE' }, async () => answer),
    ).rejects.toMatchObject({
      kind: 'invalid_request',
    });
  });
});
