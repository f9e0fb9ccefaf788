// One configuration for every lane: native ESM, TypeScript stripped by swc, no transform cache surprises.
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  testMatch: ['**/*.test.ts'],
  modulePathIgnorePatterns: ['<rootDir>/.chatterfix/'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/.chatterfix/'],
};
