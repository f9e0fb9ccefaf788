/** The sample of the vectors through the program's own table of kinds, and through the command as people call it. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { createZones } from '../../domain/time/zones.ts';
import { VECTOR_ADAPTERS } from '../../domain/vectors/adapters.ts';
import { runVectors } from '../../domain/vectors/run-vectors.ts';

const FOLDER = import.meta.dirname;
const SAMPLE = join(FOLDER, 'pm-vectors.sample.json');
const PROGRAM = join(FOLDER, '../../tools/vectors.ts');

async function vectors(...files: string[]): Promise<{ code: number; lines: string[] }> {
  const run = promisify(execFile)(process.execPath, [PROGRAM, ...files]);
  const { code, stdout } = await run.then(
    (done) => ({ code: 0, stdout: done.stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  return { code, lines: stdout.trimEnd().split('\n') };
}

describe('vectors', () => {
  it('answers the sample', async () => {
    const zones = createZones({ tzdb: process.versions['tz'] ?? 'unknown' });
    const text = await readFile(SAMPLE, 'utf8');
    const { failures } = runVectors({ name: 'sample', text }, VECTOR_ADAPTERS, { zones });
    expect(failures).toEqual([]);
  });

  it('ends with the counts, and says of a file that is not there that it is not', async () => {
    const { code, lines } = await vectors(SAMPLE, join(FOLDER, 'none.json'));
    expect(code).toBe(1);
    expect(lines.some((line) => /^FAILED .*none\.json: cannot be read: ENOENT/.test(line))).toBe(true);
    expect(lines.at(-1)).toMatch(/^\d+ passed, \d+ failed$/);
  });
});
