import { expect, it } from '@jest/globals';
import { missingFromLock } from './lock-file.ts';

it('finds a platform package that the lock lacks, and looks where Node would', () => {
  const packages = {
    '': { dependencies: { compiler: '^1.0.0' } },
    'node_modules/compiler': {
      optionalDependencies: { 'compiler-linux': '1.2.0', 'compiler-darwin': '1.2.0' },
    },
    'node_modules/compiler-linux': { dependencies: { left: '1', '@scope/right': '1' } },
    'node_modules/compiler-linux/node_modules/left': {},
    'node_modules/@scope/right': { dependencies: { compiler: '1' } },
  };
  expect(missingFromLock({ packages })).toEqual(['compiler asks for compiler-darwin 1.2.0']);
  expect(missingFromLock({ packages: { ...packages, 'node_modules/compiler-darwin': {} } })).toEqual([]);
});
