/**
 * One class of Fiix holds machines, tools, locations and parts; the category says which (contract 3.6). A category's own
 * code, or that of the nearest one above it that has a telling code, decides.
 */
import type { JsonObject } from '../../domain/json.ts';
import { oneOf, where } from './pages.ts';
import { idOf, intOf, textOf } from './wire.ts';
import type { Filter } from './wire.ts';

export type Kind = 'location' | 'asset' | 'part';

/** Code 0 is the root of all and tells nothing. */
const KIND_OF_CODE: Readonly<Record<number, Kind>> = {
  1: 'location',
  2: 'asset',
  3: 'asset',
  4: 'part',
  5: 'location',
  6: 'location',
  7: 'location',
  10: 'location',
  11: 'asset',
};
export const CODES = { locations: 1, equipment: 2, tools: 3, parts: 4, storage: 5 } as const;

export interface Category {
  id: number;
  name: string;
  /** The code that decides its kind: 2 equipment, 3 tool, 5 storage and so on; 0 when none does. */
  code: number;
  kind: Kind;
  parentId: number | null;
  ownCode: number | null;
}

export type Categories = ReturnType<typeof createCategories>;

export function createCategories(rows: readonly JsonObject[]) {
  const byId = new Map(rows.map((row) => [idOf(row), row]));
  const categories = new Map(rows.map((row) => [idOf(row), categoryOf(row, byId)]));
  const sorted = [...categories.values()].sort((a, b) => a.id - b.id);

  return {
    get: (id: number | null): Category | null => (id === null ? null : (categories.get(id) ?? null)),

    idsOf: (kind: Kind): number[] => sorted.filter((category) => category.kind === kind).map(({ id }) => id),

    /** The category itself that carries a code. */
    withCode: (code: number): Category | null => sorted.find(({ ownCode }) => ownCode === code) ?? null,

    /** The one category of a kind with this name in any case; null when there is none or several. */
    named(kind: Kind, name: string): Category | null {
      const found = sorted.filter(
        (category) => category.kind === kind && category.name.toLowerCase() === name.toLowerCase(),
      );
      return found.length === 1 ? (found[0] ?? null) : null;
    },

    all: sorted,
  };
}

function categoryOf(row: JsonObject, byId: ReadonlyMap<number, JsonObject>): Category {
  let code = 0;
  const seen = new Set<number>();
  for (let at: JsonObject | undefined = row; at !== undefined && !seen.has(idOf(at));) {
    seen.add(idOf(at));
    const own: number | null = intOf(at['intSysCode']);
    if (own !== null && KIND_OF_CODE[own] !== undefined) {
      code = own;
      break;
    }
    at = byId.get(intOf(at['intParentID']) ?? 0);
  }
  const name = textOf(row['strName']);
  // On one live tenant the storage category had no code (contract 3.6).
  if (code === CODES.locations && /^inventory storage$/i.test(name)) code = CODES.storage;
  return {
    id: idOf(row),
    name,
    code,
    kind: KIND_OF_CODE[code] ?? 'asset',
    parentId: intOf(row['intParentID']),
    ownCode: intOf(row['intSysCode']),
  };
}

/** What an Asset row is: a site is a location whatever its category, a row without one a machine. `assetFilters` says the same. */
export function kindOf(row: JsonObject, categories: Categories): Kind {
  if (row['bolIsSite'] === 1 || row['bolIsRegion'] === 1) return 'location';
  return categories.get(intOf(row['intCategoryID']))?.kind ?? 'asset';
}

/** The rows of one kind, as a condition for the server. */
export function assetFilters(kind: Kind, categories: Categories): Filter[] {
  const own = categories.idsOf(kind);
  if (kind === 'location') {
    const places = where('(bolIsSite = ? OR bolIsRegion = ?)', [1, 1]);
    if (own.length === 0) return [places];
    const inside = oneOf('intCategoryID', own);
    return [where(`(${places.ql} OR ${inside.ql})`, [...places.parameters, ...inside.parameters])];
  }
  const noPlace = where(
    '(bolIsSite IS NULL OR bolIsSite = ?) AND (bolIsRegion IS NULL OR bolIsRegion = ?)',
    [0, 0],
  );
  if (kind === 'part')
    return [noPlace, own.length === 0 ? where('id < ?', [0]) : oneOf('intCategoryID', own)];
  const others = [...categories.idsOf('location'), ...categories.idsOf('part')];
  if (others.length === 0) return [noPlace];
  const marks = others.map(() => '?').join(', ');
  return [noPlace, where(`(intCategoryID IS NULL OR intCategoryID NOT IN (${marks}))`, others)];
}
