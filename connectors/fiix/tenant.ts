/**
 * The lists every tenant has its own of: statuses, priorities, maintenance types, meter units, asset categories, sites.
 * Ids differ from tenant to tenant (contract 5.15), so records are shown with the words and codes, and writes name those.
 * Kept for a session, for less time than a pull reads again, so that nothing new is judged by an old list for good.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { createCategories } from './categories.ts';
import type { Categories } from './categories.ts';
import type { FiixConfig } from './config.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import { createStatuses } from './statuses.ts';
import type { Statuses } from './statuses.ts';
import { idOf, intOf, textOf } from './wire.ts';

/** Below the overlap of pulls (manifest): what a list misses is read again after it was renewed. */
const KEEP_MS = 120_000;

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

export type Tenant = ReturnType<typeof createTenant>;

export function createTenant(config: FiixConfig, pages: Pages, host: string, now: () => number) {
  const lists = {
    statuses: kept(now, async (): Promise<Statuses> => {
      const fields = 'id, strName, intControlID, intSysCode';
      return createStatuses(await pages.all({ className: 'WorkOrderStatus', fields }));
    }),
    priorities: kept(now, async (): Promise<Priority[]> => {
      return rankPriorities(await pages.all({ className: 'Priority', fields: 'id, strName, intOrder' }));
    }),
    types: kept(now, async (): Promise<Named[]> => {
      return (await pages.all({ className: 'MaintenanceType', fields: 'id, strName' })).map(named);
    }),
    units: kept(now, async (): Promise<Unit[]> => {
      const rows = await pages.all({ className: 'MeterReadingUnit', fields: 'id, strName, strSymbol' });
      return rows.map((row) => ({ ...named(row), symbol: textOf(row['strSymbol']) }));
    }),
    categories: kept(now, async (): Promise<Categories> => {
      const fields = 'id, strName, intParentID, intSysCode';
      return createCategories(await pages.all({ className: 'AssetCategory', fields }));
    }),
    sites: kept(now, async (): Promise<Site[]> => {
      const query = {
        className: 'Asset',
        fields: 'id, strName, strCode',
        filters: [where('bolIsSite = ?', [1])],
      };
      return (await pages.all(query)).map((row) => ({ ...named(row), code: textOf(row['strCode']) }));
    }),
  };

  async function siteNamed(wanted: string): Promise<number> {
    const sites = await lists.sites();
    const fold = wanted.toLowerCase();
    const found =
      sites.find(({ id }) => String(id) === wanted) ??
      only(sites.filter(({ name }) => name.toLowerCase() === fold)) ??
      only(sites.filter(({ code }) => code.toLowerCase() === fold));
    if (found) return found.id;
    const known = sites.map(({ name }) => `"${name}"`).join(', ') || 'none';
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
      const priorities = await lists.priorities();
      const fold = wanted.toLowerCase();
      const exact = priorities.find(({ name }) => name.toLowerCase() === fold);
      if (exact) return exact;
      const rank = RANK_OF_NAME[fold];
      const nearest = [...priorities].sort(
        (a, b) => Math.abs(a.rank - (rank ?? 0)) - Math.abs(b.rank - (rank ?? 0)),
      )[0];
      if (rank !== undefined && nearest) return nearest;
      throw noSuch('priority', wanted, priorities, '_priority');
    },

    /** By name in any case, else the type "Other"; null when the tenant has neither: an order needs none. */
    async typeNamed(wanted: string): Promise<Named | null> {
      const types = await lists.types();
      const named = (name: string): Named | undefined =>
        types.find((type) => type.name.toLowerCase() === name.toLowerCase());
      return named(wanted) ?? named('Other') ?? null;
    },

    /** By name, else by symbol, in any case. */
    async unitNamed(wanted: string): Promise<Unit> {
      const units = await lists.units();
      const fold = wanted.toLowerCase();
      const found =
        units.find(({ name }) => name.toLowerCase() === fold) ??
        only(units.filter(({ symbol }) => symbol.toLowerCase() === fold));
      if (found) return found;
      throw noSuch('meter reading unit', wanted, units, '_unit');
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

/** One request for all who ask at once; a failed one is not kept. `renew` asks again whatever is held. */
export function kept<T>(now: () => number, load: () => Promise<T>): (renew?: 'renew') => Promise<T> {
  let held: { at: number; value: Promise<T> } | null = null;
  return (renew) => {
    if (renew === undefined && held !== null && now() - held.at < KEEP_MS && now() >= held.at)
      return held.value;
    const fresh = { at: now(), value: load() };
    held = fresh;
    fresh.value.catch(() => {
      if (held === fresh) held = null;
    });
    return fresh.value;
  };
}
