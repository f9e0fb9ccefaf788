/**
 * Shapes of Maximo's lean JSON. Small answers are parsed with zod; pages of records only get a structural check, because
 * a schema run per record would be the dearest step of a large pull.
 */
import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

/** A member of a collection: attributes, children as arrays, `_rowstamp` and `href`. */
export type Member = JsonObject;

export interface Collection {
  members: Member[];
  /** Further members may match. Whether a page that is exactly full announces a next one is not known (contract 10.4). */
  more: boolean;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function readCollection(body: unknown, os: string, pageSize: number): Collection {
  if (!isObject(body) || !Array.isArray(body.member)) {
    throw new Failure(
      'unexpected_response',
      `Maximo's list of ${os} has no "member" array; check that the base URL ends at the context root, e.g. https://host/maximo.`,
    );
  }
  const members = body.member as Member[];
  const info = body.responseInfo;
  const announced = isObject(info) && isObject(info.nextPage);
  return { members, more: members.length > 0 && (announced || members.length >= pageSize) };
}

/** A scalar as text; nothing for what is absent or structured. */
export function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

const whoami = z.looseObject({
  personid: z.string().optional(),
  loginID: z.string().optional(),
  loginid: z.string().optional(),
  displayName: z.string().optional(),
  insertSite: z.unknown().optional(),
  insertOrg: z.unknown().optional(),
  defaultSite: z.unknown().optional(),
});

/** Who the credentials belong to, and where their new records go unless they say otherwise (contract 1.2). */
export interface Identity {
  account: string;
  insertSite: string | null;
  insertOrg: string | null;
  defaultSite: string | null;
}

export function readIdentity(body: unknown): Identity {
  const parsed = whoami.safeParse(body).data;
  const account = parsed?.loginID ?? parsed?.loginid ?? parsed?.personid;
  const code = (value: unknown): string | null =>
    typeof value === 'string' && value.trim() !== '' ? value.trim().toUpperCase() : null;
  if (account !== undefined) {
    return {
      account,
      insertSite: code(parsed?.insertSite),
      insertOrg: code(parsed?.insertOrg),
      defaultSite: code(parsed?.defaultSite),
    };
  }
  throw new Failure(
    'unexpected_response',
    'Maximo does not say who is logged in; check that the base URL ends at the context root, e.g. https://host/maximo.',
  );
}

const bulkRow = z.looseObject({
  _responsemeta: z.looseObject({
    status: z.coerce.number().int(),
    Location: z.string().optional(),
  }),
  _responsedata: z.record(z.string(), z.unknown()).optional(),
});

export interface BulkRow {
  status: number;
  location: string | null;
  data: Record<string, unknown> | null;
}

/** One result a row, in the order of the request (contract 4.8). */
export function readBulk(body: unknown, rows: number): BulkRow[] {
  const parsed = z.array(bulkRow).length(rows).safeParse(body);
  if (!parsed.success) {
    throw new Failure(
      'unexpected_response',
      `Maximo's answer to a bulk write does not hold one result for each of the ${rows} rows; read the records again before repeating.`,
      { applied: 'unknown' },
    );
  }
  return parsed.data.map((row) => ({
    status: row._responsemeta.status,
    location: row._responsemeta.Location ?? null,
    data: row._responsedata ?? null,
  }));
}

const synonym = z.looseObject({
  value: z.string(),
  maxvalue: z.string(),
  defaults: z.union([z.boolean(), z.number()]).optional(),
  siteid: z.string().optional(),
  orgid: z.string().optional(),
});
export type Synonym = z.infer<typeof synonym>;

export function readSynonyms(members: readonly Member[]): Synonym[] {
  return members.flatMap((member) => {
    const parsed = synonym.safeParse(member);
    return parsed.success ? [parsed.data] : [];
  });
}

/** Longest value an attribute takes, from a JSON schema answer (contract 2.2); null when the schema does not tell. */
export function readMaxLength(body: unknown, attribute: string): number | null {
  if (!isObject(body) || !isObject(body.properties)) return null;
  const property = body.properties[attribute];
  return isObject(property) && typeof property.maxLength === 'number' ? property.maxLength : null;
}

/** The part of a record's URL after `/os/`: host and root of an href are never trusted (contract 1.1). */
export function addressOf(href: unknown): string | null {
  if (typeof href !== 'string') return null;
  const at = href.indexOf('/os/');
  if (at >= 0) return href.slice(at + 4).replace(/[?#].*$/, '');
  return href.startsWith('os/') ? href.slice(3).replace(/[?#].*$/, '') : null;
}
