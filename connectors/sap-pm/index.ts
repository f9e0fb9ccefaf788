/** The SAP PM connector: the released OData services of S/4HANA Asset Management. The only file to import. */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { apiAddress } from '../kit/address.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { stableAddress } from '../kit/identity.ts';
import { parseConfig } from '../kit/parse.ts';
import { sapConfig, sapSecret } from './config.ts';
import { objectOf } from './entities.ts';
import { localOf } from './local-time.ts';
import { manifest, manifestFor } from './manifest.ts';
import { createODataTransport } from './odata/transport.ts';
import { foresee } from './foresee.ts';
import { createReader } from './read.ts';
import { createRetirer } from './retire.ts';
import type { Domain } from './transport.ts';
import { createWriter } from './write.ts';

function connect(configInput: unknown, secretInput: unknown, deps: SessionDeps): Session {
  const config = parseConfig(sapConfig, configInput, 'The SAP connection');
  const secret = parseConfig(
    sapSecret,
    secretInput,
    'The SAP credentials (user and password, or clientId and clientSecret)',
  );
  const now = (): number => deps.now();
  // Refuses a misspelt zone now and not with the first reading.
  localOf(now(), config.timeZone);
  const transport = createODataTransport(config, secret, deps);
  const reader = createReader({ transport, config, now });
  const writer = createWriter({ transport, config, reader, now });
  const retirer = createRetirer({ config, reader, update: writer.update });
  return {
    probe: () => transport.probe(),
    async identify() {
      const { account, client } = await transport.identity();
      const system = `sap_pm ${stableAddress(config.baseUrl)} ${client === null ? 'default client' : `client ${client}`}`;
      return { system, scopes: config.plants.length === 0 ? null : config.plants, account };
    },
    pull: (entity, request) => reader.pull(entity, request),
    read: (entity, externalIds) => reader.read(entity, externalIds),
    keys: (entity, cursor) => reader.keys(entity, cursor),
    create: (entity, ops) => writer.create(entity, ops),
    update: (entity, ops) => writer.update(entity, ops),
    foresee: async (entity, record, payload) => foresee(entity, record, payload, config),
    retire: retirer.retire,
    reinstate: retirer.reinstate,
    findCreated: (entity, ops) => writer.findCreated(entity, ops),
    async remove(entity) {
      const noun = entity === 'person' ? 'person' : objectOf(entity).noun;
      throw new Failure(
        'invalid_request',
        `SAP deletes no ${noun} through these services; set its status, which marks it there.`,
      );
    },
    discover: () => transport.describe(DESCRIBED),
    async close() {
      transport.close();
    },
  };
}

const DESCRIBED: Readonly<Partial<Record<Entity, Domain>>> = Object.fromEntries(
  ENTITIES.filter((entity) => manifest.capabilities[entity].read).map((entity) => [
    entity,
    objectOf(entity).domain,
  ]),
);

/** Services and the launchpad are below `/sap` (contract 1.1). */
const ADDRESS = { beyond: /\/sap(?:\/.*)?$/ };

/** Addresses copied from a browser often name the client (contract 1.3). */
function clientIn(url: string): { sapClient?: string } {
  const client = URL.parse(url)?.searchParams.get('sap-client');
  return client !== undefined && client !== null && /^\d{3}$/.test(client) ? { sapClient: client } : {};
}

export const sapPm: Connector = {
  manifest,
  manifestFor,
  config: sapConfig,
  secret: sapSecret,
  connect,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: apiAddress(url, ADDRESS), ...clientIn(url) },
    // An API key fits none of SAP's logons (contract 1.2); the schema of the secret then names what is missing.
    secret: username === null && apiKey !== null ? { apiKey } : { user: username, password },
  }),
};
