/** `$batch` (contract 3.5): reads alone, change sets all or nothing with Content-ID references, three forms of addresses. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { SandboxRequest, SandboxResponse } from '../../kit/sandbox/index.ts';
import { renderError } from './answer.ts';
import { handleResource } from './resource.ts';
import { SapError } from './sap-error.ts';
import type { Call } from './world.ts';

interface Part {
  headers: Record<string, string>;
  body: Buffer;
}

const PARTS_MAX = 1000;

function boundaryOf(type: string | undefined): string {
  const match = /multipart\/mixed\s*;.*boundary="?([^";,]+)"?/i.exec(type ?? '');
  if (match?.[1] === undefined)
    throw new SapError(
      400,
      '/IWBEP/CM_MGW_RT/110',
      'Content-Type of a $batch must be multipart/mixed with a boundary',
    );
  return match[1].trim();
}

function readHeaders(text: string): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const mark = line.indexOf(':');
    if (mark > 0) headers[line.slice(0, mark).trim().toLowerCase()] = line.slice(mark + 1).trim();
  }
  return headers;
}

/** Latin-1 keeps every byte where it is. */
function splitHead(text: string): { head: string; rest: string } {
  const match = /\r?\n\r?\n/.exec(text);
  if (match === null) return { head: text, rest: '' };
  return { head: text.slice(0, match.index), rest: text.slice(match.index + match[0].length) };
}

function splitParts(body: Buffer, boundary: string): Part[] {
  const pieces = body.toString('latin1').split(`--${boundary}`);
  const parts = pieces.slice(1, -1).map((piece): Part => {
    const { head, rest } = splitHead(piece.replace(/^[ \t]*\r?\n/, ''));
    return { headers: readHeaders(head), body: Buffer.from(rest.replace(/\r?\n$/, ''), 'latin1') };
  });
  if (parts.length === 0 || parts.length > PARTS_MAX)
    throw new SapError(400, '/IWBEP/CM_MGW_RT/111', 'Invalid $batch: no parts, or too many');
  return parts;
}

interface Inner {
  contentId: string;
  request: SandboxRequest;
  /** Behind the service. */
  path: string;
}

/** `MaintenanceOrder?$top=1`, `/sap/opu/.../MaintenanceOrder`, `http://host/sap/...`, `$1/to_X`. */
function localPath(call: Call, address: string, created: ReadonlyMap<string, string>): string {
  const path = address.replace(/^https?:\/\/[^/]+/i, '');
  const reference = /^\/?\$([\w.-]+)/.exec(path);
  const known = reference?.[1] === undefined ? undefined : created.get(reference[1]);
  if (reference !== null && known !== undefined) return `${known}${path.slice(reference[0].length)}`;
  const root = new URL(call.root).pathname;
  const plain = decodeURI(path);
  if (plain.toLowerCase().startsWith(root.toLowerCase())) {
    return `/${plain.slice(root.length).replace(/^\/+/, '')}`;
  }
  return `/${path.replace(/^\/+/, '')}`;
}

function innerRequest(call: Call, part: Part, created: ReadonlyMap<string, string>): Inner {
  const { head, rest } = splitHead(part.body.toString('latin1'));
  const [line = '', ...headerLines] = head.split(/\r?\n/);
  const match = /^([A-Z]+) (\S+)(?: HTTP\/1\.[01])?$/i.exec(line.trim());
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new SapError(400, '/IWBEP/CM_MGW_RT/112', `Invalid request line '${line}' in $batch`);
  }
  const headers = readHeaders(headerLines.join('\n'));
  const body = Buffer.from(rest, 'latin1');
  const mark = match[2].indexOf('?');
  const address = mark < 0 ? match[2] : match[2].slice(0, mark);
  const query = mark < 0 ? '' : match[2].slice(mark + 1);
  const tunnelled = match[1].toUpperCase() === 'POST' ? headers['x-http-method']?.toUpperCase() : undefined;
  const request: SandboxRequest = {
    method: tunnelled ?? match[1].toUpperCase(),
    path: address,
    query: new URLSearchParams(query),
    headers: {
      accept: call.request.headers['accept'] === undefined ? undefined : 'application/json',
      host: call.request.headers['host'],
      ...headers,
    },
    body,
    json: () => (body.length === 0 ? undefined : (JSON.parse(body.toString('utf8')) as unknown)),
  };
  const contentId = part.headers['content-id'] ?? headers['content-id'] ?? '';
  return { contentId, request, path: localPath(call, address, created) };
}

