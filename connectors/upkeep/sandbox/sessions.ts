/** Logins (contract 1): tokens with an end, several at once, and a static token that does not end. */
import type { Account } from './account.ts';
import { ApiError } from './api-error.ts';

export interface Sessions {
  login(email: unknown, password: unknown): { sessionToken: string; expiresAt: string };
  /** The user id behind a token; throws 401. */
  userOf(token: string | undefined): string;
  logout(token: string): void;
  /** Ends every login; the static token is not one. */
  expireAll(): void;
}

/** `fixed` is the admin's static token. */
export function createSessions(account: Account, fixed: string): Sessions {
  const { world, dials, store } = account;
  const live = new Map<string, { userId: string; expiresAt: number }>();
  return {
    login(email, password) {
      if (typeof email !== 'string' || email === '') throw new ApiError(400, 'email cannot be null');
      if (typeof password !== 'string' || password === '') throw new ApiError(400, 'password cannot be null');
      // The match is case-sensitive (contract 1.1).
      const user = store.tables
        .rows('users')
        .find((row) => row.fields['email'] === email && row.hidden['password'] === password);
      if (user === undefined) throw new ApiError(401, 'Invalid username/password.');
      const sessionToken = `r:${world.random.text(32, '0123456789abcdef')}`;
      const expiresAt = world.clock.now() + dials.tokenLifetimeMs;
      live.set(sessionToken, { userId: user.id, expiresAt });
      return { sessionToken, expiresAt: new Date(expiresAt).toISOString() };
    },
    userOf(token) {
      if (token === fixed) return account.adminId;
      const session = token === undefined ? undefined : live.get(token);
      if (session === undefined || session.expiresAt <= world.clock.now()) {
        throw new ApiError(401, 'Invalid session token');
      }
      return session.userId;
    },
    logout(token) {
      live.delete(token);
    },
    expireAll() {
      live.clear();
    },
  };
}
