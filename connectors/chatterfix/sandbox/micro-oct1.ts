/** The generation `micro-oct1` (contract 7): bare arrays, the richest filters, partial updates, real deletes. */
import type { Call, Reply, Route } from './app.ts';
import { failing, PLACEHOLDER_ORDERS } from './database-trouble.ts';
import type { FieldValues, Generation, ObjectName, TableDef, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Fields, type Model } from './model.ts';
import { takePage } from './pages.ts';
import { fillFromPlant } from './plant-fill.ts';
import { isoLocal } from './python-time.ts';
import { newestFirst, type Row } from './table.ts';
import { textOf } from './text-of.ts';

const byAge = { created: 'created_at', updated: 'updated_at', order: newestFirst('created_at') };
const stamped = { created_at: null, updated_at: null };

const tables: Readonly<Partial<Record<ObjectName, TableDef>>> = {
  'work-orders': {
    ...byAge,
    columns: {
      ...{ title: '', description: '', priority: 'medium', status: 'open', assigned_to: null },
      ...{ asset_id: null, due_date: null, completed_at: null, estimated_hours: null },
      ...{ actual_hours: null, ...stamped },
    },
  },
  assets: {
    ...byAge,
    columns: { name: '', description: '', asset_type: '', location: '', status: 'active', ...stamped },
  },
  parts: {
    ...{ ...byAge, unique: 'part_number' },
    columns: {
      ...{ name: '', description: '', part_number: '', category: '', quantity: 0, min_stock: 0 },
      ...{ unit_cost: 0, location: '', ...stamped },
    },
  },
};

interface Kind {
  object: ObjectName;
  path: string;
  one: string;
  label: string;
  filters: readonly string[];
  create: Model;
  update: Model;
}

function kind(
  object: ObjectName,
  one: string,
  label: string,
  filters: readonly string[],
  fields: Fields,
): Kind {
  const open = Object.entries(fields).map(([name, type]) => [
    name,
    { ...type, fallback: null, nullable: true },
  ]);
  const update = { name: `${label.replace(' ', '')}Update`, fields: Object.fromEntries(open) as Fields };
  return {
    ...{ object, one, label, filters, path: `/api/${object}`, update },
    create: { name: `${label.replace(' ', '')}Create`, fields },
  };
}

const KINDS: readonly Kind[] = [
  kind('work-orders', 'work_order', 'Work order', ['status', 'priority', 'assigned_to', 'asset_id'], {
    title: required('string', { minLength: 1, maxLength: 255 }),
    description: withDefault('string', ''),
    priority: withDefault('string', 'medium', { pattern: '^(low|medium|high|critical)$' }),
    status: withDefault('string', 'open', { pattern: '^(open|in_progress|completed|on_hold|cancelled)$' }),
    assigned_to: optional('string'),
    asset_id: optional('integer'),
    due_date: optional('datetime'),
    estimated_hours: optional('number'),
    actual_hours: optional('number'),
  }),
  kind('assets', 'asset', 'Asset', ['status', 'asset_type', 'location'], {
    name: required('string', { minLength: 1 }),
    description: withDefault('string', ''),
    asset_type: withDefault('string', ''),
    location: withDefault('string', ''),
    status: withDefault('string', 'active', { pattern: '^(active|maintenance|decommissioned|repair)$' }),
  }),
  kind('parts', 'part', 'Part', ['category', 'location'], {
    name: required('string', { minLength: 1 }),
    description: withDefault('string', ''),
    part_number: required('string'),
    category: withDefault('string', ''),
    quantity: withDefault('integer', 0, { ge: 0 }),
    min_stock: withDefault('integer', 0, { ge: 0 }),
    unit_cost: withDefault('number', 0, { ge: 0 }),
    location: withDefault('string', ''),
  }),
];

function found(tenant: Tenant, { object, label }: Kind, id: unknown): Row {
  const row = failing(tenant, () => tenant.get(object, id));
  if (row === undefined) throw new HttpError(404, `${label} not found`);
  return row;
}

function matches({ filters }: Kind, query: FieldValues): (row: Row) => boolean {
  const wanted = filters.filter((name) => query[name] !== null);
  const { due_date_from: from, due_date_to: to } = query;
  const search = textOf(query['search']).toLowerCase();
  return ({ fields }) => {
    const due = textOf(fields['due_date']);
    const text = `${textOf(fields['title'] ?? fields['name'])} ${textOf(fields['description'])}`;
    return (
      wanted.every((name) => textOf(fields[name]) === textOf(query[name])) &&
      (typeof from !== 'string' || (due !== '' && due >= from)) &&
      (typeof to !== 'string' || (due !== '' && due <= to)) &&
      text.toLowerCase().includes(search)
    );
  };
}

function sorted(tenant: Tenant, { object }: Kind, query: FieldValues): readonly Row[] {
  const column = textOf(query['sort_by']);
  const def = tables[object];
  if (column !== 'id' && def !== undefined && !Object.hasOwn(def.columns, column)) {
    throw new HttpError(400, `Invalid sort field: ${column}`);
  }
  const sign = query['sort_order'] === 'asc' ? 1 : -1;
  const compare = ({ fields: a }: Row, { fields: b }: Row): number => {
    const [left, right] = [a[column], b[column]];
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return textOf(left) < textOf(right) ? -sign : textOf(left) === textOf(right) ? 0 : sign;
  };
  return tenant.rows(object).toSorted(compare);
}

