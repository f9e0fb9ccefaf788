/** Tokens a login hands out, and until when they hold. */
import { createHmac } from 'node:crypto';
import type { SandboxWorld } from '../../kit/sandbox/index.ts';

export const ACCOUNT = {
  username: 'sync',
  password: 'pitmine-sync',
  apiKey: 'cfx-static-7d20b6e1c9f84a53',
  /** Signs the tokens of the generations whose tokens are real JWTs. */
  jwtSecret: 'pitmine-jwt-secret',
} as const;

export interface Sessions {
  /** Not a JWT, as the demo login of the microservices makes them. */
  opaque(): string;
  /** HS256; claims are free but for `exp` (contract 3.3). */
  jwt(): string;
  holds(token: string): boolean;
  expireAll(): void;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

export function createSessions(world: SandboxWorld, lifetimeMs: () => number): Sessions {
  const expires = new Map<string, number>();
  function keep(token: string): string {
    expires.set(token, world.clock.now() + lifetimeMs());
    return token;
  }
  return {
    opaque: () =>
      keep(world.random.text(43, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_')),
    jwt() {
      const exp = Math.floor((world.clock.now() + lifetimeMs()) / 1000);
      const jti = world.random.text(8, '0123456789abcdef');
      const unsigned = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: ACCOUNT.username, exp, jti })}`;
      const signature = createHmac('sha256', ACCOUNT.jwtSecret).update(unsigned).digest('base64url');
      return keep(`${unsigned}.${signature}`);
    },
    holds(token) {
      const until = expires.get(token);
      return until !== undefined && world.clock.now() < until;
    },
    expireAll: () => expires.clear(),
  };
}
