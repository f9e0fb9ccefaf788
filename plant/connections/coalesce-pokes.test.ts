import { describe, expect, it } from '@jest/globals';
import type { Entity } from '../../domain/entities/index.ts';
import { coalescePokes } from './coalesce-pokes.ts';

function setUp(): {
  sent: [string, Entity[]][];
  endWindow: () => void;
  poke: ReturnType<typeof coalescePokes>;
} {
  const sent: [string, Entity[]][] = [];
  const windows: (() => void)[] = [];
  const poke = coalescePokes({
    send: async (connectionId, entities) => {
      sent.push([connectionId, entities]);
    },
    schedule: (callback) => windows.push(callback),
    onError: () => undefined,
  });
  return { sent, poke, endWindow: () => windows.shift()?.() };
}

describe('coalescePokes', () => {
  it('sends the first at once and the rest of the window as one', async () => {
    const { sent, poke, endWindow } = setUp();
    await poke('a', ['work_order']);
    expect(sent).toEqual([['a', ['work_order']]]);
    await poke('a', ['work_order']);
    await poke('a', ['request']);
    expect(sent).toHaveLength(1);
    endWindow();
    expect(sent[1]).toEqual(['a', ['work_order', 'request']]);
    endWindow();
    await poke('a', ['asset']);
    expect(sent[2]).toEqual(['a', ['asset']]);
  });

  it('keeps connections apart, and "all" once it was asked', async () => {
    const { sent, poke, endWindow } = setUp();
    await poke('a', []);
    await poke('b', ['asset']);
    await poke('a', ['asset']);
    await poke('a', []);
    await poke('a', ['part']);
    endWindow();
    expect(sent).toEqual([
      ['a', []],
      ['b', ['asset']],
      ['a', []],
    ]);
  });
});
