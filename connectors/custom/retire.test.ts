/** A document that names how records are taken out of use, and whose tenant it speaks of. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { createBench, failureOf } from '../kit/conformance-bench.ts';
import { EXAMPLE } from './conformance.fixture.ts';
import { definitionDocument } from './definition.ts';
import { custom } from './index.ts';
import { manifestFor } from './manifest.ts';
import { PRACTICE_KEY, startPracticeServer } from './practice-server.fixture.ts';

const PATH = '/v1/meters/{id}';
const OUT = {
  method: 'PATCH',
  path: PATH,
  body: { state: 'scrapped' },
  shown: { path: 'state', values: ['scrapped'] },
};
const BACK = { method: 'PATCH', path: PATH, body: { state: 'in use' } };

/** The example of the README with one thing more. */
function withMore(meter: JsonObject, probe: JsonObject = {}): JsonObject {
  const example = definitionDocument.parse(EXAMPLE);
  const { resources } = example;
  return {
    ...example,
    probe: { ...example.probe, ...probe },
    resources: { ...resources, meter: { ...resources.meter, ...meter } },
  } as unknown as JsonObject;
}

function benchOf(definition: JsonObject) {
  return createBench(
    {
      connector: { ...custom, manifest: manifestFor({ definition }) },
      async start() {
        const sandbox = await startPracticeServer();
        return { sandbox, config: { baseUrl: sandbox.url, definition }, secret: { apiKey: PRACTICE_KEY } };
      },
      wrongSecret: null,
      sessions: false,
      fixtures: {},
    },
    [],
  );
}
type Bench = ReturnType<typeof benchOf>;

let bench: Bench | null = null;
afterEach(async () => {
  await bench?.tidy();
  bench = null;
});

async function open(definition: JsonObject) {
  bench = benchOf(definition);
  const stand = await bench.open();
  const { id } = stand.sandbox.control.insert('meters', { name: 'Hours', state: 'in use' }) as { id: string };
  return { ...stand, op: { externalId: id, address: null } };
}

describe('taking out of use', () => {
  it('goes by the call of the document, once, and back', async () => {
    const { session, sandbox, op } = await open(withMore({ retire: { ...OUT, back: BACK } }));
    expect(await session.retire?.('meter', op)).toMatchObject({
      outcome: 'done',
      record: { raw: { state: 'scrapped', name: 'Hours' } },
    });
    await session.retire?.('meter', op);
    expect(sandbox.control.stats().writes.updated).toEqual({ meters: 1 });
    const back = await session.reinstate?.('meter', { ...op, undo: null });
    expect(back).toMatchObject({ outcome: 'done', record: { raw: { state: 'in use' } } });
    expect(await session.retire?.('meter', { ...op, externalId: 'me-99999' })).toEqual({
      outcome: 'missing',
    });
  });

  it('that the system takes and ignores is no success, and a refusal is told', async () => {
    const ignored = await open(withMore({ retire: { ...OUT, body: { note: 'please' } } }));
    expect(await ignored.session.retire?.('meter', ignored.op)).toMatchObject({
      outcome: 'rejected',
      failure: { code: 'ignored' },
    });
    ignored.sandbox.control.setFaults({ rules: [{ match: { method: 'PATCH' }, effect: 'http_503' }] });
    expect((await ignored.session.retire?.('meter', ignored.op))?.outcome).not.toBe('done');
  });

  it('is refused where the document has no way, and the capabilities say which it has', async () => {
    const { session, secret, op } = await open(withMore({}));
    const failure = await failureOf(session.retire?.('meter', op) ?? Promise.resolve(), secret);
    expect(failure.kind).toBe('invalid_request');
    const { capabilities } = manifestFor({ definition: withMore({ retire: OUT }) });
    expect(capabilities.meter.retire).toEqual({ by: 'PATCH /v1/meters/{id}', undo: false });
  });
});

describe('which system it is', () => {
  it('is told by the tenant that the probe shows, and by what the document describes', async () => {
    const { session, sandbox } = await open(withMore({}, { tenant: 'user.name' }));
    expect(await session.identify?.()).toEqual({
      system: `custom ${sandbox.url} of tenant sync@plant.example`,
      scopes: ['asset', 'location', 'meter', 'part', 'person', 'work_order'],
      account: 'sync@plant.example',
    });
  });

  it('is not told without one, and a place that shows nothing is a mistake in the document', async () => {
    expect('identify' in (await open(withMore({}))).session).toBe(false);
    await bench?.tidy();
    const { session, secret } = await open(withMore({}, { tenant: 'user.tenant' }));
    const failure = await failureOf(session.identify?.() ?? Promise.resolve(), secret);
    expect(failure).toMatchObject({ kind: 'invalid_config', path: 'probe.tenant' });
  });
});
