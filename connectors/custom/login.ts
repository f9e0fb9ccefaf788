/**
 * A login call that yields a token or a cookie with a lifetime. One serves all workers: it lies sealed in the token store,
 * one worker at a time renews it, before it ends or when the system refuses it.
 */
import { z } from 'zod';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { HttpRequest } from '../kit/http-request-shape.ts';
import type { HttpAnswer } from '../kit/http.ts';
import { instantOfLocal } from '../kit/local-time.ts';
import type { Auth, AuthParts } from './auth-shape.ts';
import type { LoginDefinition } from './definition-auth.ts';
import { fill, textAt } from './place.ts';

/** A token this near its end is renewed before it is used. */
const SPARE_MS = 30_000;

const stored = z.object({ token: z.string(), until: z.number().nullable() });
type Stored = z.infer<typeof stored>;

export function createLogin(
  login: LoginDefinition,
  parts: AuthParts,
): Pick<Auth, 'sign' | 'renew' | 'account'> {
  const { deps, secret, secrets } = parts;
  const header = login.cookie === undefined ? login.header.toLowerCase() : 'cookie';
  const valueOf = ({ token }: Stored): string =>
    login.cookie === undefined ? login.prefix + token : `${login.cookie}=${token}`;
  const usable = (one: Stored, refused: string | null): boolean =>
    (one.until === null || one.until - SPARE_MS > deps.now()) && valueOf(one) !== refused;

  async function load(): Promise<Stored | null> {
    const parsed = stored.safeParse(jsonOf(await deps.tokens.get()));
    if (!parsed.success) return null;
    secrets.push(parsed.data.token);
    return parsed.data;
  }

  /** Whoever waited for another worker's login takes what it stored. */
  async function obtain(refused: string | null): Promise<Stored> {
    const before = await load();
    if (before !== null && usable(before, refused)) return before;
    return deps.tokens.exclusive(async () => {
      const found = await load();
      if (found !== null && usable(found, refused)) return found;
      const fresh = readToken(login, await callLogin(login, parts), deps.now());
      secrets.push(fresh.token);
      await deps.tokens.set(JSON.stringify(fresh));
      return fresh;
    });
  }

  return {
    account: secret.username ?? 'API key',
    async sign(request) {
      return { ...request, headers: { ...request.headers, [header]: valueOf(await obtain(null)) } };
    },
    async renew(signed) {
      await obtain(signed.headers?.[header] ?? '');
      return true;
    },
  };
}

async function callLogin(login: LoginDefinition, parts: AuthParts): Promise<HttpAnswer> {
  const words = Object.fromEntries(
    Object.entries(parts.secret).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  const body = fill(login.body, words) as JsonObject;
  const missing = /"\{(username|password|apiKey|clientId|clientSecret)\}"/.exec(JSON.stringify(body))?.[1];
  if (missing !== undefined)
    throw new Failure(
      'invalid_config',
      `The secret of this connection needs "${missing}" for the login call that its definition describes.`,
      { path: missing },
    );
  const form = login.as === 'form' ? { 'content-type': 'application/x-www-form-urlencoded' } : {};
  const request: HttpRequest = {
    method: login.method,
    path: login.path,
    headers: { ...form, ...login.headers },
    ...(login.method === 'GET' ? {} : { body: login.as === 'form' ? formOf(body) : body }),
    // Two sessions instead of one do no harm.
    repeatable: true,
  };
  try {
    return await parts.send(request);
  } catch (error) {
    const failure = toFailure(error);
    // Whatever way it refuses a login in, it is the credentials that must be looked at.
    const refused = ['unauthorized', 'forbidden', 'rejected', 'not_found'].includes(failure.kind);
    if (!refused || failure.kind === 'not_found') throw failure;
    throw new Failure('unauthorized', `The login was refused: ${failure.message}`);
  }
}

function readToken(login: LoginDefinition, { body, headers }: HttpAnswer, now: number): Stored {
  const token =
    login.cookie === undefined
      ? textAt(body, login.token)
      : (cookieOf(headers['set-cookie'] ?? '', login.cookie) ?? null);
  if (token === null) {
    const where = login.cookie === undefined ? `at "${login.token ?? ''}"` : `in a cookie ${login.cookie}`;
    const message = `The login call ${login.path} was answered without a token ${where}; correct auth in the definition.`;
    throw new Failure('unexpected_response', message, { path: 'auth.token' });
  }
  return { token, until: endOf(login, body, now) };
}

function endOf(
  { expiresAt, expiresIn, lifetimeMinutes }: LoginDefinition,
  body: unknown,
  now: number,
): number | null {
  const at = expiresAt === undefined ? null : textAt(body, expiresAt.path);
  if (expiresAt !== undefined && at !== null) {
    const ms =
      expiresAt.format === 'rfc3339'
        ? instantOfLocal(at, 'UTC')
        : Number(at) * (expiresAt.format === 'epoch_s' ? 1_000 : 1);
    if (ms !== null && Number.isFinite(ms)) return ms;
  }
  const seconds = expiresIn === undefined ? Number.NaN : Number(textAt(body, expiresIn) ?? Number.NaN);
  if (Number.isFinite(seconds) && seconds > 0) return now + seconds * 1_000;
  return lifetimeMinutes === undefined ? null : now + lifetimeMinutes * 60_000;
}

function cookieOf(headers: string, name: string): string | undefined {
  for (const line of headers.split('\n')) {
    const [pair = ''] = line.split(';');
    const cut = pair.indexOf('=');
    if (pair.slice(0, cut).trim() === name) return pair.slice(cut + 1).trim();
  }
  return undefined;
}

function formOf(body: JsonObject): string {
  const pairs = Object.entries(body).map(([key, value]: [string, Json]): [string, string] => [
    key,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  return new URLSearchParams(pairs).toString();
}

function jsonOf(text: string | null): unknown {
  if (text?.startsWith('{') !== true) return null;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
