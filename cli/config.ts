/**
 * Settings of the program, read from the environment in this one place. Every bad value is one sentence that names the
 * variable and says what to write instead; all of them are told at once. What a connection needs is not here but in the store.
 */
import { isIP } from 'node:net';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { Failure } from '../domain/kernel/failure.ts';

export interface EncryptionKey {
  /** Written into every envelope, so that a sealed secret says which key opens it. */
  id: string;
  /** 32 bytes, AES-256. */
  key: Buffer;
}

/** Where the API listens unless told otherwise. */
export const API_PORT = 8080;

/** From the most to the least; a level tells everything after it too. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

const ENCRYPTION_KEYS_HINT =
  'must be a comma-separated list of id:base64 with 32 bytes each, the active key first (make one with `openssl rand -base64 32`)';

const port = (hint: string) =>
  z
    .string()
    .regex(/^\d{1,5}$/, hint)
    .transform(Number)
    .refine((value) => value <= 65_535, hint);

const flag = z
  .enum(['true', 'false', '1', '0'], 'must be true or false')
  .transform((value) => value === 'true' || value === '1');

const encryptionKeys = z.string().transform((text, context): EncryptionKey[] => {
  const keys = text.split(',').map((entry) => {
    const [, id = '', encoded = ''] = /^\s*([A-Za-z0-9._-]{1,64}):([A-Za-z0-9+/]{43}=)\s*$/.exec(entry) ?? [];
    return { id, key: Buffer.from(encoded, 'base64') };
  });
  const ids = new Set(keys.map(({ id }) => id));
  if (keys.some(({ key }) => key.length !== 32) || ids.size !== keys.length) {
    context.addIssue({ code: 'custom', message: ENCRYPTION_KEYS_HINT });
    return z.NEVER;
  }
  return keys;
});

const HOSTS_HINT =
  'must be a comma-separated list of host names, addresses, ranges or folders of database files, such as cmms.plant.example,10.0.4.7:8443,10.8.0.0/16,file:/srv/plant/';
const hosts = z.string().transform((text, context): string[] => {
  const list = text
    .split(',')
    .map((host) => host.trim())
    .filter((host) => host !== '')
    .map((host) => (host.startsWith('file:/') ? host : host.toLowerCase()));
  const form = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?$|^[0-9a-f.:]+\/\d{1,3}$|^file:\/.+$/;
  if (list.some((host) => !form.test(host))) {
    context.addIssue({ code: 'custom', message: HOSTS_HINT });
    return z.NEVER;
  }
  return list;
});

const addresses = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .refine(
    (list) =>
      list.every((entry) => {
        const [address = '', prefix, ...rest] = entry.split('/');
        const bits = isIP(address) === 4 ? 32 : 128;
        return (
          isIP(address) !== 0 &&
          rest.length === 0 &&
          (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits))
        );
      }),
    'must be a comma-separated list of addresses or ranges such as 10.0.0.5,10.8.0.0/16',
  );

const HOST_AND_PORT = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/;

const environment = z.object({
  DATABASE_URL: z
    .string()
    .refine(
      isPostgresUrl,
      'must be a PostgreSQL URL such as postgres://user:password@db.example:5432/chatterfix',
    )
    .optional(),
  TEMPORAL_ADDRESS: z
    .string()
    .regex(HOST_AND_PORT, 'must be host:port such as temporal.example:7233, without a scheme')
    .optional(),
  TEMPORAL_NAMESPACE: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'must be the name of a Temporal namespace such as default')
    .default('default'),
  TEMPORAL_API_KEY: z.string().min(1, 'must not be empty').optional(),
  TEMPORAL_TLS: flag.optional(),
  CHATTERFIX_STATE_DIR: z.string().min(1, 'must be a folder').default('.chatterfix'),
  XDG_CACHE_HOME: z.string().optional(),
  CHATTERFIX_ENCRYPTION_KEY: encryptionKeys.optional(),
  CHATTERFIX_ENCRYPTION_KEYS: encryptionKeys.optional(),
  CHATTERFIX_ALLOWED_HOSTS: hosts.default([]),
  CHATTERFIX_API_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:-]+$/, 'must be an address to listen on such as 127.0.0.1 or 0.0.0.0')
    .default('127.0.0.1'),
  CHATTERFIX_API_PORT: port('must be a port from 0 to 65535').optional(),
  CHATTERFIX_PUBLIC_URL: z
    .url({
      protocol: /^https?$/,
      error: 'must be an http or https address such as https://cmms.plant.example',
    })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  CHATTERFIX_GRPC_PORT: port('must be a port from 0 to 65535').optional(),
  CHATTERFIX_GRPC_CERTIFICATE: z.string().min(1, 'must be a file').optional(),
  CHATTERFIX_GRPC_KEY: z.string().min(1, 'must be a file').optional(),
  CHATTERFIX_GRPC_CLIENT_CA: z.string().min(1, 'must be a file').optional(),
  CHATTERFIX_API_REQUESTS_PER_MINUTE: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, 'must be a whole number above 0')
    .default('6000'),
  CHATTERFIX_TRUSTED_PROXIES: addresses.optional(),
  CHATTERFIX_CORS_ORIGINS: z
    .string()
    .transform((text) => text.split(',').map((origin) => origin.trim()))
    .refine(
      (list) => list.every((origin) => URL.canParse(origin) && new URL(origin).origin === origin),
      'must be a comma-separated list of origins such as https://planning.plant.example',
    )
    .default([]),
  CHATTERFIX_JWT_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  CHATTERFIX_JWT_JWKS_URL: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }).optional(),
  CHATTERFIX_JWT_ISSUER: z.string().min(1, 'must not be empty').optional(),
  CHATTERFIX_JWT_AUDIENCE: z.string().min(1, 'must not be empty').optional(),
  CHATTERFIX_LOG_LEVEL: z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`).optional(),
  CHATTERFIX_WORKER_METRICS: z
    .string()
    .regex(HOST_AND_PORT, 'must be host:port such as 0.0.0.0:9464')
    .optional(),
  CHATTERFIX_POSTGRES_PORT: port('must be a port from 1 to 65535').optional(),
  CHATTERFIX_TEMPORAL_PORT: port('must be a port from 1 to 65535').optional(),
});

export interface Settings {
  /** A server to use; absent means the embedded one. */
  databaseUrl?: string;
  temporal: {
    /** `host:port` to use; absent means a dev server of our own. */
    address?: string;
    namespace: string;
    apiKey?: string;
    /** True when asked for or when an API key is set. */
    tls: boolean;
    /** Port of the dev server; a free one when absent. */
    port?: number;
  };
  /** Port of the embedded PostgreSQL; a free one when absent. */
  postgresPort?: number;
  /** Absolute path of the folder in which each local run has its own. */
  stateDir: string;
  /** Absolute path of what may be thrown away and made again. */
  cacheDir: string;
  /** The first is the active one; empty when none is set. */
  encryptionKeys: EncryptionKey[];
  /** Hosts in private ranges that connections may reach, as `host` or `host:port`. */
  allowedHosts: string[];
  /** Absent port: `API_PORT`; for a local run a free one when that is taken. */
  api: { host: string; port?: number };
  /** Where people and providers reach the API from outside; absent: messages carry no links and providers report nothing. */
  publicUrl?: string;
  /** Absent: no gRPC API is served. */
  grpc?: { port: number; tls?: { certificate: string; key: string; clientCa?: string } };
  /** What `api` and `worker` tell on standard error; absent: `info` there, `warn` where a person reads the terminal. */
  logLevel?: LogLevel;
  /** Where a worker serves its metrics and the Temporal SDK's for Prometheus; nowhere when absent. */
  workerMetrics?: string;
  apiSettings: {
    corsOrigins: string[];
    requestsPerMinute: number;
    /** Addresses and ranges of proxies whose X-Forwarded-For is believed. */
    trustedProxies: string[];
    /** Absent: only API keys come in. */
    jwt?: { secret?: string; jwksUrl?: string; issuer: string; audience: string };
    version: string;
  };
}

