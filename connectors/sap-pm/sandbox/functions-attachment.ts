/** Listing, renaming and deleting files of an object; see attachments.ts for the source. */
import { ownerKey } from './attachments.ts';
import { patchRow } from './draft.ts';
import type { FunctionImport } from './function-import.ts';

const OWNER =
  'LinkedSAPObjectKey s90!, BusinessObjectTypeName s10!, SemanticObject s30, SAPObjectType s30, SAPObjectNodeType s30';
const KEY =
  'DocumentInfoRecordDocType s3, DocumentInfoRecordDocNumber s25, DocumentInfoRecordDocVersion s2, DocumentInfoRecordDocPart s3, LogicalDocument s32, ArchiveDocumentID s40!, LinkedSAPObjectKey s90!, BusinessObjectTypeName s10!';

export const ATTACHMENT_FUNCTIONS: Readonly<Record<string, FunctionImport>> = {
  GetAllOriginals: {
    parameters: OWNER,
    set: 'AttachmentContentSet',
    returns: 'list',
    method: 'GET',
    writes: false,
    run: (_call, row) => row,
    list: (call, args) => {
      const type = String(args['BusinessObjectTypeName']);
      const key = ownerKey(call, type, String(args['LinkedSAPObjectKey']));
      return call.world.db.where(
        'AttachmentContentSet',
        ['LinkedSAPObjectKey', 'BusinessObjectTypeName'],
        [key, type],
      );
    },
  },
  RenameAttachment: {
    parameters: `${KEY}, FileName s255!`,
    set: 'AttachmentContentSet',
    returns: 'entity',
    run: (call, row, args) =>
      patchRow(call, 'AttachmentContentSet', row, { FileName: String(args['FileName']) }),
  },
  DeleteOriginal: {
    parameters: KEY,
    set: 'AttachmentContentSet',
    returns: 'dummy',
    run: (call, row) => {
      call.world.db.drop('AttachmentContentSet', row.id);
      return row;
    },
  },
};
