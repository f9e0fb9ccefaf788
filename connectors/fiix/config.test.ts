import { describe, expect, it } from '@jest/globals';
import { secretFromBasics } from './config.ts';
import { fiix } from './index.ts';

const none = { apiKey: null, username: null, password: null };

describe('keys out of a plain form', () => {
  const all = { accessKey: 'a', appKey: 'b', secret: 'c' };

  it('takes the three in one field, in their order', () => {
    expect(secretFromBasics({ ...none, apiKey: 'a:b:c' })).toEqual(all);
  });

  it('takes the application key there and the others as user and password', () => {
    expect(secretFromBasics({ apiKey: 'b', username: 'a', password: 'c' })).toEqual(all);
  });

  it('knows each key by its prefix, wherever it stands', () => {
    expect(
      secretFromBasics({ apiKey: 'macmmsaskp3, macmmsackp2', username: 'macmmsaakp1', password: null }),
    ).toEqual({ accessKey: 'macmmsaakp1', appKey: 'macmmsackp2', secret: 'macmmsaskp3' });
  });

  it('leaves what is missing to the schema, which names it', () => {
    const { config, secret } = fiix.fromBasics({
      ...none,
      url: 'https://demo.macmms.com',
      apiKey: 'b',
      username: 'a',
    });
    expect(fiix.config.safeParse(config).success).toBe(true);
    expect(fiix.secret.safeParse(secret).error?.issues[0]?.path).toEqual(['secret']);
  });
});
