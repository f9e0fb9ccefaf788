/**
 * Reading a collection (contract 3.2-3.5): which rows, in which order, which page. The ordered list of a query is kept until
 * a write touches what it was computed from, so that walking 100,000 rows page by page sorts once.
 */
import { byUid, type Row } from './database.ts';
import type { ObjectStructure, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';
import { parseOrderBy, sortRows } from './order-by.ts';
import { parseWhere, type Term } from './where-parse.ts';
import { compileWhere, type RowTest } from './where.ts';
import type { User, World } from './world.ts';

export interface QuerySpec {
  structure: ObjectStructure;
  where: string | null;
  orderBy: string | null;
  /** `opmodeor=1`: any term instead of all. */
  any: boolean;
  /** `domaininternalwhere`: filter by internal values. */
  internalWhere: string | null;
  searchTerms: string | null;
  searchAttributes: string | null;
  /** Only rows with a greater rowstamp. */
  afterRowstamp: number | null;
}

export interface Queries {
  rows(spec: QuerySpec, user: User): readonly Row[];
}

const KEPT_QUERIES = 64;

function internalTest(world: World, structure: ObjectStructure, text: string): RowTest {
  const match = /^(\w+)(!=|=)([\w ,]+)$/.exec(text);
  const attribute = structure.mbo.attributes.get(match?.[1] ?? '');
  const domain = attribute?.domain;
  if (match === null || attribute === undefined || domain == null) {
    throw new OslcError(400, 'BMXAA8744E', 'The OSLC query was not parsed: domaininternalwhere.');
  }
  const wanted = new Set((match[3] ?? '').split(',').map((value) => value.trim()));
  const positive = match[2] === '=';
  const { name } = attribute;
  return (row) => {
    const internal = world.domains.internal(domain, String(row.values[name] ?? ''));
    return internal !== null && wanted.has(internal) === positive;
  };
}

function searchTest(spec: QuerySpec): RowTest {
  const words = (spec.searchTerms ?? '')
    .replaceAll('"', '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
  const attributes = (spec.searchAttributes ?? 'description').split(',');
  return (row) =>
    attributes.some((name) => {
      const text = String(row.values[name] ?? '').toLowerCase();
      return words.some((word) => text.includes(word));
    });
}

/**
 * The terms `uid>n` of a walk by unique id. Each of its pages is another filter, but all are the end of one list, which is
 * computed once.
 */
function walkTerms(spec: QuerySpec, terms: readonly Term[]): readonly Term[] {
  const { uid } = spec.structure.mbo;
  const byUid = spec.orderBy === null || spec.orderBy.replace('spi:', '') === `+${uid}`;
  if (!byUid || spec.any) return [];
  return terms.filter(
    (term) =>
      term.kind === 'compare' &&
      (term.op === '>' || term.op === '>=') &&
      term.path.length === 1 &&
      term.path[0] === uid,
  );
}

/** Where the rows begin that pass a test which all after the first one pass. */
function firstThat(rows: readonly Row[], test: RowTest): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && test(row)) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function createQueries(world: World): Queries {
  const kept = new Map<string, { version: string; rows: readonly Row[] }>();
  const tests = (
    spec: QuerySpec,
    terms: readonly Term[],
    user: User,
  ): { tests: RowTest[]; related: boolean } => {
    const { structure } = spec;
    const list: RowTest[] = [];
    let related = false;
    if (terms.length > 0) {
      const compiled = compileWhere(world.db, structure.mbo, terms, spec.any, world.dials.zoneOffset);
      list.push(compiled.test);
      related = compiled.related;
    }
    if (structure.mbo.attributes.has('siteid') && structure.mbo.name !== 'SYNONYMDOMAIN') {
      const { sites } = user;
      const visible = (site: Value): boolean => site === null || sites.some((own) => own === site);
      list.push((row) => visible(row.values.siteid ?? null));
    }
    for (const [name, value] of Object.entries(structure.filter))
      list.push((row) => row.values[name] === value);
    if (spec.internalWhere !== null) list.push(internalTest(world, structure, spec.internalWhere));
    if (spec.searchTerms !== null) list.push(searchTest(spec));
    const after = spec.afterRowstamp;
    if (after !== null) list.push((row) => row.rowstamp > after);
    return { tests: list, related };
  };

  const compute = (spec: QuerySpec, list: readonly RowTest[]): Row[] => {
    const rows = world.past
      .seen(spec.structure.mbo.name, world.db.all(spec.structure.mbo.name), byUid)
      .filter((row) => list.every((test) => test(row)));
    return spec.orderBy === null ? rows : sortRows(rows, parseOrderBy(spec.structure.mbo, spec.orderBy));
  };

  /** All rows of the query but for `terms` in place of its own filter. */
  const found = (spec: QuerySpec, terms: readonly Term[], user: User): readonly Row[] => {
    const { structure, orderBy, any, internalWhere, searchTerms, searchAttributes, afterRowstamp } = spec;
    const key = JSON.stringify([
      structure.name,
      user.name,
      world.dials.zoneOffset.text,
      terms,
      orderBy,
      any,
      internalWhere,
      searchTerms,
      searchAttributes,
      afterRowstamp,
    ]);
    const own = String(world.db.table(structure.mbo.name).version);
    const whole = `*${world.db.tables.revision()}`;
    const known = kept.get(key);
    const lags = world.past.undone(structure.mbo.name) !== null;
    if (!lags && known !== undefined && (known.version === own || known.version === whole)) {
      kept.delete(key);
      kept.set(key, known);
      return known.rows;
    }
    const { tests: list, related } = tests(spec, terms, user);
    const rows = compute(spec, list);
    if (!lags) {
      kept.set(key, { version: related || internalWhere !== null ? whole : own, rows });
      const oldest = kept.keys().next();
      if (kept.size > KEPT_QUERIES && oldest.done !== true) kept.delete(oldest.value);
    }
    return rows;
  };

  return {
    rows(spec, user) {
      const terms = spec.where === null ? [] : parseWhere(spec.where);
      const { mbo } = spec.structure;
      const walk = walkTerms(spec, terms);
      const rows = found(
        spec,
        terms.filter((term) => !walk.includes(term)),
        user,
      );
      if (walk.length === 0) return rows;
      const { test } = compileWhere(world.db, mbo, walk, false, world.dials.zoneOffset);
      return rows.slice(firstThat(rows, test));
    },
  };
}
