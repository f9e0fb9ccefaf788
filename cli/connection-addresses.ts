/**
 * What the settings of a connection may point at, judged before they are stored: every URL anywhere inside, database hosts and
 * files. The sockets judge again at each connect (connectors/kit/network.ts); this is the early, clear answer.
 */
import { assertFile, assertHost, assertReachable, type NetworkPolicy } from '../connectors/kit/network.ts';
import type { Json, JsonObject } from '../domain/json.ts';
import { Failure } from '../domain/kernel/failure.ts';

const MYSQL_PORT = 3306;
const POSTGRES_PORT = 5432;

/** Throws `invalid_config` with the field's path for an address that may not be reached. */
export function assertAddresses(config: JsonObject, network: NetworkPolicy): void {
  for (const [path, text] of textsOf(config)) {
    const url = URL.parse(text);
    if (url === null || !/^https?:$/.test(url.protocol)) continue;
    if (url.username !== '' || url.password !== '') {
      throw new Failure(
        'invalid_config',
        'An address may not hold a user or a password; give them as credentials.',
        { path, code: 'CREDENTIALS_IN_URL' },
      );
    }
    at(path, () => assertReachable(url, network));
  }
  const { dialect, host, port, file } = config;
  if (typeof host === 'string') {
    const usual = dialect === 'mysql' ? MYSQL_PORT : POSTGRES_PORT;
    at('host', () =>
      assertHost(host.toLowerCase(), String(typeof port === 'number' ? port : usual), network),
    );
  }
  if (dialect === 'sqlite' && typeof file === 'string') assertFile(file, network);
}

/** Every text in it with its path. */
function* textsOf(value: Json | undefined, path = ''): Generator<[path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    yield* textsOf(inner, path === '' ? key : `${path}.${key}`);
}

function at(path: string, check: () => void): void {
  try {
    check();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.kind, error.message, {
      path,
      ...(error.code === null ? {} : { code: error.code }),
    });
  }
}
