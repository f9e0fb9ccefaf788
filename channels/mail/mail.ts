/**
 * E-mail by SMTP: a pool of connections, DKIM where a key is given, HTML and plain text from one text. Every connect passes the address
 * guard. The `Message-ID` is made of the intent, so that a repeat after a lost answer is one message to every mail reader.
 */
import { connect } from 'node:net';
import { createTransport } from 'nodemailer';
import type { SMTPPoolOptions, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool';
import { z } from 'zod';
import {
  ADDRESS_REFUSED,
  assertHost,
  guardedLookup,
  type NetworkPolicy,
} from '../../connectors/kit/network.ts';
import { SEND_TIMEOUT_MS, type ChannelDeps, type ChannelSession, type Delivery } from '../contract.ts';
import { htmlOf, plainOf } from './bodies.ts';

const mailbox = z.email('must be a mail address such as maintenance@plant.example').max(254);

export const mailConfig = z.strictObject({
  host: z.string().min(1).max(253),
  port: z.int().min(1).max(65_535),
  /** `tls` from the first byte, `starttls` after a greeting, `none` for a relay of one's own network. */
  security: z.enum(['tls', 'starttls', 'none']).default('starttls'),
  from: mailbox,
  fromName: z.string().max(100).optional(),
  replyTo: mailbox.optional(),
  connectionsMax: z.int().min(1).max(20).default(3),
  dkim: z
    .strictObject({ domain: z.string().min(1).max(253), selector: z.string().min(1).max(63) })
    .optional(),
});
export type MailConfig = z.output<typeof mailConfig>;

export const mailSecret = z.strictObject({
  user: z.string().max(200).optional(),
  password: z.string().max(1_000).optional(),
  /** PEM; with `dkim` in the settings. */
  dkimPrivateKey: z.string().max(10_000).optional(),
});
export type MailSecret = z.output<typeof mailSecret>;

type PoolOptions = SMTPPoolOptions & { pool: true };

export function openMail(config: MailConfig, secret: MailSecret, { network }: ChannelDeps): ChannelSession {
  const transport = createTransport(optionsOf(config, secret, network));
  return {
    send: async (to, message) => {
      try {
        return acceptedBy(
          await transport.sendMail({
            from: { name: config.fromName ?? 'ChatterFix Sync', address: config.from },
            to,
            ...(config.replyTo === undefined ? {} : { replyTo: config.replyTo }),
            subject: message.title,
            text: plainOf(message),
            html: htmlOf(message),
            messageId: `<${message.reference}@${config.dkim?.domain ?? domainOf(config.from)}>`,
            headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.language },
            priority: message.severity === 'critical' ? 'high' : 'normal',
          }),
        );
      } catch (error) {
        return deliveryOfMailError(error);
      }
    },
    close: () => {
      transport.close();
    },
  };
}

function acceptedBy({ messageId, response }: SMTPPoolSentMessageInfo): Delivery {
  return { kind: 'accepted', providerId: messageId, detail: { response } };
}

function optionsOf(config: MailConfig, secret: MailSecret, network: NetworkPolicy): PoolOptions {
  const { host, port, security, dkim } = config;
  return {
    pool: true,
    maxConnections: config.connectionsMax,
    host,
    port,
    secure: security === 'tls',
    requireTLS: security === 'starttls',
    ignoreTLS: security === 'none',
    connectionTimeout: SEND_TIMEOUT_MS,
    greetingTimeout: SEND_TIMEOUT_MS,
    socketTimeout: SEND_TIMEOUT_MS,
    dnsTimeout: SEND_TIMEOUT_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
    ...(secret.user === undefined ? {} : { auth: { user: secret.user, pass: secret.password ?? '' } }),
    ...(dkim === undefined || secret.dkimPrivateKey === undefined
      ? {}
      : {
          dkim: { domainName: dkim.domain, keySelector: dkim.selector, privateKey: secret.dkimPrivateKey },
        }),
    getSocket(_options: unknown, callback: (error: Error | null, socket: { connection: unknown }) => void) {
      try {
        assertHost(host, String(port), network);
      } catch (error) {
        callback(error as Error, { connection: null });
        return;
      }
      const socket = connect({ host, port, lookup: guardedLookup(network), timeout: SEND_TIMEOUT_MS });
      const failed = (error: Error): void => {
        callback(error, { connection: null });
      };
      socket.once('error', failed);
      socket.once('timeout', () => socket.destroy(new Error(`${host} does not answer.`)));
      socket.once('connect', () => {
        socket.off('error', failed);
        socket.setTimeout(0);
        callback(null, { connection: socket });
      });
    },
  } as PoolOptions;
}

/** SMTP's own words: 4xx is for now, 5xx for good; what breaks after the data went out may have arrived. */
export function deliveryOfMailError(error: unknown): Delivery {
  const { message, code, responseCode, command } = error as Error & {
    code?: string;
    responseCode?: number;
    command?: string;
  };
  if (code === ADDRESS_REFUSED || code === 'EAUTH' || code === 'EENVELOPE' || (responseCode ?? 0) >= 500) {
    // A mailbox that is full or greylisted is refused with 4xx although the envelope is named.
    if ((responseCode ?? 0) >= 400 && (responseCode ?? 0) < 500)
      return { kind: 'later', reason: message, retryAfterMs: null, unknown: false };
    return {
      kind: 'refused',
      reason: message,
      code: responseCode === undefined ? (code ?? null) : String(responseCode),
    };
  }
  return { kind: 'later', reason: message, retryAfterMs: null, unknown: command === 'DATA' };
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
