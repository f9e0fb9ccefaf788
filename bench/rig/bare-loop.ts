/**
 * The same pages as a loop one would write in an afternoon: fetch, map in plain JavaScript, upsert into one table, the next
 * page fetched meanwhile. No validation, no merge, no links, no history, nothing that survives a crash in the middle.
 */
import pg from 'pg';

export interface BareLoopInput {
  databaseUrl: string;
  /** Full addresses of the pages, in order. */
  pages: readonly string[];
  apiKey: string;
}
export interface BareLoopDone {
  records: number;
  seconds: number;
  /** Fetching and parsing alone. */
  fetchSeconds: number;
}

type Raw = Record<string, unknown>;

process.once('disconnect', () => process.exit(0));
process.once('message', (input: BareLoopInput) => {
  void run(input).then((done) => process.send?.(done));
});

async function run(input: BareLoopInput): Promise<BareLoopDone> {
  const client = new pg.Client({ connectionString: input.databaseUrl });
  await client.connect();
  await client.query(`create table bare_order (
    id text primary key, title text, description text, status text, priority text, type text, asset text, location text,
    plan text, requested_by text, assignee text, requested_at timestamptz, scheduled_start timestamptz,
    scheduled_end timestamptz, due_at timestamptz, started_at timestamptz, completed_at timestamptz,
    estimated_minutes numeric, actual_cost numeric)`);
  const fetchStarted = performance.now();
  for (const page of input.pages) await fetchPage(page, input.apiKey);
  const fetchSeconds = (performance.now() - fetchStarted) / 1_000;

  const started = performance.now();
  let records = 0;
  const [first] = input.pages;
  let next = first === undefined ? null : fetchPage(first, input.apiKey);
  for (let index = 1; next !== null; index += 1) {
    const rows = await next;
    const address = input.pages[index];
    next = address === undefined ? null : fetchPage(address, input.apiKey);
    await upsert(client, rows.map(toOrder));
    records += rows.length;
  }
  const seconds = (performance.now() - started) / 1_000;
  await client.end();
  return { records, seconds, fetchSeconds };
}

async function fetchPage(address: string, apiKey: string): Promise<Raw[]> {
  const answer = await fetch(address, { headers: { apikey: apiKey, accept: 'application/json' } });
  if (!answer.ok) throw new Error(`${answer.status} from ${address}`);
  return ((await answer.json()) as { member: Raw[] }).member;
}

const COLUMNS =
  `title, description, status, priority, type, asset, location, plan, requested_by, assignee, requested_at,
  scheduled_start, scheduled_end, due_at, started_at, completed_at, estimated_minutes, actual_cost`.split(
    /,\s+/,
  );

async function upsert(client: pg.Client, rows: readonly object[]): Promise<void> {
  await client.query(
    `insert into bare_order (id, ${COLUMNS.join(', ')})
     select id, ${COLUMNS.join(', ')} from json_populate_recordset(null::bare_order, $1::json)
     on conflict (id) do update set ${COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
    [JSON.stringify(rows)],
  );
}

const STATUS: Record<string, string> = {
  WAPPR: 'requested',
  APPR: 'scheduled',
  WSCH: 'scheduled',
  WMATL: 'on_hold',
  INPRG: 'in_progress',
  COMP: 'completed',
  CLOSE: 'closed',
  CAN: 'cancelled',
};
const TYPE: Record<string, string> = { CM: 'corrective', PM: 'preventive', EM: 'emergency', CP: 'project' };
const PRIORITY = ['none', 'critical', 'high', 'medium', 'low'];

function toOrder(raw: Raw): object {
  const text = (name: string): string | null => (typeof raw[name] === 'string' ? raw[name] : null);
  const key = (name: string): string | null => {
    const value = text(name);
    return value === null ? null : `${text('siteid') ?? ''}|${value}`;
  };
  return {
    id: key('wonum'),
    title: text('description'),
    description:
      text('description_longdescription')
        ?.replace(/<[^>]*>/g, '')
        .trim() ?? null,
    status: STATUS[text('status_maxvalue') ?? ''] ?? null,
    priority: PRIORITY[Number(raw['wopriority'])] ?? null,
    type: TYPE[text('worktype') ?? ''] ?? 'other',
    asset: key('assetnum'),
    location: key('location'),
    plan: key('pmnum'),
    requested_by: text('reportedby'),
    assignee: text('lead'),
    requested_at: text('reportdate'),
    scheduled_start: text('schedstart'),
    scheduled_end: text('schedfinish'),
    due_at: text('targcompdate'),
    started_at: text('actstart'),
    completed_at: text('actfinish'),
    estimated_minutes: Number(raw['estdur'] ?? 0) * 60,
    actual_cost: Number(raw['actlabcost'] ?? 0) + Number(raw['actmatcost'] ?? 0),
  };
}
