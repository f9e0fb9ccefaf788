/** Who is told how: channels, digests, throttle, fallback, and what becomes of a message between writing and sending it. */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createZones } from '../time/zones.ts';
import { decideDelivery, type DeliveryFacts } from './delivery.ts';
import { closeDigest, decideDigest, gatherDeferred, type DigestWindow } from './digest.ts';
import { decideFallback, type Attempt } from './fallback.ts';
import { CHANNELS, intentKey, NOTICE_TYPES, type Channel } from './notice.ts';
import { noticePolicy, shippedNoticePolicy } from './policy.ts';
import { checkPreferences, chooseChannels, preferences } from './preferences.ts';
import { decideThrottle, NOTHING_SENT } from './throttle.ts';

const zones = createZones({ tzdb: process.versions.tz ?? '' });
const MINUTE = 60_000;
const ALERT = shippedNoticePolicy('alert_raised');
const wishes = (more: object = {}): ReturnType<typeof preferences.parse> =>
  preferences.parse({ zone: 'Europe/Berlin', ...more });

describe('channels', () => {
  const choose = (
    more: object,
    severity: 'low' | 'critical' = 'low',
    addresses: readonly Channel[] = CHANNELS,
  ): unknown =>
    chooseChannels({ type: 'alert_raised', severity, policy: ALERT, preferences: wishes(more), addresses });

  it('are those of the policy, in its order, as far as there are addresses', () => {
    expect(choose({})).toEqual({ channels: ['slack', 'email', 'sms'], silent: null });
    expect(choose({}, 'low', ['sms', 'email'])).toEqual({ channels: ['email', 'sms'], silent: null });
    expect(choose({}, 'low', [])).toEqual({ channels: [], silent: 'no_address' });
  });

  it('are what the person says', () => {
    expect(choose({ types: { alert_raised: { channels: ['sms', 'email'] } } })).toEqual({
      channels: ['sms', 'email'],
      silent: null,
    });
    expect(choose({ types: { work_order_due: { channels: [] } } })).toEqual({
      channels: ['slack', 'email', 'sms'],
      silent: null,
    });
    expect(choose({ off: ['slack'] })).toEqual({ channels: ['email', 'sms'], silent: null });
    expect(choose({ off: [...CHANNELS] })).toEqual({ channels: [], silent: 'switched_off' });
    expect(choose({ types: { alert_raised: { channels: [] } } })).toEqual({
      channels: [],
      silent: 'switched_off',
    });
    expect(choose({ types: { alert_raised: { from: 'high' } } })).toEqual({
      channels: [],
      silent: 'below_severity',
    });
  });

  it('cannot be switched off for what is urgent', () => {
    const policy = { channels: ['slack', 'email', 'sms'], silent: null };
    expect(choose({ off: [...CHANNELS] }, 'critical')).toEqual(policy);
    expect(choose({ types: { alert_raised: { channels: [] } } }, 'critical')).toEqual(policy);
    expect(choose({ types: { alert_raised: { channels: ['email'] } } }, 'critical')).toEqual({
      channels: ['email'],
      silent: null,
    });
  });
});

describe('the shipped policies', () => {
  it('are there for every type, and name a channel', () => {
    for (const type of NOTICE_TYPES) expect(shippedNoticePolicy(type).channels.length).toBeGreaterThan(0);
  });

  it('refuse an entry without a channel', () => {
    expect(noticePolicy.safeParse({ channels: [] }).error?.issues[0]?.message).toBe(
      'name at least one channel',
    );
  });
});

