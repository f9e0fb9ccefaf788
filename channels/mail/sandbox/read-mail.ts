/** Reads a received mail as a mail reader would: headers unfolded, parts decoded. Knows as much of MIME as mails to people need. */

export interface ReceivedMail {
  to: readonly string[];
  subject: string;
  messageId: string;
  headers: Readonly<Record<string, string>>;
  text: string;
  html: string;
  source: string;
}

export function readMail(source: string, to: readonly string[]): ReceivedMail {
  const { headers, body } = split(source);
  const parts = partsOf(headers, body);
  const partOf = (type: string): string => parts.find((part) => part.type === type)?.content ?? '';
  return {
    to,
    subject: decodeWords(headers['subject'] ?? ''),
    messageId: headers['message-id'] ?? '',
    headers,
    text: partOf('text/plain'),
    html: partOf('text/html'),
    source,
  };
}

function split(text: string): { headers: Record<string, string>; body: string } {
  const at = text.indexOf('\r\n\r\n');
  const [head, body] = at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 4)];
  const headers: Record<string, string> = {};
  for (const line of head.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { headers, body };
}

function partsOf(headers: Record<string, string>, body: string): { type: string; content: string }[] {
  const type = headers['content-type'] ?? 'text/plain';
  const boundary = /boundary="?([^";]+)"?/.exec(type)?.[1];
  if (boundary === undefined)
    return [{ type: (type.split(';')[0] ?? type).trim().toLowerCase(), content: decoded(headers, body) }];
  return body
    .split(`--${boundary}`)
    .slice(1, -1)
    .flatMap((part) => {
      const inner = split(part.replace(/^\r\n/, ''));
      return partsOf(inner.headers, inner.body);
    });
}

function decoded(headers: Record<string, string>, body: string): string {
  const encoding = (headers['content-transfer-encoding'] ?? '').toLowerCase();
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString('utf8');
  return (encoding === 'quoted-printable' ? unquoted(body) : body).replaceAll('\r\n', '\n').trimEnd();
}

function unquoted(text: string): string {
  const bytes = text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_match, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** `=?UTF-8?B?...?=` and `=?UTF-8?Q?...?=` (RFC 2047); blanks between two words belong to neither. */
function decodeWords(text: string): string {
  return text
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([bq])\?([^?]*)\?=/gi, (_match, kind: string, content: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(content, 'base64').toString('utf8')
        : unquoted(content.replaceAll('_', ' ')),
    );
}
