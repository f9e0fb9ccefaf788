/**
 * A method per OData call, with logon, CSRF handshake and versions around them. Knows paths, headers and envelopes, not what
 * the rows mean. Sections are those of the SAP PM wire contract.
 */
import type { JsonObject } from '../../../domain/json.ts';
import { Failure, toFailure } from '../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import type { SessionDeps } from '../../kit/contract.ts';
import { createHttp } from '../../kit/http.ts';
import type { HttpRequest } from '../../kit/http-request-shape.ts';
import type { HttpAnswer } from '../../kit/http.ts';
import type { SapConfig, SapSecret } from '../config.ts';
import { CODES, failureOfAnswer, htmlPage, isHtml, wrongClient } from '../failures.ts';
import type { Facts } from '../failures.ts';
import { manifest } from '../manifest.ts';
import { decodeBatch, encodeChangeSet, encodeReads } from './batch.ts';
import type { Part, PartAnswer } from './batch.ts';
import { clientIn, createLogon, NO_TOKEN, tokenIn } from './logon.ts';
import type { CsrfToken } from './logon.ts';
import type { ServiceInfo } from './services.ts';

const BOUNDARY = 'chatterfix_batch';
/** An EDMX of these services is 100 to 700 kB. */
const METADATA_BYTES_MAX = 8 * 1024 * 1024;

export type ODataClient = ReturnType<typeof createClient>;

