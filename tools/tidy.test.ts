/** Holds every function of the program to a size that one can read: 80 lines of its own, functions inside it apart. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '..');
const LINES_MAX = 80;
const NOT_OURS = /\.test\.ts$|\.fixture\.ts$|^store\/migrations\//;

interface Size {
  name: string;
  own: number;
}

/** Functions with their lines, less those of the functions inside. */
function sizesOf(file: string, text: string): Size[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  const sizes: Size[] = [];
  const visit = (node: ts.Node): number => {
    let inner = 0;
    node.forEachChild((child) => {
      inner += visit(child);
    });
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return inner;
    const lines = lineOf(node.getEnd()) - lineOf(node.getStart(source)) + 1;
    const name = node.name?.getText(source) ?? 'anonymous';
    sizes.push({ name: `${file}:${name}`, own: lines - inner });
    return lines;
  };
  visit(source);
  return sizes;
}

describe('functions', () => {
  it(`have no more than ${String(LINES_MAX)} lines of their own`, () => {
    const listed = execFileSync('git', ['ls-files', '*.ts'], { cwd: ROOT, encoding: 'utf8' });
    const files = listed.split('\n').filter((file) => file !== '' && !NOT_OURS.test(file));
    expect(files.length).toBeGreaterThan(500);
    const long = files
      .flatMap((file) => sizesOf(file, readFileSync(join(ROOT, file), 'utf8')))
      .filter(({ own }) => own > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('are measured without what stands inside them', () => {
    const lines = (n: number): string => 'work();\n'.repeat(n);
    const nested = `function outer() {\n${lines(50)}const inner = () => {\n${lines(60)}};\n}\n`;
    expect(sizesOf('a.ts', nested).map(({ own }) => own > LINES_MAX)).toEqual([false, false]);
    expect(sizesOf('a.ts', `function long() {\n${lines(LINES_MAX)}}\n`).map(({ own }) => own)).toEqual([
      LINES_MAX + 2,
    ]);
  });
});
