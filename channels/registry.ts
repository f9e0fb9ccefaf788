/** The channels by name: what each is configured with, and how it is opened. An explicit list. */
import type { z } from 'zod';
import type { Channel } from '../domain/notifications/notice.ts';
import type { ChannelDeps, ChannelSession } from './contract.ts';
import { mailConfig, mailSecret, openMail } from './mail/mail.ts';
import { openSlack, slackConfig, slackSecret } from './slack/slack.ts';
import { openSms, smsConfig, smsSecret } from './sms/twilio.ts';
import { openTeams, teamsConfig, teamsSecret } from './teams/teams.ts';
import { openWebhook, webhookConfig, webhookSecret } from './webhook/webhook.ts';

export interface ChannelKind {
  config: z.ZodType;
  secret: z.ZodType;
  /** Both were checked when they were stored. */
  open(config: unknown, secret: unknown, deps: ChannelDeps): ChannelSession;
}

export const channels: Readonly<Record<Channel, ChannelKind>> = {
  email: kind(mailConfig, mailSecret, openMail),
  slack: kind(slackConfig, slackSecret, openSlack),
  sms: kind(smsConfig, smsSecret, openSms),
  teams: kind(teamsConfig, teamsSecret, openTeams),
  webhook: kind(webhookConfig, webhookSecret, openWebhook),
};

/** Keeps the types of one channel together; the list holds them as plain kinds. */
function kind<C extends z.ZodType, S extends z.ZodType>(
  config: C,
  secret: S,
  open: (config: z.output<C>, secret: z.output<S>, deps: ChannelDeps) => ChannelSession,
): ChannelKind {
  return {
    config,
    secret,
    open: (given, sealed, deps) => open(config.parse(given), secret.parse(sealed), deps),
  };
}
