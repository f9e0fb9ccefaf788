/** Reads the parts of an answer: headers, text in its charset, JSON, how long to wait. What they mean is judged elsewhere. */
import { TextDecoder } from 'node:util';
import { LIMITS } from '../../domain/kernel/limits.ts';

export function flattenHeaders(headers: object): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers) as [string, unknown][]) {
    if (Array.isArray(value)) flat[name.toLowerCase()] = value.join('\n');
    else if (typeof value === 'string') flat[name.toLowerCase()] = value;
  }
  return flat;
}

/** The text of a body in the charset its content type names, UTF-8 where it names none or one nobody knows; without a byte order mark. */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  return decoderOf(bytes, contentType).decode(bytes);
}

function decoderOf(bytes: Uint8Array, contentType = ''): TextDecoder {
  const [first = 0, second = 0] = bytes;
  // A mark of UTF-16 is believed before any header: nothing else begins like this.
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le');
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be');
  const named = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(named);
  } catch {
    return new TextDecoder('utf-8');
  }
}

/** How long the other side asks to be left alone, and how long it is: no longer than the bound. */
export interface AskedPause {
  forMs: number;
  /** As it was asked for, when that was longer than the bound. */
  askedMs: number | null;
}

/** Seconds, or an HTTP date, which is judged by the clock of whoever wrote it: the answer's own `Date`. */
export function retryAfterOf(headers: Record<string, string>, now: number): AskedPause | null {
  const header = headers['retry-after']?.trim();
  if (header === undefined || header === '') return null;
  const asked = /^\d+(\.\d+)?$/.test(header) ? Number(header) * 1_000 : untilDate(header, headers, now);
  if (asked === null || Number.isNaN(asked)) return null;
  return boundedPause(asked);
}

export function boundedPause(askedMs: number): AskedPause {
  const forMs = Math.min(Math.max(0, askedMs), LIMITS.retryAfterMaxMs);
  return { forMs, askedMs: askedMs > forMs ? askedMs : null };
}

function untilDate(header: string, headers: Record<string, string>, now: number): number | null {
  const at = Date.parse(header);
  if (Number.isNaN(at)) return null;
  const served = Date.parse(headers['date'] ?? '');
  return Math.max(0, at - (Number.isNaN(served) ? now : served));
}
