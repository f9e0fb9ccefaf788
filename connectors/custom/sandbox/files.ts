/** Files of a record: sent as multipart or as they are, listed, fetched, removed. Kept in memory only. */
import type { SandboxRequest, SandboxResponse, SandboxWorld } from '../../kit/sandbox/index.ts';
import { ApiError } from './api-error.ts';

interface StoredFile {
  id: string;
  owner: string;
  name: string;
  content_type: string;
  content: Buffer;
  created_at: string;
}

export interface Files {
  /** `owner`: the object and id of the record. */
  list(owner: string): object[];
  add(owner: string, request: SandboxRequest): object;
  download(owner: string, id: string): SandboxResponse;
  remove(owner: string, id: string): void;
  dropAll(owner: string): void;
}

const GAP = Buffer.from('\r\n\r\n');

/** The first file of a multipart body; the whole body when it is no multipart. */
function readUpload({
  headers,
  body,
  query,
}: SandboxRequest): Pick<StoredFile, 'name' | 'content_type' | 'content'> {
  const type = headers['content-type'] ?? 'application/octet-stream';
  const [, quoted, bare] = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) return { name: query.get('name') ?? 'file', content_type: type, content: body };
  const mark = Buffer.from(`--${boundary}`);
  let from = body.indexOf(mark);
  while (from !== -1) {
    const start = from + mark.length + 2;
    const end = body.indexOf(mark, start);
    const gap = body.indexOf(GAP, start);
    if (end === -1 || gap === -1) break;
    const head = body.subarray(start, gap).toString('utf8');
    const name = /\bfilename="([^"]*)"/i.exec(head)?.[1];
    if (name !== undefined) {
      const content_type = /^content-type:\s*([^\r\n]+)/im.exec(head)?.[1] ?? 'application/octet-stream';
      return { name, content_type, content: Buffer.from(body.subarray(gap + GAP.length, end - 2)) };
    }
    from = end;
  }
  throw new ApiError(422, 'validation_failed', 'The form holds no file.', {
    fields: { file: 'is required' },
  });
}

function show({ id, name, content_type, content, created_at }: StoredFile): object {
  return { id, name, content_type, size: content.length, created_at };
}

export function createFiles(world: SandboxWorld): Files {
  let files: StoredFile[] = [];
  let last = 0;
  function find(owner: string, id: string): StoredFile {
    const found = files.find((file) => file.owner === owner && file.id === id);
    if (found === undefined) throw new ApiError(404, 'not_found', `There is no attachment ${id}.`);
    return found;
  }
  return {
    list: (owner) => files.filter((file) => file.owner === owner).map(show),
    add(owner, request) {
      last += 1;
      const created_at = new Date(world.clock.now()).toISOString();
      const file = { id: `F-${String(last).padStart(5, '0')}`, owner, ...readUpload(request), created_at };
      files.push(file);
      return show(file);
    },
    download(owner, id) {
      const { name, content_type, content } = find(owner, id);
      const disposition = `attachment; filename="${name.replaceAll('"', '')}"`;
      return {
        status: 200,
        headers: { 'content-type': content_type, 'content-disposition': disposition },
        body: content,
      };
    },
    remove(owner, id) {
      const file = find(owner, id);
      files = files.filter((other) => other !== file);
    },
    dropAll(owner) {
      files = files.filter((file) => file.owner !== owner);
    },
  };
}
