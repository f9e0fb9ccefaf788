/** Files of the machine: the operator lists folders, once, for everybody who asks. */
import { describe, expect, it } from '@jest/globals';
import { assertFile } from './network.ts';

const refusal = expect.objectContaining({
  kind: 'invalid_config',
  code: 'ADDRESS_REFUSED',
  path: 'file',
}) as unknown as Error;

describe('a database file', () => {
  it.each([
    ['in the folder', '/srv/plant/a.db', ['file:/srv/plant/']],
    ['below it', '/srv/plant/north/a.db', ['file:/srv/plant']],
    ['anywhere, when the root is listed', '/a.db', ['file:/']],
  ])('%s may be opened', (_, file, allowed) => {
    expect(() => {
      assertFile(file, { allowed });
    }).not.toThrow();
  });

  it.each([
    ['that nobody listed', '/srv/plant/a.db', []],
    ['beside the folder', '/srv/plants/a.db', ['file:/srv/plant/']],
    ['that climbs out', '/srv/plant/../a.db', ['file:/srv/plant/']],
    ['by a relative path', 'a.db', ['file:/']],
    ['listed as a host', '/srv/plant/a.db', ['/srv/plant/', 'sqlite-files']],
  ])('%s is refused', (_, file, allowed) => {
    expect(() => {
      assertFile(file, { allowed });
    }).toThrow(refusal);
  });
});
