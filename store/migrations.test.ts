/**
 * A migration that has run anywhere never changes: databases that ran it would differ from those that run it later. A new one adds
 * its hash with `UPDATE_SCHEMA=1`; a hash that is there is never written again.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { writesSchema } from '../test/support/schema-file.ts';
import { MIGRATIONS } from './migrate.ts';

const FILE = new URL('./migrations/released.json', import.meta.url);
const released = JSON.parse(readFileSync(FILE, 'utf8')) as Record<string, string>;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('migrations', () => {
  it.each(MIGRATIONS.map(({ name, sql }) => [name, sql] as const))(
    '%s is as it was released',
    (name, text) => {
      if (writesSchema() && released[name] === undefined) {
        released[name] = hashOf(text);
        writeFileSync(FILE, `${JSON.stringify(released, null, 2)}\n`);
      }
      expect([name, hashOf(text)]).toEqual([name, released[name]]);
    },
  );

  it('are applied in the order of their numbers, none is missing, and none is listed that is not', () => {
    const names = MIGRATIONS.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    const files = readdirSync(new URL('./migrations/', import.meta.url));
    expect(files.filter((file) => file.endsWith('.ts')).sort()).toEqual(names.map((name) => `${name}.ts`));
    expect(Object.keys(released).sort()).toEqual(names);
  });
});
