import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { createTokenVerifier } from './jwt.ts';

const SECRET = 'a shared secret of more than thirty-two bytes';
const ISSUER = 'https://id.example';
const settings = { issuer: ISSUER, audience: 'chatterfix' };
const tenantIdOf = async (slug: string): Promise<string | null> => (slug === 'plant' ? 'tenant-1' : null);
const verify = createTokenVerifier({ ...settings, secret: SECRET }, tenantIdOf);

const soon = (): number => Math.floor(Date.now() / 1_000) + 300;

/** Signed by hand, so that a claim may have any shape. */
function signed(claims: Record<string, unknown>): Promise<string> {
  const payload = {
    iss: ISSUER,
    aud: 'chatterfix',
    sub: 'maria',
    exp: soon(),
    tenant: 'plant',
    role: 'admin',
  };
  return new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .sign(new TextEncoder().encode(SECRET));
}

describe('the claims of a token', () => {
  it.each<[string, unknown, string[] | null]>([
    ['is absent: all the role allows', undefined, null],
    ['is a text', 'work_orders:read assets:*', ['work_orders:read', 'assets:*']],
    ['is a list', ['work_orders:read', 'assets:*'], ['work_orders:read', 'assets:*']],
    ['is a text without a scope of ours', 'openid profile', []],
    ['is a list without a scope of ours', ['openid'], []],
    ['is empty', '', []],
    ['is an empty list', [], []],
  ])('scope %s', async (_what, scope, scopes) => {
    expect(await verify(await signed({ scope }))).toEqual({
      tenantId: 'tenant-1',
      actor: 'user:maria',
      role: 'admin',
      scopes,
      expiresAt: null,
    });
  });

  it('aud may be a list that holds ours', async () => {
    expect(await verify(await signed({ aud: ['other', 'chatterfix'] }))).toMatchObject({ role: 'admin' });
  });

  it.each<[string, unknown, RegExp]>([
    ['scope', { read: true }, /claim scope must be a text/],
    ['scope', null, /claim scope must be/],
    ['scope', true, /claim scope must be/],
    ['scope', 7, /claim scope must be/],
    ['scope', ['assets:read', 7], /claim scope must be/],
    ['scope', [['assets:read']], /claim scope must be/],
    ['role', ['admin'], /claim role must be one text/],
    ['role', 'emperor', /claim role must be one text out of admin, manager/],
    ['role', null, /claim role must be/],
    ['role', undefined, /lacks the claim role/],
    ['tenant', ['plant'], /claim tenant must be one text/],
    ['tenant', 7, /claim tenant must be/],
    ['tenant', undefined, /lacks the claim tenant/],
    ['tenant', 'elsewhere', /for a plant that is not here/],
    ['sub', 7, /claim sub must be/],
    ['sub', '', /claim sub must be/],
    ['sub', 'x'.repeat(201), /claim sub must be/],
    ['sub', undefined, /lacks the claim sub/],
    ['exp', '2099-01-01', /claim exp must be seconds/],
    ['exp', undefined, /lacks the claim exp/],
    ['exp', 1_000, /expired/],
    ['nbf', 'tomorrow', /claim nbf must be seconds/],
    ['aud', 'another', /claim aud does not fit/],
    ['aud', ['another'], /claim aud does not fit/],
    ['aud', { 0: 'chatterfix' }, /claim aud/],
    ['aud', ['chatterfix', 7], /claim aud must be/],
    ['iss', 'https://elsewhere.example', /claim iss does not fit/],
    ['iss', [ISSUER], /claim iss does not fit/],
  ])('%s as %j is refused with the reason', async (claim, value, reason) => {
    await expect(verify(await signed({ [claim]: value }))).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringMatching(reason),
    });
  });

  it('a number that no clock reaches is no expiry', async () => {
    const body = JSON.stringify({
      iss: ISSUER,
      aud: 'chatterfix',
      sub: 'maria',
      tenant: 'plant',
      role: 'admin',
    });
    const { CompactSign } = await import('jose');
    const token = await new CompactSign(new TextEncoder().encode(body.replace('{', '{"exp":1e400,')))
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(SECRET));
    await expect(verify(token)).rejects.toMatchObject({ kind: 'unauthorized' });
  });
});

describe('the keys of an identity provider', () => {
  let provider: Server;
  let url: string;
  let answer: { status: number; body: string };
  let key: CryptoKey;
  let jwks: string;
  let token: string;

  beforeAll(async () => {
    const pair = await generateKeyPair('ES256');
    key = pair.privateKey;
    jwks = JSON.stringify({ keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'one', alg: 'ES256' }] });
    token = await asymmetric(key, 'one');
    provider = createServer({ keepAliveTimeout: 0 }, (_request, response) => {
      response.writeHead(answer.status, { connection: 'close' }).end(answer.body);
    });
    await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${String((provider.address() as AddressInfo).port)}/jwks`;
  });
  afterAll(() => new Promise((resolve) => provider.close(resolve)));

  function asymmetric(by: CryptoKey, kid: string): Promise<string> {
    return new SignJWT({ tenant: 'plant', role: 'viewer' })
      .setProtectedHeader({ alg: 'ES256', kid })
      .setIssuer(ISSUER)
      .setAudience('chatterfix')
      .setSubject('maria')
      .setExpirationTime('5m')
      .sign(by);
  }
  const judge = (text: string) => createTokenVerifier({ ...settings, jwksUrl: url }, tenantIdOf)(text);

  it('judge what they signed', async () => {
    answer = { status: 200, body: jwks };
    expect(await judge(token)).toMatchObject({ actor: 'user:maria', role: 'viewer' });
    const stranger = await asymmetric((await generateKeyPair('ES256')).privateKey, 'one');
    await expect(judge(stranger)).rejects.toMatchObject({ kind: 'unauthorized' });
    await expect(judge(await asymmetric(key, 'two'))).rejects.toMatchObject({ kind: 'unauthorized' });
  });

  it.each<[string, number, string]>([
    ['answers 503', 503, 'Service Unavailable'],
    ['answers 404', 404, '{}'],
    ['sends elsewhere', 302, ''],
    ['answers with a page', 200, '<html><body>Log in</body></html>'],
    ['answers with JSON that holds no keys', 200, '{"error":"maintenance"}'],
    [
      'answers with a key that is none',
      200,
      '{"keys":[{"kty":"EC","kid":"one","alg":"ES256","crv":"P-256","x":"AA","y":"AA"}]}',
    ],
  ])('a provider that %s is unavailable, whatever the token', async (_what, status, body) => {
    answer = { status, body };
    await expect(judge(token)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('identity provider'),
    });
  });

  it('a provider that nobody reaches is unavailable, and works again when it is back', async () => {
    const unreachable = createTokenVerifier({ ...settings, jwksUrl: 'http://127.0.0.1:1/jwks' }, tenantIdOf);
    await expect(unreachable(token)).rejects.toMatchObject({ kind: 'unavailable' });
    const patient = createTokenVerifier({ ...settings, jwksUrl: url }, tenantIdOf);
    answer = { status: 503, body: '' };
    await expect(patient(token)).rejects.toMatchObject({ kind: 'unavailable' });
    answer = { status: 200, body: jwks };
    expect(await patient(token)).toMatchObject({ role: 'viewer' });
  });
});
