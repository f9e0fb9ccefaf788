/** What came in between two runs that somebody asked for: passes on the interval, webhooks, and the first load of a new connection. */
import { joinCounts } from '../../domain/run-counts.ts';
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import type { Counts } from './runs.ts';

/** Passes looked at; who asks less often than that many passes hears of the newest. */
const PASSES_MAX = 200;

/** Counters by entity of the runs that nobody asked for, since the run before this one that somebody did ask for. */
export async function countsSinceAsked(tx: Tx, runId: string): Promise<Record<string, Counts>> {
  const found = await sql<{ counts: Record<string, Counts>; asked: boolean }>`
    select earlier.counts,
      exists (select 1 from audit_log where subject = 'run/' || earlier.id and action = 'sync.start') as asked
    from run join run earlier on earlier.connection_id = run.connection_id
      and earlier.started_at < run.started_at and earlier.id <> run.id
    where run.id = ${runId} order by earlier.started_at desc limit ${PASSES_MAX}`.execute(tx);
  const asked = found.rows.findIndex((row) => row.asked);
  const total: Record<string, Counts> = {};
  for (const { counts } of found.rows.slice(0, asked === -1 ? undefined : asked)) {
    for (const [entity, own] of Object.entries(counts)) total[entity] = joinCounts(total[entity] ?? {}, own);
  }
  return total;
}

/** Whether the system has ever been reached. */
export async function hasCompletedRun(tx: Tx, connectionId: string): Promise<boolean> {
  const found = await sql`
    select 1 from run where connection_id = ${connectionId} and state = 'completed' limit 1`.execute(tx);
  return found.rows.length > 0;
}

/** Runs that were asked for and will not begin, because the connection was paused: whoever waits for one hears why. */
export async function endQueuedRuns(
  tx: Tx,
  connectionId: string,
  failure: { kind: string; message: string },
  at: string,
): Promise<void> {
  await sql`
    update run set state = 'failed', failure = ${JSON.stringify(failure)}::jsonb, finished_at = ${at}
    where connection_id = ${connectionId} and state = 'queued'`.execute(tx);
}
