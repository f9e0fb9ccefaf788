import { describe, expect, it } from '@jest/globals';
import { readSettings } from './config.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');
const OTHER = Buffer.alloc(32, 8).toString('base64');

describe('readSettings', () => {
  it('needs nothing: everything local', () => {
    const settings = readSettings({});
    expect(settings).toMatchObject({
      temporal: { namespace: 'default', tls: false },
      encryptionKeys: [],
      allowedHosts: [],
      api: { host: '127.0.0.1' },
    });
    expect(settings.stateDir).toMatch(/\/\.chatterfix$/);
    expect(settings.databaseUrl).toBeUndefined();
  });

  it('reads what is set and takes an empty variable for none', () => {
    const settings = readSettings({
      DATABASE_URL: 'postgres://u:p@db:5432/c',
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: '',
      TEMPORAL_API_KEY: 'k',
      CHATTERFIX_ENCRYPTION_KEYS: `2026:${KEY}, 2025:${OTHER}`,
      CHATTERFIX_ALLOWED_HOSTS: 'Fiix.Plant.example, 10.0.4.7:8443',
      CHATTERFIX_API_PORT: '0',
    });
    expect(settings.databaseUrl).toBe('postgres://u:p@db:5432/c');
    expect(settings.temporal).toEqual({
      address: 'temporal.example:7233',
      namespace: 'default',
      apiKey: 'k',
      tls: true,
    });
    expect(settings.encryptionKeys).toEqual([
      { id: '2026', key: Buffer.alloc(32, 7) },
      { id: '2025', key: Buffer.alloc(32, 8) },
    ]);
    expect(settings.allowedHosts).toEqual(['fiix.plant.example', '10.0.4.7:8443']);
    expect(settings.api.port).toBe(0);
  });

  it.each([
    ['DATABASE_URL', 'mysql://x', 'must be a PostgreSQL URL'],
    ['TEMPORAL_ADDRESS', 'https://temporal:7233', 'must be host:port'],
    ['CHATTERFIX_ENCRYPTION_KEY', 'one:c2hvcnQ=', 'with 32 bytes each'],
    ['CHATTERFIX_ALLOWED_HOSTS', 'http://x/y', 'list of host names'],
    ['CHATTERFIX_API_PORT', '70000', 'must be a port'],
    ['CHATTERFIX_TRUSTED_PROXIES', '10.0.0.5,10.0.0.0/33', 'list of addresses or ranges'],
    ['TEMPORAL_TLS', 'maybe', 'must be true or false'],
  ])('refuses %s=%s with one sentence', (name, value, reason) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} .*${reason}.*\\.$`));
  });

  it.each([
    ['only commas', ' , '],
    ['no id', OTHER],
    ['a bad id', `a:${KEY},b c:${OTHER}`],
    ['what is not base64', 'a:not*base64'],
    ['a short key', `a:${Buffer.alloc(16, 8).toString('base64')}`],
    ['an id twice', `a:${KEY},a:${OTHER}`],
  ])('refuses keys with %s in one sentence that quotes none', (_, text) => {
    const read = () => readSettings({ CHATTERFIX_ENCRYPTION_KEYS: text });
    expect(read).toThrow(
      /^CHATTERFIX_ENCRYPTION_KEYS must be .* id:base64 with 32 bytes each, the active key first \(.*\)\.$/,
    );
    expect(read).toThrow(expect.objectContaining({ kind: 'invalid_config' }));
    expect(read).not.toThrow(OTHER);
  });

  it('tells all problems at once, and never shows a key', () => {
    const read = () => readSettings({ DATABASE_URL: 'x', CHATTERFIX_ENCRYPTION_KEY: 'a:hush' });
    expect(read).toThrow(/DATABASE_URL .*\nCHATTERFIX_ENCRYPTION_KEY /);
    expect(read).not.toThrow(/hush/);
  });

  it('refuses two places for the same keys', () => {
    expect(() =>
      readSettings({ CHATTERFIX_ENCRYPTION_KEY: `a:${KEY}`, CHATTERFIX_ENCRYPTION_KEYS: `a:${KEY}` }),
    ).toThrow('are both set');
  });
});
