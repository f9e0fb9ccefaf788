/** One change made by a person in Maximo, seen arriving in every other system through the hub, and one made in UpKeep going back. */
import { sql } from 'kysely';
import type { Session } from '../../connectors/kit/contract.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { Program } from '../wiring.ts';
import type { LocalSandbox } from '../stack/local-stack.ts';
import type { Site } from './sites.ts';

/** When a change stood in another system, counted from the edit. */
export interface Arrival {
  from: string;
  to: string;
  ms: number;
}

export interface RoundTrip {
  number: string;
  maximo: string;
  upkeep: string;
  /** Milliseconds from the change in one system until it stands in the other. */
  maximoToUpkeepMs: number;
  upkeepToMaximoMs: number;
  arrivals: Arrival[];
}

export interface RoundTripOptions {
  program: Program;
  tenantId: string;
  sites: readonly Site[];
  say: (line: string) => void;
  signal: AbortSignal;
}

const ARRIVES_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;
/** The shortest title of the five is SAP's, forty characters; the stamp and the answer need the rest. */
const TITLE_KEPT = 24;

interface SiteCopy extends Site {
  session: Session;
  /** The order there. */
  id: string;
}

export async function showRoundTrip(options: RoundTripOptions): Promise<RoundTrip> {
  const order = await findOpenOrder(options);
  const copies: SiteCopy[] = [];
  try {
    for (const site of options.sites) {
      const session = await options.program.sync.openSession(site.connection, options.signal);
      copies.push({ ...site, session, id: order.ids[site.connection.id] ?? '' });
    }
    return await roundTrip(options, order, copies);
  } finally {
    for (const { session } of copies) await session.close();
  }
}

async function roundTrip(
  options: RoundTripOptions,
  order: OpenOrder,
  copies: readonly SiteCopy[],
): Promise<RoundTrip> {
  const { say } = options;
  const [maximo, upkeep] = [copyAt(copies, 'maximo'), copyAt(copies, 'upkeep')];
  const wonum = maximo.id.split('|')[1] ?? '';
  const stamp = new Date().toISOString().slice(11, 19);

  const title = `${cutText(order.title, TITLE_KEPT).trim()} (${stamp})`;
  say(`A planner gives ${order.number} another title in Maximo (work order ${wonum}): ${title}`);
  await edit(maximo.sandbox, 'mxapiwodetail', wonum, { description: title });
  const out = await arrivals(options, maximo, copies, { title });
  say(`  it stands in ${listed(out)}.`);

  const answer = `${title} ok`;
  say(`A technician retitles and starts the same order in UpKeep: ${answer}`);
  await edit(upkeep.sandbox, 'work-orders', upkeep.id, { title: answer, status: 'inProgress' });
  const back = await arrivals(options, upkeep, copies, { title: answer, status: 'in_progress' });
  say(`  it stands in ${listed(back)}.`);
  return {
    number: order.number,
    maximo: wonum,
    upkeep: upkeep.id,
    maximoToUpkeepMs: out.find(({ to }) => to === 'upkeep')?.ms ?? 0,
    upkeepToMaximoMs: back.find(({ to }) => to === 'maximo')?.ms ?? 0,
    arrivals: [...out, ...back],
  };
}

function listed(some: readonly Arrival[]): string {
  return some
    .toSorted((a, b) => a.ms - b.ms)
    .map(({ to, ms }) => `${to} after ${String(ms)} ms`)
    .join(', ');
}

function copyAt(copies: readonly SiteCopy[], system: string): SiteCopy {
  const found = copies.find(({ connection }) => connection.system === system);
  if (found === undefined) throw new Failure('bug', `The demo has a ${system} system.`);
  return found;
}

/** Waits until every other system's own API shows the values; a system with fewer words for a status shows the nearest of its own. */
async function arrivals(
  options: RoundTripOptions,
  from: SiteCopy,
  copies: readonly SiteCopy[],
  wanted: { title: string; status?: string },
): Promise<Arrival[]> {
  const began = performance.now();
  return Promise.all(
    copies
      .filter((copy) => copy !== from)
      .map(async (copy): Promise<Arrival> => {
        const { connection } = copy;
        const mapping = options.program.sync.mapping(connection, 'work_order');
        if (mapping === null) throw new Failure('bug', `${connection.system} has work orders.`);
        const shown = async (): Promise<JsonObject> => {
          const raw = await read(copy);
          const result = await mapping.pull(raw, connection.config);
          return result.ok ? result.fields : {};
        };
        const expected: Record<string, Json> = { title: wanted.title };
        if (connection.system === 'maximo' && wanted.status !== undefined) expected['status'] = wanted.status;
        await until(options, async () => {
          const fields = await shown();
          return Object.entries(expected).every(([name, value]) => fields[name] === value);
        });
        return { from: from.connection.name, to: connection.name, ms: Math.round(performance.now() - began) };
      }),
  );
}

interface OpenOrder {
  number: string;
  title: string;
  /** Its id in each system, by connection. */
  ids: Record<string, string>;
}

/** The newest order that stands in every system, has not begun, and that nobody is deciding anything about. */
async function findOpenOrder({ program, tenantId, sites }: RoundTripOptions): Promise<OpenOrder> {
  const connections = sites.map(({ connection }) => connection.id);
  const found = await program.store.inTenant(tenantId, (tx) =>
    sql<OpenOrder>`
      select h.number, h.fields ->> 'title' as title, jsonb_object_agg(l.connection_id, l.external_id) as ids
      from hub_record h
      join link l on l.hub_id = h.id and l.gone_at is null and not l.read_only
        and l.connection_id = any(${connections}::uuid[])
      where h.entity = 'work_order' and h.deleted_at is null
        and h.fields ->> 'status' in ('requested', 'scheduled')
        and not exists (select 1 from conflict c where c.hub_id = h.id and c.resolved_at is null)
        and not exists (select 1 from push_queue p where p.hub_id = h.id)
        and not exists (select 1 from quarantine q where q.subject = h.id::text and q.closed_at is null)
      group by h.id having count(*) = ${connections.length}
      order by h.fields ->> 'dueAt' desc nulls last, h.number limit 1`.execute(tx),
  );
  const order = found.rows[0];
  if (order === undefined)
    throw new Failure('not_found', 'No open work order stands in every system; start with --fresh.');
  return order;
}

async function until(options: RoundTripOptions, look: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + ARRIVES_WITHIN_MS;
  for (;;) {
    options.signal.throwIfAborted();
    if (await look()) return;
    if (performance.now() > deadline) {
      throw new Failure(
        'unavailable',
        `The change did not arrive within ${String(ARRIVES_WITHIN_MS / 1000)} s; see \`chatterfix-sync runs\`.`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

/** The record as the vendor's own API shows it now. */
async function read({ session, id, connection }: SiteCopy): Promise<JsonObject> {
  const [found] = await session.read('work_order', [id]);
  if (found === undefined)
    throw new Failure('not_found', `The work order ${id} is gone from ${connection.name}.`);
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
