/** Attachments of `unified` (contract 4.1): upload, list, delete. There is no route to download one. */
import type { Route } from './app.ts';
import { failing } from './database-trouble.ts';
import type { Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { required } from './model.ts';
import { readForm } from './form.ts';

const ENTITIES: readonly string[] = ['work-orders', 'parts', 'assets'];
const SHOWN = [
  'id',
  'filename',
  'stored_filename',
  'file_size',
  'mime_type',
  'attachment_type',
  'description',
  'created_at',
] as const;

export function attachmentRoutes(tenant: Tenant): Route[] {
  const path = '/api/{entity_type}/{entity_id}/attachments';
  const params = { entity_type: required('string'), entity_id: required('integer') };
  return [
    {
      ...{ method: 'POST', path, name: 'upload_attachment', params },
      answer: ({ path: { entity_type, entity_id }, request }) => {
        const { fields, files } = readForm(request);
        const file = files['file'];
        // The handler catches its own refusals, so each comes out as a 500.
        if (file === undefined) throw new HttpError(500, '400: No file provided');
        if (!ENTITIES.includes(String(entity_type))) throw new HttpError(500, '400: Invalid entity type');
        const { fileName: filename, mimeType: type, bytes: content } = file;
        const id = tenant.world.random.text(32, '0123456789abcdef');
        const extension = filename.includes('.') ? (filename.split('.').at(-1) ?? 'bin') : 'bin';
        const stored = `${id}.${extension}`;
        const file_path = `uploads/${String(entity_type)}/${stored}`;
        const attachment_type = fields['type'] ?? 'document';
        const row = failing(tenant, () =>
          tenant.insert('attachments', {
            ...{ entity_type, entity_id, filename, stored_filename: stored, file_path },
            ...{ file_size: content.length, mime_type: type, attachment_type },
            description: fields['description'] ?? '',
          }),
        );
        tenant.wrote('created', 'attachments');
        const message = 'File uploaded successfully';
        return { body: { id: row.fields['id'], filename, file_path, attachment_type, message }, write: true };
      },
    },
    {
      ...{ method: 'GET', path, name: 'get_attachments', params },
      answer: ({ path: { entity_type, entity_id } }) =>
        failing(tenant, () => ({
          // An unknown record has no attachments; nobody looks whether it exists.
          body: tenant
            .rows('attachments')
            .map(({ fields }) => fields)
            .filter((fields) => fields['entity_type'] === entity_type && fields['entity_id'] === entity_id)
            .map((fields) => Object.fromEntries(SHOWN.map((name) => [name, fields[name]]))),
        })),
    },
    {
      ...{ method: 'DELETE', path: '/api/attachments/{attachment_id}', name: 'delete_attachment' },
      params: { attachment_id: required('integer') },
      answer: ({ path: { attachment_id } }) => {
        const row = failing(tenant, () => tenant.get('attachments', attachment_id));
        if (row === undefined) throw new HttpError(500, '404: Attachment not found');
        tenant.remove('attachments', row);
        tenant.wrote('deleted', 'attachments');
        return { body: { message: 'Attachment deleted successfully' }, write: true };
      },
    },
  ];
}
