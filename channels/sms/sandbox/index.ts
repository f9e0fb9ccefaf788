/**
 * Twilio's Messages API for tests and the demo: its form, its error shapes and codes, its status callbacks and the replies of people,
 * both signed as Twilio signs. Shares nothing with the client.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createPatientServer, listen, stopListening } from '../../../connectors/kit/sandbox/local-server.ts';
import { readBody } from '../../../connectors/kit/sandbox/read-body.ts';

export interface SmsMessage {
  sid: string;
  to: string;
  from: string;
  body: string;
  status: string;
  callback: string | null;
}

export interface TwilioSandbox {
  system: 'twilio';
  url: string;
  /** `/messages` shows what was sent; `POST /reply` and `POST /status` send what Twilio would. */
  controlUrl: string;
  credentials: { accountSid: string; authToken: string; from: string };
  messages(): readonly SmsMessage[];
  /** Refuses a number with one of Twilio's codes, e.g. 21211; 20429 is a 429. Null ends it. */
  answerWith(to: string, code: number | null): void;
  /** A person answers; gives the app's status. */
  reply(from: string, body: string, url: string, authToken?: string): Promise<number>;
  /** Tells the app what became of a message. */
  report(sid: string, status: string, errorCode?: number): Promise<number>;
  close(): Promise<void>;
}

const ACCOUNT = `AC${'0'.repeat(31)}1`;
const AUTH_TOKEN = 'sandbox-auth-token';
const FROM = '+15005550006';
const MORE = 'https://www.twilio.com/docs/errors/';

export async function startTwilioSandbox(
  options: { port?: number; controlPort?: number } = {},
): Promise<TwilioSandbox> {
  const messages: SmsMessage[] = [];
  const faults = new Map<string, number>();
  const api = createPatientServer((request, response) => {
    void answer(messages, faults, request).then(({ status, body, headers }) => {
      response
        .writeHead(status, { 'content-type': 'application/json', ...headers })
        .end(JSON.stringify(body));
    });
  });
  const url = await listen(api, options.port ?? 0);

  const reply: TwilioSandbox['reply'] = (from, body, target, authToken = AUTH_TOKEN) =>
    post(target, { AccountSid: ACCOUNT, MessageSid: newSid(), From: from, To: FROM, Body: body }, authToken);
  const report: TwilioSandbox['report'] = async (sid, status, errorCode) => {
    const message = messages.find((one) => one.sid === sid);
    if (message?.callback == null) throw new Error(`Message ${sid} asked for no callback.`);
    message.status = status;
    const code = errorCode === undefined ? {} : { ErrorCode: String(errorCode) };
    return post(
      message.callback,
      {
        AccountSid: ACCOUNT,
        MessageSid: sid,
        MessageStatus: status,
        From: message.from,
        To: message.to,
        ...code,
      },
      AUTH_TOKEN,
    );
  };
  const control = createPatientServer((request, response) => {
    void (async () => {
      const path = new URL(request.url ?? '/', 'http://twilio').pathname;
      const text = (await readBody(request)).toString('utf8');
      const wish = text === '' ? {} : (JSON.parse(text) as Record<string, string>);
      let shown: unknown = messages;
      if (request.method === 'POST' && path === '/reply')
        shown = { status: await reply(wish['from'] ?? '', wish['body'] ?? '', wish['url'] ?? '') };
      if (request.method === 'POST' && path === '/status')
        shown = { status: await report(wish['sid'] ?? '', wish['status'] ?? 'delivered') };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(shown));
    })().catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  const controlUrl = await listen(control, options.controlPort ?? 0);
  return {
    system: 'twilio',
    url,
    controlUrl,
    credentials: { accountSid: ACCOUNT, authToken: AUTH_TOKEN, from: FROM },
    messages: () => messages,
    answerWith: (to, code) => {
      if (code === null) faults.delete(to);
      else faults.set(to, code);
    },
    reply,
    report,
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

function failed(status: number, code: number, message: string): Answer {
  return { status, body: { code, message, more_info: MORE + String(code), status } };
}

async function answer(
  messages: SmsMessage[],
  faults: Map<string, number>,
  request: IncomingMessage,
): Promise<Answer> {
  const form = new URLSearchParams((await readBody(request)).toString('utf8'));
  const login = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString(
    'utf8',
  );
  if (login !== `${ACCOUNT}:${AUTH_TOKEN}`) return failed(401, 20_003, 'Authenticate');
  if (request.method !== 'POST' || request.url !== `/2010-04-01/Accounts/${ACCOUNT}/Messages.json`)
    return failed(404, 20_404, 'The requested resource was not found');
  const [to, from, body] = ['To', 'From', 'Body'].map((name) => form.get(name) ?? '') as [
    string,
    string,
    string,
  ];
  const fault = faults.get(to);
  if (fault === 20_429)
    return { ...failed(429, fault, 'Too Many Requests'), headers: { 'retry-after': '1' } };
  if (fault !== undefined) return failed(400, fault, 'The message cannot be sent');
  if (!/^\+\d{7,15}$/.test(to))
    return failed(400, 21_211, `The 'To' number ${to} is not a valid phone number.`);
  if (body === '') return failed(400, 21_602, 'Message body is required.');
  if (body.length > 1_600)
    return failed(400, 21_617, 'The concatenated message body exceeds the 1600 character limit.');
  const message = { sid: newSid(), to, from, body, status: 'queued', callback: form.get('StatusCallback') };
  messages.push(message);
  const { callback: _callback, ...shown } = message;
  return { status: 201, body: { ...shown, account_sid: ACCOUNT, error_code: null, error_message: null } };
}

async function post(url: string, form: Record<string, string>, authToken: string): Promise<number> {
  const text = Object.keys(form)
    .sort()
    .reduce((all, name) => all + name + (form[name] ?? ''), url);
  const answered = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'x-twilio-signature': createHmac('sha1', authToken).update(text).digest('base64'),
    },
    body: new URLSearchParams(form).toString(),
    signal: AbortSignal.timeout(10_000),
  });
  return answered.status;
}

function newSid(): string {
  return `SM${randomBytes(16).toString('hex')}`;
}
