/** Conformance: what the capability table says no to is refused without a call, and so are cursors made by others. */
import { expect } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { createOp, expectFailure, failureOf } from './conformance-bench.ts';
import type { Bench } from './conformance-bench.ts';
import type { ConformanceOptions } from './conformance-options.ts';
import type { ExternalRecord } from './contract.ts';

/** Texts that other connectors, other versions and other programs take for a cursor. */
const FOREIGN_CURSORS: readonly string[] = [
  'not-a-cursor',
  '0',
  '{}',
  '[]',
  'null',
  '"next"',
  '2026-01-01T00:00:00.000Z',
  '{"v":1,"offset":200,"kind":"another"}',
  Buffer.from('{"page":2}').toString('base64url'),
  'Asset|2026-01-01T00:00:00Z|42',
  '%00',
];

const NOBODY: ExternalRecord = {
  externalId: 'nobody',
  address: null,
  version: null,
  updatedAt: null,
  number: null,
  raw: {},
};

export function proveRefusals(bench: Bench): void {
  for (const entity of ENTITIES) proveEntity(bench, entity);
}

export function proveCursors(bench: Bench, readable: Entity): void {
  bench.proofs(null)('access', 'cursors of somebody else are refused', async () => {
    const stand = await bench.open();
    for (const cursor of FOREIGN_CURSORS) {
      const failure = await failureOf(stand.session.pull(readable, { cursor, pageSize: 5 }), stand.secret);
      expect({ cursor, kind: failure.kind }).toEqual({ cursor, kind: 'invalid_request' });
    }
  });
}

function proveEntity(bench: Bench, entity: Entity): void {
  const prove = bench.proofs(entity);
  const capability = capabilityOf(bench.options, entity);
  const op = { ...createOp('hub-1', { name: 'Impossible' }) };

  if (capability.pull === 'none') {
    prove('refusals', `reading ${entity} is refused or gives nothing, and nobody is asked`, async () => {
      const { session, sandbox, secret } = await bench.open();
      await session.probe();
      const before = sandbox.control.stats().requests;
      const pulled = await orRefused(session.pull(entity, { cursor: null, pageSize: 5 }), secret);
      expect([pulled?.records ?? [], pulled?.more ?? false]).toEqual([[], false]);
      expect((await orRefused(session.read(entity, ['1']), secret)) ?? []).toEqual([]);
      // An empty sweep would say that every record is gone.
      await expectFailure(session.keys(entity, null), 'invalid_request', secret);
      expect(sandbox.control.stats().requests).toBe(before);
    });
  }
  if (!capability.create) {
    prove('refusals', `creating ${entity} is refused, not tried`, async () => {
      const { session, sandbox } = await bench.open();
      const outcomes = await session.create(entity, [op]);
      expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([['hub-1', 'rejected']]);
      expect(sandbox.control.stats().writes.created).toEqual({});
    });
  }
  if (capability.findCreated === 'none') {
    prove('refusals', `nothing is found of a create of ${entity} that is impossible`, async () => {
      const { session, secret } = await bench.open();
      const found = (await orRefused(session.findCreated(entity, [op]), secret)) ?? [];
      expect(found.flatMap(({ candidates }) => candidates)).toEqual([]);
    });
  }
  if (!capability.update) {
    prove('refusals', `changing ${entity} is refused, not tried`, async () => {
      const { session, sandbox } = await bench.open();
      const outcomes = await session.update(entity, [
        {
          key: 'hub-1',
          externalId: NOBODY.externalId,
          address: null,
          version: null,
          payload: { name: 'Impossible' },
          comments: [],
          knownComments: [],
        },
      ]);
      expect(outcomes.map(({ key, outcome }) => [key, outcome])).toEqual([['hub-1', 'rejected']]);
      expect(sandbox.control.stats().writes.updated).toEqual({});
    });
  }
  if (!capability.remove) {
    prove('refusals', `removing ${entity} is refused, not tried`, async () => {
      const { session, sandbox, secret } = await bench.open();
      await expectFailure(session.remove(entity, NOBODY.externalId, null), 'invalid_request', secret);
      expect(sandbox.control.stats().writes.deleted).toEqual({});
    });
  }
  if ((capability.attachments ?? 'none') === 'none') {
    prove('refusals', `files of ${entity} are refused or none, and nobody is asked`, async () => {
      const { session, sandbox, secret } = await bench.open();
      if (session.attachments === undefined) return;
      await session.probe();
      const before = sandbox.control.stats().requests;
      expect((await orRefused(session.attachments.list(entity, '1', null), secret)) ?? []).toEqual([]);
      expect(sandbox.control.stats().requests).toBe(before);
    });
  }
}

/** Null when it was refused, in the one way that says that it can never be done. */
async function orRefused<T>(call: Promise<T>, secret: JsonObject): Promise<T | null> {
  try {
    return await call;
  } catch {
    await expectFailure(call, 'invalid_request', secret);
    return null;
  }
}

function capabilityOf({ connector }: ConformanceOptions, entity: Entity) {
  return connector.manifest.capabilities[entity];
}
