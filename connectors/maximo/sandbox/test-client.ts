/** A bare HTTP client for the tests of this folder: fetch with the sandbox's root and key, nothing clever. */
import type { RunningSandbox, SandboxOptions } from '../../kit/sandbox/index.ts';
import { call, type Answer, type CallOptions, type Json } from '../../kit/sandbox/test-client.ts';
import { startMaximoSandbox } from './index.ts';

export type { Answer, CallOptions, Json };

export interface TestClient {
  sandbox: RunningSandbox;
  /** A call below /maximo/api with the key, lean unless the query says otherwise. */
  api(path: string, query?: Record<string, string>, options?: CallOptions): Promise<Answer>;
  /** A call to any path of the host, without credentials of its own. */
  raw(path: string, options?: CallOptions): Promise<Answer>;
  create(os: string, json: Json, properties?: string): Promise<Json>;
  patch(href: string, json: Json, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export function members(answer: Answer): Json[] {
  return Array.isArray(answer.body.member) ? (answer.body.member as Json[]) : [];
}

export function errorOf(answer: Answer): Json {
  return answer.body.Error as Json;
}

/** The part of a href after the root: hrefs point at /oslc, the key works at /api. */
export function below(href: unknown): string {
  const text = String(href);
  return text.slice(text.indexOf('/os/') + 1);
}

export async function startClient(options: SandboxOptions): Promise<TestClient> {
  const sandbox = await startMaximoSandbox(options);
  const apikey = sandbox.credentials.apiKey ?? '';
  const raw = (path: string, callOptions: CallOptions = {}): Promise<Answer> =>
    call(sandbox.url + path, callOptions);
  const api = (
    path: string,
    query: Record<string, string> = {},
    callOptions: CallOptions = {},
  ): Promise<Answer> => {
    const [route, own = ''] = path.split('?');
    const all = new URLSearchParams(own);
    for (const [name, value] of Object.entries({ lean: '1', ...query })) all.set(name, value);
    return raw(`/maximo/api/${route ?? ''}?${all.toString()}`, {
      ...callOptions,
      headers: { apikey, ...callOptions.headers },
    });
  };
  return {
    sandbox,
    api,
    raw,
    async create(os, json, properties = '*') {
      const answer = await api(`os/${os}`, {}, { method: 'POST', json, headers: { properties } });
      if (answer.status !== 201) throw new Error(`create ${os}: ${answer.status} ${answer.text}`);
      return answer.body;
    },
    patch: (href, json, headers = {}) =>
      api(below(href), {}, { method: 'POST', json, headers: { 'x-method-override': 'PATCH', ...headers } }),
    close: () => sandbox.close(),
  };
}
