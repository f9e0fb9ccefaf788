/** A server between a connector and a sandbox, that answers some requests itself and alters some answers. */
import { createServer, request as forward } from 'node:http';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  method: string;
  url: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface Answered {
  status: number;
  headers?: OutgoingHttpHeaders;
  body: string | Buffer;
}

export interface ProxyRules {
  /** What is answered here; null lets the request through. */
  answer?: (asked: Asked) => Answered | null;
  /** What becomes of the answer of the system behind. */
  alter?: (asked: Asked, answered: Answered) => Answered;
}

export interface Proxy {
  url: string;
  asked: Asked[];
  close(): Promise<void>;
}

export async function startProxy(target: string | null, { answer, alter }: ProxyRules): Promise<Proxy> {
  const seen: Asked[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const { method = 'GET', url = '/', headers } = incoming;
      const asked: Asked = { method, url, headers, body: body.toString('utf8') };
      seen.push(asked);
      const own = answer?.(asked) ?? null;
      if (own !== null) return void response.writeHead(own.status, own.headers).end(own.body);
      if (target === null) return void response.writeHead(404).end();
      const on = forward(new URL(url, target), { method, headers }, (answered) => {
        const parts: Buffer[] = [];
        answered.on('data', (chunk: Buffer) => parts.push(chunk));
        answered.on('end', () => {
          const whole = {
            status: answered.statusCode ?? 502,
            headers: answered.headers,
            body: Buffer.concat(parts),
          };
          const told = alter?.(asked, whole) ?? whole;
          const { 'content-length': _length, 'transfer-encoding': _encoding, ...rest } = told.headers ?? {};
          response.writeHead(told.status, rest).end(told.body);
        });
      });
      on.on('error', () => response.destroy());
      on.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    asked: seen,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
