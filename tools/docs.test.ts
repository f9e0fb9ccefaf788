/** What the documents point at is there: linked files and headings, and the functions on the way of a record. */
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const pages = ['README.md', 'CONTRIBUTING.md', ...pagesOf('docs'), ...pagesOf('docs/adr')];

function pagesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder)).flatMap((name) =>
    name.endsWith('.md') ? [`${folder}/${name}`] : [],
  );
}

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(pages)('%s', (page) => {
  it('links to files and headings that exist', () => {
    const targets = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const lost = targets.filter((target) => {
      if (/^https?:/.test(target)) return false;
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
    });
    expect(lost).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  it('names functions that exist in the files it names', () => {
    const named = [...read('docs/architecture.md').matchAll(/`([\w/.-]+\.ts):(\w+)`/g)];
    expect(named.length).toBeGreaterThan(15);
    const lost = named.flatMap(([whole, file = '', name = '']) =>
      existsSync(join(ROOT, file)) && new RegExp(`\\bfunction ${name}\\b`).test(read(file)) ? [] : [whole],
    );
    expect(lost).toEqual([]);
  });
});
