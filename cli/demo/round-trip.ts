/** One change made by a person in Maximo, seen arriving in UpKeep through the hub, and one made in UpKeep going back. */
import { sql } from 'kysely';
import type { Session } from '../../connectors/kit/contract.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ConnectionRow } from '../../store/connections.ts';
import type { Program } from '../wiring.ts';
import type { LocalSandbox } from '../stack/local-stack.ts';

export interface RoundTrip {
  number: string;
  maximo: string;
  upkeep: string;
  /** Milliseconds from the change in one system until it stands in the other. */
  maximoToUpkeepMs: number;
  upkeepToMaximoMs: number;
}

export interface Side {
  connection: ConnectionRow;
  sandbox: LocalSandbox;
}

export interface RoundTripOptions {
  program: Program;
  tenantId: string;
  maximo: Side;
  upkeep: Side;
  say: (line: string) => void;
  signal: AbortSignal;
}

const ARRIVES_WITHIN_MS = 30_000;

export async function showRoundTrip(options: RoundTripOptions): Promise<RoundTrip> {
  const sessions = await Promise.all(
    [options.maximo, options.upkeep].map(({ connection }) =>
      options.program.sync.openSession(connection, options.signal),
    ),
  );
  try {
    const [inMaximo, inUpkeep] = sessions;
    if (inMaximo === undefined || inUpkeep === undefined)
      throw new Failure('bug', 'Both systems have a session.');
    return await roundTrip(options, inMaximo, inUpkeep);
  } finally {
    for (const session of sessions) await session.close();
  }
}

async function roundTrip(
  options: RoundTripOptions,
  inMaximo: Session,
  inUpkeep: Session,
): Promise<RoundTrip> {
  const { maximo, upkeep, say } = options;
  const order = await findOpenOrder(options);
  const wonum = order.maximo.split('|')[1] ?? '';
  const stamp = new Date().toISOString().slice(11, 19);

  say(`A planner changes ${order.number} in Maximo (work order ${wonum}): title and start of work.`);
  const title = `${order.title.slice(0, 60)} (checked ${stamp})`;
  const there = performance.now();
  await edit(maximo.sandbox, 'mxapiwodetail', wonum, { description: title });
  await until(options, async () => {
    const found = await read(inUpkeep, order.upkeep);
    return found['title'] === title ? found : null;
  });
  const maximoToUpkeepMs = Math.round(performance.now() - there);
  say(`  in UpKeep after ${String(maximoToUpkeepMs)} ms: ${title}`);

  const answer = `${title} done`;
  say('A technician retitles and starts the same order in UpKeep.');
  const back = performance.now();
  await edit(upkeep.sandbox, 'work-orders', order.upkeep, { title: answer, status: 'inProgress' });
  await until(options, async () => {
    const found = await read(inMaximo, order.maximo);
    return found['description'] === answer && found['status'] === 'INPRG' ? found : null;
  });
  const upkeepToMaximoMs = Math.round(performance.now() - back);
  say(`  in Maximo after ${String(upkeepToMaximoMs)} ms: ${answer}, status INPRG`);
  return { number: order.number, maximo: wonum, upkeep: order.upkeep, maximoToUpkeepMs, upkeepToMaximoMs };
}

interface OpenOrder {
  number: string;
  title: string;
  maximo: string;
  upkeep: string;
}

/** The newest order that stands in both systems and has not begun. */
async function findOpenOrder(options: RoundTripOptions): Promise<OpenOrder> {
  const found = await options.program.store.inTenant(options.tenantId, (tx) =>
    sql<OpenOrder>`
      select h.number, h.fields ->> 'title' as title, m.external_id as maximo, u.external_id as upkeep
      from hub_record h
      join link m on m.hub_id = h.id and m.connection_id = ${options.maximo.connection.id} and m.gone_at is null
      join link u on u.hub_id = h.id and u.connection_id = ${options.upkeep.connection.id} and u.gone_at is null
      where h.entity = 'work_order' and h.fields ->> 'status' in ('requested', 'scheduled')
        and m.base_external is null
        and not exists (select 1 from conflict c where c.hub_id = h.id and c.resolved_at is null)
      order by h.fields ->> 'dueAt' desc nulls last limit 1`.execute(tx),
  );
  const order = found.rows[0];
  if (order === undefined)
    throw new Failure('not_found', 'No open work order stands in both systems; start with --fresh.');
  return order;
}

async function until<T>(options: RoundTripOptions, look: () => Promise<T | null>): Promise<T> {
  const deadline = performance.now() + ARRIVES_WITHIN_MS;
  for (;;) {
    options.signal.throwIfAborted();
    const found = await look();
    if (found !== null) return found;
    if (performance.now() > deadline) {
      throw new Failure(
        'unavailable',
        `The change did not arrive within ${String(ARRIVES_WITHIN_MS / 1000)} s; see \`chatterfix-sync runs\`.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The record as the vendor's own API shows it now. */
async function read(session: Session, externalId: string): Promise<JsonObject> {
  const [found] = await session.read('work_order', [externalId]);
  if (found === undefined) throw new Failure('not_found', `The work order ${externalId} is gone.`);
  return found.raw;
}

/** As a person in the vendor's own screens. */
async function edit(
  sandbox: LocalSandbox,
  object: string,
  id: string,
  fields: Record<string, unknown>,
): Promise<void> {
  const response = await fetch(`${sandbox.controlUrl}/records/${object}/${encodeURIComponent(id)}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(fields),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok)
    throw new Failure('rejected', `The ${sandbox.system} sandbox refused the edit: ${await response.text()}`);
}
