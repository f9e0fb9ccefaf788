/**
 * UpKeep's way of saying no (contract 4): a status with `{"success":false,"message":".."}`, or the same with status 200.
 * There are no error codes; the message is all there is.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus, shorten } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';

/** Code of a `not_found` in UpKeep's own words, as opposed to a 404 of some proxy or a wrong base URL. */
export const RECORD_NOT_FOUND = 'record_not_found';
/** "work order not found", "work orders not found" (contract 4), but not a bare "Not Found" or "route not found". */
const NOT_FOUND = /\w not found\.?$/i;
/** A session that ended, told with 401, or with 200, 400 or 403 and words. */
const OF_THE_SESSION =
  /\b(?:session|token)\b.{0,40}\b(?:invalid|expired|not valid|missing|required|revoked)\b|\b(?:invalid|expired|missing|revoked|no)\b.{0,40}\b(?:session|token)\b|\bnot logged in\b|\bunauthori[sz]ed\b/i;
const OF_THE_ADDRESS = /\b(route|path|page|endpoint|resource|url|api|version)\b/i;

export function createClassify(host: string): (answer: HttpAnswer) => Failure | null {
  return ({ status, body }) => {
    const said = messageOf(body);
    const ok = status >= 200 && status < 300;
    const told = isRefusal(body) && said !== null && OF_THE_SESSION.test(said);
    if (told && (ok || status === 400 || status === 403)) {
      return new Failure('unauthorized', `${host} refuses the session ("${shorten(said)}").`);
    }
    const notFound = isRefusal(body) && said !== null && NOT_FOUND.test(said) && !OF_THE_ADDRESS.test(said);
    if (ok) {
      if (!isRefusal(body)) return null;
      return new Failure(
        notFound ? 'not_found' : 'rejected',
        `${host} refused the request ("${shorten(said ?? 'no reason given')}").`,
        notFound ? { code: RECORD_NOT_FOUND } : {},
      );
    }
    if (status === 404 && notFound)
      return failureOfStatus({ host, status, detail: said, code: RECORD_NOT_FOUND });
    return failureOfStatus({ host, status, detail: said });
  };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.code === RECORD_NOT_FOUND;
}

function isRefusal(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'success' in body && body.success === false;
}

function messageOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { message, error } = body as { message?: unknown; error?: unknown };
  if (typeof message === 'string') return message;
  return typeof error === 'string' ? error : null;
}
