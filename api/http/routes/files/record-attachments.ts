/** The files of a record: the same two endpoints below work orders and assets. */
import type { IncomingHttpHeaders } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { z } from 'zod';
import { Failure } from '../../../../domain/kernel/failure.ts';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import { addFile, isTooLarge, listFiles, type FileOwner } from '../../../../plant/files/files.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route, type Route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';
import { Refusal } from '../../problem.ts';
import { attachment, refusedFile } from './shapes.ts';

interface Owner {
  owner: FileOwner;
  /** Path segment. */
  path: string;
  /** Parameter of the path. */
  param: string;
  title: string;
  example: string;
}

const MEGABYTES = String(LIMITS.fileBytesMax / (1024 * 1024));

function listRoute({ owner, path, param, title, example }: Owner): Route {
  return route({
    method: 'GET',
    url: `/${path}/:${param}/attachments`,
    id: `list${title}Attachments`,
    tag: 'Files',
    summary: `List the files of ${owner === 'asset' ? 'an asset' : 'a work order'}`,
    description: 'Oldest first. `refused` names the files of connected systems that were not taken over.',
    permission: 'files:read',
    params: z.strictObject({ [param]: z.string().min(1).max(300) }),
    responses: {
      200: envelope({
        attachments: z.array(attachment),
        count: z.number().int(),
        refused: z
          .array(refusedFile)
          .meta({ description: 'Files of other systems that were not taken over, with the reason.' }),
      }),
    },
    example: { params: { [param]: example } },
    async handle({ person, params }) {
      const { attachments, refused } = await listFiles(person, owner, params[param] ?? '');
      return { body: { success: true, attachments, count: attachments.length, refused } };
    },
  });
}

function addRoute({ owner, path, param, title, example }: Owner): Route {
  return route({
    method: 'POST',
    url: `/${path}/:${param}/attachments`,
    id: `add${title}Attachment`,
    tag: 'Files',
    summary: `Add a file to ${owner === 'asset' ? 'an asset' : 'a work order'}`,
    description: `The body is the file, at most ${MEGABYTES} MiB, under its own content type; send a JSON file as application/octet-stream with \`media_type\`. A record holds the same content once: when it is sent again, the answer is 200 with the existing attachment.`,
    permission: 'files:create',
    params: z.strictObject({ [param]: z.string().min(1).max(300) }),
    query: z.strictObject({
      name: z
        .string()
        .trim()
        .min(1)
        .max(1_000)
        .meta({ description: 'With its extension.', example: 'hose.jpg' }),
      media_type: z
        .string()
        .max(200)
        .regex(/^[\w.+-]+\/[\w.+-]+$/, 'must be a media type such as image/jpeg')
        .optional()
        .meta({ description: 'Instead of the content type.' }),
    }),
    rawBody: true,
    responses: {
      201: envelope({ attachment_id: uuid, attachment }),
      200: envelope({ attachment_id: uuid, attachment }).meta({
        description: 'The record has this content already; this is its attachment.',
      }),
    },
    example: {
      params: { [param]: example },
      query: { name: 'hose.txt' },
      headers: { 'content-type': 'text/plain' },
      body: 'The hose leaks at the second clamp.',
      status: 201,
    },
    async handle({ person, params, query, body, signal }) {
      const request: unknown = body;
      if (!(request instanceof Readable)) {
        throw new Refusal(415, 'Send the file as the body, with a content type other than application/json.');
      }
      const content = contentOf(request, signal);
      const file = { name: query.name, mediaType: query.media_type ?? contentTypeOf(request), content };
      const { attachment: shown, added } = await addFile(person, owner, params[param] ?? '', file)
        .catch((error: unknown) => {
          throw isTooLarge(error) ? new Refusal(413, `The file is larger than ${MEGABYTES} MiB.`) : error;
        })
        .finally(() => {
          // What nobody read is thrown away: a caller who still sends would never look at the answer.
          request.unpipe(content);
          request.resume();
        });
      return {
        status: added ? 201 : 200,
        location: `/attachments/${shown['id'] as string}/content`,
        body: { success: true, attachment_id: shown['id'], attachment: shown },
      };
    },
  });
}

function contentTypeOf(request: Readable & { headers?: IncomingHttpHeaders }): string {
  return request.headers?.['content-type'] ?? 'application/octet-stream';
}

/** Whoever reads may stop early, which must not close the connection that the refusal goes out on. */
function contentOf(request: Readable, signal: AbortSignal): PassThrough {
  const content = request.pipe(new PassThrough());
  signal.addEventListener('abort', () => content.destroy(new Failure('cancelled', 'The caller went away.')));
  return content;
}

const WORK_ORDER: Owner = {
  owner: 'work_order',
  path: 'work-orders',
  param: 'id',
  title: 'WorkOrder',
  example: EXAMPLE.workOrder,
};
const ASSET: Owner = {
  owner: 'asset',
  path: 'assets',
  param: 'asset_id',
  title: 'Asset',
  example: EXAMPLE.assetTag,
};

export const listWorkOrderAttachments = listRoute(WORK_ORDER);
export const addWorkOrderAttachment = addRoute(WORK_ORDER);
export const listAssetAttachments = listRoute(ASSET);
export const addAssetAttachment = addRoute(ASSET);
