import { describe, expect, it } from '@jest/globals';
import { rootOf } from './client.ts';
import { queryOf, signatureOf } from './sign.ts';

/** The test vectors of the contract (1.3): 1 and 3 were produced by the vendor's own client. */
describe('the signature', () => {
  const keys = { accessKey: 'macmmsaakpDEMO', appKey: 'macmmsackpDEMO' };

  it('is the one of the vendor for a find', () => {
    const query = queryOf('FindRequest', keys, 1_700_000_000_000);
    expect(query).toBe(
      'action=FindRequest&service=cmms&accessKey=macmmsaakpDEMO&appKey=macmmsackpDEMO&timestamp=1700000000000&signatureVersion=1&signatureMethod=HmacSHA256',
    );
    expect(signatureOf('macmmsaskpDEMO', `https://demo.macmms.com/api/?${query}`)).toBe(
      'c7278c0cc92fdaa4d4b109c329067f0c57b4a3b3d194ded9a68859e07958fa5c',
    );
  });

  it('is the one other clients send for the short form', () => {
    const url =
      'https://demo.macmms.com/api/?service=cmms&appKey=macmmsackpDEMO&accessKey=macmmsaakpDEMO&signatureMethod=HmacSHA256&signatureVersion=1';
    expect(signatureOf('macmmsaskpDEMO', url)).toBe(
      'a6b5c44f0e6e9edf93baf8f2c8a4b909e1e0589bb7c0047b76552c8bb43cff8c',
    );
  });

  it('takes port, escapes and a secret beyond ASCII as they are', () => {
    const query = queryOf('RpcRequest', { accessKey: 'a/b+1', appKey: 'k y' }, 1_700_000_000_000);
    expect(signatureOf('sécret', `http://127.0.0.1:4010/api/?${query}`)).toBe(
      'c9f0ef235680cdce1776765bef8e1037f9943d870c0d2d965ea52f41d69e95f1',
    );
  });

  it('is over what is sent: an URL leaves the query as it was built', () => {
    const query = queryOf('FindRequest', { accessKey: "it's (a) *key*!", appKey: 'ü&=#?' }, 1);
    const url = new URL('https://demo.macmms.com/api/');
    url.search = `?${query}`;
    expect(url.href).toBe(`https://demo.macmms.com/api/?${query}`);
  });
});

describe('the address', () => {
  it.each([
    ['https://demo.macmms.com', 'https://demo.macmms.com/api/'],
    ['https://demo.macmms.com/', 'https://demo.macmms.com/api/'],
    ['https://demo.macmms.com/api', 'https://demo.macmms.com/api/'],
    ['https://Demo.macmms.com:443/api/', 'https://demo.macmms.com/api/'],
    ['http://127.0.0.1:4010/fiix/api/?x=1', 'http://127.0.0.1:4010/fiix/api/'],
  ])('of %s is %s', (given, root) => {
    expect(rootOf(given)).toBe(root);
  });
});
