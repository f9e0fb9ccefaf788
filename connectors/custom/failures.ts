/** What a described system's refusals mean: the kit's table, and over it the statuses the document names. */
import { Failure } from '../../domain/kernel/failure.ts';
import { failureOfStatus } from '../kit/failures.ts';
import type { HttpAnswer } from '../kit/http.ts';
import type { Definition } from './definition.ts';
import { textAt } from './place.ts';

/** Code of a 405: the path is there and does not take this method. */
const NO_SUCH_CALL = 'METHOD_NOT_ALLOWED';

/** Where most systems put their sentence, when the document does not say. */
const USUAL_PLACES = ['message', 'error.message', 'error', 'detail', 'title', 'errors.0.message', 'errors.0'];

export function createClassify(
  host: string,
  errors: Definition['errors'],
): (answer: HttpAnswer) => Failure | null {
  return ({ status, body }) => {
    if (status < 400) return null;
    const places = errors.message === undefined ? USUAL_PLACES : [errors.message];
    const detail = places.map((place) => textAt(body, place)).find((text) => text !== null) ?? null;
    if (errors.rejected.includes(status)) {
      // A refusal by the document's word was not carried out, whatever class its status is of.
      const { message } = failureOfStatus({ host, status, detail, kind: 'rejected' });
      return new Failure('rejected', message);
    }
    if (errors.retry.includes(status)) return failureOfStatus({ host, status, detail, kind: 'unavailable' });
    return failureOfStatus({ host, status, detail, ...(status === 405 ? { code: NO_SUCH_CALL } : {}) });
  };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Failure && error.kind === 'not_found';
}

/** The system has no call of this kind at all. */
export function isNoSuchCall(error: unknown): boolean {
  return error instanceof Failure && error.code === NO_SUCH_CALL;
}
