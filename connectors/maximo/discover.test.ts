import { afterEach, describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { createSessionDeps } from '../kit/session-deps.fixture.ts';
import type { RunningSandbox } from '../kit/sandbox/index.ts';
import { fieldsOfSchema } from './discover.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

describe('the schema of Maximo', () => {
  let sandbox: RunningSandbox | undefined;
  afterEach(async () => sandbox?.close());

  it('describes every entity under the names that records have, children and joins included', async () => {
    sandbox = await startMaximoSandbox({ seed: 'excavators' });
    const session = maximo.connect(
      { baseUrl: `${sandbox.url}/maximo`, auth: 'apikey', site: 'BEDFORD', org: 'EAGLENA' },
      { apiKey: sandbox.credentials['apiKey'] },
      createSessionDeps(),
    );
    const schema = await session.discover?.();
    expect(schema?.source).toBe('metadata');
    expect(Object.keys(schema?.entities ?? {}).sort()).toEqual([...ENTITIES].sort());
    const order = schema?.entities.work_order?.fields ?? {};
    expect(order['description']).toMatchObject({ type: 'text', maxLength: 100 });
    expect(order['schedstart']).toMatchObject({ type: 'instant', nullable: true });
    expect(order['siteid']).toMatchObject({ type: 'text' });
    expect(order['status_maxvalue']).toMatchObject({ readOnly: true });
    expect(order['labtrans']?.item?.['personid']).toMatchObject({ type: 'reference' });
    expect(order['woactivity']?.item?.['taskid']).toMatchObject({ type: 'integer' });
    expect(schema?.entities.part?.fields['inventory']?.item?.['avgcost']).toMatchObject({ type: 'number' });
    expect(schema?.entities.meter?.fields['meter']?.item?.['metertype']).toBeDefined();
    for (const entity of ENTITIES) {
      const { records } = await session.pull(entity, { cursor: null, pageSize: 50 });
      const shown = new Set(records.flatMap(({ raw }) => Object.keys(raw)));
      const described = schema?.entities[entity]?.fields ?? {};
      expect([entity, [...shown].filter((name) => !(name in described))]).toEqual([entity, []]);
    }
    await session.close();
  });

  it('reads children that stand inline, and refuses what is no schema', () => {
    const fields = fieldsOfSchema('mxapiwodetail', {
      required: ['wonum'],
      properties: {
        wonum: { type: 'string', subType: 'UPPER', maxLength: 25 },
        schedfinish: { type: 'string', subType: 'DATETIME', maxLength: 10 },
        woactivity: { type: 'array', items: { type: 'object', properties: { taskid: { type: 'integer' } } } },
      },
    });
    expect(fields).toEqual({
      wonum: { type: 'text', nullable: false, maxLength: 25 },
      schedfinish: { type: 'instant', nullable: true },
      woactivity: { type: 'list', nullable: true, item: { taskid: { type: 'integer', nullable: true } } },
    });
    expect(() => fieldsOfSchema('mxapiwodetail', { oslcError: {} })).toThrow(Failure);
  });
});
