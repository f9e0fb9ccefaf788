/** The ChatterFix connector. Only this file may be imported from outside. */
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import { apiAddress } from '../kit/address.ts';
import type { Connector, Session, SessionDeps } from '../kit/contract.ts';
import { stableAddress } from '../kit/identity.ts';
import { writeEach } from '../kit/outcomes.ts';
import { parseConfig } from '../kit/parse.ts';
import { createAttachments } from './attachments.ts';
import { createClient } from './client.ts';
import type { Client } from './client.ts';
import { configSchema, secretSchema } from './config.ts';
import type { ChatterfixConfig, ChatterfixSecret } from './config.ts';
import { detectProfile } from './detect.ts';
import { discoverSchema } from './discover.ts';
import { manifest, manifestBy, manifestFor } from './manifest.ts';
import { PROFILES } from './profiles.ts';
import type { Profile } from './profile.ts';
import { assertReadable, createReader } from './read.ts';
import { createRetirer } from './retire.ts';
import { createScanner } from './scan.ts';
import type { OpenApi } from './wire.ts';
import { createWriter } from './write.ts';

/** Pages that a server's address is copied from; all paths are below its root. */
const ADDRESS = { beyond: /\/(?:api(?:\/.*)?|docs|redoc|openapi\.json|health)\/?$/ };

export const chatterfix: Connector = {
  manifest,
  manifestFor,
  config: configSchema,
  secret: secretSchema,
  isComplete: ({ profile, detectProfile }) => profile !== undefined || detectProfile === false,
  fromBasics: ({ url, apiKey, username, password }) => ({
    config: { baseUrl: apiAddress(url, ADDRESS) },
    secret:
      apiKey !== null ? { apiKey } : username === null && password === null ? {} : { username, password },
  }),
  connect(config, secret, deps) {
    return connect(
      parseConfig(configSchema, config, 'The ChatterFix configuration'),
      parseConfig(
        secretSchema,
        secret,
        'The ChatterFix secret (nothing, a token, an apiKey, or a username and password)',
      ),
      deps,
    );
  },
};

/** Who answers: its profile, and its description when it publishes one. */
interface Identity {
  profile: Profile;
  openapi: OpenApi | null;
}

function connect(config: ChatterfixConfig, secret: ChatterfixSecret, deps: SessionDeps): Session {
  const client = createClient(config, secret, deps);
  const identity = once(() => identify(client, config));
  const profile = async (): Promise<Profile> => (await identity()).profile;
  const scanner = createScanner(client, config.placeholderGuard);
  const reader = createReader({ client, scanner, config, profile });
  const writer = createWriter({ client, scanner, reader, config, profile });
  const retirer = createRetirer({
    manifest: async () => manifestBy((await profile()).name, { sqlFallback: config.sqlFallback }),
    reader,
    update: writer.update,
  });
  const { parallel } = manifest.limits;

  return {
    async probe() {
      const { profile: now, openapi } = await identity();
      const status = await client.health();
      // The status code proves nothing (contract 3.2).
      if (status !== null && status !== 'healthy') {
        throw new Failure(
          'unavailable',
          `${client.hostOf('main')} answers but reports "${cutText(status, 60)}" about itself; look at its database.`,
        );
      }
      const shape = now.objects.work_order;
      if (shape !== undefined) await client.list(shape, { limit: '1', offset: null });
      return {
        account: `${client.account} (${now.name})`,
        version: openapi?.info?.version ?? null,
        settings: { profile: now.name },
      };
    },
    // Nothing it answers names the installation: the address is all there is.
    async identify() {
      return {
        system: `chatterfix ${stableAddress(config.baseUrl)}`,
        scopes: null,
        account: client.account,
      };
    },
    pull: reader.pull,
    read: reader.read,
    create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), parallel),
    update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), parallel),
    async findCreated(entity, ops) {
      assertReadable(entity);
      return writer.findCreated(entity, ops);
    },
    retire: retirer.retire,
    reinstate: retirer.reinstate,
    remove: (entity, externalId) => writer.remove(entity, externalId),
    keys: reader.keys,
    async discover() {
      const { profile: now, openapi } = await identity();
      return discoverSchema(openapi ?? (await client.openapi()), now, reader);
    },
    attachments: createAttachments({ client, config, profile }),
    async close() {
      client.close();
    },
  };
}

/** The configured profile counts only where the server does not say what it is (contract 1). */
async function identify(client: Client, config: ChatterfixConfig): Promise<Identity> {
  const openapi = config.detectProfile ? await client.openapi() : null;
  if (openapi === null) return { profile: PROFILES[config.profile ?? 'unified'], openapi };
  return { profile: detectProfile(openapi, client.hostOf('main')), openapi };
}

/** The result of the first call that succeeds, for all; a failure is not kept. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | null = null;
  return () => {
    kept ??= work().catch((error: unknown) => {
      kept = null;
      throw error;
    });
    return kept;
  };
}
