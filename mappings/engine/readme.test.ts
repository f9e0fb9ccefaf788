import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { compileMapping } from './compile.ts';
import { MAPPINGS_FOLDER } from './load.ts';

it('the example of the README gives what the README says', async () => {
  const readme = await readFile(join(MAPPINGS_FOLDER, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(/```(yaml|json)\n([^]*?)```/g)].map(([, , text = '']) => text);
  const [text = '', ...json] = blocks;
  const [raw, fields, payload] = json.map((block) => JSON.parse(block) as JsonObject);
  const settings = JSON.parse(/With the settings `([^`]+)`/.exec(readme)?.[1] ?? '') as JsonObject;
  const mapping = compileMapping({ file: 'README.md', text });
  expect(await mapping.pull(raw ?? {}, settings)).toEqual({ ok: true, fields, comments: [] });
  const { dueAt: _gone, ...rest } = fields ?? {};
  const changed = new Set(['status', 'dueAt']);
  expect(await mapping.push(rest, changed, settings)).toEqual({ ok: true, payload });
});
