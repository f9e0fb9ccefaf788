/** The channels against servers that really receive: what goes out, and what each refusal means. */
import { createHmac, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serveLocally, type LocalServer } from '../connectors/kit/sandbox/local-server.ts';
import { readBody } from '../connectors/kit/sandbox/read-body.ts';
import type { ChannelDeps, OutgoingMessage } from './contract.ts';
import { mailConfig, openMail } from './mail/mail.ts';
import { startMailSandbox, type MailSandbox } from './mail/sandbox/index.ts';
import { openSms, smsText } from './sms/twilio.ts';
import { startTwilioSandbox, type TwilioSandbox } from './sms/sandbox/index.ts';
import { isFromTwilio } from './sms/signature.ts';
import { startSlackSandbox, type SlackSandbox } from './slack/sandbox/index.ts';
import { isFromSlack } from './slack/signature.ts';
import { openSlack } from './slack/slack.ts';
import { openTeams } from './teams/teams.ts';
import { openWebhook, webhookSecret } from './webhook/webhook.ts';

const NOW = Date.parse('2026-03-01T08:15:00Z');
const DEPS: ChannelDeps = { network: { allowed: ['127.0.0.1'] }, now: () => NOW, callbackUrl: null };
const CLOSED: ChannelDeps = { ...DEPS, network: { allowed: [] } };
const MESSAGE: OutgoingMessage = {
  reference: 'alert-1-maria',
  title: 'Critical: bearing of pump P-101 is at 96 °C',
  text: 'Limit 90 °C <for 5 min>.\nSince 08:14.',
  language: 'en',
  severity: 'critical',
  link: 'https://plant.example/n/abc',
  actions: [{ kind: 'acknowledge', label: 'Acknowledge', token: 'token-1', replyCode: '4821' }],
  data: { event: 'alert_raised', alert_id: 'a-1' },
};

