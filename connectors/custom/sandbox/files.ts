/** Files of a record: sent as multipart or as they are, listed, fetched, removed. Kept in memory only. */
import {
  readMultipart,
  type SandboxRequest,
  type SandboxResponse,
  type SandboxWorld,
} from '../../kit/sandbox/index.ts';
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

/** The first file of a multipart body; the whole body when it is no multipart. */
function readUpload(request: SandboxRequest): Pick<StoredFile, 'name' | 'content_type' | 'content'> {
  const { headers, body, query } = request;
  const parts = readMultipart(request);
  if (parts === null) {
    const content_type = headers['content-type'] ?? 'application/octet-stream';
    return { name: query.get('name') ?? 'file', content_type, content: body };
  }
  const file = parts.find(({ fileName }) => fileName !== null);
  if (file !== undefined)
    return { name: file.fileName ?? '', content_type: file.mimeType, content: file.bytes };
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
