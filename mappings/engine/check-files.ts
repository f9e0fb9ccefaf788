/**
 * Checks every mapping that ships: compiles it, type-checks it against the vendor's schema file, runs its cases and its
 * round trips. As a script (`node mappings/engine/check-files.ts`) it prints `file:line` findings; exit code 1 on an error.
 */
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../../domain/kernel/failure.ts';
import { readCases, runCases } from './cases.ts';
import { checkAgainstVendor } from './check.ts';
import type { Finding } from './check.ts';
import { compileMapping } from './compile.ts';
import { mappingFiles, MAPPINGS_FOLDER, shortName } from './load.ts';
import { checkRoundTrips } from './round-trip.ts';
import { readMapping } from './source.ts';
import { readVendorSchema } from './vendor-schema.ts';

export interface CheckReport {
  mappings: number;
  cases: number;
  findings: Finding[];
}

/** Never throws for what a file says: a broken file is a finding. */
export async function checkFiles(folder: string = MAPPINGS_FOLDER): Promise<CheckReport> {
  const report: CheckReport = { mappings: 0, cases: 0, findings: [] };
  const entries = await readdir(folder, { withFileTypes: true });
  const systems = entries
    .filter((entry) => entry.isDirectory() && entry.name !== 'engine')
    .map(({ name }) => name);
  for (const system of systems.sort())
    for (const path of await mappingFiles(folder, system)) {
      report.mappings += 1;
      try {
        await checkFile(folder, path, report);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        report.findings.push({ level: 'error', where: shortName(folder, path), message: error.message });
      }
    }
  return report;
}

async function checkFile(folder: string, path: string, report: CheckReport): Promise<void> {
  const read = async (at: string, what: string): Promise<{ file: string; text: string }> => {
    const file = shortName(folder, at);
    const text = await readFile(at, 'utf8').catch(() => null);
    if (text === null) throw new Failure('mapping_failed', `${file} does not exist; ${what}.`);
    return { file, text };
  };
  const entity = basename(path, '.yaml');
  const text = await read(path, 'write the mapping');
  const mapping = compileMapping(text);
  const vendor = readVendorSchema(
    await read(join(dirname(path), 'schema', `${entity}.yaml`), 'describe what the vendor holds'),
  );
  report.findings.push(...checkAgainstVendor(text, vendor));
  const { cases, source } = readCases(
    await read(join(dirname(path), `${entity}.cases.yaml`), 'write sample cases'),
  );
  report.cases += cases.pull.length + cases.push.length;
  report.findings.push(
    ...(await runCases(mapping, cases, source)),
    ...(await checkRoundTrips(mapping, vendor, cases, readMapping(text).source)),
  );
}

if (import.meta.main) {
  const { mappings, cases, findings } = await checkFiles();
  for (const { level, where, message } of findings) console.log(`${where} ${level}: ${message}`);
  const errors = findings.filter(({ level }) => level === 'error').length;
  console.log(`${mappings} mappings, ${cases} cases, ${errors} errors, ${findings.length - errors} notes`);
  if (errors > 0) process.exitCode = 1;
}
