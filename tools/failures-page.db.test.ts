/** docs/failures.md has a row for everything that can go wrong, and every command it names exists. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STATUS } from '../api/http/problem.ts';
import { commandLine } from '../cli/command-line.ts';
import { FAILURE_KINDS, type FailureKind } from '../domain/kernel/failure.ts';
import { DRIFT_KINDS } from '../mappings/engine/index.ts';
import { repositories } from '../store/index.ts';
import type { StoppedWhy } from '../store/exceptions/stopped-creates.ts';
import { createTestDatabase, type TestDatabase } from '../test/support/database.ts';
import { createPlant, type Plant } from '../test/support/plant.ts';
import type { Progress } from '../workflows/sync/messages.ts';

const PAGE = readFileSync(new URL('../docs/failures.md', import.meta.url), 'utf8');
/** Complete, or it does not compile. */
const STOPPED: Record<StoppedWhy, true> = { too_many: true, incomplete_reading: true };
const WAITS: Record<NonNullable<Progress['waits']>['why'], true> = { interval: true, postponed_push: true };

/** The cells of the rows below a heading. */
function rowsOf(heading: string): string[][] {
  const [, after = ''] = PAGE.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('|---'))
    .map((line) => line.slice(2, -2).split(' | '));
}

const firstCells = (heading: string): string[] =>
  rowsOf(heading).map(([cell = '']) => cell.replaceAll('`', ''));

describe('docs/failures.md', () => {
  it.each(Object.keys(FAILURE_KINDS) as FailureKind[])(
    'says of %s who acts and whether it is retried',
    (kind) => {
      const row = rowsOf('Kinds').find(([cell]) => cell === `\`${kind}\``) ?? [];
      expect(row).toHaveLength(6);
      const { actor, retry } = FAILURE_KINDS[kind];
      expect(row[3]).toMatch(new RegExp(`^${actor}\\b`));
      expect(row[4]).toBe(retry ? 'yes' : 'no');
      expect(row[5]).toBe(String(STATUS[kind]));
    },
  );

  it('has a row for every drift, every wait and every reason of a stop', () => {
    expect(firstCells("Drift: the system's schema changed")).toEqual(
      expect.arrayContaining([...DRIFT_KINDS]),
    );
    expect(firstCells('Waits that end by themselves')).toEqual(expect.arrayContaining(Object.keys(WAITS)));
    for (const why of Object.keys(STOPPED)) expect(PAGE).toContain(`\`${why}\``);
  });

  it('names only commands that exist', async () => {
    const known = new Set<string>();
    const note = (command: Awaited<ReturnType<typeof commandLine>>, path: string): void => {
      for (const one of command.commands) {
        known.add(`${path}${one.name()}`);
        note(one, `${path}${one.name()} `);
      }
    };
    note(await commandLine(() => true), '');
    const groups = new Set([...known].map((path) => path.split(' ')[0] ?? ''));
    const named = [...PAGE.matchAll(/`([a-z-]+)((?: [a-z-]+)*)(?: [^`]*)?`/g)].filter(([, group = '']) =>
      groups.has(group),
    );
    expect(named.length).toBeGreaterThan(25);
    const lost = named.flatMap(([whole, group = '', rest = '']) => {
      const path = `${group}${rest}`;
      return known.has(path) || known.has(group) ? [] : [whole];
    });
    expect(lost).toEqual([]);
    const subcommands = named.filter(([, group = '']) =>
      [...known].some((path) => path.startsWith(`${group} `)),
    );
    expect(
      subcommands.filter(([, group = '', rest = '']) => rest !== '' && !isKnown(known, group + rest)),
    ).toEqual([]);
  });
});

/** Words behind a command may be its arguments. */
function isKnown(known: ReadonlySet<string>, path: string): boolean {
  const words = path.split(' ');
  return words.some((_, index) => index > 0 && known.has(words.slice(0, index + 1).join(' ')));
}

describe('what waits for a person', () => {
  let database: TestDatabase;
  let plant: Plant;
  beforeAll(async () => {
    database = await createTestDatabase();
    plant = await createPlant({ url: database.url });
  });
  afterAll(async () => {
    await plant.close();
    await database.drop();
  });

  it('is described under the name that it is counted by', async () => {
    const counted = await plant.store.inTenant(plant.tenantId, (tx) => repositories.exceptions.countOpen(tx));
    expect(Object.keys(counted).length).toBeGreaterThan(5);
    expect(firstCells('What waits for a person')).toEqual(expect.arrayContaining(Object.keys(counted)));
  });
});
