/** The calls a document describes, over the kit's HTTP: one page of a list, one record, one write. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { SessionDeps, Throttle } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpAnswer, HttpRequest } from '../kit/http.ts';
import { createLocalThrottle } from '../kit/local-throttle.ts';
import { createAuth } from './auth.ts';
import type { CustomConfig, CustomSecret } from './config.ts';
import type { Definition, Resource } from './definition.ts';
import { createClassify } from './failures.ts';
import { at, isObject } from './place.ts';

export interface Listed {
  rows: JsonObject[];
  body: unknown;
  headers: Record<string, string>;
  /** The system's clock when it answered, epoch milliseconds; ours when it does not say. */
  servedAt: number;
}

export type Client = ReturnType<typeof createClient>;

export function createClient(
  config: CustomConfig,
  definition: Definition,
  secret: CustomSecret,
  deps: SessionDeps,
) {
  const { host } = new URL(config.baseUrl);
  const secrets: string[] = [];
  const throttle = bothThrottles(deps, definition.rate.requestsPerSecond);
  const auth = createAuth(definition.auth, secret, { ...deps, throttle }, secrets);
  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    timeoutMs: config.timeoutMs,
    socketsMax: definition.rate.parallel,
    secrets,
    classify: createClassify(host, definition.errors),
  });

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const signed = await auth.sign({ ...request, headers: { ...definition.headers, ...request.headers } });
    try {
      return await http.send(signed);
    } catch (error) {
      // A 401 was surely not carried out.
      if (!(error instanceof Failure) || error.kind !== 'unauthorized' || !(await auth.renew(signed)))
        throw error;
      return http.send(
        await auth.sign({ ...request, headers: { ...definition.headers, ...request.headers } }),
      );
    }
  }

  return {
    host,
    account: auth.account,
    send,

    /** One answer of a list; `url` goes on where the system said. */
    async list(resource: Resource, query: Record<string, string>, url: string | null): Promise<Listed> {
      const { list } = resource;
      const parameters = { ...list.query, ...query };
      const answer = await send(
        url !== null
          ? { method: 'GET', path: url, repeatable: true }
          : list.method === 'GET'
            ? { method: 'GET', path: list.path, query: parameters, repeatable: true }
            : { method: 'POST', path: list.path, body: parameters, repeatable: true },
      );
      const served = Date.parse(answer.headers['date'] ?? '');
      return {
        rows: rowsOf(answer.body, resource, host),
        body: answer.body,
        headers: answer.headers,
        servedAt: Number.isNaN(served) ? deps.now() : served,
      };
    },

    /** An address the system named, without the key that would go with it, resolved against the list's own. */
    follow(resource: Resource, next: string): string {
      const base = config.baseUrl.replace(/\/+$/, '') + resource.list.path;
      const url = URL.parse(next, base);
      if (url === null)
        throw new Failure('unexpected_response', `${host} names a next page that is no address.`);
      if (auth.queryParam !== null) url.searchParams.delete(auth.queryParam);
      return url.href;
    },

    close() {
      http.close();
      auth.close();
    },
  };
}

function rowsOf(body: unknown, { list }: Resource, host: string): JsonObject[] {
  const found = [
    ...(list.records ?? []).map((place) => at(body, place)),
    // A bare list is understood even where a key is expected.
    body,
  ].find((value) => Array.isArray(value));
  if (found === undefined) {
    const where = list.records === undefined ? '' : ` at "${list.records.join('" or "')}"`;
    const message = `${host} answered ${list.path} without a list${where}; correct list.records in the definition.`;
    throw new Failure('unexpected_response', message, { path: 'list.records' });
  }
  const rows = found as unknown[];
  const strange = rows.findIndex((row) => !isObject(row));
  if (strange === -1) return rows as JsonObject[];
  const message = `${host} answered ${list.path} with a list whose element ${strange} is no object; correct list.records in the definition.`;
  throw new Failure('unexpected_response', message, { path: 'list.records' });
}

/** The connection's shared budget, and under it the document's own bound, which holds for this process. */
function bothThrottles(deps: SessionDeps, requestsPerSecond: number | undefined): Throttle {
  if (requestsPerSecond === undefined) return deps.throttle;
  const own = createLocalThrottle({ requestsPerSecond, now: () => deps.now() });
  return {
    async acquire(signal) {
      await own.acquire(signal);
      await deps.throttle.acquire(signal);
    },
    pause: (forMs) => deps.throttle.pause(forMs),
  };
}
