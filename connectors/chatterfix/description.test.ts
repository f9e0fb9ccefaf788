import { describe, expect, it } from '@jest/globals';
import { parseDescription, spokenSerial, writeDescription } from './description.ts';

describe('what a description carries', () => {
  it('text, lines and mark come apart and together again', () => {
    const written = writeDescription({
      text: 'Feeds the mill\nNew motor: 2024',
      lines: { asset_tag: 'CV-3', serial_number: 'SN 77' },
      mark: 'CF12',
    });
    expect(written).toBe(
      'Feeds the mill\nNew motor: 2024\n\nAsset tag: CV-3\nSerial number: SN 77\n\n[ext:CF12]',
    );
    expect(parseDescription(written)).toEqual({
      text: 'Feeds the mill\nNew motor: 2024',
      lines: { asset_tag: 'CV-3', serial_number: 'SN 77' },
      mark: 'CF12',
    });
  });

  it('a line in the middle of the text is text', () => {
    const written = 'Model: see the plate\nAsk Lena.';
    expect(parseDescription(written)).toEqual({ text: written, lines: {}, mark: null });
  });

  it('nothing but a mark has no text', () => {
    expect(parseDescription('[ext:ABC123]')).toEqual({ text: '', lines: {}, mark: 'ABC123' });
    expect(writeDescription({ text: '', lines: {}, mark: null })).toBe('');
  });

  it('a value with a line break stays one line', () => {
    const written = writeDescription({ text: '', lines: { model: 'B\n[ext:EVIL]' }, mark: null });
    expect(written.split('\n')).toHaveLength(1);
  });

  it.each([
    ['Face shovel. S/N RH120-A-0001', 'RH120-A-0001'],
    ['Serial No: 4711 on the plate', '4711'],
    ['Serial number unknown', null],
    ['CS/N 12', null],
  ])('a serial number in the text: %s', (text, serial) => {
    expect(spokenSerial(text)).toBe(serial);
  });
});