export function createClient(config: SapConfig, secret: SapSecret, deps: SessionDeps) {
  const host = new URL(config.baseUrl).host;
  const secrets: string[] = [];
  const logon = createLogon(config, secret, deps, secrets);
  const facts: Facts = {
    host,
    oauth: logon.oauth,
    client: config.sapClient === undefined ? 'the default client' : `client ${config.sapClient}`,
  };
  const seen: { token: CsrfToken | null; client: string | null } = {
    token: null,
    client: config.sapClient ?? null,
  };
  /** A refused password is not tried again: five tries lock the SAP user (1.2). */
  const refused: { failure: Failure | null } = { failure: null };
  let fetching: Promise<CsrfToken> | null = null;

  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    socketsMax: manifest.limits.parallel,
    secrets,
    classify,
  });

  function classify(answer: HttpAnswer): Failure | null {
    // A token counts also when it comes with an error (1.4).
    const token = tokenIn(answer);
    if (token !== null) seen.token = token;
    const answering = clientIn(answer);
    seen.client ??= answering;
    if (config.sapClient !== undefined && answering !== null && answering !== config.sapClient) {
      return wrongClient(facts, `client ${answering} answered`);
    }
    if (answer.status >= 200 && answer.status < 300)
      return isHtml(answer) ? htmlPage(facts, answer.status) : null;
    return answer.status >= 300 && answer.status < 400
      ? htmlPage(facts, answer.status)
      : failureOfAnswer(facts, answer);
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    if (refused.failure !== null) throw refused.failure;
    const authorization = await logon.authorization();
    const attempt = (header: string): Promise<HttpAnswer> =>
      http.send({
        ...request,
        query: withClient(request, config),
        headers: { 'accept-language': 'en', ...request.headers, authorization: header },
      });
    try {
      return await attempt(authorization);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind !== 'unauthorized') throw failure;
      // A 401 was surely not carried out.
      if (await logon.renew(authorization)) return attempt(await logon.authorization());
      refused.failure = failure;
      throw failure;
    }
  }

  /** GET below the service with `X-CSRF-Token: Fetch` (1.4); the slash keeps a service root from redirecting. */
  async function fetchToken(service: ServiceInfo): Promise<CsrfToken> {
    seen.token = null;
    try {
      await send({
        method: 'GET',
        path: `${service.path}/`,
        headers: { 'x-csrf-token': 'Fetch' },
        expect: 'text',
        repeatable: true,
      });
    } catch (error) {
      const { kind } = toFailure(error);
      const answered =
        kind === 'not_found' || kind === 'rejected' || kind === 'forbidden' || kind === 'unexpected_response';
      if (!answered) throw error;
    }
    // None at all: most servers that give none ask for none either, and the first write shows which it is.
    const token = readSeen() ?? NO_TOKEN;
    await logon.csrf.set(token);
    return token;
  }

  // A function, because the compiler does not see that a callback has set it.
  function readSeen(): CsrfToken | null {
    return seen.token;
  }

  async function sharedFetch(service: ServiceInfo): Promise<CsrfToken> {
    fetching ??= fetchToken(service).finally(() => {
      fetching = null;
    });
    return fetching;
  }

  /**
   * A request that needs token and cookies, as far as the server gives any; when it is refused for lack of them they are
   * fetched once more and the request is repeated once.
   */
  async function sendWrite(service: ServiceInfo, request: HttpRequest): Promise<HttpAnswer> {
    const attempt = ({ token, cookie }: CsrfToken): Promise<HttpAnswer> =>
      send({
        ...request,
        headers: {
          ...request.headers,
          ...(token === '' ? {} : { 'x-csrf-token': token }),
          ...(cookie === '' ? {} : { cookie }),
        },
      });
    const used = (await logon.csrf.get()) ?? (await sharedFetch(service));
    try {
      return await attempt(used);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.code !== CODES.token) throw failure;
      const fresh = await sharedFetch(service);
      if (fresh.token === '') throw tokenNotGiven(service);
      return attempt(fresh).catch((again: unknown) => {
        throw ofTheConnection(toFailure(again));
      });
    }
  }

  /** A token that is refused again is no matter of the record that was to be written. */
  function ofTheConnection(failure: Failure): Failure {
    if (failure.code !== CODES.token) return failure;
    return new Failure('invalid_config', failure.message, { code: CODES.token });
  }

  function tokenNotGiven(service: ServiceInfo): Failure {
    return new Failure(
      'invalid_config',
      `${host} wants a CSRF token for writes and gives none at ${service.path}; check that nothing before it drops the header x-csrf-token.`,
      { code: CODES.token },
    );
  }

  async function batch(service: ServiceInfo, body: string, repeatable: boolean): Promise<PartAnswer[]> {
    const answer = await sendWrite(service, {
      method: 'POST',
      path: `${service.path}/$batch`,
      headers: { 'content-type': `multipart/mixed; boundary=${BOUNDARY}`, accept: 'multipart/mixed' },
      body,
      expect: 'text',
      repeatable,
      timeoutMs: LIMITS.callTimeoutMs * 2,
    });
    return decodeBatch(answer.headers['content-type'] ?? '', String(answer.body));
  }

  return {
    host,
    account: logon.account,

    /** The client whose data is seen (1.3): of the settings, else as the cookies of an answer name it; null before that. */
    client: (): string | null => seen.client,

    /** Has an answer with cookies, whatever it says. */
    async greet(service: ServiceInfo): Promise<void> {
      await sharedFetch(service);
    },

    /** GET of a list, an entity or a link the server gave (3.1). */
    async read(service: ServiceInfo, path: string, query = ''): Promise<unknown> {
      const answer = await send({
        method: 'GET',
        path: join(service, path),
        query,
        repeatable: true,
        // One row with a NaN in it holds up no other.
        takesOddities: true,
      });
      return answer.body;
    },

    /** GET of a link of the server (`__next`, `@odata.nextLink`), unchanged but for the host: a gateway may show its own name (3.1). */
    async follow(service: ServiceInfo, link: string): Promise<unknown> {
      const url = URL.parse(link, `${config.baseUrl}${service.path}/`);
      if (url === null) {
        throw new Failure('unexpected_response', `${host} gave a link to the next page that is no address.`);
      }
      const base = new URL(config.baseUrl);
      const answer = await send({
        method: 'GET',
        path: `${base.origin}${url.pathname}`,
        query: url.search.slice(1),
        repeatable: true,
        takesOddities: true,
      });
      return answer.body;
    },

    /** POST of a new entity, also below a navigation property (3.4): never repeated, there is no idempotency key. */
    async create(service: ServiceInfo, path: string, body: JsonObject): Promise<unknown> {
      const answer = await sendWrite(service, {
        method: 'POST',
        path: join(service, path),
        body,
        repeatable: false,
      });
      return answer.body;
    },

    /** POST of a function import (V2: parameters in the query, empty body) or of a bound action (V4) (2.1, 2.7). */
    async act(
      service: ServiceInfo,
      path: string,
      query: string,
      body: JsonObject | null,
      version: string | null,
    ): Promise<void> {
      await sendWrite(service, {
        method: 'POST',
        path: join(service, path),
        query,
        ...(body === null ? {} : { body }),
        headers: version === null ? {} : { 'if-match': version },
        repeatable: false,
      });
    },

    /** PATCH or DELETE of one entity (1.6): only sent properties change. Without a known version `*` (1.5). */
    async modify(service: ServiceInfo, part: Part): Promise<void> {
      await sendWrite(service, {
        method: part.method,
        path: join(service, part.url),
        ...(part.headers === undefined ? {} : { headers: part.headers }),
        ...(part.body === undefined ? {} : { body: part.body }),
        // A repeat after a lost reply could overwrite what a person typed in between.
        repeatable: false,
      });
    },

    /** POST $batch with one change set (3.5): one unit of work. */
    async changeSet(service: ServiceInfo, parts: readonly Part[]): Promise<void> {
      const answers = await batch(service, encodeChangeSet(parts, BOUNDARY), false);
      const failed = answers.find(({ status }) => status >= 300);
      if (failed !== undefined) throw failureOfAnswer(facts, failed);
      if (answers.length < parts.length) {
        throw new Failure(
          'unexpected_response',
          `${host} answered ${answers.length} of ${parts.length} changes of a unit of work; the record will be read again.`,
          { applied: 'unknown' },
        );
      }
    },

    /** POST $batch with reads only (3.5); the token is needed all the same. */
    async reads(service: ServiceInfo, urls: readonly string[]): Promise<unknown[]> {
      const parts = urls.map((url): Part => ({ method: 'GET', url }));
      const answers = await batch(service, encodeReads(parts, BOUNDARY), true);
      const failed = answers.find(({ status }) => status >= 300);
      if (failed !== undefined) throw failureOfAnswer(facts, failed);
      if (answers.length !== urls.length) {
        throw new Failure(
          'unexpected_response',
          `${host} answered ${answers.length} of ${urls.length} reads of a $batch.`,
        );
      }
      return answers.map(({ body }) => body);
    },

    /** GET $metadata: EDMX, always XML (1.1). */
    async metadata(service: ServiceInfo): Promise<string> {
      const answer = await send({
        method: 'GET',
        path: `${service.path}/$metadata`,
        headers: { accept: 'application/xml' },
        expect: 'text',
        repeatable: true,
      });
      const text = String(answer.body);
      if (text.length <= METADATA_BYTES_MAX) return text;
      throw new Failure(
        'unexpected_response',
        `The $metadata of ${service.path} is larger than ${METADATA_BYTES_MAX} bytes.`,
      );
    },

    close() {
      http.close();
      logon.close();
    },
  };
}

function join(service: ServiceInfo, path: string): string {
  return `${service.path}/${path}`;
}

/** Client and language with every request (1.3); what a link of the server already says is kept. */
function withClient(request: HttpRequest, { sapClient }: SapConfig): string {
  const own = typeof request.query === 'string' ? request.query : '';
  const add = [
    ...(sapClient === undefined || /(^|&)sap-client=/.test(own) ? [] : [`sap-client=${sapClient}`]),
    ...(/(^|&)sap-language=/.test(own) ? [] : ['sap-language=EN']),
  ];
  return [...(own === '' ? [] : [own]), ...add].join('&');
}
