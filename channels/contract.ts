/**
 * What a channel is: it takes one written message to one address and says what became of it. It knows no people, no policies and no
 * store; when to send, to whom and what after a refusal is decided by others.
 */
import type { JsonObject } from '../domain/json.ts';
import type { NetworkPolicy } from '../connectors/kit/network.ts';

/** A message as it was written for one channel: what may not leave by that channel is not in it any more. */
export interface OutgoingMessage {
  /** The same for every try of one intent, so that a receiver who knows it can tell a repeat. */
  reference: string;
  title: string;
  text: string;
  /** Language of the text, BCP 47. */
  language: string;
  severity: string;
  /** Where a person reads more, or answers; null where the plant has no public address. */
  link: string | null;
  /** What the person may do right from the message. */
  actions: readonly MessageAction[];
  /** For programs that receive it: names and values of the event. */
  data: JsonObject;
}

export interface MessageAction {
  kind: 'acknowledge';
  label: string;
  /** Proves that whoever answers was sent this message. */
  token: string;
  /** What a person writes back where nothing can be pressed. */
  replyCode: string;
}

export type Delivery =
  /** The provider has taken it; `providerId` is its own name for the message. */
  | { kind: 'accepted'; providerId: string | null; detail: JsonObject }
  /** This message will never be taken: another address or another channel is needed. */
  | { kind: 'refused'; reason: string; code: string | null }
  /** Not now. `unknown` is true when the provider may have taken it all the same. */
  | { kind: 'later'; reason: string; retryAfterMs: number | null; unknown: boolean };

export interface ChannelSession {
  send(to: string, message: OutgoingMessage): Promise<Delivery>;
  /** Shows an earlier message in its new state; absent where a sent message cannot be changed. */
  update?(to: string, providerId: string, message: OutgoingMessage): Promise<Delivery>;
  close(): void;
}

export interface ChannelDeps {
  network: NetworkPolicy;
  now: () => number;
  /** Where a provider reports what became of a message; null without a public address. */
  callbackUrl: string | null;
}

/** A provider that answers later than this has not answered. */
export const SEND_TIMEOUT_MS = 15_000;
