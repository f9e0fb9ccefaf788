/** The filters of a find: conditions, full text, sites (contract 2.2). All of them must hold. */
import { refused, unreadable } from './fiix-error.ts';
import { parseCondition, type Condition } from './ql-parse.ts';
import { schemaOf, type ClassName } from './schema.ts';
import type { Row } from './store.ts';

export type Test = (row: Row) => boolean;

export interface Filter {
  conditions: Condition[];
  /** Tests no index helps with. */
  tests: Test[];
}

function fullTextTest(className: ClassName, fields: unknown, text: unknown): Test {
  if (typeof fields !== 'string' || typeof text !== 'string') {
    throw refused('A full-text filter needs "fields" and "fullText" as text.');
  }
  const names = fields.split(',').map((field) => field.trim());
  for (const name of names) {
    if (!schemaOf(className).folded.has(name.toLowerCase()))
      throw refused(`${className} has no field "${name}".`);
  }
  const columns = names.map((name) => schemaOf(className).folded.get(name.toLowerCase())?.name ?? name);
  const sought = text.toLowerCase();
  return (row) =>
    columns.some((column) =>
      String(row.fields[column] ?? '')
        .toLowerCase()
        .includes(sought),
    );
}

function siteTest(className: ClassName, sites: readonly unknown[]): Test {
  const ids = new Set(sites);
  return (row) => ids.has(row.fields['intSiteID']) || (className === 'Asset' && ids.has(row.id));
}

/** All entries must hold. */
export function readFilters(className: ClassName, filters: unknown): Filter {
  const out: Filter = { conditions: [], tests: [] };
  if (filters === undefined || filters === null) return out;
  if (!Array.isArray(filters)) throw unreadable('"filters" must be a list.');
  for (const entry of filters as unknown[]) {
    if (typeof entry !== 'object' || entry === null) throw unreadable('A filter must be an object.');
    const { ql, parameters, fields, fullText, name, selectedSites } = entry as Record<string, unknown>;
    if (parameters !== undefined && parameters !== null && !Array.isArray(parameters)) {
      throw unreadable('"parameters" must be a list.');
    }
    if (typeof ql === 'string') {
      const values = (parameters ?? []) as unknown[];
      if (ql.trim() !== '') out.conditions.push(parseCondition(schemaOf(className), ql, values));
    } else if (fullText !== undefined) out.tests.push(fullTextTest(className, fields, fullText));
    else if (name !== undefined) throw refused(`There is no filter named ${JSON.stringify(name)}.`);
    else if (selectedSites === undefined) throw refused('A filter needs "ql", "fullText" or "name".');
    if (Array.isArray(selectedSites)) out.tests.push(siteTest(className, selectedSites));
  }
  return out;
}
