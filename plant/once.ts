/**
 * Idempotency-Key: a request is carried out once however often it is sent. The key is claimed before the work; the first
 * transaction that commits marks it as applied, in that same transaction, so that a crash between the effect and the stored
 * answer leads to a clear refusal and never to a second effect.
 */
import { createHash } from 'node:crypto';
import type { JsonObject } from '../domain/json.ts';
import { Failure, toFailure } from '../domain/kernel/failure.ts';
import {
  claimRequest,
  markRequestApplied,
  releaseRequest,
  storeAnswer,
  type RequestKey,
} from '../store/access/idempotency.ts';
import type { Store } from '../store/index.ts';

/** Answers are kept for a day. */
const KEPT_S = 86_400;

export interface StoredAnswer {
  status: number;
  headers: JsonObject;
  body: string;
}

export interface OnceRequest extends RequestKey {
  /** Everything that makes the request what it is: method, path, query, body. */
  fingerprint: string;
}

/**
 * Runs `work` with a store whose first commit marks the request as applied. Returns the stored answer for a repeat.
 * Throws `invalid_request` for another request under the same key and `conflict` for one still running.
 */
export async function once(
  store: Store,
  request: OnceRequest,
  work: (store: Store) => Promise<StoredAnswer>,
): Promise<StoredAnswer & { repeated: boolean }> {
  const { tenantId } = request;
  const hash = createHash('sha256').update(request.fingerprint).digest();
  const known = await store.inTenant(tenantId, (tx) => claimRequest(tx, request, hash, KEPT_S));
  if (known !== null) {
    if (!hash.equals(known.requestHash)) {
      throw new Failure(
        'invalid_request',
        'This Idempotency-Key was used for another request; take a new key for a new request.',
        { path: 'Idempotency-Key' },
      );
    }
    if (known.state === 'done') {
      return {
        status: known.status ?? 200,
        headers: known.headers ?? {},
        body: known.body ?? '',
        repeated: true,
      };
    }
    throw new Failure(
      'conflict',
      known.state === 'running'
        ? 'A request with this Idempotency-Key is still being carried out; ask again in a moment.'
        : 'The request with this Idempotency-Key was carried out, its answer was lost; read the resource instead of repeating it.',
    );
  }
  let applied = false;
  const marking: Store = {
    ...store,
    inTenant: (id, inner) =>
      store.inTenant(id, async (tx) => {
        const result = await inner(tx);
        if (!applied && id === tenantId) await markRequestApplied(tx, request);
        applied = true;
        return result;
      }),
  };
  try {
    const answer = await work(marking);
    await store.inTenant(tenantId, (tx) => storeAnswer(tx, request, answer));
    return { ...answer, repeated: false };
  } catch (error) {
    // A refusal changed nothing, though reading for it committed; after a fault of ours nobody can be sure.
    const { kind } = toFailure(error);
    const unsure = kind === 'bug' || kind === 'unavailable';
    await store.inTenant(tenantId, (tx) => releaseRequest(tx, request, unsure)).catch(() => undefined);
    throw error;
  }
}