/** Reads and checks the environment; an empty variable counts as not set. Throws one `invalid_config` with every problem. */
export function readSettings(variables: NodeJS.ProcessEnv = process.env): Settings {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    throw new Failure(
      'invalid_config',
      parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}.`).join('\n'),
    );
  }
  const values = parsed.data;
  if (values.CHATTERFIX_ENCRYPTION_KEY !== undefined && values.CHATTERFIX_ENCRYPTION_KEYS !== undefined) {
    throw new Failure(
      'invalid_config',
      'CHATTERFIX_ENCRYPTION_KEY and CHATTERFIX_ENCRYPTION_KEYS are both set; keep the second, with the active key first.',
    );
  }
  return {
    ...present('databaseUrl', values.DATABASE_URL),
    temporal: {
      ...present('address', values.TEMPORAL_ADDRESS),
      namespace: values.TEMPORAL_NAMESPACE,
      ...present('apiKey', values.TEMPORAL_API_KEY),
      tls: values.TEMPORAL_TLS ?? values.TEMPORAL_API_KEY !== undefined,
      ...present('port', values.CHATTERFIX_TEMPORAL_PORT),
    },
    ...present('postgresPort', values.CHATTERFIX_POSTGRES_PORT),
    stateDir: resolve(values.CHATTERFIX_STATE_DIR),
    cacheDir: join(values.XDG_CACHE_HOME ?? userCacheFolder(), 'chatterfix-sync'),
    encryptionKeys: values.CHATTERFIX_ENCRYPTION_KEYS ?? values.CHATTERFIX_ENCRYPTION_KEY ?? [],
    allowedHosts: values.CHATTERFIX_ALLOWED_HOSTS,
    api: { host: values.CHATTERFIX_API_HOST, ...present('port', values.CHATTERFIX_API_PORT) },
    ...present('logLevel', values.CHATTERFIX_LOG_LEVEL),
    ...present('grpc', grpcSettings(values)),
    ...present('workerMetrics', values.CHATTERFIX_WORKER_METRICS),
    ...present('publicUrl', values.CHATTERFIX_PUBLIC_URL),
    apiSettings: {
      corsOrigins: values.CHATTERFIX_CORS_ORIGINS,
      requestsPerMinute: Number(values.CHATTERFIX_API_REQUESTS_PER_MINUTE),
      trustedProxies: values.CHATTERFIX_TRUSTED_PROXIES ?? [],
      ...present('jwt', jwtSettings(values)),
      version: manifest.version,
    },
  };
}

function grpcSettings(
  values: Pick<
    z.output<typeof environment>,
    | 'CHATTERFIX_GRPC_PORT'
    | 'CHATTERFIX_GRPC_CERTIFICATE'
    | 'CHATTERFIX_GRPC_KEY'
    | 'CHATTERFIX_GRPC_CLIENT_CA'
  >,
): Settings['grpc'] {
  const {
    CHATTERFIX_GRPC_PORT: grpcPort,
    CHATTERFIX_GRPC_CERTIFICATE: certificate,
    CHATTERFIX_GRPC_KEY: key,
    CHATTERFIX_GRPC_CLIENT_CA: clientCa,
  } = values;
  if ((certificate === undefined) !== (key === undefined) || (clientCa !== undefined && key === undefined)) {
    throw new Failure(
      'invalid_config',
      'TLS of the gRPC API needs CHATTERFIX_GRPC_CERTIFICATE and CHATTERFIX_GRPC_KEY; CHATTERFIX_GRPC_CLIENT_CA is beside them.',
    );
  }
  if (grpcPort === undefined) return undefined;
  if (certificate === undefined || key === undefined) return { port: grpcPort };
  return { port: grpcPort, tls: { certificate, key, ...present('clientCa', clientCa) } };
}

/** Tokens are accepted when all that judges them is set; half of it is a mistake. */
function jwtSettings(
  values: Pick<
    z.output<typeof environment>,
    'CHATTERFIX_JWT_SECRET' | 'CHATTERFIX_JWT_JWKS_URL' | 'CHATTERFIX_JWT_ISSUER' | 'CHATTERFIX_JWT_AUDIENCE'
  >,
): Settings['apiSettings']['jwt'] {
  const {
    CHATTERFIX_JWT_SECRET: secret,
    CHATTERFIX_JWT_JWKS_URL: jwksUrl,
    CHATTERFIX_JWT_ISSUER: issuer,
    CHATTERFIX_JWT_AUDIENCE: audience,
  } = values;
  if ([secret, jwksUrl, issuer, audience].every((value) => value === undefined)) return undefined;
  if ((secret === undefined) === (jwksUrl === undefined) || issuer === undefined || audience === undefined) {
    throw new Failure(
      'invalid_config',
      'Tokens need CHATTERFIX_JWT_ISSUER, CHATTERFIX_JWT_AUDIENCE and either CHATTERFIX_JWT_SECRET or CHATTERFIX_JWT_JWKS_URL.',
    );
  }
  return { ...present('secret', secret), ...present('jwksUrl', jwksUrl), issuer, audience };
}

function userCacheFolder(): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  if (process.platform === 'win32') return join(homedir(), 'AppData', 'Local');
  return join(homedir(), '.cache');
}

function isPostgresUrl(text: string): boolean {
  return URL.canParse(text) && /^postgres(ql)?:$/.test(new URL(text).protocol);
}

/** `{ [key]: value }`, or nothing when there is no value: optional properties stay absent, never undefined. */
function present<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}
