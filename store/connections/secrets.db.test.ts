import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Json } from '../../domain/json.ts';
import type { Tx } from '../database.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import {
  deleteSecret,
  loadSecret,
  rotateSecrets,
  saveSecret,
  type KeyRing,
  type SecretPurpose,
} from './secrets.ts';

const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const oldRing: KeyRing = { active: 'old', keys: new Map([['old', oldKey]]) };
const bothRing: KeyRing = {
  active: 'new',
  keys: new Map([
    ['new', newKey],
    ['old', oldKey],
  ]),
};
const newRing: KeyRing = { active: 'new', keys: new Map([['new', newKey]]) };
const credentials = { user: 'maxadmin', password: 'Wälzlager-6205' };

describe('sealed secrets', () => {
  let test: TestStore;
  let inA: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>;
  beforeAll(async () => {
    test = await openTestStore();
    inA = (work) => test.store.inTenant(test.tenantA, work);
  });
  beforeEach(() => test.admin.query('delete from connection_secret'));
  afterAll(() => test.close());

  async function secretOf(purpose: SecretPurpose = 'credentials', value: Json = credentials) {
    const ref = { tenantId: test.tenantA, connectionId: await addConnection(test, test.tenantA), purpose };
    await inA((tx) => saveSecret(tx, oldRing, ref, value));
    return ref;
  }

  it('gives back what was saved, and nothing of it is readable in the row', async () => {
    const ref = await secretOf();
    expect(await inA((tx) => loadSecret(tx, oldRing, ref))).toEqual(credentials);
    const rows = await inA((tx) =>
      sql<{ sealed: Buffer; keyId: string }>`
        select sealed, key_id from connection_secret where connection_id = ${ref.connectionId}`.execute(tx),
    );
    expect(rows.rows[0]?.keyId).toBe('old');
    expect(rows.rows[0]?.sealed.includes('maxadmin')).toBe(false);
  });

  it('opens whatever the case a uuid is written in', async () => {
    const ref = await secretOf();
    const upper = { ...ref, connectionId: ref.connectionId.toUpperCase() };
    expect(await inA((tx) => loadSecret(tx, oldRing, upper))).toEqual(credentials);
  });

  it('replaces an earlier value, forgets a deleted one, and keeps purposes apart', async () => {
    const ref = await secretOf();
    const token = { ...ref, purpose: 'token' as const };
    await inA((tx) => saveSecret(tx, oldRing, ref, 'second'));
    await inA((tx) => saveSecret(tx, oldRing, token, 'session'));
    expect(await inA((tx) => loadSecret(tx, oldRing, ref))).toBe('second');
    await inA((tx) => deleteSecret(tx, ref));
    expect(await inA((tx) => loadSecret(tx, oldRing, ref))).toBeNull();
    expect(await inA((tx) => loadSecret(tx, oldRing, token))).toBe('session');
  });

  it('never seals the same value to the same bytes', async () => {
    const ref = await secretOf();
    const sealed = () =>
      inA(async (tx) => {
        await saveSecret(tx, oldRing, ref, 'same');
        const rows = await sql<{ sealed: Buffer }>`
          select sealed from connection_secret where connection_id = ${ref.connectionId}`.execute(tx);
        return rows.rows[0]?.sealed.toString('hex');
      });
    expect(await sealed()).not.toBe(await sealed());
  });

  it('refuses a value moved to another connection or purpose', async () => {
    const from = await secretOf();
    const to = await secretOf();
    await inA((tx) =>
      sql`update connection_secret set sealed = (select sealed from connection_secret where connection_id = ${from.connectionId})
        where connection_id = ${to.connectionId}`.execute(tx),
    );
    await expect(inA((tx) => loadSecret(tx, oldRing, to))).rejects.toMatchObject({ kind: 'invalid_config' });

    await inA((tx) =>
      sql`update connection_secret set purpose = 'token' where connection_id = ${from.connectionId}`.execute(
        tx,
      ),
    );
    const asToken = { ...from, purpose: 'token' as const };
    await expect(inA((tx) => loadSecret(tx, oldRing, asToken))).rejects.toMatchObject({
      kind: 'invalid_config',
      message: expect.stringContaining(from.connectionId),
    });
  });

  it('refuses a value moved to another tenant', async () => {
    const from = await secretOf();
    const ref = {
      tenantId: test.tenantB,
      connectionId: await addConnection(test, test.tenantB),
      purpose: from.purpose,
    };
    await test.admin.query(
      `insert into connection_secret (tenant_id, connection_id, purpose, key_id, sealed)
       select $1, $2, purpose, key_id, sealed from connection_secret where connection_id = $3`,
      [ref.tenantId, ref.connectionId, from.connectionId],
    );
    await expect(
      test.store.inTenant(test.tenantB, (tx) => loadSecret(tx, oldRing, ref)),
    ).rejects.toMatchObject({
      kind: 'invalid_config',
    });
  });

  it('refuses a value with any byte altered, and one cut short', async () => {
    const ref = await secretOf();
    const bytes = await inA(async (tx) => {
      const rows = await sql<{ sealed: Buffer }>`
        select sealed from connection_secret where connection_id = ${ref.connectionId}`.execute(tx);
      return rows.rows[0]?.sealed ?? Buffer.alloc(0);
    });
    const changed = Array.from(bytes.keys(), (at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] ?? 0) ^ 1;
      return copy;
    });
    for (const sealed of [...changed, bytes.subarray(0, -1), bytes.subarray(0, 20), Buffer.alloc(0)]) {
      const attempt = inA(async (tx) => {
        await sql`update connection_secret set sealed = ${sealed} where connection_id = ${ref.connectionId}`.execute(
          tx,
        );
        return loadSecret(tx, oldRing, ref);
      });
      await expect(attempt).rejects.toMatchObject({ kind: 'invalid_config' });
    }
  });

  it('names the key it lacks, and refuses another key of the same id', async () => {
    const ref = await secretOf();
    await expect(inA((tx) => loadSecret(tx, newRing, ref))).rejects.toMatchObject({
      kind: 'invalid_config',
      message: expect.stringContaining('"old"'),
    });
    const impostor: KeyRing = { active: 'old', keys: new Map([['old', newKey]]) };
    await expect(inA((tx) => loadSecret(tx, impostor, ref))).rejects.toMatchObject({
      kind: 'invalid_config',
    });
  });

  it('rotation seals everything under the active key, once; then the old key can go', async () => {
    const first = await secretOf();
    const second = await secretOf('token', 'session');
    expect(await inA((tx) => rotateSecrets(tx, bothRing))).toBe(2);
    expect(await inA((tx) => rotateSecrets(tx, bothRing))).toBe(0);
    expect(await inA((tx) => loadSecret(tx, newRing, first))).toEqual(credentials);
    expect(await inA((tx) => loadSecret(tx, newRing, second))).toBe('session');
  });

  it('rotation without the old key changes nothing', async () => {
    const ref = await secretOf();
    await expect(inA((tx) => rotateSecrets(tx, newRing))).rejects.toMatchObject({ kind: 'invalid_config' });
    expect(await inA((tx) => loadSecret(tx, oldRing, ref))).toEqual(credentials);
  });
});
