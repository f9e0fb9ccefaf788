import { describe, expect, it } from '@jest/globals';
import { compilePattern, PATTERN_STEPS_MAX, PatternRefused } from './pattern.ts';

/** Patterns and texts with which backtracking matchers are brought to a stop, from published advisories and papers. */
const CATASTROPHES: readonly [string, string, string][] = [
  ['^(a+)+$', 'a', '!'],
  ['^(a|aa)+$', 'a', '!'],
  ['^(a|a)*$', 'a', '!'],
  ['^(a*)*$', 'a', '!'],
  ['^((a+)*)*$', 'a', '!'],
  ['^(a|a?)+$', 'a', '!'],
  ['(x+x+)+y', 'x', ''],
  ['(.*)*=', 'a', ''],
  ['^(.*?,){25}P', ',1', 'x'],
  ['^([a-zA-Z0-9])(([.-]?|_+)?[a-zA-Z0-9]+)*@$', 'a', '!'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
  ['\\s*#?\\s*$', ' ', 'x'],
  ['(\\w+\\s?)*!$', 'word ', '?'],
  ['^\\d+(?:\\.\\d+)*(?:[-+].*)*$', '1-', '\n'],
  ['<(?:[^>]*)*>?x', '<', ''],
  ['(?:.|\\n)*?(?:.|\\n)*?(?:.|\\n)*?END', 'x', ''],
  ['^(?:(\\s|\\S)+)*$', 'ab ', '\u0000'],
];

describe('patterns', () => {
  it.each(CATASTROPHES)('/%s/ over a long text takes few steps', (source, part, end) => {
    const budget = { left: PATTERN_STEPS_MAX };
    const text = part.repeat(Math.ceil(10_000 / part.length)) + end;
    compilePattern(source, 'm').find(text, 0, budget);
    expect(PATTERN_STEPS_MAX - budget.left).toBeLessThan(text.length * 200);
    expect(budget.left).toBeGreaterThan(0);
  });

  it('stops a pattern whose written-out repeats are too long for the text', () => {
    const pattern = compilePattern('(?:(?:(?:a{0,5}){0,5}){0,5})b');
    expect(() => pattern.find('a'.repeat(20_000))).toThrow('takes too many steps on this text');
    expect(pattern.find('a'.repeat(500))).toBeNull();
  });

  it('stops when many searches over one text take too long together', () => {
    const pattern = compilePattern('a(?:.*b)?');
    const [text, budget] = ['a'.repeat(20_000), { left: PATTERN_STEPS_MAX }];
    const all = (): void => {
      for (let match = pattern.find(text, 0, budget); match;) match = pattern.find(text, match.end, budget);
    };
    expect(all).toThrow('takes too many steps on this text');
  });

  it.each([
    ['(a)\\1', 'refers back'],
    ['(?<n>a)\\k<n>', 'refers back'],
    ['a(?=b)', 'looks ahead or behind'],
    ['a(?!b)', 'looks ahead or behind'],
    ['(?<=a)b', 'looks ahead or behind'],
    ['(?<!a)b', 'looks ahead or behind'],
    ['\\p{L}+', 'Unicode property'],
    ['\\u{1F600}', 'write the character itself'],
    ['\\01', 'octal'],
    ['(?i:a)', 'changes flags'],
    ['(a', 'is no regular expression'],
    ['a{1000}{1000}', 'is no regular expression'],
    ['(?:a{1000}){1000}', 'repeats are written out'],
    ['('.repeat(60) + ')'.repeat(60), 'deeper than 50'],
    ['a'.repeat(1_001), '1000 are allowed'],
  ])('/%.20s/ is refused with the reason', (source, why) => {
    expect(() => compilePattern(source)).toThrow(why);
    expect(() => compilePattern(source)).toThrow(PatternRefused);
  });

  it('refuses flags it does not know', () => {
    expect(() => compilePattern('a', 'u')).toThrow('has the flag u');
  });

  it.each<[string, string, string, string[] | null]>([
    ['(\\d+)-(\\d+)?', '', 'tag 12-', ['12-', '12', '(none)']],
    ['^b', 'm', 'a\r\nb', ['b']],
    ['a.c', '', 'a\nc', null],
    ['a.c', 's', 'a\nc', ['a\nc']],
    ['STRASSE|straße', 'i', 'Straße', ['Straße']],
    ['\\s+', '', 'a\u00a0\ufeffb', ['\u00a0\ufeff']],
    ['(?:(a)|b)*', '', 'ab', ['ab', '(none)']],
    ['(a*)*', '', 'b', ['', '(none)']],
    ['(z)((a+)?(b+)?(c))*', '', 'zaacbbbcac', ['zaacbbbcac', 'z', 'ac', 'a', '(none)', 'c']],
    ['(|.*?)*', '', 'bb', ['bb', 'b']],
    ['(?:|a)+', '', 'aa', ['aa']],
    ['a|ab', '', 'abc', ['a']],
    ['((a)|(ab))((c)|(bc))', '', 'abc', ['abc', 'a', 'a', '(none)', 'bc', '(none)', 'bc']],
    ['[^]', '', '\n', ['\n']],
    ['[]', '', 'a', null],
    ['[\\d-x]+', '', 'z1-x2', ['1-x2']],
    ['a{,2}', '', 'a{,2}', ['a{,2}']],
    ['\\bP', '', 'xP P', ['P']],
  ])('/%s/%s in %j', (source, flags, text, expected) => {
    const match = compilePattern(source, flags).find(text);
    const shown = match && [
      text.slice(match.start, match.end),
      ...match.groups.map((each) => each ?? '(none)'),
    ];
    expect(shown).toEqual(expected);
  });
});
