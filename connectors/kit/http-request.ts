/** A request as it goes onto the wire: its address, which never leaves the base URL's origin, and its body. */
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HttpRequest } from './http-request-shape.ts';

export function parseBase(baseUrl: string): URL {
  const base = URL.parse(baseUrl);
  if (base && (base.protocol === 'http:' || base.protocol === 'https:')) return base;
  throw new Failure('invalid_config', 'The base URL must be an absolute http or https address.', {
    path: 'baseUrl',
  });
}

export function resolveUrl(base: URL, request: HttpRequest): string {
  const absolute = /^https?:\/\//i.test(request.path);
  const root = base.origin + base.pathname.replace(/\/+$/, '');
  const url = URL.parse(absolute ? request.path : `${root}/${request.path.replace(/^\/+/, '')}`);
  if (url?.origin !== base.origin) {
    throw new Failure(
      'unexpected_response',
      `Refused to leave ${base.host} for another host; check the base URL.`,
    );
  }
  assertStays(request.path, base.host);
  const query = encodeQuery(request.query);
  if (query !== '') url.search = url.search === '' ? `?${query}` : `${url.search}&${query}`;
  return url.href;
}

/** `.` and `..` as parts of a path, spelled in any way, are walked by every client: `/assets/..` is another call than meant. */
function assertStays(path: string, host: string): void {
  const [plain = ''] = path.split(/[?#]/);
  if (!/(?:^|[/\\])(?:\.|%2e){1,2}(?:$|[/\\])/i.test(plain)) return;
  throw new Failure(
    'rejected',
    `An id that is "." or ".." cannot be part of an address at ${host}; give the record another id there.`,
    { code: 'DOT_IN_PATH' },
  );
}

function encodeQuery(query: HttpRequest['query']): string {
  if (query === undefined) return '';
  if (typeof query === 'string') return query.replace(/^\?/, '');
  return Object.entries(query)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
    )
    .join('&');
}

function hasOwnContentType(request: HttpRequest): boolean {
  return Object.keys(request.headers ?? {}).some((name) => name.toLowerCase() === 'content-type');
}

/** Without a body there is no media type: `false` keeps axios from adding that of a form, which real servers then read. */
export function bodyHeaders(request: HttpRequest): Record<string, string | false> {
  if (hasOwnContentType(request)) return {};
  return { 'content-type': request.body === undefined ? false : 'application/json' };
}

/**
 * Where a redirect leads that says nothing but "the same with a slash at the end", or without one: frameworks send it,
 * behind a proxy with the scheme they see. It is asked for at the base URL's own origin. Everything else is not followed.
 */
export function slashRedirect(
  base: URL,
  method: HttpRequest['method'],
  url: string,
  { status, headers }: { status: number; headers: Record<string, string> },
): string | null {
  const kept = status === 307 || status === 308;
  if (!kept && !(method === 'GET' && (status === 301 || status === 302))) return null;
  const from = new URL(url);
  const to = URL.parse(headers['location'] ?? '', url);
  const plain = (path: string): string => path.replace(/\/+$/, '');
  if (to === null || to.hostname !== from.hostname || to.pathname === from.pathname) return null;
  if (plain(to.pathname) !== plain(from.pathname)) return null;
  return base.origin + to.pathname + (to.search === '' ? from.search : to.search);
}

export async function encodeBody(request: HttpRequest): Promise<string | Buffer | Readable | undefined> {
  const { body } = request;
  if (body === undefined) return undefined;
  if (hasOwnContentType(request)) {
    if (typeof body === 'string' || Buffer.isBuffer(body)) return body;
    if (typeof body === 'function') return (await (body as () => unknown)()) as Readable;
  }
  return JSON.stringify(body);
}
