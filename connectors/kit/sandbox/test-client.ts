/** How the tests of a sandbox call it: plain fetch, nothing of any connector. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunningSandbox, SandboxOptions } from './types.ts';

export type Json = Record<string, unknown>;

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as a JSON object; empty when it is none. */
  body: Json;
  /** The body as a JSON list; empty when it is none. */
  list: Json[];
}

export interface CallOptions {
  /** GET, or POST when something is sent. */
  method?: string;
  headers?: Record<string, string>;
  json?: unknown;
  body?: string | Uint8Array | FormData | URLSearchParams;
}

export async function call(url: string, options: CallOptions = {}): Promise<Answer> {
  const { json, headers = {} } = options;
  const body = json === undefined ? options.body : JSON.stringify(json);
  const response = await fetch(url, {
    method: options.method ?? (body === undefined ? 'GET' : 'POST'),
    redirect: 'manual',
    headers: { ...(json === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const parsed = parse(text);
  return {
    status: response.status,
    headers: response.headers,
    text,
    body: typeof parsed === 'object' && parsed !== null ? (parsed as Json) : {},
    list: Array.isArray(parsed) ? (parsed as Json[]) : [],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Everything the screens show, by object. */
export function everything({ control }: RunningSandbox): Record<string, object[]> {
  return Object.fromEntries(control.objects().map((object) => [object, control.list(object)]));
}

export interface Restarts {
  file: string;
  /** Ends what runs and starts it again on the same state file. */
  restart(seed: string): Promise<RunningSandbox>;
  /** Ends what runs and removes the file. */
  end(): Promise<void>;
}

/** A sandbox that is stopped and started again on one state file. */
export async function withRestarts(
  start: (options: SandboxOptions) => Promise<RunningSandbox>,
): Promise<Restarts> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-state-'));
  const file = join(folder, 'kept.state');
  let running: RunningSandbox | undefined;
  return {
    file,
    async restart(seed) {
      await running?.close();
      running = await start({ seed, stateFile: file });
      return running;
    },
    async end() {
      await running?.close();
      await rm(folder, { recursive: true });
    },
  };
}
