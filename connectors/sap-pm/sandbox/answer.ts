/** The outside of an answer: content types, version headers, error envelopes in the form the client asked for. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { errorV2, errorV4, errorXml, type SapError } from './sap-error.ts';
import type { Call } from './world.ts';

const JSON_TYPE = 'application/json';

/** Without `Accept` or `$format` the default is XML (contract 1.6). */
export function wantsJson(call: Call): boolean {
  if (call.service.protocol === 4) return true;
  const accept = call.request.headers['accept'] ?? '';
  return call.request.query.get('$format') === 'json' || /json/i.test(accept) || accept.includes('*/*');
}

export function versionHeaders(call: Call): Record<string, string> {
  return call.service.protocol === 4 ? { 'odata-version': '4.0' } : { dataserviceversion: '2.0' };
}

export function jsonAnswer(
  call: Call,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): SandboxResponse {
  const type =
    call.service.protocol === 4
      ? `${JSON_TYPE};odata.metadata=minimal;charset=utf-8`
      : `${JSON_TYPE};charset=utf-8`;
  return { status, headers: { 'content-type': type, ...versionHeaders(call), ...headers }, body };
}

export function emptyAnswer(call: Call, headers: Record<string, string> = {}): SandboxResponse {
  return { status: 204, headers: { ...versionHeaders(call), ...headers } };
}

export function textAnswer(call: Call, text: string): SandboxResponse {
  return {
    status: 200,
    headers: { 'content-type': 'text/plain;charset=utf-8', ...versionHeaders(call) },
    body: text,
  };
}

export function renderError(call: Call, error: SapError): SandboxResponse {
  const { service, world } = call;
  const digest = (world.kit.clock.now() * 2654435761) % 2 ** 32;
  const frame = {
    service: service.name,
    version: service.version,
    transaction: Math.floor(Math.abs(digest)).toString(16).toUpperCase().padStart(32, '0'),
    nowMs: world.kit.clock.now(),
  };
  if (!wantsJson(call)) {
    const headers = {
      'content-type': 'application/xml;charset=utf-8',
      ...versionHeaders(call),
      ...error.more.headers,
    };
    return { status: error.status, headers, body: errorXml(error, frame) };
  }
  const body = service.protocol === 4 ? errorV4(error, frame) : errorV2(error, frame);
  return jsonAnswer(call, error.status, JSON.stringify(body), error.more.headers);
}
