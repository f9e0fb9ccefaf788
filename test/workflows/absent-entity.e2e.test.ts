/** A Maximo without one of its object structures: that entity is left out and told, everything else is kept in step. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { repositories } from '../../store/index.ts';
import { createStack, type Plant, type Stack } from './stack.ts';

describe('a system that lacks an entity', () => {
  let stack: Stack;
  let maximo: Plant;
  beforeAll(async () => {
    stack = await createStack();
    maximo = await stack.connect('maximo', 'orders:20', { config: { structures: { plan: 'mxnosuchpm' } } });
    await stack.start(maximo);
  });
  afterAll(() => stack.close());

  const connection = () => stack.inTenant((tx) => repositories.connections.load(tx, maximo.connection.id));

  it('goes on with the others, and says once what is missing and which setting says so for good', async () => {
    const run = await stack.ended(maximo, await stack.syncNow(maximo, 'full'));
    expect([run.state, run.failure]).toEqual(['completed', null]);
    const { absent } = await connection();
    expect(Object.keys(absent)).toEqual(['plan']);
    expect(absent.plan).toMatchObject({
      setting: 'structures.plan',
      message: expect.stringContaining('mxnosuchpm'),
      since: expect.stringMatching(/^20.*Z$/),
    });
    await stack.ended(maximo, await stack.syncNow(maximo, 'full'));
    expect((await connection()).absent).toEqual(absent);
    const orders = await stack.inTenant((tx) => repositories.runs.totalCounts(tx, maximo.connection.id));
    expect(orders['work_order']?.['created']).toBe(20);
  });

  it('deletes nothing for it in a sweep', async () => {
    const run = await stack.ended(maximo, await stack.syncNow(maximo, 'sweep'));
    expect([run.state, run.failure]).toEqual(['completed', null]);
  });
});
