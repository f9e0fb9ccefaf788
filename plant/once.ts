/**
 * Idempotency-Key: a request is carried out once however often it is sent. The key is claimed before the work, under a lease
 * that ends soon after its process dies; the first transaction that writes marks it as applied, in that same transaction, so that a
 * crash between the effect and the stored answer leads to a clear refusal and never to a second effect.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { JsonObject } from '../domain/json.ts';
import { Failure, toFailure } from '../domain/kernel/failure.ts';
import {
  claimRequest,
  forgetOldRequests,
  keepRequest,
  markRequestApplied,
  releaseRequest,
  storeAnswer,
  type RequestClaim,
  type RequestKey,
  type StoredRequest,
} from '../store/access/idempotency.ts';
import type { Store } from '../store/index.ts';

/** Answers are kept for a day. */
const KEPT_S = 86_400;
/** How long a request is held for a process that gives no sign of life; a sign comes every third of it. */
const LEASE_S = 15;
/** One request in so many also removes what is older than a day, so that the table holds no more than that. */
const FORGET_EACH = 100;

export interface StoredAnswer {
  status: number;
  headers: JsonObject;
  body: string;
}

export interface OnceRequest extends RequestKey {
  /** Everything that makes the request what it is: method, path, query, body. */
  fingerprint: string;
}

/** What the work gives: an answer, and whether it may be kept for a repeat. One that holds a new secret may not. */
export type OnceAnswer = StoredAnswer & { keep: boolean };

/**
 * Runs `work` with a store whose first commit marks the request as applied. Returns the stored answer for a repeat.
 * Throws `invalid_request` for another request under the same key and `conflict` for one still running.
 */
export async function once(
  store: Store,
  request: OnceRequest,
  work: (store: Store) => Promise<OnceAnswer>,
): Promise<StoredAnswer & { repeated: boolean }> {
  const claim: RequestClaim = { ...request, holder: randomUUID() };
  const hash = createHash('sha256').update(request.fingerprint).digest();
  const inTenant: (work: Parameters<Store['inTenant']>[1]) => Promise<unknown> = (inner) =>
    store.inTenant(claim.tenantId, inner);
  const known = await store.inTenant(claim.tenantId, async (tx) => {
    if (Math.random() * FORGET_EACH < 1) await forgetOldRequests(tx, KEPT_S);
    return claimRequest(tx, claim, hash, { keptS: KEPT_S, leaseS: LEASE_S });
  });
  if (known !== null) return { ...answerOf(known, hash), repeated: true };
  const alive = setInterval(
    () => {
      inTenant((tx) => keepRequest(tx, claim, LEASE_S)).catch(() => undefined);
    },
    (LEASE_S * 1_000) / 3,
  );
  alive.unref();
  try {
    const { keep, ...answer } = await work(marking(store, claim));
    if (keep) await inTenant((tx) => storeAnswer(tx, claim, answer));
    return { ...answer, repeated: false };
  } catch (error) {
    // A refusal changed nothing, though reading for it committed; after a fault of ours nobody can be sure.
    const { kind } = toFailure(error);
    const unsure = kind === 'bug' || kind === 'unavailable';
    await inTenant((tx) => releaseRequest(tx, claim, unsure)).catch(() => undefined);
    throw error;
  } finally {
    clearInterval(alive);
  }
}

/** The answer of a request that is done; throws for any other that is known under the key. */
function answerOf(known: StoredRequest, hash: Buffer): StoredAnswer {
  if (!hash.equals(known.requestHash)) {
    throw new Failure(
      'invalid_request',
      'This Idempotency-Key was used for another request; take a new key for a new request.',
      { path: 'Idempotency-Key' },
    );
  }
  if (known.state === 'done') {
    return { status: known.status ?? 200, headers: known.headers ?? {}, body: known.body ?? '' };
  }
  throw new Failure(
    'conflict',
    known.state === 'running'
      ? 'A request with this Idempotency-Key is still being carried out; ask again in a moment.'
      : 'The request with this Idempotency-Key was carried out and its answer is not kept; read the resource instead of repeating it.',
  );
}

/** The same store, whose first transaction that writes also marks the request. */
function marking(store: Store, claim: RequestClaim): Store {
  let applied = false;
  return {
    ...store,
    inTenant: (id, inner) =>
      store.inTenant(id, async (tx) => {
        const result = await inner(tx);
        if (applied || id !== claim.tenantId) return result;
        const marked = await markRequestApplied(tx, claim);
        if (marked === 'lost') {
          throw new Failure(
            'conflict',
            'This request took so long that another attempt took it over; ask again in a moment.',
          );
        }
        applied = marked === 'applied';
        return result;
      }),
  };
}
