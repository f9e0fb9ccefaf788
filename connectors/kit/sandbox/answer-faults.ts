/** What a fault rule makes of an answer: another one in its place, or the same with other bytes. */
import { STATUS_CODES } from 'node:http';
import type { FaultRule } from './faults.ts';
import type { SandboxRequest, SandboxResponse, SandboxVendor } from './types.ts';

const LOGIN_PAGE =
  '<!doctype html><html><head><title>Sign in</title></head><body><form></form></body></html>';
const REFUSED = 'Refused for the sake of a test.';
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** The whole answer in place of the vendor's; null when the rule leaves the vendor's own. */
export function answerInstead(
  vendor: SandboxVendor,
  request: SandboxRequest,
  rule: FaultRule,
): SandboxResponse | null {
  if (rule.effect === 'html') {
    return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: LOGIN_PAGE };
  }
  if (rule.effect === 'refuse') {
    const own = vendor.refusal?.(request, REFUSED) ?? { status: 400, body: { message: REFUSED } };
    return { ...own, status: rule.status ?? own.status };
  }
  if (!rule.effect.startsWith('http_')) return null;
  const status = rule.status ?? Number(rule.effect.slice('http_'.length));
  return {
    status,
    headers: rule.retryAfterS === undefined ? {} : { 'retry-after': String(rule.retryAfterS) },
    body: { success: false, message: STATUS_CODES[status] ?? 'Fault' },
  };
}

/** The body as it goes over the wire; pieces are not copied together. */
export function payloadOf(body: unknown): readonly Buffer[] {
  if (body === undefined) return [];
  if (Buffer.isBuffer(body)) return [body];
  if (Array.isArray(body) && body.length > 0 && body.every((piece) => Buffer.isBuffer(piece))) return body;
  return [Buffer.from(typeof body === 'string' ? body : JSON.stringify(body), 'utf8')];
}

/** The answer with its bytes bent. */
export function bent(rule: FaultRule | null, answer: SandboxResponse): SandboxResponse {
  switch (rule?.effect) {
    case 'empty_body':
      return { ...answer, body: '' };
    case 'bom':
      return { ...answer, body: [BOM, ...payloadOf(answer.body)] };
    case 'raw_controls':
      return { ...answer, body: withRawControls(textOf(answer)) };
    case 'latin1': {
      const type = String(answer.headers?.['content-type'] ?? 'application/json').replace(/;.*/, '');
      const headers = { ...answer.headers, 'content-type': `${type};charset=ISO-8859-1` };
      return { ...answer, headers, body: Buffer.from(textOf(answer), 'latin1') };
    }
    default:
      return answer;
  }
}

function textOf({ body }: SandboxResponse): string {
  return Buffer.concat(payloadOf(body)).toString('utf8');
}

const SHORT: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };

/** Undoes the escapes of control characters in JSON text; a backslash that is escaped itself opens none. */
function withRawControls(json: string): string {
  return json.replaceAll(/\\(?:u00([01][0-9a-f])|([ntrbf])|\\)/gi, (escape, hex?: string, short?: string) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return short === undefined ? escape : (SHORT[short] ?? escape);
  });
}
