/**
 * A method per request class of Fiix, signed, over its one address (contract 1, 2). Knows envelopes and what their errors
 * mean, not what the records stand for. Facts: https://fiix.software developer's guide and the vendor's own clients, as
 * restated in the wire contract, whose sections are cited.
 */
import type { Readable } from 'node:stream';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { SessionDeps } from '../kit/contract.ts';
import { createHttp } from '../kit/http.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { parseAnswer } from '../kit/parse.ts';
import type { FiixConfig, FiixSecret } from './config.ts';
import { createClassify, errorOf, failureOfError } from './failures.ts';
import { manifest } from './manifest.ts';
import { queryOf, signatureOf } from './sign.ts';
import * as wire from './wire.ts';
import type { Filter, Request } from './wire.ts';

export interface Find {
  className: string;
  fields: string;
  filters: Filter[];
  orderBy?: string;
  maxObjects: number;
}

/** One operation of a batch: its answer, or why it was refused, or null when the server did not come to it. */
export type BatchPart = { answer: JsonObject } | { failure: Failure } | null;
export interface BatchResult {
  parts: BatchPart[];
  /** The first refusal; then nothing counts as applied, and what may be must be read (contract 2.7). */
  failure: Failure | null;
}

/** A file on its way up, already a multipart body. */
export interface Upload {
  contentType: string;
  bytes: number;
  open(): Promise<Readable>;
}

export type Client = ReturnType<typeof createClient>;

/** The server gives up on nothing we know of; a file of 100 MB on a slow line needs minutes. */
const UPLOAD_TIMEOUT_MS = 600_000;

export function createClient(config: FiixConfig, secret: FiixSecret, deps: SessionDeps) {
  const root = rootOf(config.baseUrl);
  const { host } = new URL(root);
  const http = createHttp({
    baseUrl: root,
    throttle: deps.throttle,
    network: deps.network,
    signal: deps.signal,
    now: () => deps.now(),
    socketsMax: manifest.limits.parallel,
    secrets: Object.values(secret),
    classify: createClassify(host, () => deps.now()),
  });
  let requestId = 0;

  /** What a call needs besides its body: the address that is signed is the address that is sent. */
  function signed(path: string, action: string) {
    const query = queryOf(action, secret, deps.now());
    const authorization = signatureOf(secret.secret, `${root}${path}?${query}`);
    return { path: `${root}${path}`, query, headers: { authorization } };
  }

  async function send(request: Request | BatchEnvelope, repeatable: boolean): Promise<HttpAnswer> {
    const { path, query, headers } = signed('', request._maCn);
    const body = {
      ...request,
      clientVersion: wire.CLIENT_VERSION,
      requestId: requestId++,
      requestSentUnixTime: deps.now(),
    };
    return http.send({
      method: 'POST',
      path,
      query,
      headers: { ...headers, 'content-type': 'text/plain' },
      body: JSON.stringify(body),
      repeatable,
    });
  }

  return {
    host,

    /** FindRequest (contract 2.2). */
    async find(find: Find): Promise<JsonObject[]> {
      const answer = await send(findRequest(find), true);
      return parseAnswer(wire.found, answer.body, `The ${find.className} list of ${host}`);
    },

    /** Several finds in one call (contract 2.7); each counts against the limit (4.3). */
    async findEach(finds: readonly Find[]): Promise<JsonObject[][]> {
      for (let extra = 1; extra < finds.length; extra += 1) await deps.throttle.acquire(deps.signal);
      const requests = finds.map(findRequest);
      const answer = await send({ _maCn: 'BatchRequest', singleTransaction: true, requests }, true);
      const responses = parseAnswer(wire.batched, answer.body, `The batch answer of ${host}`);
      return finds.map((find, i) => {
        const part = partOf(findRequest(find), i, finds.length, responses[i], host);
        if (part === null) throw cutShort(host);
        if ('failure' in part) throw part.failure;
        return parseAnswer(wire.found, part.answer, `The ${find.className} list of ${host}`);
      });
    },

    /** AddRequest (contract 2.5). There is no idempotency key: never repeated by itself. */
    async add(request: Request): Promise<number> {
      const answer = await send(request, false);
      return idOfAdded(answer.body, host);
    },

    /** ChangeRequest (contract 2.6): one record; false when it does not exist. */
    async change(request: Request): Promise<boolean> {
      const answer = await send(request, false);
      return parseAnswer(wire.one, answer.body, `The change answer of ${host}`, 'unknown') !== null;
    },

    /** RemoveRequest (contract 2.6); a record already gone is fine (`count` 0). */
    async remove(className: string, id: number): Promise<void> {
      await send(wire.remove(className, id), true);
    },

    /** BatchRequest (contract 2.7), all or nothing. Each request inside counts against the limit (4.3). */
    async batch(requests: readonly Request[]): Promise<BatchResult> {
      for (let extra = 1; extra < requests.length; extra += 1) await deps.throttle.acquire(deps.signal);
      const answer = await send({ _maCn: 'BatchRequest', singleTransaction: true, requests }, false);
      const responses = parseAnswer(wire.batched, answer.body, `The batch answer of ${host}`, 'unknown');
      const parts = requests.map((request, i): BatchPart =>
        partOf(request, i, requests.length, responses[i], host),
      );
      const refused = parts.find((part) => part !== null && 'failure' in part);
      const whole = errorOf(answer.body);
      if (refused && 'failure' in refused) return { parts, failure: refused.failure };
      if (whole) return { parts, failure: failureOfError(host, whole, 'the batch') };
      if (parts.includes(null)) throw cutShort(host);
      return { parts, failure: null };
    },

    /** RpcRequest (contract 2.9). */
    async rpc(name: string, action?: string, parameters?: JsonObject): Promise<Json> {
      const answer = await send(
        {
          _maCn: 'RpcRequest',
          name,
          ...(action === undefined ? {} : { action }),
          ...(parameters === undefined ? {} : { parameters }),
        },
        true,
      );
      return parseAnswer(wire.rpcAnswer, answer.body, `The ${name} answer of ${host}`);
    },

    /** RpcRequest `Ping` (contract 2.9): the server's version, when it tells. It proves no keys: guests may ping (1.4). */
    async ping(): Promise<string | null> {
      const answer = await send({ _maCn: 'RpcRequest', name: 'Ping' }, true);
      return wire.version.safeParse(answer.body).data ?? null;
    },

    /** POST /api/upload (contract 1.5); the answer's shape is not known beyond its name. */
    async upload(file: Upload): Promise<void> {
      const { path, query, headers } = signed('upload', 'uploadFile');
      await http.send({
        method: 'POST',
        path,
        query,
        headers: { ...headers, 'content-type': file.contentType, 'content-length': String(file.bytes) },
        body: () => file.open(),
        repeatable: false,
        timeoutMs: UPLOAD_TIMEOUT_MS,
      });
    },

    /** GET /api/download/<FileContents id> (contract 1.5), with the signature in the header: not in an address. */
    async download(contentsId: number): Promise<{ mediaType: string; stream: Readable }> {
      const { path, query, headers } = signed(`download/${contentsId}`, 'downloadFile');
      const answer = await http.download({ method: 'GET', path, query, headers, repeatable: true });
      return { mediaType: answer.headers['content-type'] ?? '', stream: answer.stream };
    },

    close() {
      http.close();
    },
  };
}

