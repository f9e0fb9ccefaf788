/** Who calls: the holder of an API key, or a person with a token. What each may do is judged by whoever asks. */
import { Failure } from '../../../domain/kernel/failure.ts';
import { authenticateApiKey, looksLikeApiKey, type Principal } from '../../../plant/keys/api-keys.ts';
import type { ApiDeps } from '../deps.ts';
import type { Asked, LoginRateLimit } from './login-rate-limit.ts';

/** Rejects with `unauthorized`, or with a 429 when the address it comes from failed too often. */
export type Authenticate = (asked: Asked) => Promise<Principal>;

export function createAuthenticate(
  deps: Pick<ApiDeps, 'store' | 'now' | 'verifyToken'>,
  attempts: LoginRateLimit,
): Authenticate {
  return async (asked) => {
    const token = tokenOf(asked);
    if (token !== undefined && looksLikeApiKey(token)) {
      return attempts.lookUp(asked, token, () => authenticateApiKey(deps, token));
    }
    // The signature of a token is judged without the database, so that a new token of a person always comes in.
    return attempts.judge(asked, async () => {
      if (token === undefined) {
        throw new Failure('unauthorized', 'Send an API key as `Authorization: Bearer <key>`.');
      }
      if (deps.verifyToken !== undefined) return deps.verifyToken(token);
      throw new Failure(
        'unauthorized',
        'The API key is not valid; make one with `chatterfix-sync keys create`.',
      );
    });
  };
}

function tokenOf({ request }: Asked): string | undefined {
  const header = request.headers.authorization ?? '';
  const given = request.headers['x-api-key'];
  const [, bearer] = /^Bearer +(\S+)$/i.exec(header) ?? [];
  return bearer ?? (typeof given === 'string' ? given : undefined);
}
