/** The Maximo connector: object structures over the JSON API of Maximo 7.6.1 and MAS Manage. The only file to import. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { parseConfig } from '../kit/parse.ts';
import { createAttachments } from './attachments.ts';
import { createClient } from './client.ts';
import { maximoConfig, maximoSecret } from './config.ts';
import { createDiscover } from './discover.ts';
import { createJoins } from './joins.ts';
import { manifest } from './manifest.ts';
import { createReader } from './read.ts';
import { createSynonyms } from './synonyms.ts';
import { createWriter } from './write.ts';

function connect(configInput: unknown, secretInput: unknown, deps: SessionDeps): Session {
  const config = parseConfig(maximoConfig, configInput, 'The Maximo connection');
  const secret = parseConfig(maximoSecret, secretInput, 'The Maximo credentials');
  const client = createClient(config, secret, deps);
  const joins = createJoins({ client, config });
  const reader = createReader({ client, config, joins, now: () => deps.now() });
  const writer = createWriter({
    client,
    config,
    reader,
    joins,
    synonyms: createSynonyms({ client, config }),
  });
  return {
    async probe() {
      const account = await client.whoami();
      return { account, version: await client.version() };
    },
    pull: (entity, request) => reader.pull(entity, request),
    read: (entity, externalIds) => reader.read(entity, externalIds),
    keys: (entity, cursor) => reader.keys(entity, cursor),
    create: (entity, ops) => writer.create(entity, ops),
    update: (entity, ops) => writer.update(entity, ops),
    findCreated: (entity, ops) => writer.findCreated(entity, ops),
    remove: (entity, externalId) => writer.remove(entity, externalId),
    discover: createDiscover(client),
    attachments: createAttachments({ client, reader }),
    async close() {
      client.close();
    },
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

export const maximo: Connector = {
  manifest,
  config: maximoConfig,
  secret: maximoSecret,
  connect,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: url, auth: apiKey === null ? 'maxauth' : 'apikey' },
    secret: apiKey === null ? { user: username, password } : { apiKey },
  }),
  entitiesOf,
};
