/** A link whose base equals its hub record stores none, and has it back the moment the record changes. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadHubRecords, updateHubRecords } from '../hub/hub-records.ts';
import { insertLinkedRecords } from '../hub/new-records.ts';
import { addConnection, openTestStore, type TestStore } from '../store.fixture.ts';
import { linksOfRecord } from '../runs/explain.ts';
import { linksOfHubRecord } from './link-admin.ts';
import { loadLinks, loadLinksByHub, settleLinks } from './links.ts';

const AT = '2026-03-01T08:15:00.000Z';
const FIELDS = { title: 'Replace slew bearing', priority: 'high' };

describe('the base of a link that was just made', () => {
  let test: TestStore;
  let connectionId: string;
  beforeAll(async () => {
    test = await openTestStore();
    connectionId = await addConnection(test, test.tenantA);
  });
  afterAll(() => test.close());

  async function add(count: number): Promise<string[]> {
    const ids = Array.from({ length: count }, () => randomUUID());
    const scope = {
      tenantId: test.tenantA,
      connectionId,
      entity: 'work_order' as const,
      runId: randomUUID(),
      at: AT,
    };
    await test.store.inTenant(test.tenantA, (tx) =>
      insertLinkedRecords(
        tx,
        scope,
        'm1',
        ids.map((id) => ({
          id,
          fields: FIELDS,
          meta: {
            externalId: id,
            address: null,
            version: '1',
            number: null,
            updatedAt: AT,
            hash: randomUUID(),
          },
          incomplete: false,
        })),
      ),
    );
    return ids;
  }

  it('is kept of many records that change in one statement, in a time that grows with their number', async () => {
    const ids = await add(3_000);
    await retitle(ids, 'Replace the bearing');
    const kept = await test.admin.query<{ n: number }>(
      'select count(*)::int as n from link where hub_id = any($1) and base_hub = $2',
      [ids, FIELDS],
    );
    expect(kept.rows[0]?.n).toBe(3_000);
  }, 100_000);

  const stored = async (id: string): Promise<unknown> =>
    (await test.admin.query<{ base_hub: unknown }>('select base_hub from link where hub_id = $1', [id]))
      .rows[0]?.base_hub;

  async function retitle(ids: string[], title: string): Promise<void> {
    await test.store.inTenant(test.tenantA, async (tx) => {
      const before = await loadHubRecords(tx, ids);
      await updateHubRecords(
        tx,
        AT,
        ids.map((id) => ({
          id,
          fields: { ...FIELDS, title },
          fieldAt: {},
          version: (before.get(id)?.version ?? 0) + 1,
        })),
      );
    });
  }

  it('is the record itself, wherever links are read', async () => {
    const [id = ''] = await add(1);
    expect(await stored(id)).toBeNull();
    const read = await test.store.inTenant(test.tenantA, async (tx) => [
      (await loadLinks(tx, connectionId, 'work_order', [id])).get(id)?.baseHub,
      (await loadLinksByHub(tx, connectionId, [id])).get(id)?.baseHub,
      ...(await linksOfHubRecord(tx, id)).flatMap(({ baseHub, baseExternal }) => [baseHub, baseExternal]),
      ...(await linksOfRecord(tx, id)).flatMap(({ baseHub, baseExternal }) => [baseHub, baseExternal]),
    ]);
    expect(read).toEqual(Array.from({ length: 6 }, () => FIELDS));
  });

  it('stays what it was when the record changes, and changes no more after that', async () => {
    const [changed = '', other = ''] = await add(2);
    await retitle([changed], 'Replaced');
    expect([await stored(changed), await stored(other)]).toEqual([FIELDS, null]);
    await retitle([changed], 'Replaced again');
    expect(await stored(changed)).toEqual(FIELDS);
  });

  it('is still none when a record is written without a change', async () => {
    const [id = ''] = await add(1);
    await retitle([id], FIELDS.title);
    expect(await stored(id)).toBeNull();
  });

  it('becomes the base of the other side when only the hub is settled', async () => {
    const [id = ''] = await add(1);
    const settled = { ...FIELDS, title: 'Settled' };
    await test.store.inTenant(test.tenantA, (tx) =>
      settleLinks(tx, connectionId, [{ hubId: id, hubVersion: 1, baseHub: settled }]),
    );
    const link = await test.store.inTenant(test.tenantA, (tx) => loadLinksByHub(tx, connectionId, [id]));
    expect(link.get(id)).toMatchObject({ baseHub: settled, baseExternal: FIELDS });
  });
});
