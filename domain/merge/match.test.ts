import { describe, expect, it } from '@jest/globals';
import { matchText } from './match.ts';

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
