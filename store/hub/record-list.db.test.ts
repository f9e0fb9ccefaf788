/**
 * Every filter and order that the API's lists of records have, on 200,000 records under the program's plain login: an index is walked,
 * and a filter that finds nothing reads next to nothing.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { carriedOut, type CarriedOut } from '../plans.fixture.ts';
import { listDoneWork, type HistoryFilter } from '../maintenance/maintenance.ts';
import { openTestStore, type TestStore } from '../store.fixture.ts';
import {
  isListed,
  LISTED_FIELDS,
  listRecords,
  RECORD_SORTS,
  type RecordCondition,
  type RecordSort,
} from './record-list.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const COUNTS: Partial<Record<Entity, number>> = {
  work_order: 120_000,
  asset: 40_000,
  person: 6_667,
  location: 6_667,
  part: 6_667,
  meter: 6_667,
  request: 6_666,
  plan: 6_666,
};

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  // A plant of some years: nine orders in ten are done, every fourth came from a schedule, every asset and person has some.
  const insert = `
    insert into hub_record (id, tenant_id, entity, number, fields, created_at, updated_at)
    select ('01930000-0000-7000-8000-' || lpad(to_hex($5::int * 1000000 + n), 12, '0'))::uuid, $1, $2, $2 || n, jsonb_strip_nulls(jsonb_build_object(
      'title', 'Replace the hose ' || n, 'name', 'name ' || n, 'code', 'C' || n, 'email', 'P' || n || '@pit.example',
      'partNumber', 'PN-' || n, 'tag', 'EX-' || n, 'department', 'department ' || n % 60, 'store', 'store-' || n % 40,
      'asset', 'asset-' || n % 8000, 'parent', 'parent-' || n % 3000, 'location', 'location-' || n % 500,
      'assignee', case when n % 3 <> 0 then 'person-' || n % 500 end, 'assigneeName', case when n % 3 = 0 then 'crew ' || n % 300 end,
      'status', case when $2 = 'work_order' then (array['completed', 'closed', 'completed', 'cancelled', 'completed', 'completed', 'completed',
          'closed', 'completed', 'scheduled'])[n % 10 + 1]
        when $2 = 'asset' then 'operational' else 'submitted' end,
      'priority', (array['low', 'medium', 'high'])[n % 3 + 1],
      'plan', case when n % 4 = 0 then 'plan-' || n % 2000 end,
      'type', case when $2 = 'asset' then 'equipment' else (array['preventive', 'corrective'])[n % 2 + 1] end,
      'active', case when n % 2 = 0 then true end,
      'scheduledStart', to_char(timestamp '2015-01-01' + n * interval '50 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'dueAt', to_char(timestamp '2026-03-02' + n * interval '50 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'nextDueAt', to_char(timestamp '2026-03-02' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'completedAt', to_char(timestamp '2015-01-02' + n * interval '50 minutes', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')
    )), $3::timestamptz, $3::timestamptz - ($4::int - n) * interval '1 minute'
    from generate_series(1, $4::int) n`;
  for (const [entity, count] of Object.entries(COUNTS)) {
    const nth = ENTITIES.indexOf(entity as Entity);
    await test.admin.query(insert, [test.tenantA, entity, NOW, count, nth]);
  }
  await test.admin.query('vacuum analyze hub_record');
}, 300_000);
afterAll(() => test.close());

function list(entity: Entity, conditions: RecordCondition[], sort: RecordSort): Promise<CarriedOut> {
  return carriedOut(test, (tx) =>
    listRecords(tx, { tenantId: test.tenantA, entity, conditions, sort, after: null, limit: 51 }),
  );
}

const task: RecordCondition = { field: 'plan', present: true };
/** As the API asks: entity, filter, what finds something, what finds nothing. */
const FILTERS: [Entity, string, RecordCondition[], RecordCondition[]][] = [
  [
    'work_order',
    'asset_id',
    [{ field: 'asset', equals: 'asset-7' }],
    [{ field: 'asset', equals: 'asset-x' }],
  ],
  [
    'work_order',
    'assigned_to, a person',
    [
      {
        any: [
          { field: 'assignee', oneOf: ['person-7'] },
          { field: 'assigneeName', equals: 'person 7' },
        ],
      },
    ],
    [
      {
        any: [
          { field: 'assignee', oneOf: ['person-x'] },
          { field: 'assigneeName', equals: 'x' },
        ],
      },
    ],
  ],
  [
    'work_order',
    'assigned_to, a text',
    [{ field: 'assigneeName', equals: 'crew 9' }],
    [{ field: 'assigneeName', equals: 'nobody' }],
  ],
  [
    'work_order',
    'priority',
    [{ field: 'priority', equals: 'high' }],
    [{ field: 'priority', equals: 'critical' }],
  ],
  [
    'work_order',
    'status',
    [{ field: 'status', equals: 'completed' }],
    [{ field: 'status', equals: 'on_hold' }],
  ],
  ['work_order', 'no status', [], [{ field: 'status', present: false }]],
  [
    'work_order',
    'status scheduled',
    [
      { field: 'status', equals: 'scheduled' },
      {
        any: [
          { field: 'dueAt', present: false },
          { field: 'dueAt', from: NOW },
        ],
      },
    ],
    [
      { field: 'status', equals: 'requested' },
      {
        any: [
          { field: 'dueAt', present: false },
          { field: 'dueAt', from: NOW },
        ],
      },
    ],
  ],
  [
    'work_order',
    'status overdue',
    [{ field: 'status', equals: 'scheduled' }, { dueBefore: '2026-03-05T00:00:00.000Z' }],
    [{ field: 'status', equals: 'scheduled' }, { dueBefore: NOW }],
  ],
  [
    'work_order',
    'asset_id and status',
    [
      { field: 'asset', equals: 'asset-7' },
      { field: 'status', equals: 'completed' },
    ],
    [
      { field: 'asset', equals: 'asset-7' },
      { field: 'status', equals: 'in_progress' },
    ],
  ],
  [
    'work_order',
    'updated_since',
    [{ updatedSince: '2026-02-28T20:00:00Z' }],
    [{ updatedSince: '2026-03-02T00:00:00Z' }],
  ],
  [
    'work_order',
    'schedule_id',
    [task, { field: 'plan', equals: 'plan-8' }],
    [task, { field: 'plan', equals: 'plan-x' }],
  ],
  [
    'work_order',
    'start_date and end_date of tasks',
    [
      task,
      { field: 'scheduledStart', from: '2016-01-01T00:00:00.000Z' },
      { field: 'scheduledStart', before: '2016-01-03T00:00:00.000Z' },
    ],
    [
      task,
      { field: 'scheduledStart', from: '2030-01-01T00:00:00.000Z' },
      { field: 'scheduledStart', before: '2030-01-03T00:00:00.000Z' },
    ],
  ],
  [
    'work_order',
    'priority of tasks',
    [task, { field: 'priority', equals: 'high' }],
    [task, { field: 'priority', equals: 'critical' }],
  ],
  [
    'work_order',
    'status of tasks',
    [task, { field: 'status', equals: 'completed' }],
    [task, { field: 'status', equals: 'on_hold' }],
  ],
  ['asset', 'asset_type', [{ field: 'type', equals: 'equipment' }], [{ field: 'type', equals: 'vehicle' }]],
  ['asset', 'status', [{ field: 'status', equals: 'operational' }], [{ field: 'status', equals: 'repair' }]],
  [
    'asset',
    'department',
    [{ field: 'department', equals: 'department 7' }],
    [{ field: 'department', equals: 'x' }],
  ],
  ['asset', 'parent_id', [{ field: 'parent', equals: 'parent-7' }], [{ field: 'parent', equals: 'x' }]],
  [
    'asset',
    'location_id',
    [{ field: 'location', equals: 'location-7' }],
    [{ field: 'location', equals: 'x' }],
  ],
  [
    'asset',
    'updated_since',
    [{ updatedSince: '2026-02-28T20:00:00Z' }],
    [{ updatedSince: '2026-03-02T00:00:00Z' }],
  ],
  ['location', 'parent_id', [{ field: 'parent', equals: 'parent-7' }], [{ field: 'parent', equals: 'x' }]],
  ['location', 'code', [{ field: 'code', equals: 'C7' }], [{ field: 'code', equals: 'x' }]],
  ['location', 'name', [{ field: 'name', equals: 'name 7' }], [{ field: 'name', equals: 'x' }]],
  ['part', 'part_number', [{ field: 'partNumber', equals: 'PN-7' }], [{ field: 'partNumber', equals: 'x' }]],
  ['part', 'store_id', [{ field: 'store', equals: 'store-7' }], [{ field: 'store', equals: 'x' }]],
  ['meter', 'asset_id', [{ field: 'asset', equals: 'asset-7' }], [{ field: 'asset', equals: 'x' }]],
  ['meter', 'code', [{ field: 'code', equals: 'C7' }], [{ field: 'code', equals: 'x' }]],
  ['person', 'code', [{ field: 'code', equals: 'C7' }], [{ field: 'code', equals: 'x' }]],
  ['person', 'name', [{ field: 'name', equals: 'name 7' }], [{ field: 'name', equals: 'x' }]],
  [
    'request',
    'status',
    [{ field: 'status', equals: 'submitted' }],
    [{ field: 'status', equals: 'approved' }],
  ],
  ['request', 'asset_id', [{ field: 'asset', equals: 'asset-7' }], [{ field: 'asset', equals: 'x' }]],
  [
    'request',
    'assigned_to',
    [{ field: 'assignee', oneOf: ['person-7', 'person-8'] }],
    [{ field: 'assignee', oneOf: ['x', 'y'] }],
  ],
  [
    'plan',
    'is_active true',
    [
      {
        any: [
          { field: 'active', equals: 'true' },
          { field: 'active', present: false },
        ],
      },
    ],
    [],
  ],
  ['plan', 'is_active false', [], [{ field: 'active', equals: 'false' }]],
  [
    'plan',
    'maintenance_type',
    [{ field: 'type', equals: 'preventive' }],
    [{ field: 'type', equals: 'inspection' }],
  ],
  [
    'plan',
    'due_before',
    [{ field: 'nextDueAt', before: '2026-03-05T00:00:00.000Z' }],
    [{ field: 'nextDueAt', before: NOW }],
  ],
  [
    'plan',
    'updated_since',
    [{ updatedSince: '2026-02-28T20:00:00Z' }],
    [{ updatedSince: '2026-03-02T00:00:00Z' }],
  ],
];

