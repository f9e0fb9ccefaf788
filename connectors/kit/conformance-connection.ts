/** Conformance: addresses, credentials, sessions and the failures every call can meet. */
import { expect } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { expectFailure, failureOf } from './conformance-bench.ts';
import type { Bench } from './conformance-bench.ts';
import { proveCursors } from './conformance-refusals.ts';
import type { FaultEffect } from './sandbox/index.ts';

export function proveConnection(bench: Bench): void {
  const prove = bench.proofs(null);
  const { manifest } = bench.connector;
  const readable = ENTITIES.find((entity) => bench.options.fixtures[entity] !== undefined) ?? 'work_order';
  const page = { cursor: null, pageSize: 5 };
  const {
    faults = 'http',
    wrongSecret,
    unreachable = withPort1,
    misconfigured = withoutAddress,
  } = bench.options;
  const breaks = faults !== 'none';

  prove('access', 'says what it can do with every entity', async () => {
    expect(Object.keys(manifest.capabilities).sort()).toEqual([...ENTITIES].sort());
    expect(manifest.limits.pageSize).toBeLessThanOrEqual(manifest.limits.pageSizeMax);
  });

  prove('access', 'the probe tells who we are', async () => {
    const { session } = await bench.open();
    expect((await session.probe()).account).not.toBe('');
  });

  if (wrongSecret !== null)
    prove('access', 'wrong credentials are unauthorized', async () => {
      const stand = await bench.open();
      await expectFailure(stand.connect({ secret: wrongSecret }).probe(), 'unauthorized', wrongSecret);
    });

  if (unreachable !== null)
    prove('access', 'a host that is not there is unavailable and named', async () => {
      const stand = await bench.open();
      const { config, names } = unreachable(stand.config);
      const failure = await expectFailure(stand.connect({ config }).probe(), 'unavailable', stand.secret);
      expect(failure.message).toContain(names);
      expect(failure.applied).toBe('no');
    });

  prove(
    'access',
    'a configuration without its address or with a misspelt field is invalid_config',
    async () => {
      const stand = await bench.open();
      await expectFailure(
        (async () => stand.connect({ config: misconfigured(stand.config) }))(),
        'invalid_config',
        stand.secret,
      );
      await expectFailure(
        (async () => stand.connect({ secret: { nonsense: 'value' } }))(),
        'invalid_config',
        stand.secret,
      );
    },
  );

  proveCursors(bench, readable);

  if (breaks)
    prove('access', 'an abort ends a call that hangs', async () => {
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

  if (bench.options.sessions === true) proveSessions(bench, readable);
  prove('failures', 'a clock that is an hour off does no harm, or is told in a sentence', async () => {
    for (const offsetMs of [3_600_000, -3_600_000]) {
      const stand = await bench.open();
      stand.sandbox.control.setClock(offsetMs);
      const pulled = stand.session.pull(readable, page);
      const failure = await pulled.then(
        () => null,
        () => failureOf(pulled, stand.secret),
      );
      expect(failure === null ? 'unauthorized' : failure.kind).toBe('unauthorized');
    }
  });

  if (!breaks) return;
  const blips: readonly FaultEffect[] =
    faults === 'http' ? ['http_500', 'http_503', 'reset_before', 'truncate'] : ['reset_before'];
  for (const effect of blips) {
    prove('failures', `a read survives a blip of ${effect}`, async () => {
      const stand = await bench.open();
      await stand.session.probe();
      const calm = await stand.session.pull(readable, page);
      stand.sandbox.control.setFaults({ rules: [{ effect, times: 2 }] });
      expect((await stand.session.pull(readable, page)).records).toEqual(calm.records);
      expect(stand.sandbox.control.stats().faultsFired).toMatchObject({ [effect]: 2 });
    });
  }

  prove('failures', 'an outage is unavailable', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: faults === 'http' ? 'http_503' : 'reset_before' }] });
    await expectFailure(stand.session.pull(readable, page), 'unavailable', stand.secret);
  });

  if (faults !== 'http') return;

  prove('failures', 'a throttle is waited out, whether it says how long or not', async () => {
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

  prove('failures', 'a long throttle is handed on with its time', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'http_429', retryAfterS: 90 }] });
    const failure = await expectFailure(stand.session.pull(readable, page), 'rate_limited', stand.secret);
    expect(failure.retryAfterMs).toBe(90_000);
  });

  prove('failures', 'a login page instead of data is unexpected_response', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.setFaults({ rules: [{ effect: 'html' }] });
    await expectFailure(stand.session.pull(readable, page), 'unexpected_response', stand.secret);
  });
}

function proveSessions(bench: Bench, readable: Entity): void {
  const prove = bench.proofs(null);
  const page = { cursor: null, pageSize: 5 };

  prove('sessions', 'a session that expires is renewed once, without the caller noticing', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    stand.sandbox.control.expireSessions();
    await stand.session.pull(readable, page);
    stand.sandbox.control.setFaults({ rules: [{ effect: 'expire_session', times: 1 }] });
    await stand.session.pull(readable, page);
  });

  prove('sessions', 'a second worker uses the token of the first', async () => {
    const stand = await bench.open();
    await stand.session.probe();
    const before = stand.sandbox.control.stats().requests;
    await stand.session.probe();
    const cost = stand.sandbox.control.stats().requests - before;
    await stand.connect().probe();
    expect(stand.sandbox.control.stats().requests - before).toBe(2 * cost);
  });
}

function withPort1(config: JsonObject): { config: JsonObject; names: string } {
  const url = new URL(config['baseUrl'] as string);
  url.port = '1';
  return { config: { ...config, baseUrl: url.href }, names: url.host };
}

function withoutAddress(config: JsonObject): JsonObject {
  return { ...config, baseUrl: 'not an address' };
}
