/** How the tests of this sandbox call it: plain fetch, nothing of the connector. */
import type { RunningSandbox } from '../../kit/sandbox/index.ts';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined when it is none. */
  body: unknown;
}

export interface Wanted {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export async function call(sandbox: RunningSandbox, path: string, wanted: Wanted = {}): Promise<Answer> {
  const { body, headers = {} } = wanted;
  const raw = body instanceof FormData || body instanceof URLSearchParams || typeof body === 'string';
  const response = await fetch(`${sandbox.url}${path}`, {
    method: wanted.method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { ...(body === undefined || raw ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  return { status: response.status, headers: response.headers, text, body: parsed };
}

export type Fields = Record<string, unknown>;

export async function fields(sandbox: RunningSandbox, path: string, wanted?: Wanted): Promise<Fields> {
  return (await call(sandbox, path, wanted)).body as Fields;
}

export async function rows(sandbox: RunningSandbox, path: string): Promise<Fields[]> {
  return (await call(sandbox, path)).body as Fields[];
}
