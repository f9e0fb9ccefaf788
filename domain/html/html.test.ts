import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { entity } from './entities.ts';
import { cutHtml, escapeHtml, stripHtml } from './html.ts';

describe('plain text of HTML', () => {
  it.each([
    ['<p>a<br>b</p><!-- RICH TEXT -->', 'a\nb'],
    ['<script>alert(1)</script>x<style>p{}</style>', 'x'],
    ['5 < 6 and 7 > 3', '5 < 6 and 7 > 3'],
    ['&lt;b&gt; &#65;&#x42; &nbsp;&bogus;', '<b> AB  &bogus;'],
    ['&amp;lt;', '&lt;'],
    ['<!-- never closed', ''],
    ['&#0;&#xD800;', '&#0;&#xD800;'],
    [
      '<p>Remplacer le joint d&eacute;fectueux &agrave; 80 &deg;C &plusmn; 2 &ndash; &Oslash; 40 mm, 5 &micro;m</p><!-- RICH TEXT -->',
      'Remplacer le joint défectueux à 80 °C ± 2 – Ø 40 mm, 5 µm',
    ],
    ['&Eacute;&eacute;&AMP;&NotEqualTilde;&hellip;&euro;', 'Éé&≂̸…€'],
    ['<div>a</div>\n\n\n<div>b</div>\n', 'a\n\nb'],
    ['<P STYLE="x">a</P ><o:p></o:p><IMG src="x"/>', 'a'],
    ['<!DOCTYPE html><html><body>a</body></html>', 'a'],
    ['<a href="x?a=1&amp;b=2" title=\'1 > 0\' disabled>y</a>', 'y'],
    ['a<br/><br/><br/>b<br>', 'a\n\n\nb'],
  ])('%s', (html, plain) => expect(stripHtml(html)).toBe(plain));

  it.each([
    'Close valve <PV-101> when level < 20 % and >5',
    '  indented\n\n\n\nand <b-12> far\n',
    'if (a<b && c>d) {',
    '<Name> of the <tag no. 7>',
    'R&D; AT&T',
  ])('%j is no HTML and stays as it is', (text) => expect(stripHtml(text)).toBe(text));

  it('what was escaped comes back', () => {
    for (const plain of [
      'a < b & c > d',
      'R&amp;D',
      'one\ntwo',
      '<script>x</script>',
      '<!-- x -->',
      ' \n a\t\n\n\n\n b \u00a0 ',
    ])
      expect(stripHtml(escapeHtml(plain))).toBe(plain);
    const part = fc.constantFrom(
      ' ',
      '\n',
      '\t',
      'a',
      '<',
      '>',
      '&',
      ';',
      '/',
      'b',
      '<br>',
      '&amp;',
      '&#10;',
      '<PV-1>',
      '\u00a0',
      '-->',
      '<!--',
      'é',
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map((parts) => parts.join('')),
        (text) => {
          expect(stripHtml(escapeHtml(text))).toBe(text);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('takes time in proportion to the text', () => {
    for (const part of [
      '<',
      '<!--',
      '<script',
      '<a "',
      '<a x= ',
      '<a x x x ',
      '&',
      '</',
      '<a ',
      ' \n',
      '\n\n\n',
      ' ',
    ])
      expect(stripHtml(`<b>${part.repeat(200_000)}`).length).toBeLessThanOrEqual(part.length * 200_000);
  });

  it('is cut whole', () => {
    expect(cutHtml('a &amp; b', 6)).toBe('a ');
    expect(cutHtml('a<br />b', 5)).toBe('a');
    expect(cutHtml('a & b c', 5)).toBe('a & b');
    expect(cutHtml('ab', 5)).toBe('ab');
  });
});

it('knows every named reference', () => {
  expect([entity('Aacute'), entity('zwnj'), entity('acE'), entity('nothing')]).toEqual([
    'Á',
    '\u200c',
    '∾̳',
    undefined,
  ]);
});
