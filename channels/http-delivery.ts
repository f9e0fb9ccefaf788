/** What an HTTP answer, or none, means for a message: the same for every provider that has no words of its own for it. */
import type { Delivery } from './contract.ts';
import type { FetchAnswer } from './guarded-fetch.ts';
import { ADDRESS_REFUSED } from '../connectors/kit/network.ts';
import { Failure } from '../domain/kernel/failure.ts';

/** For every status but 2xx. */
export function deliveryOfStatus(answer: Pick<FetchAnswer, 'status' | 'headers'>, said: string): Delivery {
  const { status } = answer;
  if (status === 429 || status === 408 || status === 425 || status >= 500) {
    return {
      kind: 'later',
      reason: `answered ${String(status)}: ${said}`,
      retryAfterMs: retryAfterMs(answer.headers.get('retry-after')),
      // A server that fails may have done its work first.
      unknown: status >= 500 && status !== 503,
    };
  }
  return { kind: 'refused', reason: `answered ${String(status)}: ${said}`, code: String(status) };
}

/** Nothing came back, or the address may not be reached. */
export function deliveryOfError(error: unknown): Delivery {
  if (error instanceof Failure && (error.code === ADDRESS_REFUSED || error.kind === 'invalid_config'))
    return { kind: 'refused', reason: error.message, code: error.code };
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const unsent = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'].includes(code);
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: 'later', reason, retryAfterMs: null, unknown: !unsent };
}

function retryAfterMs(header: string | null): number | null {
  if (header === null || !/^\d{1,6}$/.test(header)) return null;
  return Number(header) * 1_000;
}
