/** A REST system with every manner the README's example describes, on the sandbox kit's server: faults come with it. */
import { createSandboxWorld, startSandbox } from '../kit/sandbox/index.ts';
import type { RunningSandbox, SandboxRequest, SandboxResponse, SandboxVendor } from '../kit/sandbox/index.ts';

type Row = Record<string, unknown> & { id: string };

export const OBJECTS = ['people', 'locations', 'assets', 'parts', 'meters', 'work-orders'] as const;
export const PRACTICE_KEY = 'practice-key-4711';

export function startPracticeServer(): Promise<RunningSandbox> {
  const world = createSandboxWorld({});
  const tables = new Map<string, Map<string, Row>>(OBJECTS.map((object) => [object, new Map()]));
  let sequence = 0;

  const table = (object: string): Map<string, Row> => {
    const found = tables.get(object);
    if (found === undefined) throw new TypeError(`There is no ${object}.`);
    return found;
  };
  const stamp = (): string => new Date(world.clock.now()).toISOString();
  function add(object: string, fields: Record<string, unknown>): Row {
    sequence += 1;
    const row = {
      ...fields,
      id: `${object.slice(0, 2)}-${String(sequence).padStart(5, '0')}`,
      version: 1,
      created_at: stamp(),
      updated_at: stamp(),
    };
    table(object).set(row.id, row);
    return row;
  }
  function change(object: string, id: string, fields: Record<string, unknown>): Row {
    const before = table(object).get(id);
    if (before === undefined) throw new TypeError(`There is no ${object} ${id}.`);
    const row = { ...before, ...fields, id, version: Number(before['version']) + 1, updated_at: stamp() };
    table(object).set(id, row);
    return row;
  }

  function handle(request: SandboxRequest): SandboxResponse {
    if (request.headers['x-api-key'] !== PRACTICE_KEY) return problem(401, 'Who are you?');
    const [, , object = '', id] = request.path.split('/').map(decodeURIComponent);
    if (object === 'me') return { status: 200, body: { user: { name: 'sync@plant.example' } } };
    if (!tables.has(object)) return problem(404, 'No such page.');
    if (id === undefined) return request.method === 'POST' ? post(object, request) : list(object, request);
    const row = table(object).get(id);
    if (row === undefined || object === 'people') return problem(404, `There is no ${object} ${id}.`);
    if (request.method === 'GET' && object !== 'work-orders') return one(object, row);
    if (request.method === 'DELETE') {
      if (object === 'work-orders') change(object, id, { deleted_at: stamp() });
      else table(object).delete(id);
      world.stats.wrote('deleted', object);
      return { status: 204, write: true };
    }
    if (request.method === 'PATCH' || request.method === 'PUT') return update(object, row, request);
    return problem(405, 'Not here.');
  }

  function list(object: string, { query, headers }: SandboxRequest): SandboxResponse {
    world.stats.page(object, query.toString());
    const since = query.get('updated_since') ?? query.get('changed_after');
    const from = since === null ? 0 : /^\d+$/.test(since) ? Number(since) : Date.parse(since);
    const reference = query.get('external_ref');
    const rows = [...table(object).values()].filter(
      (row) =>
        Date.parse(String(row['updated_at'])) >= from &&
        (reference === null || row['external_ref'] === reference),
    );
    const size = Number(query.get('limit') ?? query.get('per') ?? 0) || rows.length;
    const host = `http://${headers['host'] ?? ''}`;
    const params = new URLSearchParams(query);
    switch (object) {
      case 'locations': {
        const at = Number(query.get('p') ?? 0) * size;
        return { status: 200, body: { data: { items: rows.slice(at, at + size), total: rows.length } } };
      }
      case 'assets': {
        const at = Number(query.get('offset') ?? 0);
        return { status: 200, body: { assets: rows.slice(at, at + size) } };
      }
      case 'parts': {
        const page = rows.filter(({ id }) => id > (query.get('after') ?? '')).slice(0, size);
        const more = page.length === size;
        return { status: 200, body: { parts: page, paging: more ? { next: page.at(-1)?.id } : {} } };
      }
      case 'meters':
      case 'work-orders': {
        const page = rows.filter(({ id }) => id > (query.get('after') ?? '')).slice(0, size);
        params.set('after', page.at(-1)?.id ?? '');
        const next = page.length === size ? `/v1/${object}?${params.toString()}` : null;
        if (object === 'work-orders') return { status: 200, body: { work_orders: page, next } };
        const link = `<${host}/v1/meters>; rel="first", <${host}${next ?? ''}>; rel="next"`;
        return { status: 200, ...(next === null ? {} : { headers: { link } }), body: page };
      }
      default:
        return { status: 200, body: rows };
    }
  }

  function one(object: string, row: Row): SandboxResponse {
    return { status: 200, body: object === 'locations' ? { data: row } : row };
  }

  function post(object: string, request: SandboxRequest): SandboxResponse {
    const body = request.json() as Record<string, unknown>;
    const fields = object === 'parts' ? (body['part'] as Record<string, unknown>) : body;
    if (object === 'people') return problem(405, 'People are invited.');
    if (typeof (fields['name'] ?? fields['title']) !== 'string') return problem(422, 'A name is needed.');
    const row = add(object, fields);
    world.stats.wrote('created', object);
    if (object === 'parts') return { status: 201, body: { new_id: row.id }, write: true };
    return { ...one(object, row), status: 201, write: true };
  }

  function update(object: string, row: Row, request: SandboxRequest): SandboxResponse {
    const body = request.json() as Record<string, unknown>;
    const { version, ...fields } = object === 'parts' ? (body['part'] as Record<string, unknown>) : body;
    const sent =
      object === 'assets' ? request.headers['if-match'] : object === 'parts' ? version : row['version'];
    if (String(sent) !== String(row['version'])) return problem(412, 'The record moved.');
    // PUT replaces: what is not sent is gone.
    if (request.method === 'PUT')
      table(object).set(row.id, { id: row.id, version: row['version'], created_at: row['created_at'] });
    world.stats.wrote('updated', object);
    return { ...one(object, change(object, row.id, fields)), write: true };
  }

  const vendor: SandboxVendor = {
    system: 'practice',
    credentials: { apiKey: PRACTICE_KEY },
    world,
    handle,
    objects: () => [...OBJECTS],
    list: (object) => [...table(object).values()].filter((row) => row['deleted_at'] === undefined),
    insert: (object, fields) => add(object, fields),
    change: (object, id, fields) => change(object, id, fields),
    remove: (object, id) => void table(object).delete(id),
    setDial: () => undefined,
    expireSessions: () => undefined,
  };
  return startSandbox(vendor, { seed: 'empty' });
}

function problem(status: number, text: string): SandboxResponse {
  return { status, body: { problem: { text } } };
}
