/** Which JSON numbers a double can hold as they are written; the others keep their digits as text. */

/** `-12.50e3` as sign, digits without zeros around them, and the power of ten of the last digit. */
interface Digits {
  sign: string;
  digits: string;
  exponent: number;
}

const NUMBER = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** The number, or its text where the number would be another: whole ones beyond 2^53, and more digits than a double has. */
export function exactNumber(source: string): number | string {
  const value = Number(source);
  if (!Number.isFinite(value)) return source;
  if (/^-?\d+$/.test(source) && !Number.isSafeInteger(value)) return source;
  return holds(value, source) ? value : source;
}

function holds(value: number, source: string): boolean {
  const written = digitsOf(source);
  if (written === null) return true;
  // 0.10000000000000001 is 0.1 as programs print it that show all digits of a double: nothing is lost in it.
  return [String(value), value.toPrecision(17)].some((text) => sameDigits(digitsOf(text), written));
}

function sameDigits(a: Digits | null, b: Digits): boolean {
  return (
    a !== null &&
    a.digits === b.digits &&
    (a.digits === '' || (a.sign === b.sign && a.exponent === b.exponent))
  );
}

function digitsOf(text: string): Digits | null {
  const [, sign = '', whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? [];
  if (whole === '') return null;
  const all = whole + fraction;
  const start = all.search(/[1-9]/);
  if (start === -1) return { sign: '', digits: '', exponent: 0 };
  let end = all.length;
  while (all[end - 1] === '0') end -= 1;
  return {
    sign,
    digits: all.slice(start, end),
    exponent: Number(power) - fraction.length + (all.length - end),
  };
}
