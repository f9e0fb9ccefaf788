/**
 * Finds what package-lock.json lacks: a package that another one asks for and that has no entry. npm writes such a lock
 * when the registry does not have every platform's package, and npm ci then refuses it, though everything works here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface LockEntry {
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}
export interface LockFile {
  packages: Record<string, LockEntry>;
}

/** Lines such as `@swc/core asks for @swc/core-darwin-arm64 1.16.22`. */
export function missingFromLock({ packages }: LockFile): string[] {
  return Object.entries(packages).flatMap(([path, entry]) =>
    Object.entries({ ...entry.dependencies, ...entry.optionalDependencies })
      .filter(([name]) => !resolves(packages, path, name))
      .map(([name, range]) => {
        const asking = path === '' ? 'package.json' : path.replace(/^.*node_modules\//, '');
        return `${asking} asks for ${name} ${range}`;
      }),
  );
}

/** Whether Node, looking from the folder `path` upwards, comes to an entry for `name`. */
function resolves(packages: LockFile['packages'], path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
    if (`${folder === '' ? '' : `${folder}/`}node_modules/${name}` in packages) return true;
    if (folder === '') return false;
  }
}

if (import.meta.main) {
  const file = join(import.meta.dirname, '../package-lock.json');
  const missing = missingFromLock(JSON.parse(readFileSync(file, 'utf8')) as LockFile);
  for (const line of missing) console.error(`package-lock.json lacks an entry: ${line}.`);
  if (missing.length > 0) {
    console.error(
      'npm ci will refuse it: hold the asking package at a version whose platform packages all exist, and write the lock again.',
    );
    process.exitCode = 1;
  }
}
