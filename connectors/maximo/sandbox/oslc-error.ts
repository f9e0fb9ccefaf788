/**
 * The one error of the sandbox and its wire envelopes (contract section 6). Codes stand in the contract; an error the
 * contract has no code for is sent without a reasonCode, as real servers also do.
 */

export interface ErrorPlace {
  attribute?: string;
  object?: string;
}

export class OslcError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly place: ErrorPlace;

  constructor(status: number, code: string | null, text: string, place: ErrorPlace = {}) {
    super(code === null ? text : `${code} - ${text}`);
    this.name = 'OslcError';
    this.status = status;
    this.code = code;
    this.place = place;
  }
}

/** Lean envelope; `statusCode` is a string that equals the HTTP status. */
export function leanError(error: OslcError, root: string): { Error: Record<string, unknown> } {
  const body: Record<string, unknown> = {};
  if (error.code !== null) body.reasonCode = error.code;
  body.message = error.message;
  body.statusCode = String(error.status);
  if (error.place.attribute !== undefined) body.errorattrname = error.place.attribute;
  if (error.place.object !== undefined) body.errorobjpath = error.place.object.toLowerCase();
  body.correlationid = null;
  if (error.code !== null)
    body.extendedError = { moreInfo: { href: `${root}/error/messages/${error.code}` } };
  return { Error: body };
}

export function namespacedError(error: OslcError, root: string): { 'oslc:Error': Record<string, unknown> } {
  const body: Record<string, unknown> = {
    'oslc:statusCode': String(error.status),
    'oslc:message': error.message,
  };
  if (error.code !== null) {
    body['spi:reasonCode'] = error.code;
    body['oslc:extendedError'] = {
      'oslc:moreInfo': { 'rdf:resource': `${root}/error/messages/${error.code}` },
    };
  }
  return { 'oslc:Error': body };
}

/** What a gateway in front of Maximo answers instead of an envelope. */
export function htmlError(error: OslcError): string {
  return `<html><head><title>Error ${error.status}</title></head><body><h1>${error.status}</h1></body></html>`;
}
