/**
 * The signature over the address (contract 1.3): HMAC-SHA256 over host and request target as sent, lower-case hex, in
 * `Authorization` or, for files, as `sig` at the end. The body is not signed and the time is not looked at unless a dial says so.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SandboxRequest } from '../../kit/sandbox/index.ts';

export interface Keys {
  accessKey: string;
  appKey: string;
  secret: string;
}

/** `target` is everything behind the scheme: host, path, `?`, parameters in the order sent. */
export function sign(secret: string, target: string): string {
  return createHmac('sha256', Buffer.from(secret, 'utf8')).update(target, 'utf8').digest('hex');
}

function escapeStrictly(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The kit hands over parsed parameters; these are the ways a client may have written them. */
const SPELLINGS: readonly ((pairs: readonly [string, string][]) => string)[] = [
  (pairs) => pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
  (pairs) => pairs.map(([name, value]) => `${name}=${escapeStrictly(value)}`).join('&'),
  (pairs) => new URLSearchParams([...pairs]).toString(),
];

function equal(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a request says about who sends it. */
export type Sender = 'signed' | 'guest' | 'refused';

export function senderOf(
  request: SandboxRequest,
  keys: Keys,
  time: { windowMs: number | null; nowMs: number },
): Sender {
  const { headers, path, query } = request;
  const given = headers['authorization'] ?? query.get('sig');
  if (given === null || given === '') return 'guest';
  if (query.get('accessKey') !== keys.accessKey || query.get('appKey') !== keys.appKey) return 'refused';
  const timestamp = query.get('timestamp');
  if (time.windowMs !== null && timestamp !== null) {
    const skewMs = Math.abs(Number(timestamp) - time.nowMs);
    if (!(skewMs <= time.windowMs)) return 'refused';
  }
  const pairs = [...query].filter(([name]) => name !== 'sig');
  const signed = SPELLINGS.some((spell) =>
    equal(sign(keys.secret, `${headers['host'] ?? ''}${path}?${spell(pairs)}`), given),
  );
  return signed ? 'signed' : 'refused';
}
