import { describe, expect, it } from '@jest/globals';
import { isPlaceholder } from './placeholder.ts';

describe('a placeholder', () => {
  it.each([
    ...[
      'N/A',
      'n/a',
      'n.a.',
      'NA',
      ' na ',
      '#N/A',
      '-',
      '--',
      '---',
      '.',
      '?',
      '???',
      '*',
      '',
      '  ',
      '0',
      '00',
      '0000',
      '0-0',
    ],
    ...[
      'X',
      'xxx',
      'XXXXX',
      'none',
      'None.',
      'NULL',
      'nil',
      'unknown',
      'UNKNOWN',
      '(unknown)',
      'tbd',
      'T.B.D.',
      'TBA',
    ],
    ...[
      'not available',
      'Not Applicable',
      'to be determined',
      'unbekannt',
      'k.A.',
      'k. A.',
      'keine',
      'ohne',
      'entfällt',
    ],
    ...['inconnu', 'desconocido', 'sin número', 'undefined', 'S/N', 'n/a -'],
  ])('is %j', (text) => {
    expect(isPlaceholder(text)).toBe(true);
  });

  it.each([
    'A-1',
    'NA-17',
    '10',
    '0815',
    '1',
    'K-1',
    'Nancy',
    'Otto',
    'NA1',
    'X1',
    'XX-90',
    '泵',
    'Unknown valve 7',
  ])('is not %j', (text) => {
    expect(isPlaceholder(text)).toBe(false);
  });
});
