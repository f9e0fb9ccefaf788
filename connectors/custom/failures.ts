/** What a described system's refusals mean: the kit's table, and over it what the document names. */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus, shorten } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';
import type { Definition } from './definition.ts';
import { isObject, textAt } from './place.ts';

/** Code of a 405: the path is there and does not take this method. */
const NO_SUCH_CALL = 'METHOD_NOT_ALLOWED';
/** Code of a 404 whose words say that a search found nothing, not that the address is wrong. */
const NOTHING_FOUND = 'NOTHING_FOUND';
/** Code of a 304, which answers a condition that nobody set. */
const NOT_MODIFIED = 'NOT_MODIFIED';
/** Code of a refusal with a status that some list of the document takes for "nothing there": `EMPTY_404`. */
const EMPTY = 'EMPTY_';

/** Where most systems put their sentence, when the document does not say. */
const USUAL_PLACES = [
  'message',
  'error.message',
  'error_description',
  'error',
  'detail',
  'title',
  'errors.0.message',
  'errors.0',
  'Message',
];
const FOUND_NOTHING =
  /\b(?:nothing|no|0|keine?)\b.{0,60}\b(?:found|exist|available|match(?:ing|ed)?|gefunden)\b|\bno (?:records|results|items|entries|data|rows)\b/i;
/** Words of a refusal that speaks of the address, not of what was sought there. */
const OF_ADDRESS = /\b(?:route|path|page|url|endpoint|handler|resource|controller|mapping|method)\b/i;
const SESSION =
  /\b(?:token|session|log(?:ged)?[ -]?(?:in|on|out)|sign(?:ed)?[ -]?(?:in|out)|credentials?|unauthori[sz]ed|not authenticated)\b/i;

export function createClassify(
  host: string,
  { errors, resources }: Definition,
): (answer: HttpAnswer) => Failure | null {
  const empties = new Set(Object.values(resources).flatMap(({ list }) => list.empty));
  const places = errors.message === undefined ? USUAL_PLACES : [errors.message];
  return (answer) => {
    const { status, body } = answer;
    const detail = places.map((place) => textAt(body, place)).find((text) => text !== null) ?? null;
    if (errors.loggedOut.some((rule) => applies(rule, answer)))
      return failureOfStatus({ host, status, detail, kind: 'unauthorized' });
    if (status === 304)
      return new Failure('unexpected_response', `${host} says that nothing changed (304).`, {
        code: NOT_MODIFIED,
      });
    if (status < 400) return refusalWithin(host, status, body, detail);
    if (errors.rejected.includes(status)) {
      // A refusal by the document's word was not carried out, whatever class its status is of.
      const { message } = failureOfStatus({ host, status, detail, kind: 'rejected' });
      return new Failure('rejected', message, empties.has(status) ? { code: EMPTY + String(status) } : {});
    }
    if (errors.retry.includes(status)) return failureOfStatus({ host, status, detail, kind: 'unavailable' });
    const code = codeOf(status, detail) ?? (empties.has(status) ? EMPTY + String(status) : null);
    return failureOfStatus({ host, status, detail, code });
  };
}

function codeOf(status: number, detail: string | null): string | null {
  if (status === 405) return NO_SUCH_CALL;
  if (status !== 404 || detail === null || OF_ADDRESS.test(detail)) return null;
  return FOUND_NOTHING.test(detail) ? NOTHING_FOUND : null;
}

function applies(
  rule: { status?: number | undefined; text?: string | undefined },
  { status, body }: HttpAnswer,
): boolean {
  if (rule.status !== undefined && rule.status !== status) return false;
  if (rule.text === undefined) return true;
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? '');
  return text.toLowerCase().includes(rule.text.toLowerCase());
}

/** `{"success": false, "message": ...}` under 200: a refusal in spite of its status. */
function refusalWithin(host: string, status: number, body: unknown, detail: string | null): Failure | null {
  if (!isObject(body) || detail === null) return null;
  if (body['success'] !== false && body['ok'] !== false) return null;
  const kind = SESSION.test(detail) ? 'unauthorized' : 'rejected';
  return new Failure(
    kind,
    `${host} answered ${String(status)} and refuses all the same ("${shorten(detail)}").`,
  );
}

/** Whether a refused list means that there is nothing in it; null when it does not. Doubtful unless the document says so. */
export function isEmptyAnswer(error: unknown, statuses: readonly number[]): { doubt: string | null } | null {
  if (!(error instanceof Failure)) return null;
  if (error.code === NOT_MODIFIED)
    return {
      doubt: statuses.includes(304) ? null : 'it says that nothing changed (304) where a list was asked for',
    };
  const found = error.code === NOTHING_FOUND;
  if (found ? statuses.includes(404) : statuses.some((status) => error.code === EMPTY + String(status)))
    return { doubt: null };
  if (!found) return null;
  return {
    doubt: `it answered 404 (${error.message.replace(/[.;].*$/, '')}); set list.empty to [404] if that means that there is nothing`,
  };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'not_found';
}

/** The system has no call of this kind at all. */
export function isNoSuchCall(error: unknown): boolean {
  return error instanceof Failure && error.code === NO_SUCH_CALL;
}

/** The id cannot be part of a path: `.` and `..`. */
export function isUnaddressable(error: unknown): boolean {
  return error instanceof Failure && error.code === 'DOT_IN_PATH';
}
