/** CSV in and out of `unified` (contract 4.1, 4.3, 4.6). Excel files are refused, as on a server without its Excel library. */
import { parseCsv } from '../../kit/sandbox/index.ts';
import type { Call, Reply, Route } from './app.ts';
import { failing } from './database-trouble.ts';
import { UniqueViolation, type FieldValues, type ObjectName, type Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { withDefault } from './model.ts';
import { readForm } from './form.ts';

type Cells = Readonly<Record<string, string>>;

/** pandas reads an empty cell as NaN, and `str` of that is `nan`. */
function text(cells: Cells, name: string): string {
  const cell = cells[name];
  return cell === undefined ? '' : cell === '' ? 'nan' : cell.trim();
}

function whole(cells: Cells, name: string, otherwise: number | null): number | null {
  const cell = cells[name] ?? '';
  if (cell === '') return otherwise;
  const number = Number(cell);
  if (Number.isNaN(number)) throw new TypeError(`invalid literal for int() with base 10: '${cell}'`);
  return Math.trunc(number);
}

function assetOf(cells: Cells): FieldValues {
  const [name, description, asset_type, location, status] = [
    text(cells, 'name'),
    text(cells, 'description'),
    text(cells, 'asset_type'),
    text(cells, 'location'),
    text(cells, 'status'),
  ];
  const valid = ['Active', 'Inactive', 'Maintenance', 'Retired'];
  if (!valid.includes(status)) {
    throw new TypeError(`Invalid status '${status}'. Must be one of: ${valid.join(', ')}`);
  }
  return { name, description, asset_type, location, status };
}

function partOf(cells: Cells): FieldValues {
  const quantity = whole(cells, 'quantity', 0) ?? 0;
  const unit_cost = Number(cells['unit_cost'] ?? 0);
  if (quantity < 0) throw new TypeError('Quantity cannot be negative');
  if (Number.isNaN(unit_cost)) {
    throw new TypeError(`could not convert string to float: '${text(cells, 'unit_cost')}'`);
  }
  if (unit_cost < 0) throw new TypeError('Unit cost cannot be negative');
  const [name, description, part_number] = [
    text(cells, 'name'),
    text(cells, 'description'),
    text(cells, 'part_number'),
  ];
  const [category, location] = [text(cells, 'category'), text(cells, 'location')];
  const min_stock = whole(cells, 'min_stock', 0);
  return { name, description, part_number, category, quantity, min_stock, unit_cost, location };
}

/** Neither status nor priority is looked at here (contract 4.2). */
function orderOf(cells: Cells): FieldValues {
  const { title = '', description = '', priority = '', status = '', assigned_to = '' } = cells;
  const person = assigned_to === '' ? null : /^\d+$/.test(assigned_to) ? Number(assigned_to) : assigned_to;
  return {
    title,
    description,
    priority,
    status,
    assigned_to: person,
    asset_id: whole(cells, 'asset_id', null),
  };
}

interface Bulk {
  object: ObjectName;
  place: string;
  required: readonly string[];
  /** null: the statement names a column that is not there, so every row fails (contract 4.6). */
  read: ((cells: Cells) => FieldValues) | null;
}

const BULKS: readonly Bulk[] = [
  {
    object: 'assets',
    place: 'assets',
    required: ['name', 'asset_type', 'location', 'status'],
    read: assetOf,
  },
  {
    object: 'parts',
    place: 'parts',
    required: ['name', 'part_number', 'category', 'quantity', 'unit_cost'],
    read: partOf,
  },
  {
    object: 'work-orders',
    place: 'work-orders',
    required: ['title', 'description', 'priority', 'status'],
    read: orderOf,
  },
  {
    object: 'pm-schedules',
    place: 'pm-schedules',
    required: ['title', 'asset_id', 'frequency_value', 'frequency_unit', 'priority'],
    read: null,
  },
];

function readRows({ required }: Bulk, { request }: Call): Cells[] {
  const file = readForm(request).files['file'];
  if (file === undefined) throw new HttpError(500, '400: No file provided');
  if (!file.fileName.endsWith('.csv')) {
    throw new HttpError(500, '400: Unsupported file format. Use CSV or Excel.');
  }
  const [head = [], ...rows] = parseCsv(file.bytes.toString('utf8')).filter((row) => row.some(Boolean));
  const missing = required.filter((column) => !head.includes(column));
  if (missing.length > 0) throw new HttpError(500, `400: Missing required columns: ${missing.join(', ')}`);
  return rows.map((row) => Object.fromEntries(head.map((column, i) => [column, row[i] ?? ''])));
}

function upload(tenant: Tenant, bulk: Bulk): (call: Call) => Reply {
  return (call) => {
    failing(tenant);
    const rows = readRows(bulk, call);
    const errors: string[] = [];
    const isOrders = bulk.object === 'work-orders';
    rows.forEach((cells, i) => {
      try {
        if (bulk.read === null) throw new TypeError('table pm_schedules has no column named active');
        tenant.insert(bulk.object, bulk.read(cells));
        tenant.wrote('created', bulk.object);
      } catch (error) {
        if (!(error instanceof TypeError) && !(error instanceof UniqueViolation)) throw error;
        errors.push(`Row ${i + (isOrders ? 1 : 2)}: ${error.message}`);
      }
    });
    const done = rows.length - errors.length;
    const label = bulk.place === 'pm-schedules' ? 'PM schedules' : bulk.place;
    const body = isOrders
      ? { success: true, created_count: done, total_rows: rows.length, errors }
      : {
          success: true,
          message: `Processed ${rows.length} ${label}`,
          success_count: done,
          error_count: errors.length,
          errors: errors.slice(0, 10),
        };
    return { body, write: true };
  };
}

function csvCell(value: unknown): string {
  const cell = value === null || value === undefined ? '' : `${value as string | number}`;
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function csv(place: string, lines: readonly (readonly unknown[])[]): Reply {
  return {
    headers: {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename=${place}.csv`,
    },
    body: `${lines.map((line) => line.map(csvCell).join(',')).join('\n')}\n`,
  };
}

function download(tenant: Tenant, { object, place }: Bulk): (call: Call) => Reply {
  return ({ query }) => {
    failing(tenant);
    const rows = tenant.rows(object).map((row) => ({ ...row.fields }));
    if (rows.length === 0) throw new HttpError(500, `404: No ${place} found`);
    if (query['format'] !== 'csv') throw new HttpError(500, "No module named 'openpyxl'");
    return csv(place.replace('-', '_'), [
      Object.keys(rows[0] ?? {}),
      ...rows.map((row) => Object.values(row)),
    ]);
  };
}

export function bulkRoutes(tenant: Tenant): Route[] {
  const query = { format: withDefault('string', 'csv') };
  return BULKS.flatMap((bulk) => {
    const { place, required } = bulk;
    const word = place.replace('-', '_');
    return [
      {
        ...{ method: 'POST', path: `/api/${place}/bulk-upload`, name: `bulk_upload_${word}` },
        answer: upload(tenant, bulk),
      },
      {
        ...{ method: 'GET', path: `/api/${place}/bulk-download`, name: `bulk_download_${word}`, query },
        answer: download(tenant, bulk),
      },
      {
        ...{ method: 'GET', path: `/api/${place}/template`, name: `download_${word}_template`, query },
        answer: () => csv(`${word}_template`, [required]),
      },
    ];
  });
}
