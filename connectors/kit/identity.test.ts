import { describe, expect, it } from '@jest/globals';
import { sharesRecords, stableAddress } from './identity.ts';

describe('which system a connection speaks to', () => {
  it.each([
    ['HTTPS://EAM.Example.com:443/maximo/', 'https://eam.example.com/maximo'],
    ['https://user:pw@eam.example.com/maximo?lean=1', 'https://eam.example.com/maximo'],
    ['http://eam.example.com:9080', 'http://eam.example.com:9080'],
    ['https://eam.example.com/', 'https://eam.example.com'],
  ])('%s is %s', (typed, stable) => {
    expect(stableAddress(typed)).toBe(stable);
  });

  const of = (system: string, scopes: string[] | null) => ({ system, scopes, account: null });
  it.each([
    ['two sites of one system', of('a', ['BEDFORD']), of('a', ['HARTFORD']), false],
    ['one site twice', of('a', ['BEDFORD']), of('a', ['BEDFORD', 'HARTFORD']), true],
    ['everything and one site', of('a', null), of('a', ['HARTFORD']), true],
    ['two systems', of('a', null), of('b', null), false],
  ])('%s', (_, a, b, shared) => {
    expect([sharesRecords(a, b), sharesRecords(b, a)]).toEqual([shared, shared]);
  });
});
