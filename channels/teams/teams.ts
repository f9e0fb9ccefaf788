/**
 * Microsoft Teams by the webhook of a workflow ("When a Teams webhook request is received"): one adaptive card a message. The address
 * itself is the credential. https://learn.microsoft.com/power-automate/teams/send-a-message-in-teams
 */
import { z } from 'zod';
import { SEND_TIMEOUT_MS, type ChannelDeps, type ChannelSession, type OutgoingMessage } from '../contract.ts';
import { createGuardedFetch } from '../guarded-fetch.ts';
import { deliveryOfError, deliveryOfStatus } from '../http-delivery.ts';

export const teamsConfig = z.strictObject({});
export type TeamsConfig = z.output<typeof teamsConfig>;

export const teamsSecret = z.strictObject({ url: z.url({ protocol: /^https?$/ }).max(2_000) });
export type TeamsSecret = z.output<typeof teamsSecret>;

export function openTeams(
  _config: TeamsConfig,
  { url }: TeamsSecret,
  { network }: ChannelDeps,
): ChannelSession {
  const fetch = createGuardedFetch(network, SEND_TIMEOUT_MS);
  return {
    async send(to, message) {
      try {
        const answer = await fetch(url, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(cardOf(to, message)),
        });
        if (answer.ok) return { kind: 'accepted', providerId: null, detail: { status: answer.status } };
        return deliveryOfStatus(answer, 'the workflow in Teams');
      } catch (error) {
        return deliveryOfError(error);
      }
    },
    close: () => undefined,
  };
}

function cardOf(to: string, { title, text, link, actions }: OutgoingMessage): object {
  const lines = [`For ${to}`, ...text.split('\n')];
  return {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: {
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            { type: 'TextBlock', text: title, weight: 'bolder', wrap: true },
            ...lines.map((line) => ({ type: 'TextBlock', text: line, wrap: true })),
          ],
          actions:
            link === null ? [] : [{ type: 'Action.OpenUrl', title: actions[0]?.label ?? 'Open', url: link }],
        },
      },
    ],
  };
}
