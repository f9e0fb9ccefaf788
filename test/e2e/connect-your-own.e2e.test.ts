/** docs/connect-your-own.md, line by line: every file is made as it stands there, every command is run, and what the page says of it holds. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '../../cli/stack/ports.ts';
import { MAIN, runProgram, type Environment } from './program.ts';

const PAGE = new URL('../../docs/connect-your-own.md', import.meta.url);
/** Folder and port of the page. */
const FOLDER = '/srv/plant';
const PORT = '4010';
const STARTS_WITHIN_MS = 120_000;

let folder: string;
let port: string;
let page: string;
let environment: Environment;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chatterfix-own-'));
  port = String(await freePort());
  page = (await readFile(PAGE, 'utf8')).replaceAll(FOLDER, folder).replaceAll(PORT, port);
  environment = { CHATTERFIX_STATE_DIR: join(folder, 'state') };
});
afterAll(async () => {
  for (const child of children.reverse()) await ended(child);
  await rm(folder, { recursive: true, force: true });
});

it("leads from two systems of one's own to both in step", async () => {
  for (const [file, text] of filesOf(page)) await writeFile(file, text);
  const said = new Map<string, string>();
  for (const line of commandsOf(page)) said.set(line, await type(line));

  const last = (command: string): string => said.get(`npm run -s cli -- ${command}`) ?? '';
  expect(last('connections test werk')).toContain('Logged in');
  expect(last('schema show werk --entity asset')).toContain('bezeichnung: text');
  expect(
    last(`mappings preview werk asset --override ${folder}/werk-asset.json --sample ${folder}/zeile.json`),
  ).toMatch(/^name: Exzenterpresse .*\n(.*\n)*status: operational /m);
  expect(last('connections first-look werk')).toContain('asset: 3 read; here 3 new, 0 changed; there 0 new');
  expect(last('connections first-look dienst')).toContain(
    'asset: 2 read; here 1 new, 0 changed; there 2 new, 0 changed; 1 matched',
  );
  for (const name of ['werk', 'dienst'])
    expect(last(`verify ${name}`)).toContain(`${name} and the hub are in step`);
  expect(JSON.parse(saidTo('curl', said))).toMatchObject({ label: { text: 'Exzenterpresse 2' } });
  expect(last('connections list')).toMatch(/^dienst .*\n^werk /m);

  const database = new DatabaseSync(join(folder, 'werk.db'));
  const rows = database.prepare('select bezeichnung, zustand from maschine order by seriennr').all();
  database.close();
  expect(rows.map(({ bezeichnung, zustand }) => [bezeichnung, zustand])).toEqual([
    ['Exzenterpresse 2', 'läuft'],
    ['Drehbank', 'steht'],
    ['Kompressor', 'läuft'],
    ['Bandsäge', 'steht'],
  ]);
}, 600_000);

function saidTo(program: string, said: ReadonlyMap<string, string>): string {
  return [...said].find(([line]) => line.startsWith(`${program} `))?.[1] ?? '';
}

/** Each code block after a sentence that names a file: the file's text. */
function filesOf(text: string): [string, string][] {
  const blocks = [
    ...text.matchAll(
      /`(\/[^`]+\.(?:sql|mjs|json))`[^`]*(?:`[^`\n]+`[^`]*)*\n\n```(?:sql|js|json)\n([\s\S]*?)```/g,
    ),
  ];
  return blocks.map(([, file = '', content = '']) => [file, content]);
}

function commandsOf(text: string): string[] {
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) => block.trim().split('\n'));
}

/** What a person's shell does with the line. Without a shell, `sqlite3` and `curl`, so that the machine needs none of them. */
async function type(line: string): Promise<string> {
  const [, settings = '', command] = /^((?:[A-Z_]+=\S+ )*)npm run -s cli -- (.+)$/.exec(line) ?? [];
  if (command === 'up') {
    // It looks for Temporal along the machine's own path; servers that this test run was given are not its.
    const own = Object.entries({ ...environment, CHATTERFIX_API_PORT: '0' }).map((pair) => pair.join('='));
    const given = ['-u', 'DATABASE_URL', '-u', 'TEMPORAL_ADDRESS', ...own, ...settings.trim().split(' ')];
    return started('env', [...given, process.execPath, MAIN, 'up'], undefined, 'Ctrl-C');
  }
  if (command !== undefined) {
    const ended = await runProgram(wordsOf(command), environment);
    if (ended.code !== 0) throw new Error(`${line}\n${ended.stdout}${ended.stderr}`);
    return ended.stdout;
  }
  const words = wordsOf(line);
  if (words[0] === 'node')
    return started(process.execPath, [words[1] ?? ''], { PORT: port }, 'The service listens.');
  if (words[0] === 'curl') return (await fetch(words[1] ?? '')).text();
  if (words[0] === 'echo') return writeFile(words[3] ?? '', words[1] ?? '').then(() => '');
  if (words[0] === 'sqlite3') {
    const statements = words[2] === '<' ? await readFile(words[3] ?? '', 'utf8') : (words[2] ?? '');
    const database = new DatabaseSync(words[1] ?? '');
    database.exec(statements);
    database.close();
    return '';
  }
  throw new Error(`The page has a line that the test cannot type: ${line}`);
}

/** Words of a command line; quotes hold one together. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, plain]) => single ?? double ?? plain ?? '',
  );
}

/** Resolves when the process has said so. */
function started(
  program: string,
  args: readonly string[],
  env: Environment | undefined,
  sign: string,
): Promise<string> {
  const child = spawn(program, [...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  return new Promise((resolve, reject) => {
    let text = '';
    const timer = setTimeout(() => reject(new Error(`It does not serve:\n${text}`)), STARTS_WITHIN_MS);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part;
        if (!text.includes(sign)) return;
        clearTimeout(timer);
        resolve(text);
      });
    }
    child.once('exit', (code) => {
      clearTimeout(timer);
      reject(new Error(`It ended with ${String(code)}:\n${text}`));
    });
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGTERM');
  await closed;
}
