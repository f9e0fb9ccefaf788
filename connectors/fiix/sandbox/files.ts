/** Upload and download of files (contract 1.5): a file is a File record with its owner and a FileContents record with the bytes. */
import {
  readMultipart,
  type Part,
  type SandboxRequest,
  type SandboxResponse,
} from '../../kit/sandbox/index.ts';
import { refused, unreadable } from './fiix-error.ts';
import { checkRecord } from './rights.ts';
import type { ClassName } from './schema.ts';
import { committed, reportWrites, type Call } from './tenant.ts';
import { addRecord } from './write.ts';

const FILE_BYTES_MAX = 100 * 1024 * 1024;

const OWNERS: Readonly<Record<string, readonly [className: ClassName, column: string]>> = {
  ASSET_INFO: ['Asset', 'intAssetID'],
  WORK_ORDER_INFO: ['WorkOrder', 'intWorkOrderID'],
};

interface Description {
  sourceInfo: string;
  sourceIdString: string;
  fieldName: string;
}

function readDescriptions(parts: readonly Part[]): Description[] {
  const part = parts.find(({ name }) => name === 'descriptions');
  if (part === undefined) throw unreadable('The part "descriptions" is missing.');
  let list: unknown;
  try {
    list = JSON.parse(part.bytes.toString('utf8'));
  } catch {
    throw unreadable('The part "descriptions" is not JSON.');
  }
  if (!Array.isArray(list)) throw unreadable('The part "descriptions" must be a list.');
  return (list as unknown[]).map((entry) => {
    const { sourceInfo, sourceIdString, fieldName } = (entry ?? {}) as Record<string, unknown>;
    if (
      typeof sourceInfo !== 'string' ||
      typeof sourceIdString !== 'string' ||
      typeof fieldName !== 'string'
    ) {
      throw unreadable('A description needs sourceInfo, sourceIdString and fieldName as text.');
    }
    return { sourceInfo, sourceIdString, fieldName };
  });
}

function store(call: Call, description: Description, parts: readonly Part[]): object {
  const { sourceInfo, sourceIdString, fieldName } = description;
  const part = parts.find(({ name }) => name === fieldName);
  if (part === undefined) throw refused(`There is no part "${fieldName}".`);
  if (part.bytes.length > FILE_BYTES_MAX) throw refused('A file may have 100 MB.');
  const owner = Object.hasOwn(OWNERS, sourceInfo) ? OWNERS[sourceInfo] : undefined;
  if (owner === undefined) throw refused(`A file cannot belong to ${sourceInfo}.`);
  const [className, column] = owner;
  const strName = part.fileName === null || part.fileName === '' ? fieldName : part.fileName;
  const contents = addRecord(call, 'FileContents', {
    strName,
    strMimeType: part.mimeType,
    strContents: part.bytes.toString('base64'),
  });
  const id = Number(sourceIdString);
  const target = call.tenant.store.get(className, id);
  if (target === undefined) throw refused(`There is no ${className} ${sourceIdString}.`);
  checkRecord(call, 'change', className, target.fields);
  const file = addRecord(call, 'File', {
    strName,
    intFileContentsID: contents.id,
    intSize: part.bytes.length,
    [column]: id,
  });
  return { className: 'File', id: file.id, strName, intFileContentsID: contents.id, fieldName };
}

export function upload(call: Call, request: SandboxRequest): object {
  const parts = readMultipart(request);
  if (parts === null) throw unreadable('An upload must be multipart/form-data.');
  const descriptions = readDescriptions(parts);
  const objects = committed(call, () => descriptions.map((description) => store(call, description, parts)));
  reportWrites(call);
  return { count: objects.length, objects };
}

export function download(call: Call, id: number): SandboxResponse {
  const contents = call.tenant.store.get('FileContents', id);
  if (contents === undefined) throw refused(`There is no file ${id}.`);
  checkRecord(call, 'find', 'FileContents', contents.fields);
  const { strName = 'file', strMimeType = 'application/octet-stream', strContents = '' } = contents.fields;
  const name = encodeURIComponent(String(strName));
  return {
    status: 200,
    headers: {
      'content-type': String(strMimeType),
      'content-disposition': `attachment; filename*=UTF-8''${name}`,
    },
    body: Buffer.from(String(strContents), 'base64'),
  };
}
