/**
 * The multipart body of `$batch` and of its answer (contract 3.5). Pure. Reads stand alone; writes stand in one change set,
 * all or nothing, and a failed change set answers with a single error part.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import { parseJson } from '../../kit/parse-json.ts';

export interface Part {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Relative to the service, percent-encoded. */
  url: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export interface PartAnswer {
  status: number;
  headers: Record<string, string>;
  /** Parsed JSON, the text when it is none, null when empty. */
  body: unknown;
}

const EOL = '\r\n';

export function encodeReads(parts: readonly Part[], boundary: string): string {
  return [...parts.flatMap((part) => [`--${boundary}`, ...request(part, null)]), `--${boundary}--`, ''].join(
    EOL,
  );
}

export function encodeChangeSet(parts: readonly Part[], boundary: string): string {
  // Neither boundary may begin with the other (RFC 2046 5.1.2): lines are compared from their start.
  const inner = `set_${boundary}`;
  const set = parts.flatMap((part, index) => [`--${inner}`, ...request(part, index + 1)]);
  return [
    `--${boundary}`,
    `Content-Type: multipart/mixed; boundary=${inner}`,
    '',
    ...set,
    `--${inner}--`,
    '',
    `--${boundary}--`,
    '',
  ].join(EOL);
}

function request(part: Part, contentId: number | null): string[] {
  const body = part.body === undefined ? '' : JSON.stringify(part.body);
  const headers: Record<string, string> = {
    Accept: 'application/json',
    ...(part.body === undefined
      ? {}
      : { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(body)) }),
    ...part.headers,
  };
  return [
    'Content-Type: application/http',
    'Content-Transfer-Encoding: binary',
    ...(contentId === null ? [] : [`Content-ID: ${String(contentId)}`]),
    '',
    `${part.method} ${part.url} HTTP/1.1`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body,
  ];
}

/** The parts of an answer in order; those of change sets are flattened, so one failed set shows as one part. */
export function decodeBatch(contentType: string, text: string): PartAnswer[] {
  const boundary = /boundary="?([^";\s]+)"?/i.exec(contentType)?.[1];
  if (boundary === undefined) throw broken();
  const closed = text.includes(`--${boundary}--`);
  if (!closed) throw broken();
  return text
    .split(new RegExp(`(?:^|\\r?\\n)--${escape(boundary)}(?:--)?[ \\t]*(?:\\r?\\n|$)`))
    .slice(1)
    .flatMap((section) => (section.trim() === '' ? [] : decodeSection(section)));
}

function decodeSection(section: string): PartAnswer[] {
  const outer = splitHead(section);
  const type = outer.headers['content-type'] ?? '';
  if (/^multipart\/mixed/i.test(type)) return decodeBatch(type, outer.rest);
  const line = /^HTTP\/\d\.\d (\d{3})[^\r\n]*\r?\n/.exec(outer.rest);
  if (line === null) throw broken();
  const inner = splitHead(outer.rest.slice(line[0].length));
  return [{ status: Number(line[1]), headers: inner.headers, body: bodyOf(inner.rest) }];
}

function splitHead(text: string): { headers: Record<string, string>; rest: string } {
  const headers: Record<string, string> = {};
  let rest = text;
  for (;;) {
    const line = /^([^\r\n]*)(\r?\n|$)/.exec(rest);
    if (line === null) break;
    rest = rest.slice(line[0].length);
    const [, content = ''] = line;
    if (content === '' || line[2] === '') break;
    const colon = content.indexOf(':');
    if (colon > 0) headers[content.slice(0, colon).toLowerCase()] = content.slice(colon + 1).trim();
  }
  return { headers, rest };
}

function bodyOf(text: string): unknown {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  const read = parseJson(trimmed);
  return read.ok ? read.value : trimmed;
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function broken(): Failure {
  return new Failure(
    'unexpected_response',
    'A $batch answer breaks off or is no multipart message; it will be read again.',
    {
      applied: 'unknown',
      code: 'BATCH',
    },
  );
}
