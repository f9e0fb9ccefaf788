/** The files of a folder of cases, read and told apart by kind. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export interface CaseFile {
  name: string;
  kind: string;
  content: unknown;
}

export function caseFiles(folder: string): CaseFile[] {
  return readdirSync(join(import.meta.dirname, folder))
    .sort()
    .map((name) => {
      const content: unknown = parse(readFileSync(join(import.meta.dirname, folder, name), 'utf8'));
      const kind = (content as { kind?: unknown } | null)?.kind;
      return { name, kind: typeof kind === 'string' ? kind : '', content };
    });
}

export function ofKind(files: readonly CaseFile[], kind: string): [string, unknown][] {
  return files.filter((file) => file.kind === kind).map(({ name, content }) => [name, content]);
}
