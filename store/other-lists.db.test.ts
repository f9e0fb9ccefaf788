/** Filters of the lists that are not of records, on 200,000 rows under the program's plain login. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Tx } from './index.ts';
import { listAuditPage } from './access/audit.ts';
import { listAlerts, type AlertFilter } from './assets/asset-alerts.ts';
import { loadNextMaintenance } from './assets/assets.ts';
import { listOpenConflicts } from './exceptions/conflict-list.ts';
import { listQuarantine } from './exceptions/quarantine-list.ts';
import { listReviews } from './exceptions/review-list.ts';
import { carriedOut } from './plans.fixture.ts';
import { listRunPage } from './runs/run-list.ts';
import { addConnection, openTestStore, type TestStore } from './store.fixture.ts';

const NOBODY = '00000000-0000-7000-8000-000000000000';

let test: TestStore;
let connection: string;
beforeAll(async () => {
  test = await openTestStore();
  connection = await addConnection(test, test.tenantA);
  const { tenantA } = test;
  await test.admin.query(
    `insert into hub_record (id, tenant_id, entity, number, fields, created_at, updated_at)
     values ('${NOBODY}', $1, 'asset', 'A-1', '{"name": "Excavator"}', now(), now())`,
    [tenantA],
  );
  const made: [string, number][] = [
    [
      `asset_alert (id, tenant_id, hub_id, alert_type, severity, message, at, last_seen_at, acknowledged_at, resolved_at)
       select gen_random_uuid(), $1, '${NOBODY}', 'temperature', 'low', 'too hot', t, t, t, t`,
      40_000,
    ],
    [
      `audit_log (tenant_id, actor, action, subject, at) select $1, 'user:' || n % 100, 'change', 'record/' || n, t`,
      40_000,
    ],
    [
      `run (id, tenant_id, connection_id, kind, state, started_at) select gen_random_uuid(), $1, '${connection}', 'pass', 'completed', t`,
      40_000,
    ],
    [
      `conflict (id, tenant_id, connection_id, entity, hub_id, external_id, field, policy, run_id, created_at)
       select gen_random_uuid(), $1, '${connection}', 'work_order', '${NOBODY}', n, 'tasks[' || n || '].title', 'manual', gen_random_uuid(), t`,
      30_000,
    ],
    [
      `quarantine (id, tenant_id, connection_id, entity, direction, subject, problems, run_id, created_at)
       select gen_random_uuid(), $1, '${connection}', 'work_order', 'pull', n, '[]', gen_random_uuid(), t`,
      30_000,
    ],
    [
      `match_review (tenant_id, connection_id, entity, external_id, candidates, record, since)
       select $1, '${connection}', 'work_order', n, '{}', '{}', t`,
      20_000,
    ],
  ];
  for (const [rows, count] of made) {
    await test.admin.query(
      `insert into ${rows} from (select n, now() - n * interval '1 minute' as t from generate_series(1, $2::int) n) g`,
      [tenantA, count],
    );
  }
  await test.admin.query('vacuum analyze');
}, 300_000);
afterAll(() => test.close());

const newest = { before: null, limit: 51 };
const alerts = (filter: Omit<AlertFilter, 'hubId'>) => (tx: Tx) =>
  listAlerts(tx, test.tenantA, { hubId: null, ...filter }, newest);

describe('a filter that finds nothing reads next to nothing', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['alerts by alert_type', alerts({ alertType: 'vibration' })],
    ['alerts by severity', alerts({ severity: 'critical' })],
    ['alerts by is_resolved', alerts({ isResolved: false })],
    ['alerts by is_acknowledged', alerts({ isAcknowledged: false })],
    ['audit entries by subject', (tx) => listAuditPage(tx, test.tenantA, { subject: 'record/x' }, newest)],
    ['audit entries by actor', (tx) => listAuditPage(tx, test.tenantA, { actor: 'user:x' }, newest)],
    [
      'audit entries by since',
      (tx) => listAuditPage(tx, test.tenantA, { since: '2199-01-01T00:00:00Z' }, newest),
    ],
    ['runs by state', (tx) => listRunPage(tx, test.tenantA, { state: 'failed' }, newest)],
    ['runs by connection_id', (tx) => listRunPage(tx, test.tenantA, { connectionId: NOBODY }, newest)],
    ['conflicts by connection_id', (tx) => listOpenConflicts(tx, { connectionId: NOBODY, limit: 51 })],
    ['conflicts by entity', (tx) => listOpenConflicts(tx, { entity: 'asset', limit: 51 })],
    ['conflicts by field', (tx) => listOpenConflicts(tx, { field: 'title', limit: 51 })],
    ['quarantine by connection_id', (tx) => listQuarantine(tx, { connectionId: NOBODY, limit: 51 })],
    ['quarantine by entity', (tx) => listQuarantine(tx, { entity: 'asset', limit: 51 })],
    ['matches by connection_id', (tx) => listReviews(tx, { connectionId: NOBODY, limit: 51 })],
    ['matches by entity', (tx) => listReviews(tx, { entity: 'asset', limit: 51 })],
    ['the next maintenance of assets', (tx) => loadNextMaintenance(tx, test.tenantA, [NOBODY])],
  ])('%s', async (_what, work) => {
    const done = await carriedOut(test, work);
    expect(done.rowsRead).toBeLessThanOrEqual(60);
  });
});

describe('a filter that finds much walks to a page', () => {
  it.each<[string, (tx: Tx) => Promise<unknown>]>([
    ['alerts', alerts({})],
    ['alerts by severity', alerts({ severity: 'low' })],
    ['alerts by is_resolved', alerts({ isResolved: true })],
    ['audit entries', (tx) => listAuditPage(tx, test.tenantA, {}, newest)],
    ['audit entries by actor', (tx) => listAuditPage(tx, test.tenantA, { actor: 'user:7' }, newest)],
    ['runs by state', (tx) => listRunPage(tx, test.tenantA, { state: 'completed' }, newest)],
    ['conflicts by field', (tx) => listOpenConflicts(tx, { field: 'tasks', limit: 51 })],
    ['quarantine by entity', (tx) => listQuarantine(tx, { entity: 'work_order', limit: 51 })],
    ['matches', (tx) => listReviews(tx, { limit: 51 })],
  ])('%s', async (_what, work) => {
    const done = await carriedOut(test, work);
    // A page, and what is joined to each of its rows.
    expect(done.rowsRead).toBeLessThanOrEqual(51 * 6);
  });
});
