/**
 * Where a connection's credentials go. Credentials are never shown, and whoever may change settings could otherwise have them
 * sent to a server of his own: a new destination asks for them again.
 */
import type { Json, JsonObject } from '../../domain/json.ts';

/** Every server that the settings name, wherever they name it: origins of addresses, and a database's host and port. */
export function destinationsOf(config: JsonObject): Set<string> {
  const found = new Set<string>();
  for (const text of textsOf(config)) {
    // `//host/path` inherits only the scheme, so it leads to another server as well.
    const url = URL.parse(text.startsWith('//') ? `https:${text}` : text);
    if (url !== null && url.host !== '') found.add(`${url.protocol}//${url.host}`);
  }
  const { host, port } = config;
  if (typeof host === 'string')
    found.add(`${host.toLowerCase()}:${typeof port === 'number' ? String(port) : ''}`);
  return found;
}

/** The destinations that `after` has and `before` has not. */
export function newDestinations(before: JsonObject, after: JsonObject): string[] {
  const known = destinationsOf(before);
  return [...destinationsOf(after)].filter((one) => !known.has(one));
}

function* textsOf(value: Json | undefined): Generator<string> {
  if (typeof value === 'string') yield value.trim();
  if (typeof value !== 'object' || value === null) return;
  for (const inner of Object.values(value)) yield* textsOf(inner);
}
