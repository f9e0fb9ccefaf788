import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { KyselyPlugin } from 'kysely';
import { listRecords, type RecordCondition } from '../hub/record-list.ts';
import { openTestStore, type TestStore } from '../store.fixture.ts';

/** Statements answer with their plan. */
const explaining: KyselyPlugin = {
  transformQuery({ node }) {
    if (node.kind !== 'RawNode') return node;
    const [first = '', ...rest] = node.sqlFragments;
    return { ...node, sqlFragments: [`explain ${first}`, ...rest] };
  },
  transformResult: async ({ result }) => result,
};

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  await test.admin.query(
    `insert into hub_record (id, tenant_id, entity, number, fields, created_at, updated_at)
     select gen_random_uuid(), $1, entity, entity || n, jsonb_build_object('name', 'N' || n, 'code', 'C' || n,
       'partNumber', 'PN' || n, 'type', case when n % 500 = 0 then 'vehicle' else 'equipment' end,
       'status', case when n % 500 = 0 then 'repair' else 'operational' end,
       'department', 'D' || n % 300, 'parent', n % 300, 'asset', n % 300, 'assignee', n % 300, 'store', n % 300),
       now(), now() - n * interval '1 minute'
     from generate_series(1, 20000) n, unnest(array['asset', 'location', 'part', 'meter', 'request', 'person']) entity`,
    [test.tenantA],
  );
  await test.admin.query('analyze hub_record');
}, 120_000);
afterAll(() => test.close());

describe('the lists of a tenant with 20,000 records of each kind, under row-level security', () => {
  it.each([
    ['asset', { field: 'type', equals: 'vehicle' }, 'asset_type'],
    ['asset', { field: 'status', equals: 'repair' }, 'asset_status'],
    ['asset', { field: 'department', equals: 'D7' }, 'asset_department'],
    ['asset', { field: 'parent', equals: '7' }, 'asset_parent'],
    ['asset', { updatedSince: new Date(Date.now() - 60_000).toISOString() }, 'hub_record_updated'],
    ['location', { field: 'parent', equals: '7' }, 'location_parent'],
    ['location', { field: 'code', equals: 'C7' }, 'location_code'],
    ['part', { field: 'partNumber', equals: 'PN7' }, 'part_number'],
    ['part', { field: 'store', equals: '7' }, 'part_store'],
    ['meter', { field: 'asset', equals: '7' }, 'meter_asset'],
    ['meter', { field: 'code', equals: 'C7' }, 'meter_code'],
    ['person', { field: 'code', equals: 'C7' }, 'person_code'],
    ['person', { field: 'name', equals: 'N7' }, 'person_name'],
    ['request', { field: 'status', equals: 'repair' }, 'request_status'],
    ['request', { field: 'asset', equals: '7' }, 'request_asset'],
    ['request', { field: 'assignee', oneOf: ['7', '8'] }, 'request_assignee'],
  ] as const)('%s by %j walks %s', async (entity, condition: RecordCondition, index) => {
    const plan = await test.store.inTenant(test.tenantA, (tx) =>
      listRecords(tx.withPlugin(explaining), {
        tenantId: test.tenantA,
        entity,
        conditions: [condition],
        sort: 'created_at',
        after: null,
        limit: 51,
      }),
    );
    expect(JSON.stringify(plan)).toMatch(new RegExp(`Scan (using|on) ${index}\\b`));
  });

  it('by the time of the last change walks hub_record_updated', async () => {
    const plan = await test.store.inTenant(test.tenantA, (tx) =>
      listRecords(tx.withPlugin(explaining), {
        tenantId: test.tenantA,
        entity: 'asset',
        conditions: [],
        sort: '-updated_at',
        after: null,
        limit: 51,
      }),
    );
    expect(JSON.stringify(plan)).toContain('hub_record_updated');
  });
});
