/**
 * How often one client address may try secrets that are not valid: API keys, tokens, webhook addresses. Counts failures,
 * never successes; beyond the bound a secret is refused before it is looked up. All processes count together.
 */
import { createHash } from 'node:crypto';
import { normalizeIP } from '@fastify/rate-limit';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Failure, type FailureKind } from '../../../domain/kernel/failure.ts';
import { WINDOW_MS } from '../../../plant/keys/call-counts.ts';
import { Refusal } from '../problem.ts';
import { createTurns } from './turns.ts';

/**
 * More than a person who mistypes or a device with last year's key needs, and far from guessing: a key has 256 bits. It is
 * there for the database, which each guess would ask.
 */
export const FAILURES_PER_MINUTE = 60;
/** The store's pool has 10 connections: secrets that nobody knows yet never take the last ones. */
const LOOK_UPS_AT_ONCE = 8;
/** About 1 MB of hashes; who falls out is only looked up like a new one again. */
const PROVEN_MAX = 10_000;

export interface Asked {
  request: FastifyRequest;
  reply: FastifyReply;
}

export interface LoginRateLimit {
  /**
   * Carries out a look-up by a secret. Beyond the bound only a secret that was valid when it was last looked up goes on: an
   * office, or all behind one proxy, share an address, and one guesser there must not lock the others out.
   */
  lookUp<T>(asked: Asked, secret: string, find: () => Promise<T>): Promise<T>;
  /** Carries out a judgement that looks nothing up before the secret has stood, such as a token's signature. */
  judge<T>(asked: Asked, judgement: () => Promise<T>): Promise<T>;
}

/** `wrong`: the kind of failure that says a secret is not valid; others are no guess. */
export function createLoginRateLimit(
  app: FastifyInstance,
  { perMinute, wrong }: { perMinute: number; wrong: FailureKind },
): LoginRateLimit {
  const failuresOf = app.createRateLimit({
    max: perMinute,
    timeWindow: WINDOW_MS,
    // What is wrong is part of it: webhooks and keys are counted apart.
    keyGenerator: (request) => `${wrong}/${addressOf(request)}`,
  });
  const proven = createRecent(PROVEN_MAX);
  const turns = createTurns(LOOK_UPS_AT_ONCE);

  const isWrong = (error: unknown): boolean => error instanceof Failure && error.kind === wrong;

  async function judge<T>(asked: Asked, judgement: () => Promise<T>): Promise<T> {
    try {
      return await judgement();
    } catch (error) {
      if (isWrong(error)) {
        const failures = await failuresOf(asked.request);
        if (!failures.isAllowed && failures.isExceeded) throw tooMany(asked.reply, failures);
      }
      throw error;
    }
  }

  return {
    judge,
    async lookUp(asked, secret, find) {
      const hash = createHash('sha256').update(secret).digest('base64');
      if (proven.has(hash)) {
        return judge(asked, () =>
          find().catch((error: unknown) => {
            if (isWrong(error)) proven.drop(hash);
            throw error;
          }),
        );
      }
      // Judged when its turn has come: of a thousand guesses sent at once, those behind the bound are not looked up either.
      return turns.take(async () => {
        const failures = await failuresOf(asked.request, { increment: false });
        if (!failures.isAllowed && failures.remaining === 0) throw tooMany(asked.reply, failures);
        const found = await judge(asked, find);
        proven.add(hash);
        return found;
      });
    },
  };
}

/** An IPv6 client owns a /64 and counts as one. The address is gone when the client hung up before it was read. */
function addressOf({ ip }: { ip?: string }): string {
  return ip === undefined ? 'gone' : normalizeIP(ip);
}

function tooMany(reply: FastifyReply, { max, ttlInSeconds }: { max: number; ttlInSeconds: number }): Refusal {
  reply.headers({
    'x-ratelimit-limit': max,
    'x-ratelimit-remaining': 0,
    'x-ratelimit-reset': ttlInSeconds,
    'retry-after': ttlInSeconds,
  });
  return new Refusal(
    429,
    `Too many requests that were not authorized came from this address; go on in ${String(ttlInSeconds)} s.`,
    [],
    'rate_limited',
  );
}

/** The values that were used last, up to a number. */
function createRecent(max: number) {
  const values = new Set<string>();
  function add(value: string): void {
    values.delete(value);
    values.add(value);
    const [oldest] = values;
    if (values.size > max && oldest !== undefined) values.delete(oldest);
  }
  return {
    add,
    has(value: string): boolean {
      const known = values.has(value);
      if (known) add(value);
      return known;
    },
    drop(value: string): void {
      values.delete(value);
    },
  };
}
