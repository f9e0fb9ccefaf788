/**
 * The lists every tenant has its own of: statuses, priorities, maintenance types, meter units, asset categories, sites.
 * Ids differ from tenant to tenant (contract 5.15), so records are shown with the words and codes, and writes name those.
 * Kept over the sessions of a connection; read anew as soon as an id or a word comes by that they lack, and at the start of
 * every walk whose filters are made of them, so that nothing new is judged by an old list.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { createCategories } from './categories.ts';
import type { FiixConfig } from './config.ts';
import { where } from './pages.ts';
import type { Pages, Query } from './pages.ts';
import type { KeptLists } from '../kit/kept.ts';
import { createStatuses } from './statuses.ts';
import { idOf, intOf, textOf } from './wire.ts';

export interface Priority {
  id: number;
  name: string;
  /** 1 (most urgent) to 5, by name, else by place in the tenant's order (contract 6.3). */
  rank: number;
}
export interface Named {
  id: number;
  name: string;
}
export interface Unit extends Named {
  symbol: string;
}
export interface Site extends Named {
  code: string;
}

const RANK_OF_NAME: Readonly<Record<string, number>> = { highest: 1, high: 2, medium: 3, low: 4, lowest: 5 };

/** Ids that somebody met: a list that lacks one of them is read anew. `anew`: whatever it holds. */
export type Wanted = Iterable<number | null> | 'anew';

export type Tenant = ReturnType<typeof createTenant>;

export interface TenantDeps {
  config: FiixConfig;
  pages: Pages;
  lists: KeptLists;
  host: string;
}

