import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { newDestinations } from './destinations.ts';

describe('newDestinations', () => {
  const before: JsonObject = { baseUrl: 'https://cmms.plant.example/api', site: 'NORTH' };

  it.each<[string, JsonObject, string[]]>([
    ['another path of the same server', { baseUrl: 'https://cmms.plant.example/v2' }, []],
    ['other settings', { ...before, site: 'https' }, []],
    ['another server', { baseUrl: 'https://evil.example/api' }, ['https://evil.example']],
    ['another port', { baseUrl: 'https://cmms.plant.example:8443/api' }, ['https://cmms.plant.example:8443']],
    ['no encryption', { baseUrl: 'http://cmms.plant.example/api' }, ['http://cmms.plant.example']],
    ['a login elsewhere', { ...before, tokenUrl: 'https://evil.example/token' }, ['https://evil.example']],
    [
      'deep inside a document',
      { ...before, document: { lists: [{ path: 'https://evil.example/x' }] } },
      ['https://evil.example'],
    ],
    ['an address without its scheme', { ...before, path: '//evil.example/x' }, ['https://evil.example']],
    ['a database', { ...before, host: 'DB.evil.example', port: 5432 }, ['db.evil.example:5432']],
  ])('%s', (_what, after, found) => {
    expect(newDestinations(before, after)).toEqual(found);
  });

  it('a database that moves to another port is another server', () => {
    expect(newDestinations({ host: 'db', port: 5432 }, { host: 'db', port: 5433 })).toEqual(['db:5433']);
    expect(newDestinations({ host: 'db', port: 5432 }, { host: 'db', port: 5432, table: 'wo' })).toEqual([]);
  });
});
