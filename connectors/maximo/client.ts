/**
 * One method per Maximo call. It adds what every call needs (lean names, credentials, one new login after a 401) and
 * knows nothing of entities. Source: Maximo REST API guide, https://ibm-maximo-dev.github.io/maximo-restapi-documentation/.
 */
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { ExternalAttachment, NewAttachment, SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import type { MaximoSecret, MaximoSettings } from './config.ts';
import { classifier, failureOf, LOGIN_PAGE, loginPage } from './failures.ts';
import { createLogin } from './login.ts';
import { isObject, readBulk, readCollection, readIdentity } from './wire.ts';
import type { BulkRow, Collection, Identity } from './wire.ts';

export interface ListRequest {
  os: string;
  select: string;
  where: string;
  /** Signed, e.g. `+workorderid` (contract 3.2: unsigned is an error). */
  orderBy: string;
  pageSize: number;
}

export interface BulkRequest {
  os: string;
  rows: readonly object[];
  /** Select list of what each row's answer should hold. */
  properties: string;
}

/** Smaller pages are not tried: a refusal is then about something else. */
const PAGE_SIZE_MIN = 50;

/** A file name as a header takes it: what is not plain ASCII percent-encoded (RFC 5023 9.7). */
function slugOf(name: string): string {
  return name.toWellFormed().replaceAll(/[^\x20-\x24\x26-\x7e]/gu, (sign) => encodeURIComponent(sign));
}

export type MaximoClient = ReturnType<typeof createClient>;

export function createClient(config: MaximoSettings, secret: MaximoSecret, deps: SessionDeps) {
  const secrets = 'apiKey' in secret ? [secret.apiKey] : [secret.password];
  const { host } = new URL(config.baseUrl);
  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    secrets,
    classify: classifier(host, config.auth !== 'apikey'),
  });
  const login = createLogin({ config, secret, http, tokens: deps.tokens, secrets });

  async function call(request: HttpRequest): Promise<HttpAnswer> {
    return loggedIn(request, (authorised) => http.send(authorised));
  }

  async function loggedIn<T>(request: HttpRequest, send: (request: HttpRequest) => Promise<T>): Promise<T> {
    const headers = await login.headers();
    try {
      return await send({ ...request, headers: { ...request.headers, ...headers } });
    } catch (error) {
      const failure = toFailure(error);
      // A 401 means the request was not carried out, so even a write may be sent once more; what a web page in answer to
      // a write means is not told, so only reads are repeated after one.
      const ended =
        failure.kind === 'unauthorized' || (failure.code === LOGIN_PAGE && request.method === 'GET');
      if (!ended || !(await login.renew(headers))) throw failure;
      const renewed = await login.headers();
      return send({ ...request, headers: { ...request.headers, ...renewed } });
    }
  }

  const os = `${login.root}/os`;
  /** Largest page that each object structure was found to give, where that is less than asked for. */
  const pageSizes = new Map<string, number>();

  async function listPage(request: ListRequest, pageSize: number): Promise<Collection> {
    const answer = await call({
      method: 'GET',
      path: `${os}/${request.os}`,
      query: {
        lean: '1',
        'oslc.select': request.select,
        'oslc.where': request.where === '' ? undefined : request.where,
        'oslc.orderBy': request.orderBy,
        'oslc.pageSize': String(pageSize),
        internalvalues: '1',
        ignorecollectionref: '1',
        relativeuri: '1',
      },
      repeatable: true,
    });
    return readCollection(answer.body, request.os, pageSize);
  }

  return {
    /** GET /whoami (contract 1.2): the connection test. */
    async whoami(): Promise<Identity> {
      const answer = await call({
        method: 'GET',
        path: `${login.root}/whoami`,
        query: { lean: '1' },
        repeatable: true,
      });
      return readIdentity(answer.body);
    },

    /** GET / (contract 1.2): `maxupg` is the product version; null where the root is not served. */
    async version(): Promise<string | null> {
      try {
        const answer = await call({
          method: 'GET',
          path: `${login.root}/`,
          query: { lean: '1' },
          repeatable: true,
        });
        const version = isObject(answer.body) ? answer.body.maxupg : null;
        return typeof version === 'string' ? version : null;
      } catch (error) {
        const failure = toFailure(error);
        if (failure.kind === 'not_found' || failure.kind === 'forbidden' || failure.kind === 'rejected')
          return null;
        throw failure;
      }
    },

    /**
     * GET /os/{os}: one page of records (contract 3.2). Null attributes are left out by the server. A page above the
     * server's maximum is an error without a code (3.5, 10.3), so a refusal without a code is met with smaller pages.
     */
    async list(request: ListRequest): Promise<Collection> {
      let pageSize = Math.min(request.pageSize, pageSizes.get(request.os) ?? request.pageSize);
      for (;;) {
        try {
          const page = await listPage(request, pageSize);
          if (pageSize < request.pageSize) pageSizes.set(request.os, pageSize);
          return page;
        } catch (error) {
          const failure = toFailure(error);
          if (failure.kind !== 'rejected' || failure.code !== null || pageSize <= PAGE_SIZE_MIN)
            throw failure;
          pageSize = Math.max(PAGE_SIZE_MIN, Math.floor(pageSize / 2));
        }
      }
    },

    /** GET /jsonschemas/{os} or {os}/{child} (contract 2.2), of a few attributes or of all. */
    async schema(name: string, select?: string): Promise<unknown> {
      const answer = await call({
        method: 'GET',
        path: `${login.root}/jsonschemas/${name}`,
        query: { lean: '1', 'oslc.select': select },
        repeatable: true,
      });
      return answer.body;
    },

    /**
     * POST /os/{os} with `x-method-override: BULK` (contract 4.8). Each row commits alone; the answer is 200 even when
     * all rows failed. Never repeated here.
     */
    async bulk(request: BulkRequest): Promise<BulkRow[]> {
      const answer = await call({
        method: 'POST',
        path: `${os}/${request.os}`,
        query: { lean: '1' },
        headers: { 'x-method-override': 'BULK', properties: request.properties },
        body: request.rows,
        repeatable: false,
        timeoutMs: 2 * LIMITS.callTimeoutMs,
      });
      return readBulk(answer.body, request.rows.length);
    },

    /** DELETE {record url} (contract 4.5). */
    async remove(address: string): Promise<void> {
      await call({ method: 'DELETE', path: `${os}/${address}`, query: { lean: '1' }, repeatable: true });
    },

    /** GET {record url}/doclinks (contract 4.10): members with `href` and `describedBy`. */
    async doclinks(address: string): Promise<unknown[]> {
      const answer = await call({
        method: 'GET',
        path: `${os}/${address}/doclinks`,
        query: { lean: '1' },
        repeatable: true,
      });
      const members = isObject(answer.body) ? answer.body.member : undefined;
      if (Array.isArray(members)) return members as unknown[];
      throw new Failure(
        'unexpected_response',
        `Maximo's list of files has no "member" array; include doclinks in the object structure of ${address}.`,
      );
    },

    /** GET {record url}/doclinks/{id} (contract 4.10): the content. */
    async openDoclink(address: string, file: ExternalAttachment) {
      const request: HttpRequest = {
        method: 'GET',
        path: `${os}/${address}/doclinks/${file.externalId}`,
        repeatable: true,
      };
      return loggedIn(request, async (authorised) => {
        const { headers, stream } = await http.download(authorised);
        const html = (headers['content-type'] ?? '').includes('html');
        if (!html || /\.html?$/i.test(file.name) || file.mediaType?.includes('html') === true) return stream;
        stream.destroy();
        // A session that ended shows as a page with status 200 (contract 6), which must not become the file.
        throw loginPage(host);
      });
    },

    /** POST {record url}/doclinks (contract 4.10): the bytes as they are, multipart is not taken. The id stands in `Location`. */
    async addDoclink(address: string, file: NewAttachment): Promise<string | null> {
      const answer = await call({
        method: 'POST',
        path: `${os}/${address}/doclinks`,
        headers: {
          slug: slugOf(file.name),
          'x-document-meta': 'FILE/Attachments',
          'x-document-description': slugOf(file.name),
          'content-type': file.mediaType,
          'content-length': String(file.bytes),
        },
        body: () => file.open(),
        expect: 'text',
        repeatable: false,
        timeoutMs: LIMITS.fileUploadMs,
      });
      return /\/doclinks\/(?:meta\/)?(\d+)/.exec(answer.headers['location'] ?? '')?.[1] ?? null;
    },

    /** The URL rows of a bulk write name a record by, under our own root whatever the server's hrefs say. */
    url(address: string): string {
      return `${config.baseUrl}/${os}/${address}`;
    },

    rowFailure(row: BulkRow): Failure {
      return failureOf(host, row.status, row.data);
    },

    close(): void {
      http.close();
    },
  };
}
