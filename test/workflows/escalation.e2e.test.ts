/**
 * An alert from the record to the pocket: escalation, channels that really receive, and workers that are killed with -9 while steps are due.
 * Each step is told once, none is left out, and an acknowledgement ends it.
 */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startMailSandbox, type MailSandbox } from '../../channels/mail/sandbox/index.ts';
import { startTwilioSandbox, type TwilioSandbox } from '../../channels/sms/sandbox/index.ts';
import { startSlackSandbox, type SlackSandbox } from '../../channels/slack/sandbox/index.ts';
import { createChannelActions } from '../../cli/channel-actions.ts';
import type { JsonObject } from '../../domain/json.ts';
import { configureChannel } from '../../plant/notifications/channels.ts';
import { writeNoticeDocument } from '../../plant/notifications/documents.ts';
import { createPlain } from '../../plant/records/plain-records.ts';
import { raiseAlerts } from '../../store/assets/asset-alerts.ts';
import { loadEscalation } from '../../store/notifications/escalations.ts';
import { listIntents } from '../../store/notifications/intents.ts';
import { ASSET, PERSON } from '../../plant/records/plain-records-kinds.ts';
import { startWorkerProcess, type WorkerProcess } from '../e2e/program.ts';
import { createStack, until, type Stack } from './stack.ts';

/** Workers start three times, on a machine that may be busy; a bound, not an expectation. */
const LIMIT_MS = 300_000;
const UNTIL_MS = LIMIT_MS - 20_000;

describe('an alert that nobody answers', () => {
  let stack: Stack;
  let mail: MailSandbox;
  let slack: SlackSandbox;
  let twilio: TwilioSandbox;
  let worker: WorkerProcess;
  const people: Record<string, string> = {};
  let asset = '';
  beforeAll(async () => {
    [stack, mail, slack, twilio] = await Promise.all([
      createStack({ worker: false }),
      startMailSandbox(),
      startSlackSandbox(),
      startTwilioSandbox(),
    ]);
    await setUp();
    worker = await startWorkerProcess(stack);
  }, LIMIT_MS);
  afterAll(async () => {
    await worker.kill();
    await stack.close();
    await Promise.all([mail.close(), slack.close(), twilio.close()]);
  });

  async function setUp(): Promise<void> {
    const { deps } = stack;
    for (const [name, contact] of [
      ['maria', { slack: 'U0MARIA' }],
      ['tom', { email: 'tom@plant.example' }],
      ['li', { sms: '+4915112345678' }],
    ] as const) {
      const person = await createPlain(deps, PERSON, { name });
      people[name] = person.id;
      await writeNoticeDocument(deps, 'contact', people[name], { addresses: { ...contact } });
    }
    asset = (await createPlain(deps, ASSET, { name: 'Pump' })).id;
    const channels = createChannelActions(stack.program);
    const configure = (channel: 'email' | 'slack' | 'sms', config: JsonObject, secret: JsonObject) =>
      configureChannel({ ...deps, channels }, channel, { config, secret });
    await configure('slack', { apiUrl: slack.url }, { ...slack.credentials });
    await configure(
      'email',
      { host: '127.0.0.1', port: mail.port, security: 'none', from: 'cmms@plant.example' },
      {},
    );
    const { accountSid, from, authToken } = twilio.credentials;
    await configure('sms', { apiUrl: twilio.url, accountSid, from }, { authToken });
    await writeNoticeDocument(deps, 'escalation_policy', 'critical', {
      title: 'Critical alerts',
      steps: [
        { notify: [{ person: people['maria'] ?? '' }], waitS: 2 },
        { notify: [{ person: people['tom'] ?? '' }], waitS: 2 },
        { notify: [{ person: people['li'] ?? '' }], waitS: 3_600 },
      ],
      covers: { from: 'high' },
    });
  }

  async function raise(severity: 'low' | 'critical', alertType: string): Promise<string> {
    const id = randomUUID();
    await stack.inTenant((tx) =>
      raiseAlerts(tx, stack.tenantId, [
        { id, hubId: asset, alertType, severity, message: '96 °C', at: '2026-03-01T08:15:00Z' },
      ]),
    );
    return id;
  }
  const intents = (id: string) =>
    stack.inTenant((tx) =>
      listIntents(tx, stack.tenantId, { subject: `alert/${id}` }, { before: null, limit: 100 }),
    );
  const accepted = async (id: string) =>
    (await intents(id))
      .filter(({ state }) => state === 'accepted')
      .map(({ channel, person }) => `${person} by ${channel}`);

  it(
    'is told step by step, once each, although the worker is killed before each step',
    async () => {
      const id = await raise('critical', 'high_temperature');
      // Known to be accepted: a sender that dies before it knows sends again.
      await until('Slack has it', async () => (await accepted(id)).length === 1, UNTIL_MS);
      await worker.kill();
      worker = await startWorkerProcess(stack);
      await until('the mail is there', async () => (await accepted(id)).length === 2, UNTIL_MS);
      await worker.kill();
      worker = await startWorkerProcess(stack);
      await until('the text message is there', async () => (await accepted(id)).length === 3, UNTIL_MS);
      expect([slack.messages().length, mail.messages().length, twilio.messages().length]).toEqual([1, 1, 1]);
      expect((await accepted(id)).sort()).toEqual(['li by sms', 'maria by slack', 'tom by email']);
      const escalation = await stack.inTenant((tx) => loadEscalation(tx, stack.tenantId, id));
      expect(escalation?.records.filter(({ kind }) => kind === 'notify')).toMatchObject([
        { run: 1, round: 1, step: 0 },
        { run: 1, round: 1, step: 1 },
        { run: 1, round: 1, step: 2 },
      ]);

      const { ts } = slack.messages()[0] ?? { ts: '' };
      const url = `${stack.apiUrl}/notices/slack/${stack.tenantId}`;
      expect(await slack.press(ts, url, { signingSecret: 'of somebody else' })).toBe(404);
      expect(await slack.press(ts, url)).toBe(200);
      await until(
        'the escalation rests',
        async () => {
          const row = await stack.inTenant((tx) => loadEscalation(tx, stack.tenantId, id));
          return row?.phase === 'acknowledged';
        },
        UNTIL_MS,
      );
      await until('Slack shows it', () => slack.messages()[0]?.text.startsWith('Acknowledged: '), UNTIL_MS);
      expect(JSON.stringify(slack.messages()[0]?.blocks)).not.toContain('"button"');
    },
    LIMIT_MS,
  );

  it(
    'has no escalation when no policy is for it',
    async () => {
      const id = await raise('low', 'low_uptime');
      const other = await raise('critical', 'high_vibration');
      await until('the later one is told', async () => (await accepted(other)).length > 0, UNTIL_MS);
      expect(await stack.inTenant((tx) => loadEscalation(tx, stack.tenantId, id))).toBeNull();
      expect(await intents(id)).toEqual([]);
    },
    LIMIT_MS,
  );
});