describe('checkPreferences', () => {
  it.each([
    [{ zone: 'Berlin' }, 'zone', 'there is no zone "Berlin"'],
    [
      { zone: 'Europe/Berlin', quietHours: { windows: [{ from: '22:00', to: '22:00' }] } },
      'quietHours.windows[0].to',
      'the window is empty',
    ],
    [{ zone: 'Europe/Berlin', quietHours: { windows: [] } }, 'quietHours.windows', 'Too small'],
    [
      {
        zone: 'Europe/Berlin',
        quietHours: {
          windows: [
            { from: '06:00', to: '20:00' },
            { from: '20:00', to: '06:00' },
          ],
        },
      },
      'quietHours.windows',
      'they leave no time at all',
    ],
    [{ zone: 'Europe/Berlin', off: ['fax'] }, 'off[0]', 'Invalid option'],
    [{ zone: 'Europe/Berlin', types: { alert: {} } }, 'types.alert', 'there is no such field'],
  ])('refuses %j', (input, path, reason) => {
    const checked = checkPreferences(input, { zones });
    expect(checked.ok ? [] : checked.problems).toEqual([{ path, reason: expect.stringContaining(reason) }]);
  });
});

describe('the key of an intent', () => {
  it('is one for each event, person and channel, whatever their names hold', () => {
    const part = fc.string({ unit: fc.constantFrom('a', '/', '%', '2', 'F', '|') });
    const triple = fc.record({ event: part, person: part, channel: fc.constantFrom(...CHANNELS) });
    fc.assert(
      fc.property(triple, triple, (a, b) => {
        const same = a.event === b.event && a.person === b.person && a.channel === b.channel;
        expect(intentKey(a) === intentKey(b)).toBe(same);
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });
});

describe('a digest', () => {
  const windowMs = 5 * MINUTE;
  const message = (
    intent: string,
    at: number,
    severity: 'low' | 'high' = 'low',
  ): Parameters<typeof decideDigest>[1] => ({ intent, at, severity });

  it('sends the first at once, collects the others, and sends them as one when its window closes', () => {
    const first = decideDigest(null, message('a', 0), windowMs);
    expect(first).toEqual({
      decision: 'send',
      window: { closesAt: windowMs, severity: 'low', collected: [] },
    });
    const second = decideDigest(first.window, message('b', 1), windowMs);
    const third = decideDigest(second.window, message('c', 2), windowMs);
    expect(third).toMatchObject({ decision: 'collect', window: { collected: ['b', 'c'] } });
    const window = third.window as DigestWindow;
    expect(closeDigest(window, { at: windowMs - 1, windowMs }).send).toEqual([]);
    const closed = closeDigest(window, { at: windowMs, windowMs });
    expect(closed).toEqual({
      send: ['b', 'c'],
      window: { closesAt: 2 * windowMs, severity: 'low', collected: [] },
    });
    expect(closeDigest(closed.window as DigestWindow, { at: 2 * windowMs, windowMs })).toEqual({
      send: [],
      window: null,
    });
  });

  it('is broken by what is more severe, which is then what the next is measured by', () => {
    const open = decideDigest(null, message('a', 0), windowMs).window;
    const risen = decideDigest(open, message('b', 1, 'high'), windowMs);
    expect(risen.decision).toBe('send');
    expect(decideDigest(risen.window, message('c', 2, 'high'), windowMs).decision).toBe('collect');
  });

  it('of no length sends each, and an intent that comes again is collected once', () => {
    expect(decideDigest(null, message('a', 0), 0)).toEqual({ decision: 'send', window: null });
    const open = decideDigest(null, message('a', 0), windowMs).window;
    const once = decideDigest(open, message('b', 1), windowMs).window;
    expect(decideDigest(once, message('b', 2), windowMs).window).toEqual(once);
  });

  it('loses and doubles nothing', () => {
    const messages = fc.array(
      fc.record({ after: fc.integer({ min: 0, max: 400 }), severity: fc.constantFrom('low', 'high') }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(messages, (given) => {
        let window: DigestWindow | null = null;
        let at = 0;
        const sent: string[] = [];
        const close = (until: number): void => {
          while (window !== null && window.closesAt <= until) {
            const closed = closeDigest(window, { at: window.closesAt, windowMs: 300 });
            sent.push(...closed.send);
            window = closed.window;
          }
        };
        given.forEach(({ after, severity }, index) => {
          at += after;
          close(at);
          const step = decideDigest(window, { intent: String(index), at, severity }, 300);
          window = step.window;
          if (step.decision === 'send') sent.push(String(index));
        });
        close(at + 1_000);
        expect(sent.map(Number).sort((a, b) => a - b)).toEqual(given.map((_, index) => index));
      }),
      { numRuns: 300, seed: 30 },
    );
  });
});

describe('after quiet hours', () => {
  it('what waited goes out as one message for each person and channel', () => {
    const waiting = (intent: string, person: string, channel: string, deliverAt: number): object => ({
      intent,
      person,
      channel,
      deliverAt,
    });
    const all = [
      waiting('1', 'ann', 'email', 5),
      waiting('2', 'bob', 'email', 5),
      waiting('3', 'ann', 'email', 4),
      waiting('4', 'ann', 'sms', 5),
      waiting('5', 'ann', 'email', 9),
    ];
    expect(gatherDeferred(all as never, 5)).toEqual([
      { person: 'ann', channel: 'email', intents: ['1', '3'] },
      { person: 'bob', channel: 'email', intents: ['2'] },
      { person: 'ann', channel: 'sms', intents: ['4'] },
    ]);
  });
});

describe('a throttle', () => {
  const policy = { max: 3, windowMs: 10 * MINUTE };

  it('lets so many through, then waits for the oldest to leave the window', () => {
    let state = NOTHING_SENT;
    for (const at of [0, 1, 2]) {
      const decision = decideThrottle(state, at * MINUTE, policy);
      if (decision.kind === 'send') state = decision.state;
    }
    expect(state.sentAt).toHaveLength(3);
    expect(decideThrottle(state, 9 * MINUTE, policy)).toEqual({ kind: 'wait', until: 10 * MINUTE });
    expect(decideThrottle(state, 10 * MINUTE, policy).kind).toBe('send');
  });

  it('never lets more than that through in any window', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 * MINUTE }), { maxLength: 60 }), (gaps) => {
        let at = 0;
        let state = NOTHING_SENT;
        const sent: number[] = [];
        for (const gap of gaps) {
          at += gap;
          const decision = decideThrottle(state, at, policy);
          if (decision.kind === 'wait') {
            expect(decideThrottle(state, decision.until, policy).kind).toBe('send');
            continue;
          }
          state = decision.state;
          sent.push(at);
        }
        for (const one of sent)
          expect(
            sent.filter((other) => other > one - policy.windowMs && other <= one).length,
          ).toBeLessThanOrEqual(3);
      }),
      { numRuns: 300, seed: 7 },
    );
  });
});

