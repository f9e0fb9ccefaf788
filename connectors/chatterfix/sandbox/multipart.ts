/** The parts of a `multipart/form-data` body: one file and plain fields. */
import type { SandboxRequest } from '../../kit/sandbox/index.ts';

export interface UploadedFile {
  filename: string;
  type: string;
  content: Buffer;
}

export interface Form {
  fields: Record<string, string>;
  files: Record<string, UploadedFile>;
}

const GAP = Buffer.from('\r\n\r\n');

function addPart(form: Form, part: Buffer): void {
  const at = part.indexOf(GAP);
  if (at === -1) return;
  const head = part.subarray(0, at).toString('utf8');
  // What is left of a part ends with the line break before the next boundary.
  const content = part.subarray(at + GAP.length, part.length - 2);
  const name = /\bname="([^"]*)"/i.exec(head)?.[1] ?? '';
  const filename = /\bfilename="([^"]*)"/i.exec(head)?.[1];
  if (filename === undefined) {
    form.fields[name] = content.toString('utf8');
    return;
  }
  const type = /^content-type:\s*([^\r\n]+)/im.exec(head)?.[1]?.trim() ?? 'application/octet-stream';
  form.files[name] = { filename, type, content: Buffer.from(content) };
}

/** A form of either content type; an empty one when the body is neither. */
export function readForm(request: SandboxRequest): Form {
  const type = request.headers['content-type'] ?? '';
  const form: Form = { fields: {}, files: {} };
  if (type.includes('x-www-form-urlencoded')) {
    form.fields = Object.fromEntries(new URLSearchParams(request.body.toString('utf8')));
    return form;
  }
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return form;
  const mark = Buffer.from(`--${boundary}`);
  let from = request.body.indexOf(mark);
  while (from !== -1) {
    const start = from + mark.length + 2;
    const next = request.body.indexOf(mark, start);
    if (next === -1) break;
    addPart(form, request.body.subarray(start, next));
    from = next;
  }
  return form;
}
