/** List pages: the window of rows, their text, and what happens behind a client's back while it pages. */
import { createPaging, type Paging } from '../../kit/sandbox/index.ts';
import type { ObjectName, Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import type { Row } from './table.ts';

export interface Window {
  offset: number;
  /** null: everything. */
  limit: number | null;
}

/** Mixes two numbers into one that looks like neither. */
function mixed(seq: number, salt: number): number {
  let t = Math.imul(seq ^ (salt * 0x9e3779b1), 0x85ebca6b);
  t = Math.imul(t ^ (t >>> 13), 0xc2b2ae35);
  return (t ^ (t >>> 16)) >>> 0;
}

/** Rows with the same value of the ordering column change places. */
function shuffled(rows: readonly Row[], column: string, salt: number): Row[] {
  const groups: Row[][] = [];
  for (const row of rows) {
    const group = groups.at(-1);
    if (group?.[0]?.fields[column] === row.fields[column]) group?.push(row);
    else groups.push([row]);
  }
  return groups.flatMap((group) => group.sort((a, b) => mixed(a.seq, salt) - mixed(b.seq, salt)));
}

/** Somebody else works in ChatterFix while a client pages. */
export function pagingOf(tenant: Tenant): Paging {
  const { world, dials } = tenant;
  return createPaging({
    world,
    dials,
    refuse: (reason) => new HttpError(404, reason === 'beyond' ? 'Page not found' : 'Page has expired'),
    somebody: {
      inserts(object) {
        const name = object as ObjectName;
        const columns = tenant.generation().tables[name]?.columns ?? {};
        const text = `Inserted while paging ${tenant.rows(name).length + 1}`;
        const fields = { title: text, name: text, description: text, part_number: text };
        const known = Object.entries(fields).filter(([column]) => Object.hasOwn(columns, column));
        tenant.insert(name, Object.fromEntries(known));
      },
      removes(object) {
        const [first] = tenant.rows(object as ObjectName);
        if (first !== undefined) tenant.remove(object as ObjectName, first);
      },
    },
  });
}

export interface Page {
  /** Each row as JSON. */
  texts: string[];
  /** How many rows match, as the server tells it. */
  total: number | string;
}

export interface PageWanted extends Window {
  /** As the client sent it, for the book of pages. */
  query: URLSearchParams;
  match?: (row: Row) => boolean;
}

/** Serves one page of a list and notes it. */
export function takePage(tenant: Tenant, object: ObjectName, wanted: PageWanted): Page {
  const { offset, limit, match, query } = wanted;
  let rows = tenant.seen(object);
  if (match !== undefined) rows = rows.filter((row) => match(row));
  const created = tenant.generation().tables[object]?.created;
  if (tenant.dials.shuffleTies && created !== undefined) {
    rows = shuffled(rows, created, tenant.world.random.int(2 ** 31));
  }
  const page = tenant.paging.cut(object, rows, { start: Math.max(0, offset), size: limit });
  const texts = page.rows.map((row) => tenant.text(object, row));
  tenant.past.answered();
  tenant.paging.served(object, query.toString());
  return { texts, total: page.total };
}

/** `{"work_orders":[..],"total":8}` without parsing what is text already. */
export function envelope(
  name: string,
  texts: readonly string[],
  more: Readonly<Record<string, unknown>>,
): string {
  const rest = Object.entries(more).map(([key, value]) => `,"${key}":${JSON.stringify(value)}`);
  return `{"${name}":[${texts.join(',')}]${rest.join('')}}`;
}

/** The same with other fields in front, as a Python dict keeps its order. */
export function envelopeAfter(
  before: Readonly<Record<string, unknown>>,
  name: string,
  texts: readonly string[],
): string {
  const first = Object.entries(before).map(([key, value]) => `"${key}":${JSON.stringify(value)},`);
  return `{${first.join('')}"${name}":[${texts.join(',')}]}`;
}
