/**
 * The last path segment of a record URL (contract 3.1): `_` + base64 of the key values joined by `/`, then `=` to `-` and
 * `+` to `_`. A `/` inside a value becomes `"`, a null part `~NULL~`. What a server does with a base64 `/` is not known
 * (section 10.13); here it is `.`, which clients cannot notice because the id is opaque to them.
 */

export function encodeRestId(parts: readonly (string | number | null)[]): string {
  const text = parts.map((part) => (part === null ? '~NULL~' : String(part).replaceAll('/', '"'))).join('/');
  return `_${Buffer.from(text, 'utf8').toString('base64').replaceAll('=', '-').replaceAll('+', '_').replaceAll('/', '.')}`;
}

/** The key parts of a rest id, or null when it is none. */
export function decodeRestId(id: string): (string | null)[] | null {
  if (!id.startsWith('_')) return null;
  const base64 = id.slice(1).replaceAll('-', '=').replaceAll('_', '+').replaceAll('.', '/');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const parts = Buffer.from(base64, 'base64').toString('utf8').split('/');
  return parts.map((part) => (part === '~NULL~' ? null : part.replaceAll('"', '/')));
}
