/** Documents with mistakes: each is refused when the connection is made, with its place. Manners of logging in. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import { custom } from './index.ts';

const list = { path: '/x' };

describe('a document with a mistake', () => {
  it.each<[string, JsonObject | string, string]>([
    ['text that is no YAML', 'resources: [', 'definition'],
    ['no resources', {}, 'definition.resources'],
    ['no entity', { resources: {} }, 'definition.resources'],
    ['an unknown entity', { resources: { pump: { list } } }, 'definition.resources'],
    [
      'an unknown paging',
      { resources: { asset: { list: { ...list, paging: { style: 'pages' } } } } },
      'definition.resources.asset.list.paging.style',
    ],
    [
      'a cursor without its place',
      'resources:\n  asset:\n    list: { path: /x, paging: { style: cursor } }',
      'definition.resources.asset.list.paging.next',
    ],
    [
      'a path without slash',
      { resources: { asset: { list: { path: 'x' } } } },
      'definition.resources.asset.list.path',
    ],
    [
      'an item without id',
      { resources: { asset: { list, item: { path: '/x' } } } },
      'definition.resources.asset.item.path',
    ],
    [
      'since without updated',
      { resources: { asset: { list, since: { param: 's' } } } },
      'definition.resources.asset.updated',
    ],
    ['a misspelt key', { resources: { asset: { list, udpated: 'u' } } }, 'definition.resources.asset'],
    [
      'a zone that is none',
      { resources: { asset: { list, updated: { path: 'u', zone: 'Mars/Base' } } } },
      'definition.resources.asset.updated.zone',
    ],
  ])('%s', (_, definition, path) => {
    const connect = (): unknown =>
      custom.connect({ baseUrl: 'http://127.0.0.1:1', definition }, {}, createSessionDeps());
    expect(connect).toThrow(expect.objectContaining({ kind: 'invalid_config', path }));
    expect(connect).toThrow(path);
  });

  it('a secret that lacks what the login needs', () => {
    const definition = {
      auth: { type: 'oauth2', tokenUrl: 'http://127.0.0.1:1/token' },
      resources: { asset: { list } },
    };
    const connect = (): unknown =>
      custom.connect({ baseUrl: 'http://127.0.0.1:1', definition }, {}, createSessionDeps());
    expect(connect).toThrow('"clientId"');
  });
});

describe('logging in', () => {
  /** What a server is shown: a token endpoint, and a list that tells the header and query back. */
  async function shown(auth: JsonObject | undefined, secret: JsonObject): Promise<string> {
    const server = createServer((request, response) => {
      const isToken = request.url === '/token';
      const row = {
        id: `${request.headers.authorization ?? request.headers['x-key']?.toString() ?? ''} ${request.url ?? ''}`,
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(isToken ? { access_token: 'tok-1', expires_in: 60 } : [row]));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const spelled = auth?.['type'] === 'oauth2' ? { ...auth, tokenUrl: `${baseUrl}/token` } : auth;
    const definition = {
      ...(spelled === undefined ? {} : { auth: spelled }),
      resources: { asset: { list } },
    };
    const session = custom.connect({ baseUrl, definition }, secret, createSessionDeps());
    try {
      const { records } = await session.pull('asset', { cursor: null, pageSize: 5 });
      return records[0]?.externalId ?? '';
    } finally {
      await session.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it.each<[string, JsonObject | undefined, JsonObject, string]>([
    ['nothing', undefined, {}, ' /x'],
    ['a key implies bearer', undefined, { apiKey: 'k-123' }, 'Bearer k-123 /x'],
    ['a user implies basic', undefined, { username: 'u', password: 'p' }, 'Basic dTpw /x'],
    [
      'a header of its own',
      { type: 'api_key', name: 'x-key', prefix: 'Token ' },
      { apiKey: 'k-123' },
      'Token k-123 /x',
    ],
    ['a query parameter', { type: 'api_key', in: 'query', name: 'key' }, { apiKey: 'k 1' }, ' /x?key=k%201'],
    ['OAuth 2.0', { type: 'oauth2' }, { clientId: 'c', clientSecret: 's' }, 'Bearer tok-1 /x'],
  ])('%s', async (_, auth, secret, expected) => {
    expect(await shown(auth, secret)).toBe(expected);
  });

  it('the plain form gives settings and secret', () => {
    const form = { url: 'https://p.example', apiKey: null, username: 'u', password: 'p' };
    expect(custom.fromBasics(form)).toEqual({
      config: { baseUrl: 'https://p.example' },
      secret: { username: 'u', password: 'p' },
    });
  });
});

describe('a list that moves or lies', () => {
  async function against(
    answer: (query: URLSearchParams) => unknown,
    paging: JsonObject,
  ): Promise<{ pages: string[][]; failure: unknown; incomplete: string | undefined }> {
    const server = createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answer(new URL(request.url ?? '/', 'http://x').searchParams)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
    const definition = { resources: { asset: { list: { path: '/x', paging, records: 'items' } } } };
    const session = custom.connect({ baseUrl, definition }, {}, createSessionDeps());
    const pages: string[][] = [];
    let failure: unknown = null;
    let incomplete: string | undefined;
    try {
      for (let cursor: string | null = null, more = true; more;) {
        const page = await session.pull('asset', { cursor, pageSize: 4 });
        pages.push(page.records.map(({ externalId }) => externalId));
        ({ cursor, more, incomplete } = page);
      }
    } catch (error) {
      failure = error;
    }
    await session.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return { pages, failure, incomplete };
  }
  const rows = (count: number): { id: number }[] => Array.from({ length: count }, (_, id) => ({ id }));

  it('pages shorter than asked for are not taken for the end', async () => {
    const { pages, failure } = await against(
      (query) => {
        const page = Number(query.get('page'));
        return { items: rows(9).slice((page - 1) * 2, page * 2) };
      },
      { style: 'page' },
    );
    expect(failure).toBeNull();
    expect(pages.flat()).toEqual(rows(9).map(({ id }) => String(id)));
  });

  it('an offset list that gives less than asked for loses nothing', async () => {
    const { pages, failure } = await against(
      (query) => {
        const offset = Number(query.get('offset'));
        return { items: rows(9).slice(offset, offset + Math.min(3, Number(query.get('limit')))) };
      },
      { style: 'offset' },
    );
    expect(failure).toBeNull();
    expect(pages.flat()).toEqual(rows(9).map(({ id }) => String(id)));
  });

  it('a cursor that stands still ends, and what may be missing is said', async () => {
    const { pages, failure, incomplete } = await against(() => ({ items: rows(2), next: 'same' }), {
      style: 'cursor',
      next: 'next',
    });
    expect(failure).toBeNull();
    expect(pages.flat()).toEqual(['0', '1']);
    expect(incomplete).toContain('correct list.paging in the definition');
  });

  it('a next page on another host is not followed', async () => {
    const { failure } = await against(() => ({ items: rows(2), next: 'https://elsewhere.example/x' }), {
      style: 'next_url',
      next: 'next',
    });
    expect(failure).toMatchObject({ kind: 'unexpected_response' });
  });
});
