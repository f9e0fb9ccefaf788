import { describe, expect, it } from '@jest/globals';
import { createLocalThrottle } from './local-throttle.ts';

const open = new AbortController().signal;

describe('createLocalThrottle', () => {
  it('spaces requests so that no second holds more than the budget', async () => {
    const throttle = createLocalThrottle({ requestsPerSecond: 50, now: () => performance.now() });
    const start = performance.now();
    await Promise.all(Array.from({ length: 11 }, () => throttle.acquire(open)));
    // 11 requests, 20 ms apart: the last may leave 200 ms after the first.
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
  });

  it('a pause holds everybody, those already waiting too', async () => {
    const throttle = createLocalThrottle({ requestsPerSecond: 100, now: () => performance.now() });
    const start = performance.now();
    await throttle.acquire(open);
    const waiting = throttle.acquire(open);
    await throttle.pause(150);
    await waiting;
    await throttle.acquire(open);
    expect(performance.now() - start).toBeGreaterThanOrEqual(149);
  });

  it('stops waiting when the signal fires', async () => {
    const throttle = createLocalThrottle({ requestsPerSecond: 0.001, now: () => performance.now() });
    const controller = new AbortController();
    await throttle.acquire(controller.signal);
    const waiting = throttle.acquire(controller.signal);
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
