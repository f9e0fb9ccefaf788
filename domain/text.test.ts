import { describe, expect, it } from '@jest/globals';
import { Failure } from './kernel/failure.ts';
import { cutText, isStorableText, shortenText, storableJson, storableText } from './kernel/text.ts';

describe('text that can be kept', () => {
  it.each([
    ['plain', 'plain'],
    ['whole 🔧', 'whole 🔧'],
    ['half \ud83d', 'half \ufffd'],
    ['\udd27 half', '\ufffd half'],
    ['\ud83dx\ud83d\udd27', '\ufffdx🔧'],
    ['a\0b', 'a\ufffdb'],
  ])('%j', (given, kept) => {
    expect(storableText(given)).toBe(kept);
    expect(isStorableText(given)).toBe(given === kept);
  });

  it('reaches names, elements and members at any depth', () => {
    const value = { 'na\0me': [{ text: 'x\ud83d', n: 1 }, null, true] };
    expect(storableJson(value)).toEqual({ 'na\ufffdme': [{ text: 'x\ufffd', n: 1 }, null, true] });
  });

  it('gives back what needs nothing, also what only looks like an escape', () => {
    const value = { text: '🔧', path: 'C:\\u0000' };
    expect(storableJson(value)).toEqual(value);
    const plain = { text: '🔧' };
    expect(storableJson(plain)).toBe(plain);
  });

  it('cuts between characters', () => {
    expect(cutText('ab🔧', 3)).toBe('ab');
    expect(cutText('ab🔧', 4)).toBe('ab🔧');
    expect(cutText('ab🔧c', 4)).toBe('ab🔧');
    expect(shortenText('🔧🔧🔧', 6)).toBe('🔧🔧🔧');
    expect(shortenText('🔧🔧🔧🔧', 6)).toBe('🔧...');
    expect(shortenText('abc', 2, '…')).toBe('a…');
    for (let length = 4; length < 40; length += 1) {
      expect(shortenText(`x${'🔥'.repeat(40)}`, length).isWellFormed()).toBe(true);
    }
  });

  it('a failure never carries what cannot be kept', () => {
    const failure = new Failure('rejected', 'says "\0 \ud83d"', { code: 'A\0', path: 'b\ud83d' });
    expect(failure).toMatchObject({ message: 'says "\ufffd \ufffd"', code: 'A\ufffd', path: 'b\ufffd' });
  });
});
