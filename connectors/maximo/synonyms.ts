/**
 * Status words. Logic runs on internal values, writes need external ones, and customers add external ones freely
 * (contract 2.4). The map of a domain is kept for a while; where it may not be read, internal values are written.
 */
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { KeptLists } from '../kit/kept.ts';
import type { MaximoClient } from './client.ts';
import type { MaximoConfig } from './config.ts';
import { besideOf } from './structures.ts';
import { equal } from './where.ts';
import { readSynonyms } from './wire.ts';
import type { Synonym } from './wire.ts';

export interface Domain {
  /** The external value to write for an internal one; an external value is taken as it is. */
  external(value: string): string;
  /** The internal value of either. */
  internal(value: string): string;
  has(external: string): boolean;
}

export interface SynonymDeps {
  client: MaximoClient;
  config: MaximoConfig;
  lists: KeptLists;
}

export function createSynonyms({ client, config, lists }: SynonymDeps) {
  const loaded = new Map<string, Promise<Domain>>();

  async function load(domainid: string): Promise<JsonObject[]> {
    const os = besideOf('synonyms', config);
    if (os === null) return [];
    try {
      const { members } = await client.list({
        os,
        select: 'domainid,value,maxvalue,description,defaults,siteid,orgid',
        where: equal('domainid', domainid),
        orderBy: '+value',
        pageSize: 200,
      });
      return members;
    } catch (error) {
      const failure = toFailure(error);
      // Authorisation for domains is often missing (contract 2.1).
      if (failure.kind !== 'forbidden' && failure.kind !== 'not_found') throw failure;
      return [];
    }
  }

  return async (domainid: string): Promise<Domain> => {
    const known = loaded.get(domainid);
    if (known !== undefined) return known;
    const loading = lists
      .get(`domain ${domainid}`, () => load(domainid))
      .then((members) => domainOf(readSynonyms(members), config));
    loaded.set(domainid, loading);
    // A domain that could not be read for a passing reason is asked for again.
    loading.catch(() => loaded.delete(domainid));
    return loading;
  };
}

export function domainOf(
  rows: readonly Synonym[],
  scope: { site: string; org?: string | undefined },
): Domain {
  // The narrowest row wins: site before organisation before everywhere; other sites' rows do not count.
  const ours = rows
    .filter(
      (row) => within(row.siteid, scope.site) && (scope.org === undefined || within(row.orgid, scope.org)),
    )
    .sort((a, b) => width(a) - width(b));
  return {
    external(value) {
      const candidates = ours.filter((row) => row.maxvalue === value);
      const chosen =
        candidates.find((row) => Boolean(row.defaults)) ??
        candidates.find((row) => row.value === value) ??
        candidates[0];
      return chosen?.value ?? value;
    },
    internal: (value) => ours.find((row) => row.value === value)?.maxvalue ?? value,
    has: (external) => ours.some((row) => row.value === external),
  };
}

function within(scope: string | undefined, ours: string): boolean {
  return scope === undefined || scope === '' || scope === ours;
}

function width(row: Synonym): number {
  return row.siteid ? 0 : row.orgid ? 1 : 2;
}
