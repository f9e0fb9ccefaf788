/** The calls a document describes, over the kit's HTTP: one answer of a list, one record, one write. */
import { Failure } from '../../domain/kernel/failure.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { pathProblem, pathSteps, writePath } from '../../domain/path.ts';
import type { SessionDeps, Throttle } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { createLocalThrottle } from '../kit/local-throttle.ts';
import type { Oddity } from '../kit/parsed-json.ts';
import { createAuth } from './auth.ts';
import type { CustomConfig, CustomSecret } from './config.ts';
import type { Definition, Resource } from './definition.ts';
import { createClassify } from './failures.ts';
import { layInto } from './place.ts';

export interface ListAnswer {
  status: number;
  body: unknown;
  headers: Record<string, string>;
  oddities: readonly Oddity[];
  /** The system's clock when it answered, epoch milliseconds; ours when it does not say. */
  servedAt: number;
}

/** What a walk asks for, beside what the document says of the list. */
export interface ListQuery {
  /** Laid into the query or body. */
  adds: JsonObject;
  /** Parameters; of a POST their names are places in the body. */
  params: JsonObject;
}
export const EVERYTHING: ListQuery = { adds: {}, params: {} };

export type Client = ReturnType<typeof createClient>;

export function createClient(
  config: CustomConfig,
  definition: Definition,
  secret: CustomSecret,
  deps: SessionDeps,
) {
  const base = new URL(config.baseUrl);
  const { host } = base;
  const secrets: string[] = [];
  const throttle = bothThrottles(deps, definition.rate.requestsPerSecond);
  const http = createHttp({
    baseUrl: config.baseUrl,
    throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    timeoutMs: config.timeoutMs,
    socketsMax: definition.rate.parallel,
    secrets,
    classify: createClassify(host, definition),
  });
  const plain = (request: HttpRequest): HttpRequest => ({
    ...request,
    headers: { ...definition.headers, ...request.headers },
  });
  const auth = createAuth(definition.auth, {
    secret,
    deps: { ...deps, throttle },
    secrets,
    send: (request) => http.send(plain(request)),
  });

  async function send(request: HttpRequest): Promise<HttpAnswer> {
    const signed = await auth.sign(plain(request));
    try {
      return await http.send(signed);
    } catch (error) {
      // A 401 was surely not carried out.
      if (!(error instanceof Failure) || error.kind !== 'unauthorized' || !(await auth.renew(signed)))
        throw error;
      return http.send(await auth.sign(plain(request)));
    }
  }

  return {
    host,
    account: auth.account,
    send,
    now: () => deps.now(),

    /** One answer of a list; `url` goes on where the system said. */
    async list(resource: Resource, { adds, params }: ListQuery, url: string | null): Promise<ListAnswer> {
      const { list } = resource;
      const asked = url === null ? askFor(list.method, layInto(list.query, adds), params) : {};
      const answer = await send({
        method: url === null ? list.method : 'GET',
        path: url ?? list.path,
        ...asked,
        takesOddities: true,
        repeatable: true,
      });
      const served = Date.parse(answer.headers['date'] ?? '');
      const { status, body, headers, oddities = [] } = answer;
      return { status, body, headers, oddities, servedAt: Number.isNaN(served) ? deps.now() : served };
    },

    /**
     * An address the system named, without the key that would go with it, resolved against the list's own. One of this host
     * under another scheme or port is what a system behind a proxy thinks it is called: it is asked for at the base URL.
     */
    follow(resource: Resource, next: string): string {
      const url = URL.parse(next, config.baseUrl.replace(/\/+$/, '') + resource.list.path);
      if (url === null)
        throw new Failure('unexpected_response', `${host} names a next page that is no address.`);
      if (auth.queryParam !== null) url.searchParams.delete(auth.queryParam);
      return url.hostname === base.hostname ? base.origin + url.pathname + url.search : url.href;
    },

    close() {
      http.close();
      auth.close();
    },
  };
}

/** As a query of texts, or as a JSON body in which numbers are numbers and names are places. */
function askFor(
  method: 'GET' | 'POST',
  query: JsonObject,
  params: JsonObject,
): Pick<HttpRequest, 'query' | 'body'> {
  if (method === 'GET') {
    const texts = Object.entries({ ...query, ...params }).map(([key, value]) => [key, textOf(value)]);
    return { query: Object.fromEntries(texts) as Record<string, string> };
  }
  let body = query;
  for (const [key, value] of Object.entries(params))
    body = writePath(body, pathProblem(key) === null ? pathSteps(key) : [key], value);
  return { body };
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
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
