/** A bare HTTP client for the tests of this folder: fetch with a user, one token and its cookies, nothing clever. */
import type { RunningSandbox, SandboxOptions } from '../../kit/sandbox/index.ts';
import {
  call as callUrl,
  type Answer as PlainAnswer,
  type CallOptions,
  type Json,
} from '../../kit/sandbox/test-client.ts';
import { startSapPmSandbox } from './index.ts';

export type { CallOptions, Json };

export interface Answer extends PlainAnswer {
  /** What `d` holds, or the whole body. */
  d: Json;
  /** `d.results`, or `value` in V4. */
  rows: Json[];
}

export const ORDERS = '/sap/opu/odata/sap/API_MAINTENANCEORDER;v=0002';
export const NOTIFICATIONS = '/sap/opu/odata/sap/API_MAINTNOTIFICATION';
export const EQUIPMENT = '/sap/opu/odata/sap/API_EQUIPMENT';
export const LOCATIONS = '/sap/opu/odata/sap/API_FUNCTIONALLOCATION';
export const PLANS = '/sap/opu/odata/sap/API_MAINTENANCEPLAN';
export const CONFIRMATIONS = '/sap/opu/odata/sap/API_MAINTORDERCONFIRMATION';
export const POINTS = '/sap/opu/odata4/sap/api_measuringpoint/srvd_a2x/sap/measuringpoint/0001';
export const READINGS = '/sap/opu/odata4/sap/api_measurementdocument/srvd_a2x/sap/measurementdocument/0001';

export interface TestClient {
  sandbox: RunningSandbox;
  /** Without credentials. */
  raw(path: string, options?: CallOptions): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** With token and cookies. */
  write(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<Answer>;
  send(path: string, options: CallOptions): Promise<Answer>;
  /** An order on the given equipment; its key. */
  order(fields?: Json): Promise<string>;
  token(): Promise<Record<string, string>>;
  close(): Promise<void>;
}

export async function call(url: string, options: CallOptions): Promise<Answer> {
  const headers = { 'accept-language': 'en', ...options.headers };
  const answer = await callUrl(url, { method: 'GET', ...options, headers });
  const d = (answer.body['d'] ?? answer.body) as Json;
  return { ...answer, d, rows: (d['results'] ?? d['value'] ?? []) as Json[] };
}

export function errorOf(answer: Answer): { code: string; message: string; details: Json[] } {
  const error = (answer.body['error'] ?? {}) as Json;
  const message = error['message'] as string | { value: string };
  const inner = (error['innererror'] ?? {}) as Json;
  return {
    code: String(error['code']),
    message: typeof message === 'string' ? message : message.value,
    details: (inner['errordetails'] ?? []) as Json[],
  };
}

export function metadataOf(row: Json): { uri: string; type: string; etag: string } {
  return row['__metadata'] as { uri: string; type: string; etag: string };
}

/** Path and query with blanks and quotes as a browser would send them. */
export function enc(path: string): string {
  return encodeURI(path).replaceAll('+', '%2B');
}

export async function startClient(options: SandboxOptions): Promise<TestClient> {
  const sandbox = await startSapPmSandbox(options);
  const { user = '', password = '' } = sandbox.credentials;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const json = { authorization, accept: 'application/json' };
  let kept: Record<string, string> | null = null;
  const raw = (path: string, given: CallOptions = {}): Promise<Answer> => call(sandbox.url + path, given);
  const token = async (): Promise<Record<string, string>> => {
    if (kept !== null) return kept;
    const headers = { authorization, 'x-csrf-token': 'Fetch' };
    const answer = await raw(`${ORDERS}/`, { method: 'HEAD', headers });
    const cookie = answer.headers
      .getSetCookie()
      .map((text) => text.split(';')[0] ?? '')
      .join('; ');
    kept = { 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie };
    return kept;
  };
  const send = async (path: string, given: CallOptions): Promise<Answer> =>
    raw(path, { ...given, headers: { ...json, ...(await token()), ...given.headers } });
  const write: TestClient['write'] = (method, path, body, headers = {}) =>
    send(path, { method, headers, ...(body === undefined ? {} : { json: body }) });
  return {
    sandbox,
    raw,
    get: (path, headers = {}) => raw(path, { headers: { ...json, ...headers } }),
    write,
    send,
    token,
    async order(fields = {}) {
      const answer = await write('POST', `${ORDERS}/MaintenanceOrder`, {
        MaintenanceOrderType: 'PM01',
        MaintenanceOrderDesc: 'Replace coupling',
        MaintenancePlanningPlant: '1000',
        MainWorkCenter: 'MECH-01',
        ...fields,
      });
      if (answer.status !== 201) throw new Error(`create order: ${answer.status} ${answer.text}`);
      return String(answer.d['MaintenanceOrder']);
    },
    close: () => sandbox.close(),
  };
}
