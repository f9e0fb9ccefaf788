/**
 * Files on orders, notifications and equipment. The contract names the service only (1.1); the calls are those of SAP's
 * published API: upload by POST with `Slug` and object headers, list by GetAllOriginals, content by `$value`.
 */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { versionHeaders } from './answer.ts';
import { refuse } from './checks.ts';
import { nowOf, textOf } from './draft.ts';
import { stripZeros } from './edm.ts';
import { SapError } from './sap-error.ts';
import type { EntitySet } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

/** Business object type to the table its key belongs to. */
const OWNERS: Readonly<Record<string, readonly [table: string, fields: readonly string[]]>> = {
  BUS2007: ['MaintenanceOrder', ['MaintenanceOrder']],
  BUS2038: ['MaintenanceNotification', ['MaintenanceNotification']],
  PMQMEL: ['MaintenanceNotification', ['MaintenanceNotification']],
  PMAUFK: ['MaintenanceOrder', ['MaintenanceOrder']],
  EQUI: ['Equipment', ['Equipment']],
  BUS0010: ['FunctionalLocation', ['FunctionalLocation']],
  MARA: ['A_Product', ['Product']],
};

export function ownerKey(call: Call, type: string, key: string): string {
  const [table, fields] = OWNERS[type] ?? [];
  if (table === undefined || fields === undefined)
    throw refuse('CV_ODATA/012', `Business object type ${type} is not supported`);
  const plain = stripZeros(key);
  if (call.world.db.where(table, fields, [plain]).length === 0) {
    throw refuse('CV_ODATA/013', `Object ${key} of type ${type} does not exist`);
  }
  return plain;
}

export function createAttachment(call: Call, set: EntitySet): Row {
  const { headers, body } = call.request;
  const [type, key, slug] = [
    headers['businessobjecttypename'] ?? '',
    headers['linkedsapobjectkey'] ?? '',
    headers['slug'] ?? '',
  ];
  if (slug === '') throw refuse('CV_ODATA/010', 'Send the name of the file in the header Slug');
  const { db, kit } = call.world;
  const now = nowOf(call);
  const mark = slug.lastIndexOf('.');
  const row = db.put(set.table, {
    DocumentInfoRecordDocType: '',
    DocumentInfoRecordDocNumber: '',
    DocumentInfoRecordDocVersion: '',
    DocumentInfoRecordDocPart: '',
    LogicalDocument: '',
    ArchiveDocumentID: kit.random.text(40, '0123456789ABCDEF'),
    LinkedSAPObjectKey: ownerKey(call, type, key),
    BusinessObjectTypeName: type,
    FileName: decodeURIComponent(slug),
    FileSize: String(body.length),
    MimeType: headers['content-type'] ?? 'application/octet-stream',
    WorkstationApplication: mark < 0 ? '' : slug.slice(mark + 1, mark + 4).toUpperCase(),
    CreatedByUser: call.user,
    CreationDateTime: now,
    ChangedDateTime: now,
    AttachmentDeletionIsAllowed: true,
    AttachmentRenameIsAllowed: true,
    _content: body.toString('base64'),
  });
  call.written.push({ kind: 'created', object: set.table });
  return row;
}

export function attachmentContent(call: Call, set: EntitySet, row: Row): SandboxResponse {
  const content = row.values['_content'];
  if (typeof content !== 'string')
    throw new SapError(404, '/IWBEP/CM_MGW_RT/020', `'${set.type}' is no media resource`);
  const name = encodeURIComponent(textOf(row.values, 'FileName'));
  return {
    status: 200,
    headers: {
      'content-type': textOf(row.values, 'MimeType'),
      'content-disposition': `inline; filename="${name}"`,
      ...versionHeaders(call),
    },
    body: Buffer.from(content, 'base64'),
  };
}
