/**
 * The one way connectors speak HTTP: bounded sockets, time and size; one throttle slot per attempt; repeats of blips only
 * where repeating is harmless; every error a `Failure` without secrets that says whether a write may have happened.
 * Logins, paging and the vendors' own error codes are the connectors' business.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Readable } from 'node:stream';
import axios, { AxiosError } from 'axios';
import pRetry from 'p-retry';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { Applied } from '../../domain/kernel/failure.ts';
import { LIMITS } from '../../domain/kernel/limits.ts';
import { storableText } from '../../domain/kernel/text.ts';
import type { Throttle } from './contract.ts';
import { boundedStream, startDeadline } from './deadline.ts';
import { failureOfStatus, failureOfTransport } from './failures.ts';
import { boundedPause, decodeText, flattenHeaders, retryAfterOf } from './http-answer.ts';
import type { HttpRequest } from './http-request-shape.ts';
import { bodyHeaders, encodeBody, parseBase, resolveUrl, slashRedirect } from './http-request.ts';
import { ADDRESS_REFUSED, assertReachable, guardedLookup, refused, type NetworkPolicy } from './network.ts';
import { parseJson, placeOf } from './parse-json.ts';
import type { Oddity } from './parsed-json.ts';
import { redact } from './redact.ts';

export interface HttpAnswer {
  status: number;
  /** Names in lower case; several `set-cookie` headers are joined with a newline. */
  headers: Record<string, string>;
  /**
   * Parsed JSON, null when empty; its text when the request expects text, or when it is not JSON (then only `classify` sees
   * it). Numbers that a double cannot hold are texts, and every text can be stored.
   */
  body: unknown;
  /** What in the body is no JSON and was read all the same, for a request that takes it. */
  oddities?: readonly Oddity[];
}

export interface HttpOptions {
  /** Root of the API; paths are appended to it. */
  baseUrl: string;
  throttle: Throttle;
  /** Addresses that may be reached; checked again when a name resolves. */
  network: NetworkPolicy;
  signal: AbortSignal;
  now(): number;
  timeoutMs?: number;
  responseBytesMax?: number;
  /** Calls in flight at once; more wait for a socket. */
  socketsMax?: number;
  /**
   * Never shown in an error. Read anew for each error, so a caller that logs in may push the token it was given into
   * the array it passed.
   */
  secrets: readonly string[];
  /** The vendor's reading of an answer; null leaves it to the table in failures.ts (2xx is then a success). */
  classify(answer: HttpAnswer): Failure | null;
}

export interface Http {
  send(request: HttpRequest): Promise<HttpAnswer & { bytes: number }>;
  /**
   * The answer's body as a stream, after a 2xx; other answers are judged as in `send`. One attempt. The time bound holds
   * until the headers, then between two chunks. A connection that breaks destroys the stream with a `Failure`.
   */
  download(request: HttpRequest): Promise<{ headers: Record<string, string>; stream: Readable }>;
  close(): void;
}

/** Longest Retry-After that is waited out inside a call; longer ones go to the caller as `rate_limited`. */
const PATIENCE_MS = 5_000;
/** Pause of everybody after a 429 that does not say how long. */
const UNTOLD_PAUSE_MS = 1_000;
const SOCKETS_MAX = 8;
/** How much of a refused download's body is looked at for the vendor's reason. */
const REFUSAL_BYTES_MAX = 64 * 1024;

