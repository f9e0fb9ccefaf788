/**
 * What the ids on records point at. An asset id may be a machine, a location or a part, a user id may be a group, and both
 * may lie beyond what the keys or the chosen sites show. A reference to something that is never pulled would make its
 * record wait for ever, so it is not shown.
 */
import type { JsonObject } from '../../domain/json.ts';
import { kindOf } from './categories.ts';
import type { Kind } from './categories.ts';
import { oneOf, where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { Tenant } from './tenant.ts';
import { idOf, intOf } from './wire.ts';
import type { Filter } from './wire.ts';

const KEEP_MS = 120_000;
const KEPT_MAX = 50_000;
const ASSET_FIELDS =
  'id, intCategoryID, bolIsSite, bolIsRegion, intSiteID, intAssetLocationID, intAssetParentID';

export interface AssetRef {
  id: number;
  kind: Kind;
  /** The site it belongs to; itself for a site. */
  siteId: number | null;
  /** `intAssetLocationID`, or `intAssetParentID`. */
  placeId: number | null;
}

/** People are users that are no groups (contract 6.4). */
export const PEOPLE: Filter = where('(bolGroup = ? OR bolGroup IS NULL)', [0]);

export type References = ReturnType<typeof createReferences>;

export function createReferences(pages: Pages, tenant: Tenant, now: () => number) {
  const assets = createKept(now, async (ids): Promise<AssetRef[]> => {
    const sites = await tenant.siteIds();
    const rows = await pages.byIds(
      { className: 'Asset', fields: ASSET_FIELDS, filters: siteFilters(sites, true) },
      ids,
    );
    const categories = await tenant.categories(rows.map((row) => intOf(row['intCategoryID'])));
    return rows.map((row) => assetRef(row, kindOf(row, categories)));
  });
  const people = createKept(now, async (ids): Promise<{ id: number }[]> => {
    const rows = await pages.byIds({ className: 'User', fields: 'id', filters: [PEOPLE] }, ids);
    return rows.map((row) => ({ id: idOf(row) }));
  });
  const plans = createKept(now, async (ids): Promise<{ id: number }[]> => {
    const filters = siteFilters(await tenant.siteIds(), false);
    const rows = await pages.byIds({ className: 'ScheduledMaintenance', fields: 'id', filters }, ids);
    return rows.map((row) => ({ id: idOf(row) }));
  });
  return { assets, people, plans };
}

/** Rows of these sites; a site itself need not belong to one. */
export function siteFilters(sites: readonly number[] | null, assets: boolean): Filter[] {
  if (sites === null) return [];
  const own = oneOf('intSiteID', sites);
  if (!assets) return [own];
  const self = oneOf('id', sites);
  return [where(`(${own.ql} OR ${self.ql})`, [...own.parameters, ...self.parameters])];
}

function assetRef(row: JsonObject, kind: Kind): AssetRef {
  return {
    id: idOf(row),
    kind,
    siteId: row['bolIsSite'] === 1 ? idOf(row) : intOf(row['intSiteID']),
    placeId: intOf(row['intAssetLocationID']) ?? intOf(row['intAssetParentID']),
  };
}

/** Looks up ids it does not know yet, in one go; what is not found is remembered as well. */
function createKept<T extends { id: number }>(
  now: () => number,
  load: (ids: number[]) => Promise<T[]>,
): (ids: Iterable<number | null>) => Promise<ReadonlyMap<number, T>> {
  const known = new Map<number, { at: number; value: T | null }>();
  return async (wanted) => {
    const ids = [...new Set(wanted)].filter((id) => id !== null);
    if (known.size > KEPT_MAX) known.clear();
    const at = now();
    const open = ids.filter((id) => {
      const held = known.get(id);
      return held === undefined || at - held.at > KEEP_MS || at < held.at;
    });
    if (open.length > 0) {
      const found = new Map((await load(open)).map((value) => [value.id, value]));
      for (const id of open) known.set(id, { at, value: found.get(id) ?? null });
    }
    return new Map(
      ids.flatMap((id) => {
        const value = known.get(id)?.value ?? null;
        return value === null ? [] : [[id, value] as const];
      }),
    );
  };
}
