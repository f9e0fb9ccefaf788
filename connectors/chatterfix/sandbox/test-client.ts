/** How the tests of this sandbox call it: plain fetch, nothing of the connector. */
import type { RunningSandbox } from '../../kit/sandbox/index.ts';
import { call as callUrl, type Answer, type Json } from '../../kit/sandbox/test-client.ts';

export type Fields = Json;

export interface Wanted {
  method?: string;
  /** Sent as JSON unless it is a form or text. */
  body?: unknown;
  headers?: Record<string, string>;
}

export function call(sandbox: RunningSandbox, path: string, wanted: Wanted = {}): Promise<Answer> {
  const { body, ...rest } = wanted;
  const raw = body instanceof FormData || body instanceof URLSearchParams || typeof body === 'string';
  return callUrl(`${sandbox.url}${path}`, { ...rest, ...(raw ? { body } : { json: body }) });
}

export async function fields(sandbox: RunningSandbox, path: string, wanted?: Wanted): Promise<Fields> {
  return (await call(sandbox, path, wanted)).body;
}

export async function rows(sandbox: RunningSandbox, path: string): Promise<Fields[]> {
  return (await call(sandbox, path)).list;
}