describe.each(RECORD_SORTS)('lists of 200,000 records in the order %s', (sort) => {
  it.each(FILTERS.filter(([, , , nothing]) => nothing.length > 0))(
    '%s by %s: what finds nothing reads nothing',
    async (entity, _filter, _some, nothing) => {
      const done = await list(entity, nothing, sort);
      expect(done.readThrough).toEqual([]);
      expect(done.rowsRead).toBeLessThanOrEqual(60);
    },
  );

  it.each(FILTERS.filter(([, , some]) => some.length > 0))(
    '%s by %s walks an index to a page',
    async (entity, _filter, some) => {
      const done = await list(entity, some, sort);
      expect(done.readThrough).toEqual([]);
      expect(done.indexes.length).toBeGreaterThan(0);
      // A page is 51; the rest is what is thrown away on the way or sorted.
      expect(done.rowsRead).toBeLessThanOrEqual(2_500);
    },
  );

  it.each(Object.keys(COUNTS) as Entity[])('%s without a filter is a walk over one page', async (entity) => {
    const done = await list(entity, [], sort);
    expect(done.rowsRead).toBeLessThanOrEqual(51 * 2);
  });
});

describe('the history of 120,000 orders', () => {
  const page = { before: null, limit: 51 };
  it.each<[string, HistoryFilter]>([
    ['maintenance_type', { type: 'inspection' }],
    ['asset_id', { assetId: 'asset-x' }],
    ['schedule_id', { scheduleId: 'plan-x' }],
    ['start_date', { from: '2030-01-01T00:00:00.000Z' }],
    ['asset_id and maintenance_type', { assetId: 'asset-7', type: 'inspection' }],
  ])('by %s reads next to nothing when it finds nothing', async (_filter, filter) => {
    const done = await carriedOut(test, (tx) => listDoneWork(tx, test.tenantA, filter, page));
    expect(done.readThrough).toEqual([]);
    expect(done.rowsRead).toBeLessThanOrEqual(60);
  });

  it.each<[string, HistoryFilter]>([
    ['no filter', {}],
    ['maintenance_type', { type: 'preventive' }],
    ['asset_id', { assetId: 'asset-7' }],
    ['schedule_id', { scheduleId: 'plan-8' }],
    ['start_date and end_date', { from: '2016-01-01T00:00:00.000Z', to: '2016-02-01T00:00:00.000Z' }],
  ])('by %s walks an index to a page', async (_filter, filter) => {
    const done = await carriedOut(test, (tx) => listDoneWork(tx, test.tenantA, filter, page));
    expect(done.readThrough).toEqual([]);
    expect(done.rowsRead).toBeLessThanOrEqual(200);
  });
});

