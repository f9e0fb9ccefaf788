import { describe, expect, it } from '@jest/globals';
import { apiAddress } from './address.ts';

describe('the address people have at hand', () => {
  const usual = { path: '/maximo', beyond: /\/(?:oslc|ui)(?:\/.*)?$/ };
  it.each([
    ['https://plant.example.com', 'https://plant.example.com/maximo'],
    [' https://plant.example.com/ ', 'https://plant.example.com/maximo'],
    ['https://plant.example.com:9443//', 'https://plant.example.com:9443/maximo'],
    ['https://plant.example.com/maximo/', 'https://plant.example.com/maximo'],
    ['https://plant.example.com/eam/oslc/os/mxasset', 'https://plant.example.com/eam'],
    [
      'https://plant.example.com/maximo/ui/?event=loadapp&value=wotrack#top',
      'https://plant.example.com/maximo',
    ],
    ['https://maria:secret@plant.example.com', 'https://maria:secret@plant.example.com/maximo'],
    ['plant.example.com', 'plant.example.com'],
    ['ftp://plant.example.com', 'ftp://plant.example.com'],
  ])('%s becomes %s', (given, made) => {
    expect(apiAddress(given, usual)).toBe(made);
  });
});
