/** Every command of the program at once: what each has, and that the documentation lists it. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { commandLine } from './command-line.ts';

interface Leaf {
  path: string;
  command: Command;
}

let leaves: Leaf[];
beforeAll(async () => {
  leaves = leavesOf(await commandLine(() => true), []);
});

function leavesOf(command: Command, path: string[]): Leaf[] {
  return command.commands.length === 0
    ? [{ path: path.join(' '), command }]
    : command.commands.flatMap((one) => leavesOf(one, [...path, one.name()]));
}

describe('every command', () => {
  it('prints JSON when asked', () => {
    const without = leaves.filter(({ command }) => !command.options.some(({ long }) => long === '--json'));
    expect(without.map(({ path }) => path)).toEqual([]);
  });

  it('says what it does', () => {
    expect(leaves.filter(({ command }) => command.description() === '').map(({ path }) => path)).toEqual([]);
  });

  it('stands in docs/commands.md', () => {
    const page = documented(readFileSync(new URL('../docs/commands.md', import.meta.url), 'utf8'));
    expect(leaves.map(({ path }) => path).filter((path) => !page.has(path))).toEqual([]);
  });

  it('of docs/commands.md exists', () => {
    const page = documented(readFileSync(new URL('../docs/commands.md', import.meta.url), 'utf8'));
    const paths = new Set(leaves.map(({ path }) => path));
    expect([...page].filter((path) => !paths.has(path))).toEqual([]);
  });
});

/** `connections add\|list` and `schema drift list\|release` of the table's first column, one path each. */
function documented(page: string): Set<string> {
  const cells = [...page.matchAll(/^\| ((?:[^|\\]|\\.)+) \|/gm)].map(([, cell = '']) => cell);
  const spans = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span));
  return new Set(spans.flatMap((span) => pathsOf(span.replaceAll('\\|', '|'))));
}

function pathsOf(span: string): string[] {
  const words = span.split(' ').filter((word) => !/^[<[-]/.test(word) && word !== '...');
  return words.reduce<string[]>(
    (paths, word) => paths.flatMap((path) => word.split('|').map((one) => `${path} ${one}`.trim())),
    [''],
  );
}
