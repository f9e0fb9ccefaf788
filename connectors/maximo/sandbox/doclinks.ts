/** Attachments of records, the minimum (contract 4.10): list, upload, content, meta, delete. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { findRecord, hrefOf, type Call } from './call.ts';
import { DOCLINKS, type Row } from './database.ts';
import { formatInstant } from './date-time.ts';
import type { ObjectStructure, Value } from './model.ts';
import { OslcError } from './oslc-error.ts';

function contentOf({ values }: Row): Buffer {
  return Buffer.from(String(values.content), 'base64');
}

function describe(call: Call, link: Row, base: string): Record<string, unknown> {
  const { uid, values } = link;
  const href = `${base}/${uid}`;
  const created = formatInstant(Number(values.created), call.services.world.dials.zoneOffset);
  return {
    href,
    localref: href,
    describedBy: {
      identifier: String(uid),
      docinfoid: uid,
      fileName: values.filename,
      title: values.filename,
      description: values.description ?? values.filename,
      docType: 'Attachments',
      urlType: values.urltype,
      attachmentSize: contentOf(link).length,
      format: { label: values.contenttype },
      created,
      modified: created,
      createby: values.createdby,
    },
  };
}

/** `owner` is `{mbo}:{uid}` of the record it hangs on; the content is kept in base64. */
function upload(call: Call, owner: string, base: string): SandboxResponse {
  const { request, services, caller } = call;
  const slug = request.headers.slug;
  const url = request.headers['content-location'];
  if (slug === undefined && url === undefined)
    throw new OslcError(400, null, 'Send the file name in the slug header.');
  const encoded = request.headers['custom-encoding'] === 'base64';
  const values: Record<string, Value> = {
    owner,
    filename: slug === undefined ? (url ?? '') : decoded(slug),
    description: request.headers['x-document-description'] ?? null,
    contenttype: request.headers['content-type'] ?? 'application/octet-stream',
    content: encoded ? request.body.toString('utf8') : request.body.toString('base64'),
    urltype: url === undefined ? 'FILE' : 'URL',
    created: services.world.stamp.now(),
    createdby: caller.user.personId,
  };
  const { uid } = services.world.db.insert(DOCLINKS, values);
  services.world.report('created', DOCLINKS);
  return {
    status: 201,
    write: true,
    headers: { location: `${base}/${uid}`, link: `<${base}/meta/${uid}>; rel="describedby"` },
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

function one(call: Call, owner: string, id: string): Row {
  const link = call.services.world.db.get(DOCLINKS, Number(id));
  if (link?.values.owner === owner) return link;
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
    const links = services.world.db.find(DOCLINKS, ['owner'], [owner]);
    return { status: 200, body: { member: links.map((link) => describe(call, link, base)), href: base } };
  }
  if (first === 'meta')
    return { status: 200, body: describe(call, one(call, owner, second ?? ''), base).describedBy };
  const link = one(call, owner, first);
  const removes =
    request.method === 'DELETE' || (request.headers['x-method-override'] ?? '').toUpperCase() === 'DELETE';
  if (removes) {
    services.world.db.remove(DOCLINKS, link);
    services.world.report('deleted', DOCLINKS);
    return { status: 200, write: true };
  }
  if (request.method !== 'GET') throw new OslcError(405, null, 'Attachments cannot be updated.');
  return { status: 200, headers: { 'content-type': String(link.values.contenttype) }, body: contentOf(link) };
}
