import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DeterminismViolationError } from '@temporalio/workflow';
import { Worker } from '@temporalio/worker';
import type { Json } from '../../domain/json.ts';
import { quietRuntime, workflowBundle } from '../support/temporal.ts';
import { parse, problemsOf, type RecordedHistory } from './history.ts';

const FOLDER = join(import.meta.dirname, 'histories');
const names = (await readdir(FOLDER)).map((file) => file.replace('.jsonl', ''));
quietRuntime();

async function load(name: string): Promise<RecordedHistory> {
  return parse(await readFile(join(FOLDER, `${name}.jsonl`), 'utf8'));
}

async function replay(code: string, name: string): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: { code } }, await load(name), `connection/${name}`);
}

async function bundle(): Promise<string> {
  return readFile((await workflowBundle()).codePath, 'utf8');
}

describe.each(names)('the history %s', (name) => {
  it('replays with the workflows of today', async () => {
    await replay(await bundle(), name);
  });

  it('holds counts and ids only', async () => {
    expect(problemsOf(await load(name))).toEqual([]);
  });
});

it.each([
  ['another activity comes first', 'quick.beginRun(', 'quick.finishRun('],
  ['pull and push are swapped', 'long.pull(', 'long.push('],
])('finds it when %s', async (_what, old, changed) => {
  const code = await bundle();
  expect(code.split(old)).toHaveLength(2);
  await expect(replay(code.replace(old, changed), 'first-sync')).rejects.toThrow(DeterminismViolationError);
});

it('finds it when a run makes fewer passes than running ones expect', async () => {
  const code = await bundle();
  expect(code.split('passesPerRunMax: 200')).toHaveLength(2);
  const shorter = code.replace('passesPerRunMax: 200', 'passesPerRunMax: 20');
  await expect(replay(shorter, 'all-passes-of-a-run')).rejects.toThrow(DeterminismViolationError);
});

it('finds it when a record went through Temporal', () => {
  const data = Buffer.from(JSON.stringify({ title: 'Replace bucket teeth' })).toString('base64');
  const history: Json = {
    events: [{ input: { payloads: [{ metadata: { encoding: 'anNvbi9wbGFpbg==' }, data }] } }],
  };
  expect(problemsOf(history as unknown as RecordedHistory)).toEqual(['the name title']);
});
