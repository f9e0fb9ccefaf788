/** Uploaded files: `POST /files` (contract 3.13), the record of one, and the storage its content is read from. */
import { randomUUID } from 'node:crypto';
import { readMultipart, type SandboxRequest, type SandboxResponse } from '../../kit/sandbox/index.ts';
import type { Account } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import type { Row } from './store.ts';

export const STORAGE = '/storage/';

/** The first file of a multipart upload; its content in base64, as the state file keeps it. */
export function readUpload(request: SandboxRequest): Values {
  const parts = readMultipart(request);
  const file = parts?.find(({ fileName }) => fileName !== null && fileName !== '');
  if (file === undefined) throw new ApiError(400, 'file cannot be null');
  return { name: file.fileName, content: file.bytes.toString('base64'), mimeType: file.mimeType };
}

/** Size and key follow from the content, whoever brought it. */
export function settleFile(values: Values): Values {
  const content = typeof values['content'] === 'string' ? values['content'] : '';
  return { ...values, content, size: Buffer.byteLength(content, 'base64'), key: randomUUID() };
}

/** The record, with an address that needs no session, as storage gives it out. */
export function showFile(account: Account, row: Row, host: string | undefined): Record<string, unknown> {
  const key = String(row.hidden['key']);
  const origin = account.dials.storageOrigin ?? `http://${host ?? 'localhost'}`;
  return { ...row.fields, url: `${origin}${STORAGE}${row.id}?key=${key}` };
}

export function fromStorage(account: Account, request: SandboxRequest): SandboxResponse {
  const row = account.store.tables.get('files', request.path.slice(STORAGE.length));
  const allowed = row !== undefined && request.query.get('key') === row.hidden['key'];
  if (!allowed) return { status: 403, headers: { 'content-type': 'application/xml' }, body: '<Error/>' };
  return {
    status: 200,
    headers: { 'content-type': 'application/octet-stream' },
    body: Buffer.from(String(row.hidden['content']), 'base64'),
  };
}
