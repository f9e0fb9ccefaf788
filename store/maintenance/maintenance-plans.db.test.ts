/** The lists of work orders, tasks, schedules and history walk indexes, measured on 20,000 rows by PostgreSQL's own plans. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { Tx } from '../index.ts';
import { listDoneWork, listDueSchedules, taskFigures, countOpenTasks } from './maintenance.ts';
import { findPeople } from '../hub/people-names.ts';
import { listRecords, type RecordCondition, type RecordSort } from '../hub/record-list.ts';
import { openTestStore, type TestStore } from '../store.fixture.ts';
import { findParts } from '../work-orders/work-orders.ts';

const NOW = '2026-03-01T00:00:00.000Z';
const ROWS = 20_000;

let test: TestStore;
beforeAll(async () => {
  test = await openTestStore();
  // A plant of some years: most work is done, each asset and person has some of it, every fourth order came from a schedule.
  const insert = `
    insert into hub_record (id, tenant_id, entity, number, fields, created_at, updated_at)
    select gen_random_uuid(), $1, $2, $3 || n, jsonb_strip_nulls($4::jsonb) || made.fields, $5::timestamptz,
      $5::timestamptz - n * interval '1 minute'
    from generate_series(1, $6::int) n, lateral (select jsonb_strip_nulls(jsonb_build_object(
      'asset', 'asset-' || n % 400, 'assignee', 'person-' || n % 300, 'assigneeName', 'crew ' || n % 300,
      'status', (array['completed', 'closed', 'completed', 'cancelled', 'completed'])[n % 5 + 1],
      'priority', (array['low', 'medium', 'high'])[n % 3 + 1],
      'plan', case when n % 4 = 0 then 'plan-' || n % 200 end,
      'type', (array['preventive', 'corrective'])[n % 2 + 1],
      'code', 'C' || n, 'email', 'p' || n || '@pit.example', 'name', 'name ' || n, 'partNumber', 'PN-' || n,
      'scheduledStart', to_char(timestamp '2020-01-01' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'dueAt', to_char(timestamp '2020-01-01' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'nextDueAt', to_char(timestamp '2026-02-28' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'),
      'completedAt', to_char(timestamp '2020-01-02' + n * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')
    )) as fields) made`;
  for (const [entity, prefix, extra] of [
    ['work_order', 'WO-', {}],
    ['plan', 'PM-', {}],
    ['person', 'P-', {}],
    ['part', 'PT-', {}],
  ] as const) {
    await test.admin.query(insert, [test.tenantA, entity, prefix, JSON.stringify(extra), NOW, ROWS]);
  }
  // Few orders are still to be done.
  await test.admin.query(`update hub_record set fields = fields || '{"status": "scheduled"}'
    where entity = 'work_order' and right(number, 2) = '77'`);
  await test.admin.query('analyze hub_record');
});
afterAll(() => test.close());

interface Query {
  sql: string;
}
type Execute = (query: Query, ...rest: unknown[]) => Promise<{ rows: Record<string, string>[] }>;

/** The plans of the statements that `work` would run. */
async function plansOf(work: (tx: Tx) => Promise<unknown>): Promise<string> {
  return test.store.inTenant(test.tenantA, async (tx) => {
    const plans: string[] = [];
    const executor = tx.getExecutor();
    const execute = executor.executeQuery.bind(executor) as unknown as Execute;
    const explain: Execute = async (query, ...rest) => {
      const { rows } = await execute({ ...query, sql: `explain ${query.sql}` }, ...rest);
      plans.push(...rows.map((row) => Object.values(row).join(' ')));
      return { rows: [] };
    };
    const explaining = new Proxy(executor, {
      get(target, name) {
        if (name === 'executeQuery') return explain;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    await work({ getExecutor: () => explaining } as unknown as Tx);
    expect(plans.length).toBeGreaterThan(0);
    return plans.join('\n');
  });
}

const list = (
  entity: 'work_order' | 'plan',
  conditions: RecordCondition[],
  sort: RecordSort = 'created_at',
) =>
  plansOf((tx) =>
    listRecords(tx, { tenantId: test.tenantA, entity, conditions, sort, after: null, limit: 51 }),
  );

describe('the plans of lists', () => {
  it.each<[string, RecordCondition[], RegExp]>([
    ['asset', [{ field: 'asset', equals: 'asset-7' }], /work_order_asset/],
    ['assignee as written', [{ field: 'assigneeName', equals: 'crew 7' }], /work_order_assignee_name/],
    [
      'assignee, person or text',
      [
        {
          any: [
            { field: 'assignee', oneOf: ['person-7'] },
            { field: 'assigneeName', equals: 'crew 8' },
          ],
        },
      ],
      /work_order_assignee_name[^]*work_order_assignee|work_order_assignee[^]*work_order_assignee_name/,
    ],
    ['status', [{ field: 'status', equals: 'scheduled' }], /work_order_status/],
    [
      'status and due date',
      [
        { field: 'status', equals: 'scheduled' },
        { field: 'dueAt', from: NOW },
      ],
      /work_order_(status|due)/,
    ],
    [
      'what is overdue',
      [{ field: 'status', equals: 'scheduled' }, { dueBefore: NOW }],
      /Scan (using|on) work_order_due/,
    ],
    ['no status', [{ field: 'status', present: false }], /work_order_status/],
    ['priority', [{ field: 'priority', equals: 'critical' }], /work_order_priority/],
    [
      'tasks of a schedule',
      [
        { field: 'plan', present: true },
        { field: 'plan', equals: 'plan-8' },
      ],
      /task_plan/,
    ],
    [
      'tasks by planned start',
      [
        { field: 'plan', present: true },
        { field: 'scheduledStart', from: '2022-01-01T00:00:00.000Z' },
        { field: 'scheduledStart', before: '2022-01-03T00:00:00.000Z' },
      ],
      /task_start/,
    ],
    ['no filter', [], /hub_record_list/],
  ])('work orders by %s use an index', async (_name, conditions, index) => {
    const plan = await list('work_order', conditions);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/Seq Scan/);
  });

  it('by change use an index in either direction', async () => {
    for (const sort of ['updated_at', '-updated_at'] as const) {
      const plan = await list('work_order', [{ updatedSince: '2026-02-20T00:00:00Z' }], sort);
      expect(plan).toMatch(/hub_record_updated/);
      expect(plan).not.toMatch(/Sort/);
    }
  });

  it('schedules by type and due date use theirs', async () => {
    expect(await list('plan', [{ field: 'type', equals: 'inspection' }])).toMatch(/plan_type/);
    const due = await plansOf((tx) => listDueSchedules(tx, test.tenantA, NOW, { after: null, limit: 100 }));
    // Both hold the live plans alone; which one is cheaper depends on when the server last looked at the table.
    expect(due).toMatch(/plan_due|plan_assets/);
  });

  it('history, statistics and open tasks use theirs', async () => {
    const page = { before: null, limit: 51 };
    const all = await plansOf((tx) => listDoneWork(tx, test.tenantA, {}, page));
    expect(all).toMatch(/work_order_done/);
    expect(all).not.toMatch(/Sort/);
    const ofAsset = await plansOf((tx) => listDoneWork(tx, test.tenantA, { assetId: 'asset-7' }, page));
    expect(ofAsset).toMatch(/work_order_(done|asset)/);
    const range = { from: '2022-01-01T00:00:00.000Z', to: '2022-02-01T00:00:00.000Z', now: NOW };
    expect(await plansOf((tx) => taskFigures(tx, test.tenantA, range))).toMatch(/task_start/);
    expect(await plansOf((tx) => countOpenTasks(tx, test.tenantA, 'plan-8'))).toMatch(/task_plan/);
  });

  it('people and parts are looked up by index', async () => {
    const people = await plansOf((tx) => findPeople(tx, test.tenantA, 'p7@pit.example'));
    for (const index of [/person_code/, /person_email/, /person_name/]) expect(people).toMatch(index);
    expect(people).not.toMatch(/Seq Scan/);
    const parts = await plansOf((tx) => findParts(tx, test.tenantA, 'PN-7'));
    expect(parts).toMatch(/part_number/);
    expect(parts).not.toMatch(/Seq Scan/);
  });

  it('would show a table that is read through', async () => {
    const plan = await plansOf((tx) =>
      sql`select count(*) from hub_record where fields->>'notes' = 'x'`.execute(tx),
    );
    expect(plan).toMatch(/Seq Scan/);
  });
});
