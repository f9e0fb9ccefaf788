/** Attachments of records, the minimum (contract 4.10): list, upload, content, meta, delete. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { findRecord, hrefOf, type Call } from './call.ts';
import { formatInstant } from './date-time.ts';
import type { ObjectStructure } from './model.ts';
import { OslcError } from './oslc-error.ts';

export interface Doclink {
  id: number;
  /** `{mbo}:{uid}` of the record it hangs on. */
  owner: string;
  fileName: string;
  description: string | null;
  contentType: string;
  content: Buffer;
  urlType: string;
  createdAt: number;
  createdBy: string;
}

export interface Doclinks {
  entries: Map<number, Doclink>;
  nextId: number;
}

/** As the state file holds it: the content in base64. */
export type SavedDoclink = Omit<Doclink, 'content'> & { content: string };

export function writeDoclink(link: Doclink): SavedDoclink {
  return { ...link, content: link.content.toString('base64') };
}

export function readDoclink(saved: SavedDoclink): Doclink {
  return { ...saved, content: Buffer.from(saved.content, 'base64') };
}

function describe(call: Call, link: Doclink, base: string): Record<string, unknown> {
  const href = `${base}/${link.id}`;
  const created = formatInstant(link.createdAt, call.services.world.dials.zone);
  return {
    href,
    localref: href,
    describedBy: {
      identifier: String(link.id),
      docinfoid: link.id,
      fileName: link.fileName,
      title: link.fileName,
      description: link.description ?? link.fileName,
      docType: 'Attachments',
      urlType: link.urlType,
      attachmentSize: link.content.length,
      format: { label: link.contentType },
      created,
      modified: created,
      createby: link.createdBy,
    },
  };
}

function upload(call: Call, owner: string, base: string): SandboxResponse {
  const { request, services, caller } = call;
  const slug = request.headers.slug;
  const url = request.headers['content-location'];
  if (slug === undefined && url === undefined)
    throw new OslcError(400, null, 'Send the file name in the slug header.');
  const encoded = request.headers['custom-encoding'] === 'base64';
  const { doclinks, world } = services;
  const link: Doclink = {
    id: doclinks.nextId,
    owner,
    fileName: slug === undefined ? (url ?? '') : decoded(slug),
    description: request.headers['x-document-description'] ?? null,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    content: encoded ? Buffer.from(request.body.toString('utf8'), 'base64') : request.body,
    urlType: url === undefined ? 'FILE' : 'URL',
    createdAt: world.stamp.now(),
    createdBy: caller.user.personId,
  };
  doclinks.nextId += 1;
  doclinks.entries.set(link.id, link);
  world.report('created', 'DOCLINKS');
  return {
    status: 201,
    write: true,
    headers: { location: `${base}/${link.id}`, link: `<${base}/meta/${link.id}>; rel="describedby"` },
  };
}

/** Slugs are percent-encoded UTF-8 (RFC 5023 9.7). */
function decoded(slug: string): string {
  try {
    return decodeURIComponent(slug);
  } catch {
    return slug;
  }
}

function one(call: Call, owner: string, id: string): Doclink {
  const link = call.services.doclinks.entries.get(Number(id));
  if (link?.owner === owner) return link;
  throw new OslcError(404, 'BMXAA8727E', `The resource with ID ${id} does not exist.`);
}

export function onDoclinks(
  call: Call,
  structure: ObjectStructure,
  recordId: string,
  path: readonly string[],
): SandboxResponse {
  const { services, request } = call;
  const row = findRecord(services, structure, recordId, call.caller.user);
  const owner = `${structure.mbo.name}:${row.uid}`;
  const base = `${hrefOf(call, structure, row)}/doclinks`;
  const [first, second] = path;
  if (first === undefined) {
    if (request.method === 'POST') return upload(call, owner, base);
    const links = [...services.doclinks.entries.values()].filter((link) => link.owner === owner);
    return { status: 200, body: { member: links.map((link) => describe(call, link, base)), href: base } };
  }
  if (first === 'meta')
    return { status: 200, body: describe(call, one(call, owner, second ?? ''), base).describedBy };
  const link = one(call, owner, first);
  const removes =
    request.method === 'DELETE' || (request.headers['x-method-override'] ?? '').toUpperCase() === 'DELETE';
  if (removes) {
    services.doclinks.entries.delete(link.id);
    services.world.report('deleted', 'DOCLINKS');
    return { status: 200, write: true };
  }
  if (request.method !== 'GET') throw new OslcError(405, null, 'Attachments cannot be updated.');
  return { status: 200, headers: { 'content-type': link.contentType }, body: link.content };
}