describe('the columns of lists', () => {
  it('show each field for the entities that are listed by it, and for no others', async () => {
    const fields: JsonObject = Object.fromEntries(
      Object.keys(LISTED_FIELDS).map((field) => [field, `A ${field}`]),
    );
    for (const entity of ENTITIES) {
      const id = randomUUID();
      await test.admin.query(
        `insert into hub_record (id, tenant_id, entity, number, fields, created_at, updated_at) values ($1, $2, $3, $5, $4, now(), now())`,
        [id, test.tenantB, entity, JSON.stringify(fields), id],
      );
      const { rows } = await test.admin.query<Record<string, string | null>>(
        'select * from hub_record where id = $1',
        [id],
      );
      for (const [field, { column }] of Object.entries(LISTED_FIELDS)) {
        const shown = field === 'email' ? `a ${field}` : `A ${field}`;
        expect([entity, field, rows[0]?.[column]]).toEqual([
          entity,
          field,
          isListed(entity, field) ? shown : null,
        ]);
      }
    }
  });

  it('are needed for a filter: without one the list refuses instead of reading everything', async () => {
    const byTag = () => list('work_order', [{ field: 'tag', equals: 'EX-7' }], 'created_at');
    await expect(byTag()).rejects.toMatchObject({
      kind: 'bug',
      message: expect.stringMatching(/work_order.*tag/),
    });
  });
});

describe('what these tests look at', () => {
  it('shows a filter that PostgreSQL may not answer by an index', async () => {
    const { sql } = await import('kysely');
    const done = await carriedOut(test, (tx) =>
      sql`select id from hub_record where tenant_id = ${test.tenantA} and entity = 'work_order' and deleted_at is null
        and fields->>'asset' = 'asset-x' order by id limit 51`.execute(tx),
    );
    expect(done.rowsRead).toBeGreaterThan(100_000);
  });
});