interface BatchEnvelope {
  _maCn: 'BatchRequest';
  singleTransaction: true;
  requests: readonly Request[];
}

function findRequest({ className, fields, filters, orderBy = 'id', maxObjects }: Find): Request {
  return { _maCn: 'FindRequest', className, fields, filters, orderBy, startIndex: 0, maxObjects };
}

/** `https://demo.macmms.com/api/`: the final slash belongs to what is signed (contract 1.1, 5.2). */
export function rootOf(baseUrl: string): string {
  const { origin, pathname } = new URL(baseUrl);
  const path = pathname.replace(/\/+$/, '');
  return `${origin}${path === '' ? '/api' : path}/`;
}

export function idOfAdded(body: unknown, host: string): number {
  const object = parseAnswer(wire.one, body, `The add answer of ${host}`, 'unknown');
  if (typeof object?.['id'] === 'number') return object['id'];
  throw new Failure('unexpected_response', `${host} answered an add without the id of the new record.`, {
    applied: 'unknown',
    path: 'object.id',
  });
}

function partOf(
  request: Request,
  index: number,
  count: number,
  response: JsonObject | undefined,
  host: string,
): BatchPart {
  if (response === undefined) return null;
  const error = errorOf(response);
  if (error === null) return { answer: response };
  const subject = 'className' in request ? request.className : request._maCn;
  const verb = request._maCn.replace('Request', '').toLowerCase();
  return { failure: failureOfError(host, error, `part ${index + 1} of ${count} (${verb} ${subject})`) };
}

function cutShort(host: string): Failure {
  return new Failure('unexpected_response', `${host} answered a batch with fewer parts than it was sent.`, {
    applied: 'unknown',
    code: 'CUT_SHORT',
  });
}
