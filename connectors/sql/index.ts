/** The connector to databases of home-made systems. Only this file may be imported from outside. */
import type { JsonObject } from '../../domain/json.ts';
import type { Basics, Connector, Session, SessionDeps } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { writeEach } from '../kit/outcomes.ts';
import { parseConfig } from '../kit/parse.ts';
import { configSchema, secretSchema } from './config.ts';
import type { SqlConfig, SqlSecret } from './config.ts';
import { openDatabase } from './database.ts';
import { manifest, manifestFor } from './manifest.ts';
import { createReader } from './read.ts';
import { createWriter } from './write.ts';

export const sql: Connector = {
  manifest,
  manifestFor,
  config: configSchema,
  secret: secretSchema,
  fromBasics,
  connect(config, secret, deps) {
    return connect(
      parseConfig(configSchema, config, 'The configuration of the database'),
      parseConfig(secretSchema, secret, 'The secret of the database (user and password)'),
      deps,
    );
  },
};

function connect(config: SqlConfig, secret: SqlSecret, deps: SessionDeps): Session {
  const database = openDatabase(config, secret, deps);
  const now = (): number => deps.now();
  const reader = createReader(database, config, now);
  const writer = createWriter(database, reader, config, now);
  const lanes = config.dialect === 'sqlite' ? 1 : config.connectionsMax;

  return {
    async probe() {
      await reader.probe();
      return { account: secret.user ?? database.where, version: null };
    },
    pull: reader.pull,
    read: reader.read,
    create: (entity, ops) => writeEach(ops, (op) => writer.create(entity, op), lanes),
    update: (entity, ops) => writeEach(ops, (op) => writer.update(entity, op), lanes),
    findCreated: (entity, ops) => inLanes(ops, lanes, (op) => writer.findCreated(entity, op)),
    remove: writer.remove,
    keys: reader.keys,
    discover: reader.discover,
    close: () => database.close(),
  };
}

/** `postgres://user:password@host:5432/database`, `mysql://...` or `sqlite:/path/to/file`; a user and password beside it win. */
function fromBasics({ url, username, password }: Basics): { config: JsonObject; secret: JsonObject } {
  const parsed = URL.parse(url);
  const scheme = parsed?.protocol.replace(':', '') ?? '';
  const user = username ?? (parsed === null ? '' : decodeURIComponent(parsed.username));
  const word = password ?? (parsed === null ? '' : decodeURIComponent(parsed.password));
  const secret = { ...(user === '' ? {} : { user }), ...(word === '' ? {} : { password: word }) };
  if (scheme === 'sqlite' || scheme === 'file') {
    return { config: { dialect: 'sqlite', file: decodeURIComponent(parsed?.pathname ?? '') }, secret };
  }
  const dialects: Record<string, string> = { postgresql: 'postgres', mariadb: 'mysql' };
  const mode = parsed?.searchParams.get('sslmode') ?? parsed?.searchParams.get('tls');
  return {
    config: {
      dialect: dialects[scheme] ?? scheme,
      host: (parsed?.hostname ?? '').replace(/^\[|\]$/g, ''),
      ...(parsed === null || parsed.port === '' ? {} : { port: Number(parsed.port) }),
      database: decodeURIComponent((parsed?.pathname ?? '').replace(/^\//, '')),
      ...(mode === 'disable' || mode === 'off'
        ? { tls: 'off' }
        : mode === 'require'
          ? { tls: 'require' }
          : {}),
    },
    secret,
  };
}
