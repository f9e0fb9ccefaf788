/** The Maximo connector: object structures over the JSON API of Maximo 7.6.1 and MAS Manage. The only file to import. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { apiAddress } from '../kit/address.ts';
import { stableAddress } from '../kit/identity.ts';
import { createKeptLists } from '../kit/kept.ts';
import { parseConfig } from '../kit/parse.ts';
import { createAttachments } from './attachments.ts';
import { createClient } from './client.ts';
import { maximoConfig, maximoSecret } from './config.ts';
import { createDiscover } from './discover.ts';
import { createJoins } from './joins.ts';
import { manifest, manifestFor } from './manifest.ts';
import { createReader } from './read.ts';
import { createRetirer } from './retire.ts';
import { createProbe, incompleteSession } from './complete-settings.ts';
import { createSynonyms } from './synonyms.ts';
import { createWriter } from './write.ts';

function connect(configInput: unknown, secretInput: unknown, deps: SessionDeps): Session {
  const settings = parseConfig(maximoConfig, configInput, 'The Maximo connection');
  const secret = parseConfig(maximoSecret, secretInput, 'The Maximo credentials');
  const client = createClient(settings, secret, deps);
  const probe = createProbe(client, settings);
  const discover = createDiscover(client, settings);
  const close = async (): Promise<void> => client.close();
  const { site } = settings;
  if (site === undefined) return incompleteSession(probe, discover, close);
  const config = { ...settings, site };
  const lists = createKeptLists(deps);
  const joins = createJoins({ client, config });
  const reader = createReader({ client, config, joins, lists, now: () => deps.now() });
  const writer = createWriter({
    client,
    config,
    reader,
    joins,
    synonyms: createSynonyms({ client, config, lists }),
    lists,
  });
  const retirer = createRetirer({ config, reader, update: (entity, ops) => writer.update(entity, ops) });
  return {
    probe,
    pull: (entity, request) => reader.pull(entity, request),
    read: (entity, externalIds) => reader.read(entity, externalIds),
    keys: (entity, cursor) => reader.keys(entity, cursor),
    create: (entity, ops) => writer.create(entity, ops),
    update: (entity, ops) => writer.update(entity, ops),
    foresee: (entity, record, payload) => writer.foresee(entity, record, payload),
    async identify() {
      return {
        system: `maximo ${stableAddress(config.baseUrl)}`,
        scopes: [site],
        account: (await client.whoami()).account,
      };
    },
    findCreated: (entity, ops) => writer.findCreated(entity, ops),
    remove: (entity, externalId) => writer.remove(entity, externalId),
    retire: (entity, op) => retirer.retire(entity, op),
    reinstate: (entity, op) => retirer.reinstate(entity, op),
    discover,
    attachments: createAttachments({ client, reader }),
    close,
  };
}

const ENTITY_OF: Readonly<Record<string, Entity>> = {
  MXAPIWO: 'work_order',
  MXAPISR: 'request',
  MXAPIASSET: 'asset',
  MXAPILOCATIONS: 'location',
};

/** The hint a customer's script posts (contract 5.4); other bodies say nothing. */
function entitiesOf(body: unknown): Entity[] {
  const os = typeof body === 'object' && body !== null && 'os' in body ? body.os : undefined;
  const entity = typeof os === 'string' ? ENTITY_OF[os.toUpperCase()] : undefined;
  return entity === undefined ? [] : [entity];
}

/** The usual context, and the pages and services below it that an address is copied from (contract 1.1). */
const ADDRESS = { path: '/maximo', beyond: /\/(?:api|oslc|ui|webclient|rest)(?:\/.*)?$/ };

export const maximo: Connector = {
  manifest,
  manifestFor,
  config: maximoConfig,
  secret: maximoSecret,
  isComplete: ({ site }) => site !== undefined,
  connect,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: apiAddress(url, ADDRESS), auth: apiKey === null ? 'maxauth' : 'apikey' },
    secret: apiKey === null ? { user: username, password } : { apiKey },
  }),
  entitiesOf,
};
