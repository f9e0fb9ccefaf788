/** The Fiix connector. Only this file may be imported from outside. */
import { Failure } from '../../domain/kernel/failure.ts';
import { apiAddress } from '../kit/address.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { writeEach } from '../kit/outcomes.ts';
import { createKeptLists } from '../kit/kept.ts';
import { stableAddress } from '../kit/identity.ts';
import { parseConfig } from '../kit/parse.ts';
import { createAttachments } from './attachments.ts';
import { createChangeRequests } from './change-requests.ts';
import { createClient, rootOf } from './client.ts';
import { configSchema, secretFromBasics, secretSchema } from './config.ts';
import type { FiixConfig, FiixSecret } from './config.ts';
import { createCreator } from './create.ts';
import { createDiscover } from './discover.ts';
import { createFields } from './fields.ts';
import { createFinder } from './find-created.ts';
import { createJoins } from './joins.ts';
import { manifest } from './manifest.ts';
import { createMeterWriter } from './meter-write.ts';
import { createPages } from './pages.ts';
import { createReader } from './read.ts';
import { createReferences } from './references.ts';
import { createRetirer } from './retire.ts';
import { createSender } from './send.ts';
import { settingsOf } from './complete-settings.ts';
import { createTenant } from './tenant.ts';
import { CLASSES, parseId } from './wire.ts';
import { createWriter } from './write.ts';

export const fiix: Connector = {
  manifest,
  config: configSchema,
  secret: secretSchema,
  isComplete: ({ site, sites }) => site !== undefined || sites !== undefined,
  fromBasics: ({ url, ...keys }) => ({
    config: { baseUrl: apiAddress(url) },
    secret: secretFromBasics(keys),
  }),
  connect(config, secret, deps) {
    return connect(
      parseConfig(configSchema, config, 'The Fiix configuration'),
      parseConfig(secretSchema, secret, 'The Fiix secret (access key, application key and secret)'),
      deps,
    );
  },
};

function connect(config: FiixConfig, secret: FiixSecret, deps: SessionDeps): Session {
  const now = (): number => deps.now();
  const client = createClient(config, secret, deps);
  const pages = createPages(client);
  const tenant = createTenant({ config, pages, lists: createKeptLists(deps), host: client.host });
  const references = createReferences(pages, tenant, now);
  const complete = createJoins({ client, pages, tenant, references, now });
  const reader = createReader({ client, pages, tenant, references, complete, now });
  const meters = createMeterWriter(client, pages, reader, tenant);
  const finder = createFinder(pages, reader, meters);
  const fields = createFields(config.completionNote, tenant, references, now);
  const changes = createChangeRequests({ pages, references, fields, now });
  const sender = createSender(client);
  const create = createCreator({ client, pages, reader, complete, fields, finder, changes, sender, now });
  const { host } = client;
  const writer = createWriter({ host, pages, reader, complete, changes, sender, meters, create });
  const retirer = createRetirer({ reader, update: writer.update });

  return {
    async probe() {
      const version = await client.ping();
      // Guests may ping (contract 1.4): only a find proves the keys.
      const sites = await tenant.sites('anew');
      await tenant.siteIds();
      const names = sites.map(({ name }) => name).join(', ');
      return {
        account: `${client.host}, ${names === '' ? 'no site' : `sites: ${names}`}`,
        version,
        settings: await settingsOf(client, config, sites),
      };
    },
    /** The tenant is its address; of keys there is nothing to tell but what they see. */
    async identify() {
      const sites = await tenant.siteIds();
      return {
        system: `fiix ${stableAddress(rootOf(config.baseUrl))}`,
        scopes: sites === null ? null : [...new Set(sites.map(String))].sort(),
        account: null,
      };
    },
    pull: reader.pull,
    read: reader.read,
    create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), manifest.limits.parallel),
    update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), manifest.limits.parallel),
    findCreated: finder.findCreated,
    retire: retirer.retire,
    reinstate: retirer.reinstate,
    async remove(entity, externalId) {
      const { className, noun } = CLASSES[entity];
      if (!manifest.capabilities[entity].remove) {
        throw new Failure(
          'invalid_request',
          `A ${noun} cannot be removed from Fiix by this connector; do it there.`,
        );
      }
      const id = parseId(externalId);
      if (id !== null) await client.remove(className, id);
    },
    keys: reader.keys,
    discover: createDiscover(client, reader),
    attachments: createAttachments(client, pages),
    async close() {
      client.close();
    },
  };
}
