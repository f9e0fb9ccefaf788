// One configuration for every lane: native ESM, TypeScript stripped by swc, shared services started on first use.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript' },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.chatterfix/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/.chatterfix/'],
  setupFiles: ['<rootDir>/test/support/one-error.mjs'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  // Room for the first database or server of a run on a busy machine; a bound, not an expectation.
  testTimeout: 60_000,
};
