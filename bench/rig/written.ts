/** Rows written, by PostgreSQL's own counters: inserted, updated or deleted, also when a later step undid it. */
import { setTimeout as wait } from 'node:timers/promises';
import { OWN_SESSIONS, type Rig } from './rig.ts';

/** What a pass over unchanged systems must not touch. Runs, cursors and staged pages are its own bookkeeping. */
const TABLES = [
  'hub_record',
  'hub_key',
  'link',
  'change',
  'raw_page',
  'record_log',
  'log_page',
  'conflict',
  'hub_comment',
  'comment_link',
  'push_queue',
  'create_intent',
  'quarantine',
  'parked',
];

/** Counters arrive when a session ends: ask only after the worker whose writes are counted was told to end. */
export async function rowsWritten(rig: Rig): Promise<number> {
  for (;;) {
    const [others] = await rig.query<{ n: number }>(
      `select count(*)::int as n from pg_stat_activity
       where datname = current_database() and backend_type = 'client backend' and application_name <> $1`,
      [OWN_SESSIONS],
    );
    if (others?.n === 0) break;
    await wait(20);
  }
  const [found] = await rig.query<{ n: number }>(
    `select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::float8 as n
     from pg_stat_user_tables where relname = any($1)`,
    [TABLES],
  );
  return found?.n ?? 0;
}
