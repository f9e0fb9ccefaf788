/**
 * A method per call of ChatterFix, at the host that serves it. Knows paths, envelopes and credentials, not what records mean.
 * There is no public reference; sections are those of the wire contract.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { NewAttachment, SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { Http, HttpAnswer } from '../kit/http.ts';
import { parseAnswer } from '../kit/parse.ts';
import { createAuth } from './auth.ts';
import type { ChatterfixConfig, ChatterfixSecret } from './config.ts';
import { createClassify, isMissing } from './failures.ts';
import { manifest } from './manifest.ts';
import { multipartOf } from './multipart.ts';
import { itemPath } from './profile.ts';
import type { ObjectShape, Service } from './profile.ts';
import * as wire from './wire.ts';

/** Contract 9. */
const TIMEOUT_MS = 30_000;
/** A file, or a list that comes in one answer. */
const LONG_TIMEOUT_MS = 120_000;

export type Client = ReturnType<typeof createClient>;

export function createClient(config: ChatterfixConfig, secret: ChatterfixSecret, deps: SessionDeps) {
  const secrets = Object.values(secret as Record<string, string>);
  const auth = createAuth(config, secret, deps, secrets);
  const https = new Map<string, Http>();
  const urls: Readonly<Record<Service, string>> = {
    main: config.baseUrl,
    assets: config.assetsUrl ?? config.baseUrl,
    parts: config.partsUrl ?? config.baseUrl,
  };
  const hostOf = (service: Service): string => new URL(urls[service]).host;

  function httpFor(service: Service): Http {
    const baseUrl = urls[service];
    const known = https.get(baseUrl);
    if (known) return known;
    const made = createHttp({
      baseUrl,
      throttle: deps.throttle,
      network: deps.network,
      signal: deps.signal,
      now: () => deps.now(),
      timeoutMs: TIMEOUT_MS,
      socketsMax: manifest.limits.parallel,
      secrets,
      classify: createClassify(hostOf(service)),
    });
    https.set(baseUrl, made);
    return made;
  }
  // A wrong address is told when connecting, not at the first call.
  httpFor('main');

  async function send(service: Service, request: HttpRequest): Promise<HttpAnswer> {
    const http = httpFor(service);
    const used = await auth.headers();
    const headers = { ...request.headers, ...used };
    try {
      return await http.send({ ...request, headers });
    } catch (error) {
      const expired = error instanceof Failure && error.kind === 'unauthorized';
      // A 401 was surely not carried out.
      if (!expired || !(await auth.renew(used))) throw error;
      return await http.send({ ...request, headers: { ...request.headers, ...(await auth.headers()) } });
    }
  }

  const answerTo = (service: Service, what: string): string => `The answer of ${hostOf(service)} to ${what}`;

  return {
    account: auth.account,
    hostOf,

    /** GET /openapi.json, which FastAPI publishes without authentication (contract 1); null where it is switched off. */
    async openapi(): Promise<wire.OpenApi | null> {
      try {
        const answer = await send('main', { method: 'GET', path: '/openapi.json', repeatable: true });
        return parseAnswer(wire.openapi, answer.body, `The OpenAPI description of ${hostOf('main')}`);
      } catch (error) {
        const off = error instanceof Failure && (isAbsent(error) || error.code === 'HTML');
        if (off) return null;
        throw error;
      }
    },

    /** GET /health (contract 3.2); the status code proves nothing, the body is read. Null where there is none. */
    async health(): Promise<string | null> {
      try {
        const answer = await send('main', { method: 'GET', path: '/health', repeatable: true });
        return parseAnswer(wire.health, answer.body, `The health of ${hostOf('main')}`).status ?? null;
      } catch (error) {
        if (error instanceof Failure && error.kind === 'not_found') return null;
        throw error;
      }
    },

    /** GET /api/stats/overview (contract 4.1, 9): the only count of all records; null where there is none. */
    async countOf(name: string): Promise<number | null> {
      try {
        const answer = await send('main', { method: 'GET', path: '/api/stats/overview', repeatable: true });
        return parseAnswer(wire.stats, answer.body, answerTo('main', 'GET /api/stats/overview'))(name);
      } catch (error) {
        if (error instanceof Failure && error.kind === 'not_found') return null;
        throw error;
      }
    },

    /** GET of a collection (contract 4.1, 5, 6). Unknown query parameters are ignored there, so none is relied on but these. */
    async list(
      shape: ObjectShape,
      page: { limit: string | null; offset: number | null },
    ): Promise<wire.List> {
      const answer = await send(shape.service, {
        method: 'GET',
        path: shape.path,
        query: {
          limit: page.limit ?? undefined,
          offset: page.offset === null ? undefined : String(page.offset),
        },
        repeatable: true,
        // One row with a NaN in it holds up no other.
        takesOddities: true,
        timeoutMs: shape.listing.by === 'whole' ? LONG_TIMEOUT_MS : TIMEOUT_MS,
      });
      return parseAnswer(wire.list, answer.body, answerTo(shape.service, `GET ${shape.path}`));
    },

    /** GET of one record; null when there is none. An unknown id may be a 500 that says 404 (contract 4.3). */
    async get(shape: ObjectShape, id: string): Promise<JsonObject | null> {
      try {
        const path = itemPath(shape, id);
        const answer = await send(shape.service, { method: 'GET', path, repeatable: true });
        return parseAnswer(wire.one, answer.body, answerTo(shape.service, `GET ${path}`));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },

    /** POST to a collection. There is no idempotency key: never repeated by itself. */
    async create(
      shape: ObjectShape,
      body: JsonObject,
    ): Promise<{ id: string | null; record: JsonObject | null }> {
      const answer = await send(shape.service, {
        method: 'POST',
        path: shape.path,
        body,
        repeatable: false,
      });
      return parseAnswer(wire.written, answer.body, answerTo(shape.service, `POST ${shape.path}`), 'unknown');
    },

    /** PUT of one record: a full replace or a partial one (contract 4.3, 5, 6). */
    async put(shape: ObjectShape, id: string, body: JsonObject): Promise<void> {
      const path = itemPath(shape, id);
      const answer = await send(shape.service, {
        method: 'PUT',
        path,
        body,
        // Harmless to the record, but a repeat after a lost reply could overwrite what a person typed in between.
        repeatable: false,
      });
      parseAnswer(wire.object, answer.body, answerTo(shape.service, `PUT ${path}`), 'unknown');
    },

    /** DELETE of one record (contract 5); one already gone is fine. */
    async remove(shape: ObjectShape, id: string): Promise<void> {
      try {
        await send(shape.service, { method: 'DELETE', path: itemPath(shape, id), repeatable: true });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },

    /** GET .../attachments (contract 4.1). */
    async attachments(shape: ObjectShape, id: string): Promise<JsonObject[]> {
      try {
        const path = `${itemPath(shape, id)}/attachments`;
        const answer = await send(shape.service, { method: 'GET', path, repeatable: true });
        return parseAnswer(wire.list, answer.body, answerTo(shape.service, `GET ${path}`)).rows;
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },

    /** POST .../attachments, multipart `file`, `type`, `description` (contract 4.1). */
    async addAttachment(shape: ObjectShape, id: string, file: NewAttachment): Promise<string | null> {
      const path = `${itemPath(shape, id)}/attachments`;
      const form = multipartOf(file, { type: 'document', description: '' });
      const answer = await send(shape.service, {
        method: 'POST',
        path,
        headers: form.headers,
        body: form.open,
        repeatable: false,
        timeoutMs: LONG_TIMEOUT_MS,
      });
      return parseAnswer(wire.written, answer.body, answerTo(shape.service, `POST ${path}`), 'unknown').id;
    },

    /** POST /api/query (contract 4.8) with a fixed statement; off unless the connection switches it on. */
    async query(statement: string, params: readonly (string | number | null)[]): Promise<void> {
      const answer = await send('main', {
        method: 'POST',
        path: '/api/query',
        body: { query: statement, params, fetch: null },
        repeatable: false,
      });
      parseAnswer(wire.queried, answer.body, answerTo('main', 'POST /api/query'), 'unknown');
    },

    close() {
      auth.close();
      for (const http of https.values()) http.close();
    },
  };
}

/** The description is not published: no such route, or not for us. */
function isAbsent(failure: Failure): boolean {
  return ['not_found', 'forbidden', 'unauthorized'].includes(failure.kind);
}
