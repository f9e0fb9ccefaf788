/** The vendor sandboxes by system: an explicit list, like the connectors'. */
import { startChatterfixSandbox } from '../connectors/chatterfix/sandbox/index.ts';
import { startCustomSandbox } from '../connectors/custom/sandbox/index.ts';
import { startFiixSandbox } from '../connectors/fiix/sandbox/index.ts';
import type { RunningSandbox, SandboxOptions } from '../connectors/kit/sandbox/index.ts';
import { startMaximoSandbox } from '../connectors/maximo/sandbox/index.ts';
import { startSapPmSandbox } from '../connectors/sap-pm/sandbox/index.ts';
import { startUpkeepSandbox } from '../connectors/upkeep/sandbox/index.ts';
import type { JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';
import { sqlConnection, startSqlDatabase } from './sql-sandbox.ts';

interface SandboxKind {
  start(options: SandboxOptions): Promise<RunningSandbox>;
  /** What a connection to it is configured with. */
  connection(
    sandbox: Pick<RunningSandbox, 'url' | 'credentials'>,
    seed: string,
  ): { config: JsonObject; secret: JsonObject };
}

const PIT_CREW = ['Wilson Reed', 'Maria Santos', 'Tom Baker', 'Li Chen', 'Sam Okafor'].map((name) => ({
  id: name,
  name,
  email: `${name.toLowerCase().replace(' ', '.')}@pitmine.example`,
}));
const PIT_PLACES = [
  { text: 'Pit Mine / North Pit', name: 'North Pit', code: 'PIT-N' },
  { text: 'Pit Mine / South Pit', name: 'South Pit', code: 'PIT-S' },
];

export const sandboxes: Readonly<Record<string, SandboxKind>> = {
  chatterfix: {
    start: startChatterfixSandbox,
    connection: ({ url, credentials }, seed) => {
      const key = credentials['apiKey'] ?? '';
      const consolidated = seed.endsWith('@consolidated');
      return {
        // It has no lists of people and places; these are the texts its seed writes.
        config: {
          baseUrl: url,
          ...(consolidated ? { profile: 'consolidated', people: PIT_CREW, locations: PIT_PLACES } : {}),
        },
        secret: consolidated ? { apiKey: key } : { token: key },
      };
    },
  },
  custom: {
    start: startCustomSandbox,
    connection: ({ url, credentials }) => ({
      config: { baseUrl: url },
      secret: { apiKey: credentials['apiKey'] ?? '' },
    }),
  },
  fiix: {
    start: startFiixSandbox,
    connection: ({ url, credentials }, seed) => ({
      config: {
        baseUrl: url,
        site: seed === 'excavators' || seed.startsWith('site:') ? 'Pit Mine' : 'Main Plant',
      },
      secret: {
        accessKey: credentials['accessKey'] ?? '',
        appKey: credentials['appKey'] ?? '',
        secret: credentials['secret'] ?? '',
      },
    }),
  },
  maximo: {
    start: startMaximoSandbox,
    connection: ({ url, credentials }, seed) => ({
      config: {
        baseUrl: `${url}/maximo`,
        auth: 'apikey',
        site: seed === 'excavators' || seed.startsWith('site:') ? 'PITMINE' : 'BEDFORD',
        itemSet: 'ITEMSET1',
      },
      secret: { apiKey: credentials['apiKey'] ?? '' },
    }),
  },
  sap_pm: {
    start: startSapPmSandbox,
    connection: ({ url, credentials }, seed) => ({
      config: {
        baseUrl: url,
        sapClient: '100',
        plant: '1000',
        mainWorkCenter: 'MECH-01',
        mainWorkCenterPlant: '1000',
        locationStructure: seed.startsWith('orders:') ? 'STND' : 'PIT',
      },
      secret: { user: credentials['user'] ?? '', password: credentials['password'] ?? '' },
    }),
  },
  sql: { start: startSqlDatabase, connection: sqlConnection },
  upkeep: {
    start: startUpkeepSandbox,
    connection: ({ url, credentials }) => ({
      config: { baseUrl: `${url}/api/v2` },
      secret: { email: credentials['email'] ?? '', password: credentials['password'] ?? '' },
    }),
  },
};

export function sandboxKind(system: string): SandboxKind {
  const kind = Object.hasOwn(sandboxes, system) ? sandboxes[system] : undefined;
  if (kind !== undefined) return kind;
  throw new Failure(
    'invalid_request',
    `There is no sandbox of "${system}"; choose one of ${Object.keys(sandboxes).join(', ')}.`,
  );
}
