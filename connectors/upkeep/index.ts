/** The UpKeep connector. Only this file may be imported from outside. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { apiAddress } from '../kit/address.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { stableAddress } from '../kit/identity.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { parseConfig } from '../kit/parse.ts';
import { createAttachments } from './attachments.ts';
import { createClient } from './client.ts';
import { configSchema, secretSchema } from './config.ts';
import { discoverSchema } from './discover.ts';
import { manifest } from './manifest.ts';
import { createReader } from './read.ts';
import { createWebhooks, entitiesOf } from './webhook.ts';
import { OBJECTS } from './wire.ts';
import { createRetirer } from './retire.ts';
import { createWriter, foresee } from './write.ts';

/** The API has its version in the path (contract 1). */
const ADDRESS = { path: '/api/v2', beyond: /^\/api\/?$/ };

export const upkeep: Connector = {
  manifest,
  config: configSchema,
  secret: secretSchema,
  entitiesOf,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: apiAddress(url, ADDRESS) },
    // A session token ends some day; who gives both gets the login that can be renewed.
    secret:
      apiKey === null || (username?.includes('@') === true && password !== null)
        ? { email: username, password }
        : { token: apiKey },
  }),
  connect(config, secret, deps) {
    return connect(
      parseConfig(configSchema, config, 'The UpKeep configuration'),
      parseConfig(secretSchema, secret, 'The UpKeep secret (an e-mail and password, or a token)'),
      deps,
    );
  },
};

function connect(
  config: Parameters<typeof createClient>[0],
  secret: Parameters<typeof createClient>[1],
  deps: SessionDeps,
): Session {
  const client = createClient(config, secret, deps);
  const reader = createReader(client, () => deps.now());
  const writer = createWriter(client, reader);
  const retirer = createRetirer({ reader, update: (entity, op) => writer.update(entity, op) });
  const { parallel } = manifest.limits;

  return {
    async probe() {
      await client.list('/users', { limit: '1' });
      return { account: 'email' in secret ? secret.email : 'API token', version: null };
    },
    /** One login sees one site of one account, and there is no call that names it: its oldest user does. */
    async identify() {
      const user = await reader.oldestUser();
      return {
        system: `upkeep ${stableAddress(config.baseUrl)}${user === null ? '' : ` of user ${user}`}`,
        scopes: null,
        account: 'email' in secret ? secret.email : null,
      };
    },
    pull: reader.pull,
    async read(entity, externalIds) {
      const records = await inLanes(externalIds, parallel, (id) => reader.readOne(entity, id));
      return records.filter((record) => record !== null);
    },
    create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), parallel),
    update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), parallel),
    findCreated: (entity, ops) => inLanes(ops, parallel, (op) => writer.findCreated(entity, op)),
    foresee: async (entity, { raw }, payload) => foresee(entity, payload, raw),
    retire: (entity, op) => retirer.retire(entity, op),
    reinstate: (entity, op) => retirer.reinstate(entity, op),
    async remove(entity, externalId) {
      assertRemovable(entity);
      await client.remove(OBJECTS[entity].path, externalId);
    },
    keys: reader.keys,
    discover: () => discoverSchema(reader),
    attachments: createAttachments(client),
    webhooks: createWebhooks(client),
    async close() {
      client.close();
    },
  };
}

function assertRemovable(entity: Entity): void {
  if (manifest.capabilities[entity].remove) return;
  throw new Failure(
    'invalid_request',
    `UpKeep has no call to delete a ${OBJECTS[entity].noun}; archive it there.`,
  );
}
