/** The files of a new connector as text: the fixed anatomy, every verb there, each saying what is still to be built. */

export interface Skeleton {
  /** Kebab-case: the folder. */
  name: string;
  /** Snake-case: the system in manifests, mappings and the registry. */
  system: string;
  title: string;
  entities: readonly string[];
}

/** `acme-cmms` is `acmeCmms` in code. */
export function identifierOf(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Path and text of each file, relative to the project's root. */
export function connectorSkeleton(skeleton: Skeleton): (readonly [path: string, text: string])[] {
  const folder = `connectors/${skeleton.name}`;
  return [
    [`${folder}/README.md`, readme(skeleton)],
    [`${folder}/manifest.ts`, manifest(skeleton)],
    [`${folder}/config.ts`, config(skeleton)],
    [`${folder}/wire.ts`, wire(skeleton)],
    [`${folder}/failures.ts`, failures(skeleton)],
    [`${folder}/client.ts`, client(skeleton)],
    [`${folder}/read.ts`, read(skeleton)],
    [`${folder}/write.ts`, write(skeleton)],
    [`${folder}/index.ts`, index(skeleton)],
    [`${folder}/conformance.fixture.ts`, conformance(skeleton)],
    [`${folder}/connector.test.ts`, test(skeleton)],
    [`${folder}/sandbox/index.ts`, sandbox(skeleton)],
    [`${folder}/sandbox/README.md`, sandboxReadme(skeleton)],
  ];
}

const pascal = (name: string): string => {
  const identifier = identifierOf(name);
  return identifier.charAt(0).toUpperCase() + identifier.slice(1);
};
/** A text inside single quotes. */
const quoted = (text: string): string =>
  `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replace(/\s+/g, ' ')}'`;

const readme = ({ title }: Skeleton): string => `# ${title}

Which version of the vendor's API this is for, and where its contract is published.

## Connecting

Settings and credentials; which rights the account needs.

## Reading

| Entity | Call | How changes are found |
|---|---|---|

## Writing

How a create with a lost answer is found again; how a record that moved is noticed.

## Quirks

One line each, with its source. What no source proves is a guess and is named so.

## To verify against a live system
`;

const manifest = ({
  title,
  system,
  entities,
}: Skeleton): string => `/** ${title} as data: what it can do with each entity and how fast we ask. */
import type { EntityCapability, Manifest } from '../kit/contract.ts';

/** Until an entity is built, nothing is promised about it. */
const NOT_BUILT: EntityCapability = {
  read: false,
  pull: 'none',
  create: false,
  update: false,
  remove: false,
  comments: 'none',
  findCreated: 'none',
};

export const manifest: Manifest = {
  system: ${quoted(system)},
  title: ${quoted(title)},
  source: 'name the page of the contract and the day it was read',
  capabilities: {
${entities.map((entity) => `    ${entity}: NOT_BUILT,`).join('\n')}
  },
  limits: {
    pageSize: 100,
    pageSizeMax: 1_000,
    writeBatch: 25,
    parallel: 2,
    requestsPerSecond: 5,
    overlapMs: 600_000,
  },
  authModes: ['token'],
  webhooks: false,
};
`;

const config = ({
  title,
  name,
}: Skeleton): string => `/** What a connection to ${title} is configured with. */
import { z } from 'zod';

export const configSchema = z.strictObject({
  /** Root of the API. */
  baseUrl: z.url({ protocol: /^https?$/ }),
});
export type ${pascal(name)}Config = z.infer<typeof configSchema>;

/** Sealed at rest. */
export const secretSchema = z.strictObject({ token: z.string().min(1) }).meta({ secret: true });
export type ${pascal(name)}Secret = z.infer<typeof secretSchema>;
`;

const wire = ({
  title,
}: Skeleton): string => `/** What ${title} sends, as far as we rely on it: tolerant on read, exact on write. */
import { z } from 'zod';

export const row = z.record(z.string(), z.json());
export const list = z.array(row);
`;

const failures = ({
  title,
}: Skeleton): string => `/** What ${title}'s refusals mean, on top of the kit's table. */
import type { Failure } from '../../domain/kernel/failure.ts';
import type { HttpAnswer } from '../kit/http.ts';

/** Null leaves an answer to the table in connectors/kit/failures.ts. Say here which answers lie: a 200 with an error inside. */
export function classify(_answer: HttpAnswer): Failure | null {
  return null;
}
`;

const client = ({
  title,
  name,
}: Skeleton): string => `/** A method per ${title} call, the section of the contract above each. */
import type { JsonObject } from '../../domain/json.ts';
import type { SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import { parseAnswer } from '../kit/parse.ts';
import type { ${pascal(name)}Config, ${pascal(name)}Secret } from './config.ts';
import { classify } from './failures.ts';
import { manifest } from './manifest.ts';
import * as wire from './wire.ts';

export type Client = ReturnType<typeof createClient>;

export function createClient(config: ${pascal(name)}Config, secret: ${pascal(name)}Secret, deps: SessionDeps) {
  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    socketsMax: manifest.limits.parallel,
    secrets: Object.values(secret),
    classify,
  });
  const headers = { authorization: \`Bearer \${secret.token}\` };

  return {
    /** GET of a list: name the section of the contract here. */
    async list(path: string, query: Record<string, string | undefined>): Promise<JsonObject[]> {
      const { body } = await http.send({ method: 'GET', path, query, headers, repeatable: true });
      return parseAnswer(wire.list, body, \`The list \${path}\`);
    },
    close: () => http.close(),
  };
}
`;

const read = ({
  title,
  system,
}: Skeleton): string => `/** Reading ${title}: pages that lose nothing while the data moves, single records, key sweeps. */
import type { Entity } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import type { Client } from './client.ts';

export function createReader(_client: Client) {
  return {
    pull: async (entity: Entity, _request: PullRequest): Promise<PullPage> => notBuilt(entity, 'pull'),
    read: async (entity: Entity, _ids: readonly string[]): Promise<ExternalRecord[]> => notBuilt(entity, 'read'),
    keys: async (entity: Entity, _cursor: string | null): Promise<KeyPage> => notBuilt(entity, 'keys'),
  };
}

export function notBuilt(entity: Entity, verb: string): never {
  throw new Failure('bug', \`The connector ${system} does not \${verb} a \${entity} yet; build it and say so in manifest.ts.\`);
}
`;

const write = ({
  title,
}: Skeleton): string => `/** Writing ${title}: one effect per write, whatever happens to the answer. */
import type { Entity } from '../../domain/entities/index.ts';
import type { CreateOp, FoundCreated, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import type { Client } from './client.ts';
import { notBuilt } from './read.ts';

export function createWriter(_client: Client) {
  return {
    create: async (entity: Entity, _op: CreateOp): Promise<WriteOutcome> => notBuilt(entity, 'create'),
    update: async (entity: Entity, _op: UpdateOp): Promise<WriteOutcome> => notBuilt(entity, 'update'),
    findCreated: async (entity: Entity, _op: CreateOp): Promise<FoundCreated> => notBuilt(entity, 'find'),
    remove: async (entity: Entity, _externalId: string): Promise<void> => notBuilt(entity, 'remove'),
  };
}
`;

const index = ({
  title,
  name,
}: Skeleton): string => `/** The ${title} connector. Only this file may be imported from outside. */
import type { Connector } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { parseConfig } from '../kit/parse.ts';
import { createClient } from './client.ts';
import { configSchema, secretSchema } from './config.ts';
import { manifest } from './manifest.ts';
import { createReader } from './read.ts';
import { createWriter } from './write.ts';

export const ${identifierOf(name)}: Connector = {
  manifest,
  config: configSchema,
  secret: secretSchema,
  fromBasics: ({ url, apiKey }) => ({ config: { baseUrl: url }, secret: { token: apiKey } }),
  connect(config, secret, deps) {
    const client = createClient(
      parseConfig(configSchema, config, ${quoted(`The ${title} configuration`)}),
      parseConfig(secretSchema, secret, ${quoted(`The ${title} secret`)}),
      deps,
    );
    const reader = createReader(client);
    const writer = createWriter(client);
    const { parallel } = manifest.limits;
    return {
      async probe() {
        await client.list('/', {});
        return { account: 'API token', version: null };
      },
      pull: reader.pull,
      read: reader.read,
      keys: reader.keys,
      create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), parallel),
      update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), parallel),
      findCreated: (entity, ops) => inLanes(ops, parallel, (op) => writer.findCreated(entity, op)),
      remove: (entity, externalId) => writer.remove(entity, externalId),
      close: async () => client.close(),
    };
  },
};
`;

const conformance = ({
  name,
  title,
}: Skeleton): string => `/** ${title} for the conformance suite: a line of connectors/conformance.test.ts once it is registered. */
import type { ConformanceOptions } from '../kit/conformance-options.ts';
import { ${identifierOf(name)} } from './index.ts';
import { start${pascal(name)}Sandbox } from './sandbox/index.ts';

export const conformance: readonly ConformanceOptions[] = [
  {
    connector: ${identifierOf(name)},
    async start() {
      const sandbox = await start${pascal(name)}Sandbox({ seed: 'empty' });
      return {
        sandbox,
        config: { baseUrl: sandbox.url },
        secret: { token: sandbox.credentials['token'] ?? '' },
      };
    },
    wrongSecret: { token: 'wrong-token' },
    sessions: false,
    // One for each entity that can be read: see EntityFixture in connectors/kit/conformance-options.ts, and connectors/upkeep for an example.
    fixtures: {},
  },
];
`;

const test = ({
  name,
}: Skeleton): string => `/** Runs the conformance suite until the table in connectors/conformance.test.ts does; then only tests of our own stay here. */
import { describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { describeConnector } from '../kit/conformance.ts';
import { conformance } from './conformance.fixture.ts';
import { ${identifierOf(name)} } from './index.ts';

for (const line of conformance) describeConnector(line);

describe('what this connector is made for', () => {
  it('reads at least one entity, and every entity it reads has a fixture', () => {
    const readable = ENTITIES.filter((entity) => ${identifierOf(name)}.manifest.capabilities[entity].read);
    expect(readable).not.toEqual([]);
    expect(Object.keys(conformance[0]?.fixtures ?? {}).sort()).toEqual([...readable].sort());
  });
});
`;

const sandbox = ({ title, name, system }: Skeleton): string => `/**
 * An imitation of ${title} to test and demonstrate against, written from its contract and never from the connector: it may
 * import connectors/kit/sandbox and nothing else of ours.
 */
import { createSandboxWorld, startSandbox } from '../../kit/sandbox/index.ts';
import type { RunningSandbox, SandboxOptions, SandboxVendor } from '../../kit/sandbox/index.ts';

const TOKEN = 'sandbox-token-1';

export function start${pascal(name)}Sandbox(options: SandboxOptions): Promise<RunningSandbox> {
  const notBuilt = (): never => {
    throw new Error('The sandbox of ${system} holds nothing yet; build it from the contract.');
  };
  const vendor: SandboxVendor = {
    system: '${system}',
    credentials: { token: TOKEN },
    world: createSandboxWorld(options),
    handle: ({ headers }) =>
      headers['authorization'] === \`Bearer \${TOKEN}\`
        ? { status: 501, body: { message: 'The sandbox of ${system} is not built yet.' } }
        : { status: 401, body: { message: 'Unauthorized' } },
    objects: () => [],
    list: notBuilt,
    insert: notBuilt,
    change: notBuilt,
    remove: notBuilt,
    setDial: notBuilt,
    expireSessions: () => undefined,
  };
  return startSandbox(vendor, options);
}
`;

const sandboxReadme = ({ title }: Skeleton): string => `# Sandbox of ${title}

What is imitated, with the sections of the contract; which dials there are for what it leaves open.
`;
