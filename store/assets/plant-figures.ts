/** Figures over a whole tenant, for metrics. Each statement is bounded by the number of connections and the last day's runs. */
import { sql } from 'kysely';
import type { Tx } from '../database.ts';
import { openExceptions } from '../exceptions/exceptions.ts';

export interface PlantFigures {
  connections: {
    name: string;
    system: string;
    state: string;
    lastSuccess: Date | null;
    queued: number;
    pausedUntil: Date | null;
  }[];
  open: Record<string, number>;
  /** Runs of the last day: how many, and the sums of their counters as `entity/counter`. */
  runs: { name: string; system: string; state: string; count: number; counts: Record<string, number> }[];
}

export async function plantFigures(tx: Tx): Promise<PlantFigures> {
  const connections = await sql<PlantFigures['connections'][number]>`
    select c.name, c.system, c.state,
      (select max(r.finished_at) from run r where r.connection_id = c.id and r.state = 'completed') as last_success,
      (select count(*) from push_queue q where q.connection_id = c.id) as queued,
      (select nullif(t.paused_until, '-infinity') from throttle t where t.connection_id = c.id) as paused_until
    from connection c order by c.name`.execute(tx);
  const runs = await sql<PlantFigures['runs'][number]>`
    with recent as (
      select c.name, c.system, r.state, r.counts from run r join connection c on c.id = r.connection_id
      where r.started_at > now() - interval '1 day'
    ), summed as (
      select name, system, state, e.key || '/' || n.key as key, sum(n.value::bigint) as total
      from recent, jsonb_each(counts) e, jsonb_each_text(e.value) n
      where n.value ~ '^[0-9]+$' group by 1, 2, 3, 4
    )
    select g.name, g.system, g.state, g.count,
      coalesce((select jsonb_object_agg(s.key, s.total) from summed s
        where s.name = g.name and s.state = g.state), '{}') as counts
    from (select name, system, state, count(*) as count from recent group by 1, 2, 3) g order by 1, 3`.execute(
    tx,
  );
  return { connections: connections.rows, open: await openExceptions(tx), runs: runs.rows };
}