export function createHttp(options: HttpOptions): Http {
  const base = parseBase(options.baseUrl);
  const maxSockets = options.socketsMax ?? SOCKETS_MAX;
  assertReachable(base, options.network);
  const agentOptions = { keepAlive: true, maxSockets, lookup: guardedLookup(options.network) };
  const agents = { httpAgent: new HttpAgent(agentOptions), httpsAgent: new HttpsAgent(agentOptions) };

  async function attempt(request: HttpRequest, url: string): Promise<HttpAnswer & { bytes: number }> {
    await options.throttle.acquire(options.signal);
    const deadline = startDeadline(
      options.signal,
      request.timeoutMs ?? options.timeoutMs ?? LIMITS.callTimeoutMs,
    );
    try {
      let response = await exchange(request, url, deadline.signal);
      const beside = slashRedirect(base, request.method, url, response);
      if (beside !== null) response = await exchange(request, beside, deadline.signal);
      return judge(request, response, response.bytes);
    } catch (error) {
      throw asFailure(error, deadline.expired());
    } finally {
      deadline.stop();
    }
  }

  async function exchange(
    request: HttpRequest,
    url: string,
    signal: AbortSignal,
  ): Promise<{ status: number; headers: Record<string, string>; bytes: Buffer }> {
    const { status, headers, data } = await axios.request<Buffer>({
      url,
      method: request.method,
      headers: { accept: 'application/json', ...bodyHeaders(request), ...request.headers },
      data: await encodeBody(request),
      signal,
      ...agents,
      responseType: 'arraybuffer',
      transformResponse: [],
      validateStatus: () => true,
      maxRedirects: 0,
      maxContentLength: options.responseBytesMax ?? LIMITS.responseBytesMax,
      maxBodyLength: Infinity,
      proxy: false,
    });
    return { status, headers: flattenHeaders(headers), bytes: data };
  }

  function judge(
    request: HttpRequest,
    { status, headers }: Pick<HttpAnswer, 'status' | 'headers'>,
    bytes: Buffer,
  ): HttpAnswer & { bytes: number } {
    const text = decodeText(bytes, headers['content-type']);
    const parsed =
      request.expect === 'text'
        ? ({ ok: true, value: storableText(text), oddities: [] } as const)
        : parseJson(text);
    const answer: HttpAnswer = parsed.ok
      ? { status, headers, body: parsed.value, oddities: parsed.oddities }
      : { status, headers, body: storableText(text), oddities: [] };
    const refused =
      options.classify(answer) ??
      (status >= 200 && status < 300 ? null : failureOfStatus({ host: base.host, status }));
    if (refused) throw withRetryAfter(refused, answer);
    if (!parsed.ok) throw notJson(request, answer, text, parsed.where);
    const [odd] = answer.oddities ?? [];
    if (odd !== undefined && request.takesOddities !== true) throw noJson(request, answer, odd);
    return { ...answer, bytes: bytes.length };
  }

  /** A pause beyond the bound is cut to it, and the sentence says so: until when, and that it is asked again before. */
  function withRetryAfter(failure: Failure, answer: HttpAnswer): Failure {
    const asked =
      failure.retryAfterMs === null
        ? retryAfterOf(answer.headers, options.now())
        : boundedPause(failure.retryAfterMs);
    if (asked === null) return failure;
    const until = (forMs: number): string => {
      const at = options.now() + forMs;
      return Math.abs(at) < 8.64e15 ? new Date(at).toISOString() : 'a time beyond all calendars';
    };
    const told =
      asked.askedMs === null
        ? ''
        : ` It wants to be left alone until ${until(asked.askedMs)}; it is asked again at ${until(asked.forMs)}.`;
    return copy(failure, { retryAfterMs: asked.forMs, message: failure.message + told });
  }

  function notJson(request: HttpRequest, answer: HttpAnswer, text: string, where: string): Failure {
    const html = (answer.headers['content-type'] ?? '').includes('html') || text.trimStart().startsWith('<');
    const message = html
      ? `${base.host} answered ${answer.status} with a web page instead of JSON; check that the base URL is the root of the API and that no login page or proxy stands before it.`
      : `${base.host} answered ${asked(request)} with ${answer.status} and JSON that breaks off or is malformed ${where}; it will be asked again, report it to the vendor if it stays.`;
    return new Failure('unexpected_response', message, {
      applied: 'unknown',
      code: html ? 'HTML' : 'BROKEN_JSON',
    });
  }

  function noJson(request: HttpRequest, answer: HttpAnswer, { what, steps }: Oddity): Failure {
    const message = `${base.host} answered ${asked(request)} with ${answer.status} and ${what} at ${placeOf(steps)}, which is no JSON; correct the value there, or report it to the vendor.`;
    return new Failure('unexpected_response', message, { applied: 'unknown', code: 'NO_JSON' });
  }

  function asFailure(error: unknown, expired: boolean): Failure {
    if (error instanceof Failure) return error;
    if (options.signal.aborted) {
      return new Failure('cancelled', `The request to ${base.host} was cancelled.`, { applied: 'unknown' });
    }
    if (expired) return failureOfTransport('ETIMEDOUT', base.host);
    if (!(error instanceof AxiosError)) return toFailure(error);
    // The name resolved to an address that may not be reached: nothing was sent, and asking again cannot help.
    if (error.code === ADDRESS_REFUSED) return refused(base.host);
    if (error.message.startsWith('maxContentLength')) {
      const message = `${base.host} answered with more than ${options.responseBytesMax ?? LIMITS.responseBytesMax} bytes; ask for smaller pages (the setting "pageSize" of the connection, where it has one).`;
      return new Failure('unexpected_response', message, { applied: 'unknown', code: 'TOO_LARGE' });
    }
    // An answer cut off in the middle has no code of its own in axios.
    if (error.code === undefined || error.code === 'ERR_BAD_RESPONSE' || error.code === 'ECONNABORTED') {
      return failureOfTransport('ECONNRESET', base.host);
    }
    return failureOfTransport(error.code, base.host);
  }

  /** Reads at most as much of a refusal as a person would. */
  async function readRefusal(stream: Readable): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > REFUSAL_BYTES_MAX) break;
    }
    return Buffer.concat(chunks);
  }

  async function openStream(
    request: HttpRequest,
  ): Promise<{ headers: Record<string, string>; stream: Readable }> {
    await options.throttle.acquire(options.signal);
    const timeoutMs = request.timeoutMs ?? options.timeoutMs ?? LIMITS.callTimeoutMs;
    const deadline = startDeadline(options.signal, timeoutMs);
    try {
      const response = await axios.request<Readable>({
        url: resolveUrl(base, request),
        method: request.method,
        headers: { accept: '*/*', ...bodyHeaders(request), ...request.headers },
        signal: deadline.signal,
        ...agents,
        responseType: 'stream',
        validateStatus: () => true,
        maxRedirects: 0,
        proxy: false,
      });
      const headers = flattenHeaders(response.headers);
      if (response.status < 200 || response.status >= 300) {
        judge(
          { ...request, expect: 'text' },
          { status: response.status, headers },
          await readRefusal(response.data),
        );
      }
      return { headers, stream: boundedStream(response.data, timeoutMs, options.signal, base.host) };
    } catch (error) {
      throw asFailure(error, deadline.expired());
    } finally {
      deadline.stop();
    }
  }

  return {
    async download(request) {
      try {
        return await openStream(request);
      } catch (error) {
        const failure = toFailure(error);
        await respectThrottle(failure);
        throw copy(failure, { message: redact(failure.message, options.secrets) });
      }
    },
    async send(request) {
      const url = resolveUrl(base, request);
      const writes = request.method !== 'GET';
      const outcome: { applied: Applied } = { applied: 'no' };
      try {
        return await pRetry(
          async () => {
            try {
              return await attempt(request, url);
            } catch (error) {
              const failure = toFailure(error);
              if (writes && failure.applied === 'unknown') outcome.applied = 'unknown';
              await respectThrottle(failure);
              throw failure;
            }
          },
          {
            retries: LIMITS.blipRetriesMax,
            minTimeout: 200,
            maxTimeout: 2_000,
            randomize: true,
            signal: options.signal,
            shouldRetry: ({ error }) => {
              const failure = toFailure(error);
              // What surely was not carried out (a 429, a refused connection) may always be sent again.
              return isBlip(failure) && (request.repeatable || failure.applied === 'no');
            },
          },
        );
      } catch (error) {
        const failure =
          options.signal.aborted && !(error instanceof Failure) ? asFailure(error, false) : toFailure(error);
        // One attempt with an unknown outcome makes the whole call's outcome unknown, whatever came after it.
        throw copy(failure, {
          message: redact(failure.message, options.secrets),
          applied: outcome.applied,
        });
      }
    },
    close() {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };

  async function respectThrottle(failure: Failure): Promise<void> {
    if (failure.kind !== 'rate_limited' && failure.retryAfterMs === null) return;
    await options.throttle.pause(failure.retryAfterMs ?? UNTOLD_PAUSE_MS);
  }
}

/** The call in words, without its query: parameters may be long, or hold a key. */
function asked({ method, path }: HttpRequest): string {
  const [plain = ''] = path.split('?');
  return `${method} ${/^https?:/i.test(plain) ? (URL.parse(plain)?.pathname ?? plain) : plain}`;
}

function isBlip(failure: Failure): boolean {
  if ((failure.retryAfterMs ?? 0) > PATIENCE_MS) return false;
  return failure.retryable || failure.code === 'BROKEN_JSON';
}

function copy(
  failure: Failure,
  changes: { message?: string; applied?: Failure['applied']; retryAfterMs?: number },
): Failure {
  const retryAfterMs = changes.retryAfterMs ?? failure.retryAfterMs;
  // Without the cause: axios errors carry the request, and with it the credentials.
  return new Failure(failure.kind, changes.message ?? failure.message, {
    applied: changes.applied ?? failure.applied,
    ...(retryAfterMs === null ? {} : { retryAfterMs }),
    ...(failure.code === null ? {} : { code: failure.code }),
    ...(failure.path === null ? {} : { path: failure.path }),
  });
}
