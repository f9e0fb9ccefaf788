import { describe, expect, it } from '@jest/globals';
import { contradictions, matchText } from './match.ts';

const RULES = [['serialNumber'], ['tag']] as const;

describe('matchText', () => {
  it('compares texts without case and outer blanks', () => {
    expect(matchText('asset', ['serialNumber'], { serialNumber: ' rh120-A ' })).toBe(
      matchText('asset', ['serialNumber'], { serialNumber: 'RH120-a' }),
    );
  });
  it('does not apply when a field is missing, and tells entities and fields apart', () => {
    expect(matchText('asset', ['serialNumber', 'tag'], { serialNumber: 'A' })).toBeNull();
    expect(matchText('asset', ['tag'], { tag: 'A' })).not.toBe(matchText('part', ['tag'], { tag: 'A' }));
  });
});

describe('contradictions', () => {
  const between = (agreed: readonly string[], ours: Record<string, string>, theirs: Record<string, string>) =>
    contradictions('asset', RULES, agreed, [ours, theirs]);

  it('are stronger rules that are known on both sides and differ', () => {
    expect(
      between(RULES[1], { tag: 'P-7', serialNumber: 'K-1' }, { tag: 'P-7', serialNumber: 'D-9' }),
    ).toEqual(['serialNumber']);
  });
  it('are not what one side does not know, a placeholder, or a weaker rule', () => {
    expect(between(RULES[1], { tag: 'P-7', serialNumber: 'K-1' }, { tag: 'P-7' })).toEqual([]);
    expect(
      between(RULES[1], { tag: 'P-7', serialNumber: 'K-1' }, { tag: 'P-7', serialNumber: 'N/A' }),
    ).toEqual([]);
    expect(
      between(RULES[0], { tag: 'P-7', serialNumber: 'K-1' }, { tag: 'A-1', serialNumber: 'K-1' }),
    ).toEqual([]);
  });
  it('are not the codes that each system gives in its own way', () => {
    const rules = [['code'], ['name']] as const;
    expect(
      contradictions('location', rules, rules[1], [
        { code: 'PITMINE', name: 'Pit Mine' },
        { code: 'L-000193', name: 'Pit Mine' },
      ]),
    ).toEqual([]);
  });
  it.each([
    ['KSB', 'DEMAG', ['manufacturer']],
    ['CAT', 'Caterpillar Inc.', []],
    ['Komatsu', 'KOMATSU LTD', []],
    ['KSB', 'unknown', []],
  ])('of one serial number are two makers: %s and %s', (one, other, found) => {
    expect(
      between(
        RULES[0],
        { serialNumber: '1001', manufacturer: one },
        { serialNumber: '1001', manufacturer: other },
      ),
    ).toEqual(found);
  });
});
