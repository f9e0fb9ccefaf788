import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { commandLine } from '../command-line.ts';
import { completionScript } from './completion.ts';

/** What bash offers behind these words; the last one is begun. */
async function offered(...words: string[]): Promise<string[]> {
  const script = completionScript('bash', await commandLine(() => true));
  const line = ['chatterfix-sync', ...words].map((word) => `'${word}'`).join(' ');
  const asked = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${String(words.length)}; _chatterfix_sync; echo "\${COMPREPLY[@]}"`;
  return execFileSync('bash', ['-c', asked], { encoding: 'utf8' }).trim().split(' ');
}

describe('completion', () => {
  it('offers commands, subcommands and options where each belongs', async () => {
    expect(await offered('conn')).toEqual(['connections', 'connector']);
    expect(await offered('connections', 're')).toEqual(['resume', 'retry']);
    expect(await offered('schema', 'drift', '')).toEqual(['list', 'acknowledge', 'release', '--help']);
    expect(await offered('sync', 'maximo', '--')).toEqual(['--full', '--sweep', '--json', '--help']);
  });

  it('is zsh’s too', async () => {
    expect(completionScript('zsh', await commandLine(() => true))).toMatch(/^autoload -U \+X bashcompinit/);
  });
});
