/** Which fields of a record an answer shows, read from the `fields` text, and the record made of them (contract 2.2). */
import { calculationOf, displayValue } from './display.ts';
import { refused } from './fiix-error.ts';
import { schemaOf, type ClassName } from './schema.ts';
import type { Row } from './store.ts';
import type { Tenant } from './tenant.ts';

export interface Projection {
  className: ClassName;
  columns: readonly string[];
  /** `dv_` and `cf_` fields. */
  extras: readonly { name: string; of: (row: Row) => unknown }[];
}

/** Bytes of files come only when asked for by name. */
const NOT_IN_STAR: Readonly<Partial<Record<ClassName, readonly string[]>>> = {
  FileContents: ['strContents'],
};

function starColumns({ dials }: Tenant, className: ClassName): string[] {
  const hidden = [
    ...(NOT_IN_STAR[className] ?? []),
    ...(className === 'AssetCategory' && !dials.starHoldsSysCode ? ['intSysCode'] : []),
  ];
  return [...schemaOf(className).columns.keys()].filter((name) => !hidden.includes(name));
}

function extraOf({ store }: Tenant, className: ClassName, name: string): ((row: Row) => unknown) | null {
  if (name.startsWith('dv_')) {
    const column = schemaOf(className).columns.get(name.slice(3));
    return column?.ref == null ? null : (row) => displayValue(store, column, row);
  }
  const calculate = name.startsWith('cf_') ? calculationOf(className, name) : undefined;
  return calculate === undefined ? null : (row) => calculate(store, row);
}

/** Without `fields` only the id comes. */
export function readProjection(tenant: Tenant, className: ClassName, fields: unknown): Projection {
  if (fields !== undefined && fields !== null && typeof fields !== 'string') {
    throw refused('"fields" must be text: names with commas between.');
  }
  const names = (fields ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0 || tenant.dials.idAlways) names.unshift('id');
  const columns = new Set<string>();
  const extras = new Map<string, (row: Row) => unknown>();
  for (const name of names) {
    if (name === '*') for (const column of starColumns(tenant, className)) columns.add(column);
    else if (schemaOf(className).columns.has(name)) columns.add(name);
    else {
      const extra = extraOf(tenant, className, name);
      if (extra !== null) extras.set(name, extra);
      else if (tenant.dials.unknownFields === 'error') {
        throw refused(`${className} has no field "${name}".`);
      }
    }
  }
  return { className, columns: [...columns], extras: [...extras].map(([name, of]) => ({ name, of })) };
}

/** Empty fields are left out, and `extraFields` when there are none. */
export function show({ dials }: Tenant, { className, columns, extras }: Projection, row: Row): object {
  const record: Record<string, unknown> = { className };
  for (const column of columns) {
    const value = row.fields[column];
    if (value !== undefined) record[column] = value;
    else if (dials.nullsSent) record[column] = null;
  }
  if (extras.length > 0) {
    const extraFields: Record<string, unknown> = {};
    let filled = false;
    for (const { name, of } of extras) {
      const value = of(row);
      if (value === undefined) continue;
      extraFields[name] = value;
      filled = true;
    }
    if (filled) record['extraFields'] = extraFields;
  }
  if (dials.extraProperties) {
    record['dirty'] = false;
    record['new'] = false;
    record['uideleted'] = false;
  }
  return record;
}

/** Everything stored of a row, as the control port shows it. */
export function showAll(className: ClassName, row: Row): object {
  return { className, ...row.fields };
}
