/**
 * The connection test, and the settings Maximo knows of the account: its insert site and organisation (contract 1.2), and the item
 * set that stock of the site belongs to. Asked once and kept with the connection: a person may change their default site in
 * Maximo any day, and what was linked before would then be another site's.
 */
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Session } from '../kit/contract.ts';
import type { MaximoClient } from './client.ts';
import type { MaximoSettings } from './config.ts';
import { besideOf, objectOf } from './structures.ts';
import { equal } from './where.ts';

export function createProbe(client: MaximoClient, config: MaximoSettings): Session['probe'] {
  return async () => {
    const identity = await client.whoami();
    const version = await client.version();
    const { account } = identity;
    if (config.site !== undefined) return { account, version };
    const site = identity.insertSite ?? identity.defaultSite;
    if (site === null) {
      throw new Failure(
        'invalid_config',
        `The account ${account} has no default site in Maximo; name the site to sync in the setting "site".`,
        { path: 'site' },
      );
    }
    const settings: JsonObject = { site };
    const org = site === identity.insertSite ? identity.insertOrg : null;
    if (config.org === undefined && org !== null) settings['org'] = org;
    const itemSet = config.itemSet ?? (await itemSetOf(client, config, site));
    if (itemSet !== null) settings['itemSet'] = itemSet;
    return { account, version, settings };
  };
}

/** That of the site's stock, else the only one there is; null when neither tells, or when we may not look. */
async function itemSetOf(client: MaximoClient, config: MaximoSettings, site: string): Promise<string | null> {
  const first = async (os: string | null, where: string, orderBy: string): Promise<string | null> => {
    if (os === null) return null;
    try {
      const { members } = await client.list({ os, select: 'itemsetid', where, orderBy, pageSize: 1 });
      const set = members[0]?.['itemsetid'];
      return typeof set === 'string' && set !== '' ? set : null;
    } catch (error) {
      const failure = toFailure(error);
      if (['forbidden', 'not_found', 'rejected'].includes(failure.kind)) return null;
      throw failure;
    }
  };
  const stocked = await first(besideOf('inventory', config), equal('siteid', site), '+inventoryid');
  if (stocked !== null) return stocked;
  const items = config.structures.part === false ? null : objectOf('part', config).os;
  const [lowest, highest] = [await first(items, '', '+itemsetid'), await first(items, '', '-itemsetid')];
  return lowest === highest ? lowest : null;
}

/** What can be done before the site is known: the test that finds it out. Records have no identity without one. */
export function incompleteSession(
  probe: Session['probe'],
  discover: Session['discover'],
  close: Session['close'],
): Session {
  const refuse = async (): Promise<never> => {
    throw new Failure(
      'invalid_config',
      'Numbers in Maximo are unique per site only; test the connection, which asks for the account\'s site, or set "site".',
      { path: 'site' },
    );
  };
  return {
    probe,
    pull: refuse,
    read: refuse,
    keys: refuse,
    create: refuse,
    update: refuse,
    findCreated: refuse,
    remove: refuse,
    ...(discover === undefined ? {} : { discover }),
    close,
  };
}
