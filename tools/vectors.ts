/**
 * npm run vectors -- FILE...: runs every vector of the files (without one, the sample of test/vectors/), prints a line for
 * each failure and, last, `N passed, M failed`.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createZones } from '../domain/time/zones.ts';
import { VECTOR_ADAPTERS } from '../domain/vectors/adapters.ts';
import { runVectors } from '../domain/vectors/run-vectors.ts';
import type { VectorReport } from '../domain/vectors/run-vectors.ts';

const SAMPLE = join(import.meta.dirname, '../test/vectors/pm-vectors.sample.json');

/** npm changes to the project's folder; a relative name means the folder in which npm was called. */
function locate(file: string): string {
  const called = resolve(process.env['INIT_CWD'] ?? '.', file);
  return existsSync(called) ? called : resolve(file);
}

function runFile(file: string): VectorReport {
  let text: string;
  try {
    text = readFileSync(locate(file), 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { passed: 0, failures: [`${file}: cannot be read: ${reason}`] };
  }
  return runVectors({ name: file, text }, VECTOR_ADAPTERS, { zones });
}

const zones = createZones({ tzdb: process.versions['tz'] ?? 'unknown' });
const files = process.argv.slice(2);
let passed = 0;
let failed = 0;
for (const file of files.length > 0 ? files : [SAMPLE]) {
  const report = runFile(file);
  for (const line of report.failures) console.log(`FAILED ${line}`);
  passed += report.passed;
  failed += report.failures.length;
}
console.log(`${String(passed)} passed, ${String(failed)} failed`);
if (failed > 0) process.exitCode = 1;
