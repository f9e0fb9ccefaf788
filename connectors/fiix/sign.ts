/**
 * The signature of Fiix (contract 1.3): HMAC-SHA256 over the address as it is sent, without its scheme; the body is not
 * part of it. An address with its signature is a credential that can be used again: it goes into no log and no error.
 */
import { createHmac } from 'node:crypto';

/** Lower-case hex, 64 characters. */
export function signatureOf(secret: string, url: string): string {
  return createHmac('sha256', secret)
    .update(url.replace(/^https?:\/\//, ''), 'utf8')
    .digest('hex');
}

/** The query in the order the vendor's own client sends it (contract 1.2). */
export function queryOf(action: string, keys: { accessKey: string; appKey: string }, now: number): string {
  return Object.entries({
    action,
    service: 'cmms',
    accessKey: keys.accessKey,
    appKey: keys.appKey,
    timestamp: String(now),
    signatureVersion: '1',
    signatureMethod: 'HmacSHA256',
  })
    .map(([name, value]) => `${name}=${encode(value)}`)
    .join('&');
}

/** `encodeURIComponent` leaves an apostrophe, which an URL then escapes by itself: what is signed must be what is sent. */
function encode(value: string): string {
  return encodeURIComponent(value).replaceAll("'", '%27');
}