describe('the fallback', () => {
  const channels: readonly Channel[] = ['slack', 'email', 'sms'];
  const decide = (attempts: Attempt[], now: number, afterMs: number | null = 120_000): unknown =>
    decideFallback({ channels, attempts, afterMs, now });

  it('tries the first, waits for it, then goes on; a failure leads on at once', () => {
    expect(decide([], 0)).toEqual({ kind: 'send', channel: 'slack' });
    const slack: Attempt = { channel: 'slack', state: 'waiting', since: 0 };
    expect(decide([slack], 119_999)).toEqual({ kind: 'wait', until: 120_000 });
    expect(decide([slack], 120_000)).toEqual({ kind: 'send', channel: 'email' });
    expect(decide([{ ...slack, state: 'failed' }], 1)).toEqual({ kind: 'send', channel: 'email' });
    expect(decide([slack, { channel: 'email', state: 'waiting', since: 120_000 }], 200_000)).toEqual({
      kind: 'wait',
      until: 240_000,
    });
    expect(decide([slack], 1_000_000, null)).toEqual({ kind: 'wait', until: null });
  });

  it('is done when one has taken it, and says when none did', () => {
    const failed = channels.map((channel): Attempt => ({ channel, state: 'failed', since: 0 }));
    expect(decide(failed, 5)).toEqual({ kind: 'exhausted' });
    expect(decide([...failed.slice(0, 2), { channel: 'sms', state: 'accepted', since: 3 }], 5)).toEqual({
      kind: 'done',
    });
    expect(
      decide([...failed.slice(0, 2), { channel: 'sms', state: 'waiting', since: 3 }], 1_000_000),
    ).toEqual({ kind: 'wait', until: null });
  });
});

