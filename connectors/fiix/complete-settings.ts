/**
 * Where new records go that nothing else places: asked once and kept with the connection, because a tenant may get a second
 * site any day. The site of the keys' user where Fiix tells it, else the only site there is, else the only one in use.
 */
import { z } from 'zod';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import type { Client } from './client.ts';
import type { FiixConfig } from './config.ts';
import { where } from './pages.ts';
import type { Site } from './tenant.ts';

/** Null when no site stands out: then the setting stays open until a person names one. */
export async function settingsOf(
  client: Client,
  config: FiixConfig,
  sites: readonly Site[],
): Promise<JsonObject> {
  if (config.site !== undefined || config.sites !== undefined) return {};
  const site = await siteOf(client, sites);
  // By id: a name may change.
  return { site: site === null ? null : String(site) };
}

async function siteOf(client: Client, sites: readonly Site[]): Promise<number | null> {
  if (sites.length === 1) return sites[0]?.id ?? null;
  const own = await ownSite(client);
  if (own !== null && sites.some(({ id }) => id === own)) return own;
  const used: number[] = [];
  for (const { id } of sites) {
    const filters = [where('intSiteID = ?', [id]), where('bolIsSite = ?', [0])];
    const rows = await client.find({ className: 'Asset', fields: 'id', filters, maxObjects: 1 });
    if (rows.length > 0) used.push(id);
    if (used.length > 1) return null;
  }
  return used[0] ?? null;
}

const permissions = z.looseObject({
  permissionsDescriptor: z.looseObject({ defaultSiteId: z.int().nullish() }),
});

/** The default site of the keys' user (contract 2.9); tenants that do not answer this call are the rule. */
async function ownSite(client: Client): Promise<number | null> {
  try {
    const told = permissions.safeParse(await client.rpc('GetPermissions', 'get'));
    return told.data?.permissionsDescriptor.defaultSiteId ?? null;
  } catch (error) {
    const failure = toFailure(error);
    if (failure.retryable || failure.kind === 'unauthorized' || failure.kind === 'cancelled') throw failure;
    return null;
  }
}
