/** A request as it goes onto the wire: its address, which never leaves the base URL's origin, and its body. */
import type { Readable } from 'node:stream';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HttpRequest } from './http.ts';

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
  const query = encodeQuery(request.query);
  if (query !== '') url.search = url.search === '' ? `?${query}` : `${url.search}&${query}`;
  return url.href;
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

export function bodyHeaders(request: HttpRequest): Record<string, string> {
  return request.body === undefined || hasOwnContentType(request)
    ? {}
    : { 'content-type': 'application/json' };
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
