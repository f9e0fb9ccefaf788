import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { assertReachable, guardedLookup, isPrivateAddress, type NetworkPolicy } from './network.ts';

const NOBODY: NetworkPolicy = { allowed: [] };
const reachable = (url: string, allowed: readonly string[] = []): boolean => {
  try {
    assertReachable(new URL(url), { allowed });
    return true;
  } catch (error) {
    expect(error).toMatchObject({ kind: 'invalid_config', code: 'ADDRESS_REFUSED' });
    return false;
  }
};

describe('addresses', () => {
  it.each([
    '10.1.2.3',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fd00::1',
    'ff02::1',
    '::ffff:10.0.0.1',
    '::ffff:a00:1',
    '64:ff9b::a00:1',
    '2002:a00:1::',
    'not an address',
  ])('%s is private', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.15.255.255', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
    '%s is public',
    (address) => {
      expect(isPrivateAddress(address)).toBe(false);
    },
  );
});

describe('URLs', () => {
  it.each([
    'http://127.0.0.1/',
    'http://localhost:8080/',
    'http://LOCALHOST/',
    'http://plant.localhost/',
    'http://localhost./',
    'https://10.4.0.9/maximo',
    'http://169.254.169.254/latest/meta-data',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[fd00::5]/',
    // Spellings of 127.0.0.1 that browsers and sockets understand.
    'http://2130706433/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
  ])('%s is refused', (url) => {
    expect(reachable(url)).toBe(false);
  });

  it.each(['https://api.onupkeep.com/api/v2', 'http://8.8.8.8/', 'https://plant.example.com:8443/'])(
    '%s may be reached',
    (url) => {
      expect(reachable(url)).toBe(true);
    },
  );

  it.each([
    ['http://10.4.0.9/', '10.4.0.9', true],
    ['http://10.4.0.9:9080/', '10.4.0.9:9080', true],
    ['http://10.4.0.9:9081/', '10.4.0.9:9080', false],
    ['http://10.4.0.9/', '10.4.0.9:80', true],
    ['https://10.4.0.9/', '10.4.0.9:443', true],
    ['https://10.4.0.9/', '10.4.0.9:80', false],
    ['http://10.4.200.9/', '10.4.0.0/16', true],
    ['http://10.5.0.9/', '10.4.0.0/16', false],
    ['http://[fd00::5]/', 'fd00::/8', true],
    ['http://[fd00::5]/', 'fd00::5', true],
    ['http://[fd00::5]:8080/', '[fd00::5]:8080', true],
    ['http://[fd00::5]:8081/', '[fd00::5]:8080', false],
    ['http://[fd00::5]/', '10.0.0.0/8', false],
    ['http://localhost:3000/', 'LOCALHOST:3000', true],
    ['http://localhost:3001/', 'localhost:3000', false],
    ['http://10.4.0.90/', '10.4.0.9', false],
  ])('%s with %s on the list: %s', (url, entry, allowed) => {
    expect(reachable(url, [entry])).toBe(allowed);
  });

  it('the refusal says what an operator can do', () => {
    expect(() => assertReachable(new URL('http://10.0.0.1:8080/'), NOBODY)).toThrow(
      '10.0.0.1:8080 is not a public address; an operator may allow it with CHATTERFIX_ALLOWED_HOSTS.',
    );
  });
});

describe('names', () => {
  const resolve = (host: string, policy: NetworkPolicy, all: boolean): Promise<LookupAddress[]> =>
    new Promise((done, fail) => {
      guardedLookup(policy)(host, { all }, (error, found, family) => {
        if (error !== null) fail(error);
        else done(Array.isArray(found) ? found : [{ address: found, family: family ?? 0 }]);
      });
    });

  it.each([true, false])('that turn out to be private are refused (all: %s)', async (all) => {
    await expect(resolve('localhost', NOBODY, all)).rejects.toMatchObject({ code: 'ADDRESS_REFUSED' });
  });

  it.each([['localhost'], ['localhost:9080'], ['127.0.0.0/8'], ['127.0.0.1']])(
    'are resolved when %s is on the list',
    async (entry) => {
      const found = await resolve('localhost', { allowed: [entry, '::1'] }, true);
      expect(found.map(({ address }) => address)).toContainEqual(
        expect.stringMatching(/^127\.0\.0\.1$|^::1$/),
      );
      expect(await resolve('localhost', { allowed: [entry, '::1'] }, false)).toHaveLength(1);
    },
  );

  it('that do not exist say so', async () => {
    await expect(resolve('no-such-host.invalid', NOBODY, true)).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });
});