export function createTenant({ config, pages, lists: kept, host }: TenantDeps) {
  function list<T>(query: Query, shape: (rows: readonly JsonObject[]) => T): (wanted?: Wanted) => Promise<T> {
    const name = query.className === 'Asset' ? 'sites' : query.className;
    /** Ids that it does not have whenever it is asked: asked for once. */
    const missed = new Set<number>();
    let shaped: { rows: readonly JsonObject[]; value: T } | null = null;
    const load = (): Promise<JsonObject[]> => pages.all(query);
    return async (wanted = []) => {
      let rows = wanted === 'anew' ? await kept.anew(name, load) : await kept.get(name, load);
      if (wanted !== 'anew') {
        const there = new Set(rows.map(idOf));
        const open = [...wanted].filter((id) => id !== null && !there.has(id) && !missed.has(id));
        for (const id of open) missed.add(id ?? 0);
        if (open.length > 0) rows = await kept.anew(name, load);
      }
      if (shaped?.rows !== rows) shaped = { rows, value: shape(rows) };
      return shaped.value;
    };
  }
  const of = (className: string, fields: string, filters: Query['filters'] = []): Query => ({
    className,
    fields,
    filters,
  });
  const lists = {
    statuses: list(of('WorkOrderStatus', 'id, strName, intControlID, intSysCode'), createStatuses),
    priorities: list(of('Priority', 'id, strName, intOrder'), rankPriorities),
    types: list(of('MaintenanceType', 'id, strName'), (rows): Named[] => rows.map(named)),
    units: list(of('MeterReadingUnit', 'id, strName, strSymbol'), (rows): Unit[] =>
      rows.map((row) => ({ ...named(row), symbol: textOf(row['strSymbol']) })),
    ),
    categories: list(of('AssetCategory', 'id, strName, intParentID, intSysCode'), createCategories),
    sites: list(of('Asset', 'id, strName, strCode', [where('bolIsSite = ?', [1])]), (rows): Site[] =>
      rows.map((row) => ({ ...named(row), code: textOf(row['strCode']) })),
    ),
  };

  /** Words that no list has: looked for once more where they may be new. */
  const strange = new Set<string>();
  async function find<T, F>(
    ask: (wanted?: Wanted) => Promise<T>,
    what: string,
    pick: (list: T) => F | undefined,
  ): Promise<F | undefined> {
    const found = pick(await ask());
    if (found !== undefined || strange.has(what)) return found;
    strange.add(what);
    return pick(await ask('anew'));
  }

  async function siteNamed(wanted: string): Promise<number> {
    const fold = wanted.toLowerCase();
    const found = await find(
      lists.sites,
      `site ${fold}`,
      (sites) =>
        sites.find(({ id }) => String(id) === wanted) ??
        only(sites.filter(({ name }) => name.toLowerCase() === fold)) ??
        only(sites.filter(({ code }) => code.toLowerCase() === fold)),
    );
    if (found) return found.id;
    const known = (await lists.sites()).map(({ name }) => `"${name}"`).join(', ') || 'none';
    throw new Failure(
      'invalid_config',
      `There is no single site "${wanted}" that the keys for ${host} may see; use one of: ${known}.`,
      { path: 'site' },
    );
  }

  return {
    ...lists,

    /** The sites this connection is limited to; null for all. */
    async siteIds(): Promise<number[] | null> {
      if (config.sites === undefined) return null;
      const ids: number[] = [];
      for (const name of config.sites) ids.push(await siteNamed(name));
      return ids;
    },

    /** Where a record goes that nothing else places. */
    async defaultSite(): Promise<number> {
      const wanted = config.site ?? (config.sites?.length === 1 ? config.sites[0] : undefined);
      if (wanted !== undefined) return siteNamed(wanted);
      const single = only(await lists.sites());
      if (single) return single.id;
      throw new Failure(
        'rejected',
        `Fiix wants a site for each new record and this tenant has several; name one in the setting "site".`,
        { path: 'site' },
      );
    },

    async hasPriority(wanted: string): Promise<boolean> {
      return (await lists.priorities()).some(({ name }) => name.toLowerCase() === wanted.toLowerCase());
    },

    /** By name in any case; by the nearest rank for one of the five usual names (contract 6.3). */
    async priorityNamed(wanted: string): Promise<Priority> {
      const fold = wanted.toLowerCase();
      const exact = await find(lists.priorities, `priority ${fold}`, (list) =>
        list.find(({ name }) => name.toLowerCase() === fold),
      );
      if (exact) return exact;
      const priorities = await lists.priorities();
      const rank = RANK_OF_NAME[fold];
      const nearest = [...priorities].sort(
        (a, b) => Math.abs(a.rank - (rank ?? 0)) - Math.abs(b.rank - (rank ?? 0)),
      )[0];
      if (rank !== undefined && nearest) return nearest;
      throw noSuch('priority', wanted, priorities, '_priority');
    },

    /** By name in any case, else the type "Other"; null when the tenant has neither: an order needs none. */
    async typeNamed(wanted: string): Promise<Named | null> {
      const named = (name: string): Promise<Named | undefined> =>
        find(lists.types, `type ${name.toLowerCase()}`, (types) =>
          types.find((type) => type.name.toLowerCase() === name.toLowerCase()),
        );
      return (await named(wanted)) ?? (await named('Other')) ?? null;
    },

    /** By name, else by symbol, in any case. */
    async unitNamed(wanted: string): Promise<Unit> {
      const fold = wanted.toLowerCase();
      const found = await find(
        lists.units,
        `unit ${fold}`,
        (units) =>
          units.find(({ name }) => name.toLowerCase() === fold) ??
          only(units.filter(({ symbol }) => symbol.toLowerCase() === fold)),
      );
      if (found) return found;
      throw noSuch('meter reading unit', wanted, await lists.units(), '_unit');
    },
  };
}

function noSuch(what: string, wanted: string, there: readonly Named[], path: string): Failure {
  const known =
    there
      .map(({ name }) => `"${name}"`)
      .slice(0, 30)
      .join(', ') || 'none';
  const message = `Fiix has no ${what} "${wanted}"; add it there or use one of: ${known}.`;
  return new Failure('rejected', message, { path });
}

function rankPriorities(rows: readonly JsonObject[]): Priority[] {
  // Smaller is more urgent; without an order it comes last (contract 3.5).
  const order = (row: JsonObject): number => intOf(row['intOrder']) ?? Number.MAX_SAFE_INTEGER;
  const sorted = [...rows].sort((a, b) => order(a) - order(b) || idOf(a) - idOf(b));
  const spread = sorted.length > 1 ? 4 / (sorted.length - 1) : 0;
  return sorted.map((row, i) => {
    const { id, name } = named(row);
    const byPlace = sorted.length > 1 ? 1 + Math.round(i * spread) : 3;
    return { id, name, rank: RANK_OF_NAME[name.toLowerCase()] ?? byPlace };
  });
}

function named(row: JsonObject): Named {
  return { id: idOf(row), name: textOf(row['strName']) };
}

function only<T>(found: readonly T[]): T | undefined {
  return found.length === 1 ? found[0] : undefined;
}
