/** Sends what the fuzzer made over a real socket, bounded in time, and spells it for curl. */
import { request as httpRequest, type Agent } from 'node:http';
import type { WireRequest } from './requests.ts';

export interface WireAnswer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: string;
}

export interface Target {
  port: number;
  key: string;
  agent: Agent;
}

/** Longer is a hang: the slowest honest answer takes a few hundred milliseconds on a busy machine. */
const ANSWER_MS_MAX = 15_000;
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND', 'QUERY']);

export function send({ port, key, agent }: Target, wire: WireRequest): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      request.destroy(new Error(`No answer within ${String(ANSWER_MS_MAX)} ms.`));
    }, ANSWER_MS_MAX);
    const body = METHODS_WITH_BODY.has(wire.method) ? (wire.body ?? '') : '';
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port,
        agent,
        method: wire.method,
        path: wire.target,
        headers: {
          authorization: `Bearer ${key}`,
          ...wire.headers,
          ...(body === '' ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        const finish = (): void => {
          clearTimeout(timer);
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString('utf8'),
          });
        };
        answer.on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          // Events go on as long as the run does; the first one is an answer.
          if (answer.headers['content-type']?.startsWith('text/event-stream') === true) {
            finish();
            answer.destroy();
          }
        });
        answer.on('end', finish);
        answer.on('error', finish);
      },
    );
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end(body);
  });
}

/** Long bodies are cut: the seed makes them again. */
const SHOWN_CHARS = 4_000;

export function asCurl(wire: WireRequest): string {
  const headers = Object.entries(wire.headers).map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`);
  const body =
    wire.body === null || !METHODS_WITH_BODY.has(wire.method)
      ? []
      : [`--data-raw ${quoted(wire.body.slice(0, SHOWN_CHARS))}`];
  const method = wire.method === 'HEAD' ? '--head' : `-X ${wire.method}`;
  return [
    'curl',
    method,
    '-H "authorization: Bearer $KEY"',
    ...headers,
    ...body,
    `"$URL"${quoted(wire.target)}`,
  ].join(' ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
