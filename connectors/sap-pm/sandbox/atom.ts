/** Atom XML, the default of OData V2 when JSON is not asked for (contract 1.6). Enough to be recognised, not to be used. */
import type { SandboxResponse } from '../../kit/sandbox/index.ts';
import { versionHeaders } from './answer.ts';
import { keyPredicate } from './emit.ts';
import { escapeXml } from './sap-error.ts';
import { valueOf, type EntitySet, type Value, type Field } from './schema.ts';
import type { Row } from './tables.ts';
import type { Call } from './world.ts';

const NAMESPACES =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"';

function text(field: Field, value: Value): string {
  if (value === null) return `<d:${field.name} m:null="true"/>`;
  const moment = field.kind === 'd' || field.kind === 'dto';
  const shown = moment ? new Date(Number(value)).toISOString().slice(0, 19) : String(value);
  return `<d:${field.name}>${escapeXml(shown)}</d:${field.name}>`;
}

function entry(call: Call, set: EntitySet, row: Row, namespaces: string): string {
  const uri = escapeXml(`${call.root}/${set.name}${keyPredicate(set, row.values, 2)}`);
  const fields = [...set.fields.values()].map((field) => text(field, valueOf(row.values, field))).join('');
  return `<entry${namespaces}><id>${uri}</id><title type="text">${set.name}</title><content type="application/xml"><m:properties>${fields}</m:properties></content></entry>`;
}

function answer(
  call: Call,
  status: number,
  body: string,
  type: string,
  headers: Record<string, string> = {},
): SandboxResponse {
  const own = {
    'content-type': `application/atom+xml;type=${type};charset=utf-8`,
    ...versionHeaders(call),
    ...headers,
  };
  return { status, headers: own, body: `<?xml version="1.0" encoding="utf-8"?>${body}` };
}

export function atomEntry(
  call: Call,
  set: EntitySet,
  row: Row,
  status: number,
  headers: Record<string, string>,
): SandboxResponse {
  return answer(call, status, entry(call, set, row, ` ${NAMESPACES}`), 'entry', headers);
}

export function atomFeed(call: Call, set: EntitySet, rows: readonly Row[]): SandboxResponse {
  const entries = rows.map((row) => entry(call, set, row, '')).join('');
  return answer(
    call,
    200,
    `<feed ${NAMESPACES}><id>${escapeXml(`${call.root}/${set.name}`)}</id>${entries}</feed>`,
    'feed',
  );
}