describe('e-mail', () => {
  let server: MailSandbox;
  beforeAll(async () => {
    server = await startMailSandbox();
  });
  afterAll(() => server.close());
  const config = () =>
    mailConfig.parse({ host: '127.0.0.1', port: server.port, security: 'none', from: 'cmms@plant.example' });

  it('arrives as text and as HTML, signed, named after the intent', async () => {
    const { privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2_048,
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
    const session = openMail(
      { ...config(), dkim: { domain: 'plant.example', selector: 'cmms' } },
      { user: server.credentials.user, password: server.credentials.password, dkimPrivateKey: privateKey },
      DEPS,
    );
    const delivery = await session.send('maria@plant.example', MESSAGE);
    session.close();
    expect(delivery).toMatchObject({ kind: 'accepted', providerId: '<alert-1-maria@plant.example>' });
    const [mail] = server.messages();
    expect(mail).toMatchObject({
      to: ['maria@plant.example'],
      subject: MESSAGE.title,
      messageId: '<alert-1-maria@plant.example>',
      text: `${MESSAGE.text}\n\nTo acknowledge: https://plant.example/n/abc`,
    });
    expect(mail?.html).toContain('Limit 90 °C &lt;for 5 min&gt;.');
    expect(mail?.html).toContain('href="https://plant.example/n/abc"');
    expect(mail?.headers['dkim-signature']).toMatch(/d=plant\.example;.*s=cmms;/);
  });

  it.each([
    [550, 'refused'],
    [451, 'later'],
  ])('answered with %d is %s', async (status, kind) => {
    server.answerWith('gone@plant.example', status);
    const session = openMail(config(), {}, DEPS);
    expect(await session.send('gone@plant.example', MESSAGE)).toMatchObject({ kind });
    session.close();
  });

  it('with a wrong password is refused', async () => {
    const session = openMail(config(), { user: 'plant', password: 'wrong' }, DEPS);
    expect(await session.send('maria@plant.example', MESSAGE)).toMatchObject({
      kind: 'refused',
      code: '535',
    });
    session.close();
  });

  it('reaches no private server that the operator did not list', async () => {
    const session = openMail(config(), {}, CLOSED);
    expect(await session.send('maria@plant.example', MESSAGE)).toMatchObject({
      kind: 'refused',
      code: 'ADDRESS_REFUSED',
    });
    session.close();
  });
});

describe('Slack', () => {
  let slack: SlackSandbox;
  beforeAll(async () => {
    slack = await startSlackSandbox();
  });
  afterAll(() => slack.close());
  const open = (deps = DEPS) => openSlack({ apiUrl: slack.url }, slack.credentials, deps);

  it('shows a message with its button, and changes it in place', async () => {
    const session = open();
    const sent = await session.send('U0MARIA', MESSAGE);
    expect(sent).toMatchObject({ kind: 'accepted', providerId: 'D0MARIA/1700000000.000001' });
    expect(JSON.stringify(slack.messages()[0]?.blocks)).toContain('"value":"token-1"');
    const providerId = sent.kind === 'accepted' ? (sent.providerId ?? '') : '';
    expect(
      await session.update?.('U0MARIA', providerId, { ...MESSAGE, title: 'Acknowledged', actions: [] }),
    ).toMatchObject({ kind: 'accepted' });
    expect(slack.messages()).toMatchObject([{ text: 'Acknowledged', edits: 1 }]);
    expect(JSON.stringify(slack.messages()[0]?.blocks)).not.toContain('token-1');
  });

  it.each([
    ['not_in_channel', { kind: 'refused', code: 'not_in_channel' }],
    ['internal_error', { kind: 'later', unknown: false }],
    ['ratelimited', { kind: 'later', retryAfterMs: 1_000 }],
  ])('answering %s means %j', async (error, expected) => {
    slack.answerWith(error);
    expect(await open().send('C0ALERTS', MESSAGE)).toMatchObject(expected);
    slack.answerWith(null);
  });

  it('knows its own requests: right secret, body as sent, of these minutes', () => {
    const body = 'payload=%7B%7D';
    const timestamp = String(NOW / 1_000);
    const signature = `v0=${createHmac('sha256', 'secret').update(`v0:${timestamp}:${body}`).digest('hex')}`;
    const signed = { timestamp, signature, body };
    expect(isFromSlack('secret', signed, NOW)).toBe(true);
    expect(isFromSlack('other', signed, NOW)).toBe(false);
    expect(isFromSlack('secret', { ...signed, body: 'payload=%7B%7D+' }, NOW)).toBe(false);
    expect(isFromSlack('secret', signed, NOW + 301_000)).toBe(false);
    expect(isFromSlack('secret', { ...signed, signature: '' }, NOW)).toBe(false);
  });
});

describe('text messages', () => {
  let twilio: TwilioSandbox;
  beforeAll(async () => {
    twilio = await startTwilioSandbox();
  });
  afterAll(() => twilio.close());
  const open = (authToken = twilio.credentials.authToken) =>
    openSms(
      {
        provider: 'twilio',
        apiUrl: twilio.url,
        accountSid: twilio.credentials.accountSid,
        from: '+15005550006',
      },
      { authToken },
      DEPS,
    );

  it('hold the title and how to answer, nothing of the text', async () => {
    expect(await open().send('+4915112345678', MESSAGE)).toMatchObject({
      kind: 'accepted',
      providerId: expect.stringMatching(/^SM/),
    });
    expect(twilio.messages()[0]?.body).toBe(`${MESSAGE.title} Reply ACK 4821 to acknowledge.`);
    expect(smsText({ title: 'x'.repeat(1_000), actions: MESSAGE.actions })).toHaveLength(300);
  });

  it.each([
    ['+4915100000001', 21_211, { kind: 'refused', code: '21211' }],
    ['+4915100000002', 20_429, { kind: 'later', retryAfterMs: 1_000 }],
    ['+4915100000003', 30_001, { kind: 'later' }],
  ])('to %s answered with %d mean %j', async (to, code, expected) => {
    twilio.answerWith(to, code);
    expect(await open().send(to, MESSAGE)).toMatchObject(expected);
  });

  it('are refused with a wrong token, and to what is no number', async () => {
    expect(await open('wrong').send('+4915112345678', MESSAGE)).toMatchObject({
      kind: 'refused',
      code: '20003',
    });
    expect(await open().send('0151 12345678', MESSAGE)).toMatchObject({ kind: 'refused', code: 'address' });
  });

  it('know the requests of their provider', () => {
    const form = { Body: 'ACK 4821', From: '+4915112345678' };
    const url = 'https://plant.example/notices/sms/t';
    const signature = createHmac('sha1', 'token')
      .update(`${url}BodyACK 4821From+4915112345678`)
      .digest('base64');
    expect(isFromTwilio('token', { url, form, signature })).toBe(true);
    expect(isFromTwilio('token', { url, form: { ...form, Body: 'ACK 1' }, signature })).toBe(false);
    expect(isFromTwilio('other', { url, form, signature })).toBe(false);
  });
});

describe('webhooks and Teams', () => {
  let server: LocalServer;
  let status = 200;
  const seen: { headers: Record<string, unknown>; body: string }[] = [];
  beforeAll(async () => {
    server = await serveLocally((request, response) => {
      void readBody(request).then((body) => {
        seen.push({ headers: request.headers, body: body.toString('utf8') });
        response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {}).end('{}');
      });
    });
  });
  afterAll(() => server.close());
  const key = Buffer.alloc(32, 7);
  const secret = `whsec_${key.toString('base64')}`;
  const open = (deps = DEPS) => openWebhook({ url: `${server.url}/hook` }, { secret }, deps);

  it('sign id, time and body as Standard Webhooks does', async () => {
    expect(await open().send('ops', MESSAGE)).toMatchObject({ kind: 'accepted' });
    const { headers, body } = seen.at(-1) ?? { headers: {}, body: '' };
    const text = `alert-1-maria.${String(NOW / 1_000)}.${body}`;
    expect(headers).toMatchObject({
      'webhook-id': 'alert-1-maria',
      'webhook-signature': `v1,${createHmac('sha256', key).update(text).digest('base64')}`,
    });
    expect(JSON.parse(body)).toMatchObject({ type: 'notice', data: { to: 'ops', alert_id: 'a-1' } });
  });

  it.each([
    [410, { kind: 'refused', code: '410' }],
    [429, { kind: 'later', retryAfterMs: 7_000 }],
    [500, { kind: 'later', unknown: true }],
  ])('answered with %d mean %j', async (answered, expected) => {
    status = answered;
    expect(await open().send('ops', MESSAGE)).toMatchObject(expected);
    status = 200;
  });

  it('reach nothing private, and take only a secret of the standard', async () => {
    expect(await open(CLOSED).send('ops', MESSAGE)).toMatchObject({
      kind: 'refused',
      code: 'ADDRESS_REFUSED',
    });
    expect(webhookSecret.safeParse({ secret: 'abc' }).success).toBe(false);
  });

  it('give Teams a card that opens the link', async () => {
    expect(await openTeams({}, { url: server.url }, DEPS).send('Maria', MESSAGE)).toMatchObject({
      kind: 'accepted',
    });
    expect(seen.at(-1)?.body).toContain('"url":"https://plant.example/n/abc"');
  });
});
