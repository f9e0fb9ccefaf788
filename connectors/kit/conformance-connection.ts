/** Conformance: addresses, credentials, sessions and the failures every call can meet. */
import { expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { expectFailure, failureOf } from './conformance-bench.ts';
import type { Bench } from './conformance-bench.ts';

export function proveConnection(bench: Bench): void {
  const { manifest } = bench.connector;
  const readable = ENTITIES.find((entity) => bench.options.fixtures[entity] !== undefined) ?? 'work_order';
  const page = { cursor: null, pageSize: 5 };

  it('says what it can do with every entity', () => {
    expect(Object.keys(manifest.capabilities).sort()).toEqual([...ENTITIES].sort());
    expect(manifest.limits.pageSize).toBeLessThanOrEqual(manifest.limits.pageSizeMax);
  });

  it('the probe tells who we are', async () => {
    const { session } = await bench.open();
    expect((await session.probe()).account).not.toBe('');
  });

  it('wrong credentials are unauthorized', async () => {
    const stand = await bench.open();
    const secret = bench.options.wrongSecret;
    await expectFailure(stand.connect({ secret }).probe(), 'unauthorized', secret);
  });

  it('a host that is not there is unavailable and named', async () => {
    const stand = await bench.open();
    const url = new URL(stand.config['baseUrl'] as string);
    url.port = '1';
    const session = stand.connect({ config: { ...stand.config, baseUrl: url.href } });
    const failure = await expectFailure(session.probe(), 'unavailable', stand.secret);
    expect(failure.message).toContain(url.host);
    expect(failure.applied).toBe('no');
  });

  it('a configuration without its address or with a misspelt field is invalid_config', async () => {
    const stand = await bench.open();
    await expectFailure(
      (async () => stand.connect({ config: { ...stand.config, baseUrl: 'not an address' } }))(),
      'invalid_config',
      stand.secret,
    );
    await expectFailure(
      (async () => stand.connect({ secret: { nonsense: 'value' } }))(),
      'invalid_config',
      stand.secret,
    );
  });

  it('a cursor of somebody else is refused', async () => {
    const stand = await bench.open();
    const failure = await failureOf(
      stand.session.pull(readable, { cursor: 'not-a-cursor', pageSize: 5 }),
      stand.secret,
    );
    expect(failure.kind).toBe('invalid_request');
  });

  it('an abort ends a call that hangs', async () => {
    const controller = new AbortController();
    const stand = await bench.open();
    const session = stand.connect({ signal: controller.signal });
    await session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'timeout' }] });
    const before = stand.sandbox.control.stats().requests;
    const hanging = session.pull(readable, page);
    const failure = failureOf(hanging, stand.secret);
    while (stand.sandbox.control.stats().requests === before) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    controller.abort();
    expect((await failure).kind).toBe('cancelled');
  });

  it('a session that expires is renewed once, without the caller noticing', async () => {
    if (!bench.options.sessions) return;
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.expireSessions();
    await stand.session.pull(readable, page);
    stand.sandbox.control.setFaults({ rules: [{ effect: 'expire_session', times: 1 }] });
    await stand.session.pull(readable, page);
  });

  it('a second worker uses the token of the first', async () => {
    if (!bench.options.sessions) return;
    const stand = await bench.open();
    await stand.session.probe();
    const before = stand.sandbox.control.stats().requests;
    await stand.session.probe();
    const cost = stand.sandbox.control.stats().requests - before;
    await stand.connect().probe();
    expect(stand.sandbox.control.stats().requests - before).toBe(2 * cost);
  });

  it.each(['http_500', 'http_503', 'reset_before', 'truncate'] as const)(
    'a read survives a blip of %s',
    async (effect) => {
      const stand = await bench.open();
      await stand.session.probe();
      const calm = await stand.session.pull(readable, page);
      stand.sandbox.control.setFaults({ rules: [{ effect, times: 2 }] });
      expect((await stand.session.pull(readable, page)).records).toEqual(calm.records);
      expect(stand.sandbox.control.stats().faultsFired).toMatchObject({ [effect]: 2 });
    },
  );

  it('an outage is unavailable', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'http_503' }] });
    await expectFailure(stand.session.pull(readable, page), 'unavailable', stand.secret);
  });

  it('a throttle is waited out, whether it says how long or not', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({
      rules: [
        { effect: 'http_429', retryAfterS: 1, times: 1 },
        { effect: 'http_429', times: 1 },
      ],
    });
    await stand.session.pull(readable, page);
  });

  it('a long throttle is handed on with its time', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'http_429', retryAfterS: 90 }] });
    const failure = await expectFailure(stand.session.pull(readable, page), 'rate_limited', stand.secret);
    expect(failure.retryAfterMs).toBe(90_000);
  });

  it('a login page instead of data is unexpected_response', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'html' }] });
    await expectFailure(stand.session.pull(readable, page), 'unexpected_response', stand.secret);
  });
}
