/** The declarative REST connector: a document instead of code. Only this file may be imported from outside. */
import { ENTITIES } from '../../domain/entities/index.ts';
import { apiAddress } from '../kit/address.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { parseConfig } from '../kit/parse.ts';
import { createClient } from './client.ts';
import { configSchema, secretSchema } from './config.ts';
import type { CustomConfig, CustomSecret } from './config.ts';
import { defaultDefinition } from './default-definition.ts';
import { createIdentify } from './identify.ts';
import { manifest, manifestFor } from './manifest.ts';
import { textAt } from './place.ts';
import { createReader } from './read.ts';
import { createRetirer } from './retire.ts';
import { createWriter } from './write.ts';

export const custom: Connector = {
  manifest,
  manifestFor,
  config: configSchema,
  secret: secretSchema,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: apiAddress(url) },
    secret: {
      ...(apiKey === null ? {} : { apiKey }),
      ...(username === null ? {} : { username }),
      ...(password === null ? {} : { password }),
    },
  }),
  connect(config, secret, deps) {
    return connect(
      parseConfig(configSchema, config, 'The configuration of the described system'),
      parseConfig(secretSchema, secret, 'The secret of the described system'),
      deps,
    );
  },
};

function connect(config: CustomConfig, secret: CustomSecret, deps: SessionDeps): Session {
  const definition = config.definition ?? defaultDefinition();
  const client = createClient(config, definition, secret, deps);
  const reader = createReader(client, definition);
  const writer = createWriter(client, reader, definition);
  const retirer = createRetirer(client, reader, definition);
  const identify = createIdentify(client, definition, config.baseUrl);
  const { parallel } = definition.rate;

  return {
    async probe() {
      const { probe } = definition;
      const answer =
        probe === undefined ? null : await client.send({ method: 'GET', path: probe.path, repeatable: true });
      // One page of every list: what is wrong with its places, ids or times is said now, and not by a pull at night.
      for (const entity of ENTITIES)
        if (definition.resources[entity] !== undefined) await reader.sample(entity, 10);
      return { account: textAt(answer?.body, probe?.account) ?? client.account, version: null };
    },
    ...(identify === null ? {} : { identify }),
    pull: reader.pull,
    read: reader.read,
    create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), parallel),
    update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), parallel),
    findCreated: (entity, ops) => inLanes(ops, parallel, (op) => writer.findCreated(entity, op)),
    remove: writer.remove,
    retire: retirer.retire,
    reinstate: retirer.reinstate,
    keys: reader.keys,
    discover: reader.discover,
    async close() {
      client.close();
    },
  };
}
