/**
 * Builds `oslc.where` expressions (contract 3.4): terms joined by `and`, no parentheses, no `or`, no space around
 * operators and none after the comma of a list, because one site was seen to refuse it.
 */

export function quote(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

export function equal(attribute: string, value: string): string {
  return `${attribute}=${quote(value)}`;
}

export function among(attribute: string, values: readonly string[]): string {
  const [only] = values;
  if (values.length === 1 && only !== undefined) return equal(attribute, only);
  return `${attribute} in [${values.map(quote).join(',')}]`;
}

export function all(...terms: (string | null | undefined)[]): string {
  return terms.filter((term) => term !== null && term !== undefined && term !== '').join(' and ');
}

/** `2026-03-01T08:15:00+00:00`: whole seconds and a numeric offset, the only spelling Maximo itself uses (contract 6). */
export function vendorInstant(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}+00:00`;
}

export function since(attribute: string, epochMs: number): string {
  return `${attribute}>=${quote(vendorInstant(epochMs))}`;
}

export function before(attribute: string, epochMs: number): string {
  return `${attribute}<${quote(vendorInstant(epochMs))}`;
}

const NAIVE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?$/;

/** Epoch milliseconds of a Maximo DATETIME, NaN when it is none. One without an offset is taken as UTC. */
export function epochOf(value: string): number {
  return Date.parse(NAIVE.test(value) ? `${value}Z` : value);
}
