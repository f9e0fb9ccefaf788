/** What a person wants to hear of, how, and when not. A document that the person writes; absent parts are the plant's policy. */
import { z } from 'zod';
import { checkInput, type Checked } from '../read-input.ts';
import { firstGap, spansBetween, strictDailyWindow, type DailyWindow } from '../time/daily-window.ts';
import { DAY_MS } from '../time/days.ts';
import type { Zones } from '../time/zones.ts';
import {
  CHANNELS,
  compareNotices,
  NOTICE_SEVERITIES,
  NOTICE_TYPES,
  type Channel,
  type NoticeSeverity,
  type NoticeType,
} from './notice.ts';
import type { NoticePolicy } from './policy.ts';

const channels = z.array(z.enum(CHANNELS)).max(CHANNELS.length);

const forType = z.strictObject({
  /** By these channels only, in this order; an empty list means not at all. */
  channels: channels.optional(),
  /** From this severity on. */
  from: z.enum(NOTICE_SEVERITIES).optional(),
});

export const preferences = z.strictObject({
  zone: z.string().min(1).max(60),
  /** Channels switched off altogether. */
  off: channels.default([]),
  types: z.partialRecord(z.enum(NOTICE_TYPES), forType).default({}),
  quietHours: z
    .strictObject({
      windows: z.array(strictDailyWindow).min(1).max(20),
      /** Severities that come through. */
      bypass: z.array(z.enum(NOTICE_SEVERITIES)).default(['critical']),
    })
    .optional(),
});
export type Preferences = z.output<typeof preferences>;

export function checkPreferences(input: unknown, { zones }: { zones: Zones }): Checked<Preferences> {
  const read = checkInput(preferences, input);
  if (!read.ok) return read;
  const { zone, quietHours } = read.value;
  const problems = [
    ...(zones.has(zone)
      ? []
      : [{ path: 'zone', reason: `there is no zone "${zone}"; use an IANA name such as Europe/Berlin` }]),
    ...(isAlways(quietHours?.windows ?? [])
      ? [{ path: 'quietHours.windows', reason: 'they leave no time at all; switch the channels off instead' }]
      : []),
  ];
  return problems.length === 0 ? read : { ok: false, problems };
}

/** Windows repeat weekly: the second week shows all of them, also those that begin on its last evening. */
function isAlways(windows: readonly DailyWindow[]): boolean {
  const spans = windows.flatMap((window) => spansBetween(window, 0, 14));
  return firstGap(spans, 7 * DAY_MS, 14 * DAY_MS) === null;
}

export type ChannelChoice =
  | { channels: readonly Channel[]; silent: null }
  /** Nothing is sent, and why. */
  | { channels: readonly []; silent: 'switched_off' | 'below_severity' | 'no_address' };

/**
 * The channels of a person for a notice, in the order in which they are tried. A channel without an address is none. What is
 * urgent by the policy is told by the policy's channels when the person has switched off all others.
 */
export function chooseChannels(asked: {
  type: NoticeType;
  severity: NoticeSeverity;
  policy: NoticePolicy;
  preferences: Preferences;
  /** The channels by which the person can be reached. */
  addresses: readonly Channel[];
}): ChannelChoice {
  const { type, severity, policy, preferences: wishes, addresses } = asked;
  const reachable = (list: readonly Channel[]): Channel[] => list.filter((one) => addresses.includes(one));
  const wish = wishes.types[type];
  const below = wish?.from !== undefined && compareNotices(severity, wish.from) < 0;
  const wanted = below ? [] : (wish?.channels ?? policy.channels).filter((one) => !wishes.off.includes(one));
  const chosen = reachable(wanted);
  if (chosen.length > 0) return { channels: chosen, silent: null };
  const fallback = isUrgent(policy, severity) ? reachable(policy.channels) : [];
  if (fallback.length > 0) return { channels: fallback, silent: null };
  if (below) return { channels: [], silent: 'below_severity' };
  return { channels: [], silent: wanted.length === 0 ? 'switched_off' : 'no_address' };
}

export function isUrgent({ urgentFrom }: NoticePolicy, severity: NoticeSeverity): boolean {
  return urgentFrom !== undefined && compareNotices(severity, urgentFrom) >= 0;
}
