/**
 * A workspace of Slack for tests and the demo: `chat.postMessage`, `chat.update` and `auth.test` with Slack's error shapes and rate limit,
 * buttons that are pressed from outside and delivered signed, as Slack does. Shares nothing with the client.
 */
import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createPatientServer, listen, stopListening } from '../../../connectors/kit/sandbox/local-server.ts';
import { readBody } from '../../../connectors/kit/sandbox/read-body.ts';

export interface SlackMessage {
  channel: string;
  ts: string;
  text: string;
  blocks: unknown[];
  /** How often it was changed. */
  edits: number;
}

export interface SlackSandbox {
  system: 'slack';
  /** Root of the Web API. */
  url: string;
  /** `/messages` shows what is in the workspace; `POST /press` presses a button. */
  controlUrl: string;
  credentials: { botToken: string; signingSecret: string };
  messages(): readonly SlackMessage[];
  /** What the next calls are answered with, e.g. `channel_not_found`; `ratelimited` gives a 429 with Retry-After. Null ends it. */
  answerWith(error: string | null): void;
  /** Presses the button of a message and sends it to the app; gives the app's status. */
  press(ts: string, url: string, options?: { user?: string; signingSecret?: string }): Promise<number>;
  close(): Promise<void>;
}

const BOT_TOKEN = 'xoxb-sandbox-000000000000';
const SIGNING_SECRET = 'sandbox-signing-secret-0123456789';
const RETRY_AFTER_S = 1;

interface Workspace {
  messages: SlackMessage[];
  fault: string | null;
  count: number;
}

export async function startSlackSandbox(
  options: { port?: number; controlPort?: number } = {},
): Promise<SlackSandbox> {
  const workspace: Workspace = { messages: [], fault: null, count: 0 };
  const api = createPatientServer((request, response) => {
    void answer(workspace, request).then(({ status, body, headers }) => {
      response
        .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
        .end(JSON.stringify(body));
    });
  });
  const url = `${await listen(api, options.port ?? 0)}/api/`;

  async function press(
    ts: string,
    target: string,
    { user = 'U0WILSON', signingSecret = SIGNING_SECRET }: { user?: string; signingSecret?: string } = {},
  ): Promise<number> {
    const message = workspace.messages.find((one) => one.ts === ts);
    const button = message === undefined ? undefined : buttonOf(message.blocks);
    if (message === undefined || button === undefined) throw new Error(`No message ${ts} has a button.`);
    const payload = {
      type: 'block_actions',
      user: { id: user },
      container: { type: 'message', message_ts: ts, channel_id: message.channel },
      actions: [{ type: 'button', ...button }],
    };
    const body = new URLSearchParams({ payload: JSON.stringify(payload) }).toString();
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const signature = `v0=${createHmac('sha256', signingSecret).update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const answered = await fetch(target, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature,
      },
      body,
      signal: AbortSignal.timeout(10_000),
    });
    return answered.status;
  }
  const control = createPatientServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://slack').pathname;
      const text = (await readBody(request)).toString('utf8');
      if (request.method === 'POST' && path === '/press') {
        const wish = JSON.parse(text) as { ts: string; url: string };
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ status: await press(wish.ts, wish.url) }));
        return;
      }
      if (request.method === 'PUT' && path === '/faults')
        workspace.fault = (JSON.parse(text) as { error: string | null }).error;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(workspace.messages));
    })().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  const controlUrl = await listen(control, options.controlPort ?? 0);
  return {
    system: 'slack',
    url,
    controlUrl,
    credentials: { botToken: BOT_TOKEN, signingSecret: SIGNING_SECRET },
    messages: () => workspace.messages,
    answerWith: (error) => {
      workspace.fault = error;
    },
    press,
    async close() {
      await stopListening(control);
      await stopListening(api);
    },
  };
}

interface Answer {
  status: number;
  body: object;
  headers?: Record<string, string>;
}

const failed = (error: string): Answer => ({ status: 200, body: { ok: false, error } });

async function answer(workspace: Workspace, request: IncomingMessage): Promise<Answer> {
  const method = (request.url ?? '').split('/').at(-1)?.split('?')[0] ?? '';
  const text = (await readBody(request)).toString('utf8');
  const given = argumentsOf(text, request.headers['content-type'] ?? '');
  const token = (request.headers.authorization ?? '').replace(/^Bearer /, '') || textOf(given, 'token');
  if (token === '') return failed('not_authed');
  if (token !== BOT_TOKEN) return failed('invalid_auth');
  if (workspace.fault === 'ratelimited')
    return {
      status: 429,
      body: { ok: false, error: 'ratelimited' },
      headers: { 'retry-after': String(RETRY_AFTER_S) },
    };
  if (workspace.fault !== null) return failed(workspace.fault);
  if (method === 'auth.test')
    return { status: 200, body: { ok: true, team: 'Pit Mine', user: 'chatterfix' } };
  if (method === 'chat.postMessage') return post(workspace, given);
  if (method === 'chat.update') return update(workspace, given);
  return failed('unknown_method');
}

function post(workspace: Workspace, given: Record<string, unknown>): Answer {
  const to = textOf(given, 'channel');
  if (!/^[CDGU][A-Z0-9]{2,}$/.test(to)) return failed('channel_not_found');
  if (given['text'] === undefined && given['blocks'] === undefined) return failed('no_text');
  workspace.count += 1;
  const message: SlackMessage = {
    // A message to a person stands in the conversation with him.
    channel: to.startsWith('U') ? `D${to.slice(1)}` : to,
    ts: `1700000000.${String(workspace.count).padStart(6, '0')}`,
    text: textOf(given, 'text'),
    blocks: listOf(given['blocks']),
    edits: 0,
  };
  workspace.messages.push(message);
  return {
    status: 200,
    body: { ok: true, channel: message.channel, ts: message.ts, message: { text: message.text } },
  };
}

function update(workspace: Workspace, given: Record<string, unknown>): Answer {
  const found = workspace.messages.find(
    ({ channel, ts }) => channel === given['channel'] && ts === given['ts'],
  );
  if (found === undefined) return failed('message_not_found');
  found.text = textOf(given, 'text');
  found.blocks = listOf(given['blocks']);
  found.edits += 1;
  return { status: 200, body: { ok: true, channel: found.channel, ts: found.ts, text: found.text } };
}

function textOf(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  return typeof value === 'string' ? value : '';
}

function argumentsOf(text: string, type: string): Record<string, unknown> {
  if (type.includes('json')) return JSON.parse(text) as Record<string, unknown>;
  return Object.fromEntries(new URLSearchParams(text));
}

function listOf(blocks: unknown): unknown[] {
  if (typeof blocks === 'string') return JSON.parse(blocks) as unknown[];
  return Array.isArray(blocks) ? blocks : [];
}

function buttonOf(blocks: unknown[]): { action_id: string; value: string } | undefined {
  for (const block of blocks as { type: string; elements?: { action_id: string; value: string }[] }[])
    if (block.type === 'actions') {
      const [first] = block.elements ?? [];
      return first === undefined ? undefined : { action_id: first.action_id, value: first.value };
    }
  return undefined;
}