function list(tenant: Tenant, of: Kind): (call: Call) => Reply {
  return ({ query, request }) => {
    failing(tenant);
    if (tenant.dials.placeholders) return { body: PLACEHOLDER_ORDERS };
    const window = { offset: Number(query['offset']), limit: Number(query['limit']) };
    const match = matches(of, query);
    if (query['sort_by'] === 'created_at' && query['sort_order'] === 'desc') {
      const { texts } = takePage(tenant, of.object, { ...window, query: request.query, match });
      return { body: `[${texts.join(',')}]` };
    }
    tenant.world.stats.page(of.object, request.query.toString());
    const rows = sorted(tenant, of, query).filter(match);
    const page = rows.slice(window.offset, window.offset + window.limit);
    return { body: `[${page.map((row) => tenant.text(of.object, row)).join(',')}]` };
  };
}

function create(tenant: Tenant, { object, label }: Kind): (call: Call) => Reply {
  return ({ body }) => {
    const row = failing(tenant, () => tenant.insert(object, body));
    tenant.wrote('created', object);
    return { body: { message: `${label} created successfully`, id: row.fields['id'] }, write: true };
  };
}

/** Drops nulls; sets `completed_at` itself. */
function update(tenant: Tenant, of: Kind): (call: Call) => Reply {
  return ({ path, body, sent }) => {
    const given = Object.entries(body).filter(([name, value]) => sent.has(name) && value !== null);
    if (given.length === 0) throw new HttpError(400, 'No fields to update');
    const row = found(tenant, of, path['id']);
    const changes: FieldValues = Object.fromEntries(given);
    const done = of.object === 'work-orders' && changes['status'] === 'completed';
    const next = done ? { ...changes, completed_at: tenant.stamp() } : changes;
    failing(tenant, () => tenant.update(of.object, row, next));
    tenant.wrote('updated', of.object);
    return { body: { message: `${of.label} updated successfully`, id: row.fields['id'] }, write: true };
  };
}

function remove(tenant: Tenant, of: Kind): (call: Call) => Reply {
  return ({ path }) => {
    const row = found(tenant, of, path['id']);
    const closed = ['completed', 'cancelled'];
    const open = ({ fields }: Row): boolean =>
      fields['asset_id'] === row.fields['id'] && !closed.includes(textOf(fields['status']));
    if (of.object === 'assets' && tenant.rows('work-orders').some(open)) {
      throw new HttpError(400, 'Cannot delete asset with open work orders');
    }
    tenant.remove(of.object, row);
    tenant.wrote('deleted', of.object);
    return { body: { message: `${of.label} deleted successfully`, id: row.fields['id'] }, write: true };
  };
}

function routes(tenant: Tenant, of: Kind): Route[] {
  const { path, one, filters } = of;
  const byId = { path: `${path}/{id}`, params: { id: required('integer') } };
  const dates = of.object === 'work-orders' ? ['due_date_from', 'due_date_to'] : [];
  const query: Fields = {
    ...Object.fromEntries([...filters, ...dates, 'search'].map((name) => [name, optional('string')])),
    sort_by: withDefault('string', 'created_at'),
    sort_order: withDefault('string', 'desc', { pattern: '^(asc|desc)$' }),
    limit: withDefault('integer', 100, { ge: 1, le: 1000 }),
    offset: withDefault('integer', 0, { ge: 0 }),
  };
  return [
    { ...{ method: 'GET', path, name: `get_${one}s`, query }, answer: list(tenant, of) },
    { ...{ method: 'POST', path, name: `create_${one}`, body: of.create }, answer: create(tenant, of) },
    {
      ...{ method: 'GET', ...byId, name: `get_${one}` },
      answer: (call) => ({ body: found(tenant, of, call.path['id']).fields }),
    },
    { ...{ method: 'PUT', ...byId, name: `update_${one}`, body: of.update }, answer: update(tenant, of) },
    { ...{ method: 'DELETE', ...byId, name: `delete_${one}` }, answer: remove(tenant, of) },
  ];
}

export const microOct1: Generation = {
  name: 'micro-oct1',
  tables,
  stamp: (ms, { zone }) => isoLocal(ms, zone),
  fill: (tenant, plant) => {
    const due = (ms: number): string => isoLocal(ms, tenant.dials.zone);
    fillFromPlant(tenant, plant, { word: (word) => word, due, person: ({ fullName }) => fullName });
  },
  mounts: (tenant) => {
    const health: Route = {
      ...{ method: 'GET', path: '/health', name: 'health_check' },
      answer: () => ({ body: { status: 'healthy', service: 'work-orders' } }),
    };
    const all = [health, ...KINDS.flatMap((of) => routes(tenant, of))];
    return [{ prefix: '', app: { title: 'ChatterFix Work Orders Service', version: '2.0.0', routes: all } }];
  },
};