describe('one message', () => {
  const night = Date.parse('2026-01-15T23:00:00+01:00');
  const morning = Date.parse('2026-01-16T06:00:00+01:00');
  const sleeping = wishes({ quietHours: { windows: [{ from: '22:00', to: '06:00' }] } });
  const facts: DeliveryFacts = {
    now: night,
    createdAt: night,
    severity: 'medium',
    policy: { ...ALERT, digestS: 0 },
    preferences: wishes(),
    zone: zones.zone('Europe/Berlin'),
    over: false,
    wasDeferred: false,
    intent: 'i',
    digest: null,
    throttle: null,
  };
  const decide = (more: Partial<DeliveryFacts>): unknown => decideDelivery({ ...facts, ...more });

  it('is sent when nothing is against it', () => {
    expect(decide({})).toEqual({ kind: 'send', digest: null, throttle: null });
  });

  it('waits for the end of quiet hours, unless it is urgent or comes through by severity', () => {
    expect(decide({ preferences: sleeping })).toEqual({
      kind: 'wait',
      until: morning,
      reason: 'quiet_hours',
    });
    expect(decide({ preferences: sleeping, severity: 'critical' })).toMatchObject({ kind: 'send' });
    const bypass = wishes({ quietHours: { windows: [{ from: '22:00', to: '06:00' }], bypass: ['medium'] } });
    expect(decide({ preferences: bypass })).toMatchObject({ kind: 'send' });
  });

  it('waits through windows that follow on each other, and not for ever', () => {
    const chained = wishes({
      quietHours: {
        windows: [
          { from: '22:00', to: '06:00' },
          { from: '06:00', to: '09:00' },
        ],
      },
    });
    expect(decide({ preferences: chained })).toEqual({
      kind: 'wait',
      until: Date.parse('2026-01-16T09:00:00+01:00'),
      reason: 'quiet_hours',
    });
    const always = wishes({ quietHours: { windows: [{ from: '00:00', to: '24:00' }] } });
    expect(decide({ preferences: always })).toEqual({
      kind: 'wait',
      until: Date.parse('2026-01-29T00:00:00+01:00'),
      reason: 'quiet_hours',
    });
  });

  it('is dropped when it is over, or told as a summary when it waited', () => {
    expect(decide({ over: true })).toEqual({ kind: 'drop', reason: 'over' });
    expect(decide({ over: true, wasDeferred: true })).toEqual({ kind: 'summary' });
    expect(decide({ over: null })).toMatchObject({ kind: 'send' });
  });

  it('expires, but not by waiting for the morning', () => {
    const late = { now: night + 25 * 60 * MINUTE };
    expect(decide(late)).toEqual({ kind: 'drop', reason: 'expired' });
    expect(decide({ ...late, wasDeferred: true })).toMatchObject({ kind: 'send' });
  });

  it('is collected while a digest is open, unless it is urgent', () => {
    const digest = { closesAt: night + MINUTE, severity: 'critical', collected: [] } as const;
    expect(decide({ policy: ALERT, digest })).toEqual({
      kind: 'collect',
      digest: { ...digest, collected: ['i'] },
    });
    expect(decide({ policy: ALERT, digest, severity: 'critical' })).toEqual({
      kind: 'send',
      digest,
      throttle: null,
    });
    expect(decide({ policy: ALERT })).toMatchObject({ kind: 'send', digest: { severity: 'medium' } });
  });

  it('waits for the throttle, unless it is urgent', () => {
    const throttle = { state: { sentAt: [night - MINUTE] }, policy: { max: 1, windowMs: 2 * MINUTE } };
    expect(decide({ throttle })).toEqual({ kind: 'wait', until: night + MINUTE, reason: 'throttle' });
    expect(decide({ throttle, severity: 'critical' })).toMatchObject({ kind: 'send' });
    expect(decide({ throttle: { ...throttle, state: { sentAt: [] } } })).toMatchObject({
      kind: 'send',
      throttle: { sentAt: [night] },
    });
  });
});
