import { describe, expect, it } from '@jest/globals';
import { createKeptByConnection } from './kept-settings.ts';

describe('what sessions keep', () => {
  it('is there for the next session of the connection, and for no other one', async () => {
    const keptOf = createKeptByConnection();
    await keptOf('one', { site: 'A' }).set('users', { value: ['Ada'], at: 1 });
    expect(await keptOf('one', { site: 'A' }).get('users')).toEqual({ value: ['Ada'], at: 1 });
    expect(await keptOf('two', { site: 'A' }).get('users')).toBeNull();
  });

  it('is forgotten with other settings or credentials', async () => {
    const keptOf = createKeptByConnection();
    await keptOf('one', { site: 'A' }).set('users', { value: ['Ada'], at: 1 });
    expect(await keptOf('one', { site: 'B' }).get('users')).toBeNull();
    expect(await keptOf('one', { site: 'A' }).get('users')).toBeNull();
  });

  it('has a bound: the connection made first begins anew', async () => {
    const keptOf = createKeptByConnection();
    await keptOf('first', {}).set('users', { value: ['Ada'], at: 1 });
    for (let n = 0; n < 1_000; n += 1) keptOf(`other ${String(n)}`, {});
    expect(await keptOf('first', {}).get('users')).toBeNull();
  });
});