function run(call: Call, inner: Inner): SandboxResponse {
  const own: Call = { ...call, request: inner.request };
  try {
    return handleResource(own, inner.path);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new SapError(400, 'CX_SXML_PARSE_ERROR/001', 'Error while parsing the JSON payload');
    throw error;
  }
}

function toBuffer(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(
    body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    'utf8',
  );
}

function responsePart(answer: SandboxResponse, contentId: string): Buffer {
  const body = toBuffer(answer.body);
  const headers: Record<string, string | string[]> = {
    ...answer.headers,
    'content-length': String(body.length),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  const length = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`;
  const outer =
    `Content-Type: application/http\r\nContent-Length: ${Buffer.byteLength(length) + body.length}\r\ncontent-transfer-encoding: binary\r\n` +
    (contentId === '' ? '' : `content-id: ${contentId}\r\n`);
  return Buffer.concat([Buffer.from(`${outer}\r\n${length}`), body, Buffer.from('\r\n')]);
}

function failed(call: Call, error: unknown, inner: Inner | null): SandboxResponse {
  if (!(error instanceof SapError)) throw error;
  if (inner !== null) error.contentId = inner.contentId;
  const request = { ...call.request, headers: { ...call.request.headers, accept: 'application/json' } };
  return renderError({ ...call, request }, error);
}

/** One unit of work: its parts' answers, or one error in their place. */
function changeSet(call: Call, part: Part): Buffer {
  const boundary = boundaryOf(part.headers['content-type']);
  const created = new Map<string, string>();
  const written: Call['written'] = [];
  const answers: Buffer[] = [];
  let current: Inner | null = null;
  try {
    call.world.db.unit(() => {
      for (const item of splitParts(part.body, boundary)) {
        const inner = innerRequest(call, item, created);
        current = inner;
        if (inner.request.method === 'GET') {
          throw new SapError(400, '/IWBEP/CM_MGW_RT/113', 'A change set cannot contain a read');
        }
        const answer = run({ ...call, written }, inner);
        const location = answer.headers?.['location'];
        if (typeof location === 'string') created.set(inner.contentId, location.slice(call.root.length));
        answers.push(responsePart(answer, inner.contentId));
      }
    });
  } catch (error) {
    return responsePart(failed(call, error, current), '');
  }
  call.written.push(...written);
  const own = `ejjeeffe${randomUUID().replaceAll('-', '').slice(0, 8)}`;
  const body = Buffer.concat([
    ...answers.flatMap((answer) => [Buffer.from(`--${own}\r\n`), answer]),
    Buffer.from(`--${own}--\r\n`),
  ]);
  const head = `Content-Type: multipart/mixed; boundary=${own}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body, Buffer.from('\r\n')]);
}

function single(call: Call, part: Part): Buffer {
  let inner: Inner | null = null;
  try {
    inner = innerRequest(call, part, new Map());
    if (inner.request.method !== 'GET') {
      throw new SapError(400, '/IWBEP/CM_MGW_RT/114', 'Changes in a $batch must stand in a change set');
    }
    return responsePart(run(call, inner), inner.contentId);
  } catch (error) {
    return responsePart(failed(call, error, inner), inner?.contentId ?? '');
  }
}

export function handleBatch(call: Call): SandboxResponse {
  const parts = splitParts(call.request.body, boundaryOf(call.request.headers['content-type']));
  const own = randomUUID().replaceAll('-', '').toUpperCase();
  const out = parts.flatMap((part) => {
    const set = /^multipart\/mixed/i.test(part.headers['content-type'] ?? '');
    return [Buffer.from(`--${own}\r\n`), set ? changeSet(call, part) : single(call, part)];
  });
  for (const { kind, object } of call.written) call.world.kit.stats.wrote(kind, object);
  return {
    status: call.service.protocol === 4 ? 200 : 202,
    headers: {
      'content-type': `multipart/mixed; boundary=${own}`,
      ...(call.service.protocol === 4 ? { 'odata-version': '4.0' } : { dataserviceversion: '2.0' }),
    },
    body: Buffer.concat([...out, Buffer.from(`--${own}--\r\n`)]),
    write: call.written.length > 0,
  };
}
