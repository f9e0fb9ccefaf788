import { openFile } from '../../../../plant/files/files.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { bytes, idParams } from '../../frame/shapes.ts';

export const getAttachmentContent = route({
  method: 'GET',
  url: '/attachments/:id/content',
  id: 'getAttachmentContent',
  tag: 'Files',
  summary: 'Download a file',
  description:
    'Answers with the bytes of an attachment under its media type, to be saved rather than displayed.',
  permission: 'files:read',
  params: idParams,
  responses: { 200: bytes('application/octet-stream', 'The content of the file, under its media type.') },
  example: { params: { id: EXAMPLE.attachment } },
  async handle({ person, params }) {
    const { name, mediaType, bytes, content } = await openFile(person, params.id);
    return {
      stream: { content, mediaType, bytes },
      headers: {
        // Strangers' files: saved, never shown as pages of ours.
        'content-disposition': `attachment; filename="${plain(name)}"; filename*=UTF-8''${encoded(name)}`,
        'content-security-policy': "sandbox; default-src 'none'",
        'x-content-type-options': 'nosniff',
      },
    };
  },
});

/** For clients that do not know the other form (RFC 6266, appendix D). */
function plain(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_');
}

function encoded(name: string): string {
  return encodeURIComponent(name.toWellFormed()).replaceAll(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
}
