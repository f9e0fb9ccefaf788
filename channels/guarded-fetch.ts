/**
 * `fetch` of providers' libraries through our own address guard: only addresses that the operator's policy lets through are connected
 * to, checked where a name becomes an address. No redirects, bounded in time and size.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { assertReachable, guardedLookup, type NetworkPolicy } from '../connectors/kit/network.ts';
import { Failure } from '../domain/kernel/failure.ts';

export interface FetchInit {
  method?: string | undefined;
  headers?: Readonly<Record<string, string>> | undefined;
  body?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface FetchAnswer {
  ok: boolean;
  status: number;
  statusText: string;
  url: string;
  headers: { get(name: string): string | null; entries(): IterableIterator<[string, string]> };
  arrayBuffer(): Promise<ArrayBuffer>;
  json(): Promise<unknown>;
  text(): Promise<string>;
}

export type GuardedFetch = (url: string | URL, init?: FetchInit) => Promise<FetchAnswer>;

/** Answers of providers to one message are a few kB. */
const ANSWER_BYTES_MAX = 1024 * 1024;

export function createGuardedFetch(network: NetworkPolicy, timeoutMs: number): GuardedFetch {
  const lookup = guardedLookup(network);
  return async (address, init = {}) => {
    const url = new URL(address);
    assertReachable(url, network);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal === undefined ? timeout : AbortSignal.any([timeout, init.signal]);
    const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
    const answer = await new Promise<IncomingMessage>((resolve, reject) => {
      const request = send(
        url,
        { method: init.method ?? 'GET', headers: { ...init.headers }, lookup, signal },
        resolve,
      );
      request.once('error', reject);
      request.end(init.body);
    });
    return answerOf(url, answer, await bodyOf(answer));
  };
}

async function bodyOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) {
      answer.destroy();
      throw new Failure('unexpected_response', 'The provider answers with more than 1 MiB.');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function answerOf(
  url: URL,
  { statusCode, statusMessage, headers }: IncomingMessage,
  body: Buffer,
): FetchAnswer {
  const status = statusCode ?? 0;
  const named = new Map(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );
  return {
    ok: status >= 200 && status < 300,
    status,
    statusText: statusMessage ?? '',
    url: url.href,
    headers: { get: (name) => named.get(name.toLowerCase()) ?? null, entries: () => named.entries() },
    arrayBuffer: async () => new Uint8Array(body).buffer,
    json: async () => JSON.parse(body.toString('utf8')) as unknown,
    text: async () => body.toString('utf8'),
  };
}
