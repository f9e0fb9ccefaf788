// Jest runs each test file in a realm of its own, where errors made by Node itself (ENOENT, ECONNREFUSED) are no
// `instanceof Error`. The program runs in one realm; this makes the check answer as it does there. Subclasses are untouched.
import { types } from 'node:util';

const ordinary = Function.prototype[Symbol.hasInstance];
Object.defineProperty(Error, Symbol.hasInstance, {
  value(candidate) {
    return ordinary.call(this, candidate) || (this === Error && types.isNativeError(candidate));
  },
});
