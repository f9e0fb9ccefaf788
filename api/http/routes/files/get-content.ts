import { z } from 'zod';
import { openFile } from '../../../../plant/files/files.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { idParams } from '../../frame/shapes.ts';

export const getAttachmentContent = route({
  method: 'GET',
  url: '/attachments/:id/content',
  id: 'getAttachmentContent',
  tag: 'Files',
  summary: 'Gives the content of a file',
  permission: 'files:read',
  params: idParams,
  responses: { 200: z.any().meta({ file: true }) },
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
