/**
 * A method per UpKeep call, and the session token around them: kept where all workers find it, renewed once when UpKeep
 * refuses it. Knows paths and envelopes, not what the records mean.
 * Reference: https://developers.onupkeep.com/ (restated in the wire contract, whose sections are cited).
 */
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { NewAttachment, SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { multipartFile } from '../kit/multipart.ts';
import { parseAnswer } from '../kit/parse.ts';
import type { UpkeepConfig, UpkeepSecret } from './config.ts';
import { createClassify, isMissing } from './failures.ts';
import { manifest } from './manifest.ts';
import * as wire from './wire.ts';

/** Pins behaviour; accounts default to whatever was current when they were made (contract 1.4). */
const API_VERSION = '2022-09-14';

export type Query = Record<string, string | undefined>;

export interface ListPage {
  rows: JsonObject[];
  /** The server's own clock when it answered, epoch milliseconds. */
  servedAt: number | null;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(config: UpkeepConfig, secret: UpkeepSecret, deps: SessionDeps) {
  const host = new URL(config.baseUrl).host;
  const secrets = Object.values(secret);
  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    socketsMax: manifest.limits.parallel,
    secrets,
    classify: createClassify(host),
  });
  let token: string | null = null;
  let login: Promise<string> | null = null;

  /** POST /auth (contract 1.1). */
  async function logIn(credentials: { email: string; password: string }): Promise<string> {
    try {
      const answer = await http.send({
        method: 'POST',
        path: '/auth',
        headers: { 'user-agent': config.userAgent },
        body: credentials,
        repeatable: true,
      });
      const { sessionToken } = parseAnswer(wire.login, answer.body, `The login answer of ${host}`).result;
      secrets.push(sessionToken);
      await deps.tokens.set(sessionToken);
      return sessionToken;
    } catch (error) {
      const failure = toFailure(error);
      if (['unauthorized', 'rejected', 'forbidden', 'not_found'].includes(failure.kind)) {
        throw new Failure(
          'unauthorized',
          `${host} refuses the e-mail and password of this connection; enter valid ones.`,
        );
      }
      // Whatever was to be sent after the login has not been sent.
      throw new Failure(failure.kind, failure.message, {
        ...(failure.retryAfterMs === null ? {} : { retryAfterMs: failure.retryAfterMs }),
        ...(failure.code === null ? {} : { code: failure.code }),
      });
    }
  }

  /** The token to use; `refused` is one that UpKeep no longer takes. */
  async function currentToken(refused: string | null): Promise<string> {
    if ('token' in secret) return secret.token;
    if (token !== null && token !== refused) return token;
    const shared = await deps.tokens.get();
    if (shared !== null && shared !== refused) {
      // Another worker has logged in meanwhile.
      if (!secrets.includes(shared)) secrets.push(shared);
      token = shared;
      return shared;
    }
    login ??= logIn(secret).finally(() => {
      login = null;
    });
    token = await login;
    return token;
  }

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const used = await currentToken(null);
    try {
      return await sendAs(used, request);
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'unauthorized') throw error;
      if ('token' in secret) {
        throw new Failure(
          'unauthorized',
          `${host} refuses the API token of this connection; issue a new one there.`,
        );
      }
      // Expired: log in again and repeat the call once (contract 1.2). A 401 was surely not carried out.
      return await sendAs(await currentToken(used), request);
    }
  }

  function sendAs(sessionToken: string, request: HttpRequest): Promise<HttpAnswer> {
    return http.send({ ...request, headers: { ...request.headers, ...sessionHeaders(sessionToken) } });
  }

  function sessionHeaders(sessionToken: string): Record<string, string> {
    return {
      'session-token': sessionToken,
      'upkeep-version': API_VERSION,
      'user-agent': config.userAgent,
    };
  }

  function oneOf(answer: HttpAnswer, request: HttpRequest): JsonObject {
    const what = `The answer of ${host} to ${request.method} ${request.path}`;
    return parseAnswer(wire.one, answer.body, what, request.method === 'GET' ? 'no' : 'unknown').result;
  }

  return {
    host,

    /** GET /x?limit&offset&orderBy&filters (contract 2.4, 2.5). "... not found" on a list means an empty page. */
    async list(path: string, query: Query): Promise<ListPage> {
      try {
        const answer = await send({ method: 'GET', path, query, repeatable: true, takesOddities: true });
        const rows = parseAnswer(wire.list, answer.body, `The list ${path} of ${host}`);
        const servedAt = Date.parse(answer.headers['date'] ?? '');
        return { rows, servedAt: Number.isNaN(servedAt) ? null : servedAt };
      } catch (error) {
        if (isMissing(error)) return { rows: [], servedAt: null };
        throw error;
      }
    },

    /** GET /x/{id}; null when UpKeep says the record is not found. */
    async get(path: string, id: string, query: Query = {}): Promise<JsonObject | null> {
      const request = {
        method: 'GET',
        path: `${path}/${encodeURIComponent(id)}`,
        query,
        repeatable: true,
      } as const;
      try {
        return oneOf(await send(request), request);
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    /** POST /x (contract 3). There is no idempotency key: never repeated by itself. */
    async create(path: string, body: JsonObject): Promise<JsonObject> {
      const request = { method: 'POST', path, body, repeatable: false } as const;
      return oneOf(await send(request), request);
    },

    /**
     * PATCH /x/{id} (contract 6.1: only the fields sent change) or one of its verbs such as `/requests/{id}/cancel`.
     * The answer's record, or null when the answer carries none.
     */
    async patch(path: string, id: string, body: JsonObject | null, verb = ''): Promise<JsonObject | null> {
      const answer = await send({
        method: 'PATCH',
        path: `${path}/${encodeURIComponent(id)}${verb === '' ? '' : `/${verb}`}`,
        ...(body === null ? {} : { body }),
        // Harmless to the record, but a repeat after a lost reply could overwrite what a person typed in between.
        repeatable: false,
      });
      return (
        parseAnswer(wire.maybeOne, answer.body, `The answer of ${host} to PATCH ${path}`, 'unknown').result ??
        null
      );
    },

    /** DELETE /x/{id}; a record already gone is fine. */
    async remove(path: string, id: string): Promise<void> {
      try {
        await send({ method: 'DELETE', path: `${path}/${encodeURIComponent(id)}`, repeatable: true });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },

    /** GET /pm?page&pageSize&includes=schedules (contract 3.8): its own envelope and its own paging. */
    async plans(page: number, pageSize: number): Promise<{ templates: JsonObject[]; more: boolean }> {
      const query = { page: String(page), pageSize: String(pageSize), includes: 'schedules' };
      try {
        const answer = await send({ method: 'GET', path: '/pm', query, repeatable: true });
        const { data, pagination } = parseAnswer(wire.planList, answer.body, `The list /pm of ${host}`);
        // `totalCount` may count schedules (contract 3.8), so only `nextPage` and a short page end the walk.
        const more = pagination ? pagination.nextPage != null : data.length === pageSize;
        return { templates: data, more };
      } catch (error) {
        if (isMissing(error)) return { templates: [], more: false };
        throw error;
      }
    },

    /** GET /meters/{id}/readings (contract 3.7), newest first as far as UpKeep obeys the order. */
    async readings(meterId: string): Promise<wire.Reading[]> {
      const path = `/meters/${encodeURIComponent(meterId)}/readings`;
      const query = { limit: '100', orderBy: 'createdAt DESC' };
      try {
        const answer = await send({ method: 'GET', path, query, repeatable: true });
        const rows = parseAnswer(wire.list, answer.body, `The readings of a meter of ${host}`);
        return rows.flatMap((row) => wire.readingOf(row) ?? []);
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },

    /** POST /meters/{id}/readings (contract 3.7): append-only, may raise a work order at once. */
    async addReading(meterId: string, reading: { value: number; date: number }): Promise<void> {
      await send({
        method: 'POST',
        path: `/meters/${encodeURIComponent(meterId)}/readings`,
        body: reading,
        repeatable: false,
      });
    },

    /** POST /work-orders/{id}/update-messages (contract 3.1). */
    async addMessage(workOrderId: string, text: string): Promise<string | null> {
      const answer = await send({
        method: 'POST',
        path: `/work-orders/${encodeURIComponent(workOrderId)}/update-messages`,
        body: { text },
        repeatable: false,
      });
      const { result } = parseAnswer(wire.maybeOne, answer.body, `The message answer of ${host}`, 'unknown');
      return typeof result?.['id'] === 'string' ? result['id'] : null;
    },

    /** POST /files, multipart (contract 3.13). The file is on no record yet. */
    async upload(file: NewAttachment): Promise<string> {
      const body = multipartFile('file', file);
      const answer = await send({
        method: 'POST',
        path: '/files',
        headers: body.headers,
        body: () => body.open(),
        repeatable: false,
        timeoutMs: LIMITS.fileUploadMs,
      });
      const { result } = parseAnswer(wire.one, answer.body, `The upload answer of ${host}`, 'unknown');
      const id = result['id'] ?? result['_id'];
      if (typeof id === 'string' && id !== '') return id;
      throw new Failure('unexpected_response', `${host} gave no id for an uploaded file.`);
    },

    /** The content of a file. Storage on another host is asked without our session. */
    async openFile(address: string) {
      const url = URL.parse(address, config.baseUrl);
      if (url === null) throw new Failure('unexpected_response', `${host} gave no valid address of a file.`);
      const request: HttpRequest = { method: 'GET', path: url.href, repeatable: true };
      if (url.origin === new URL(config.baseUrl).origin) {
        const used = await currentToken(null);
        return (await http.download({ ...request, headers: sessionHeaders(used) })).stream;
      }
      const storage = createHttp({
        baseUrl: url.origin,
        throttle: deps.throttle,
        network: deps.network,
        signal: deps.signal,
        now: () => deps.now(),
        // A signature in the address is as good as a password for as long as it lives.
        secrets: url.search === '' ? [] : [url.search.slice(1)],
        classify: () => null,
      });
      try {
        const { stream } = await storage.download(request);
        stream.once('close', () => storage.close());
        return stream;
      } catch (error) {
        storage.close();
        throw error;
      }
    },

    /** GET /webhooks (contract 5). */
    async webhooks(): Promise<wire.Webhook[]> {
      const path = '/webhooks';
      try {
        const answer = await send({ method: 'GET', path, repeatable: true });
        const rows = parseAnswer(wire.list, answer.body, `The list /webhooks of ${host}`);
        return rows.flatMap((row) => wire.webhookOf(row) ?? []);
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },

    /** POST /webhooks (contract 5): the id stands at the top level of the answer. */
    async addWebhook(body: { title: string; endpoint: string; events: string[] }): Promise<string> {
      const answer = await send({ method: 'POST', path: '/webhooks', body, repeatable: false });
      return parseAnswer(wire.webhookCreated, answer.body, `The webhook answer of ${host}`, 'unknown');
    },

    close() {
      http.close();
    },
  };
}
