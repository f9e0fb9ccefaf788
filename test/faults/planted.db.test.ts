/** Each law is caught breaking: a plant at rest keeps them all, and every violation planted in it is told by its law. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Json } from '../../domain/json.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { gatherEvidence, type Evidence } from './evidence.ts';
import { checkBases, checkComments, checkEdits, checkLastWords, checkScreens } from './laws.ts';
import { checkTwins } from './twin-laws.ts';
import { checkLoops, checkQuiet, settle } from './run-script.ts';
import type { Script } from './script.ts';
import { rowsOf } from './screen-rows.ts';
import { createWorld, type Edit, type World } from './world.ts';

const script: Script = {
  seed: 4,
  systems: { maximo: 'maximo', upkeep: 'upkeep' },
  deletePolicy: 'ignore',
  pageSize: 100,
  skewMs: {},
  steps: [],
};

describe('the laws', () => {
  let database: TestDatabase;
  let world: World;
  let evidence: Evidence;
  beforeEach(async () => {
    database = await createTestDatabase();
    world = await createWorld(database.url, script);
    const fields = { title: 'K1 v1', description: 'v2', priority: 'low' };
    await world.create({ do: 'create', side: 'hub', kind: 'work_order', key: 'K1', fields });
    await settle(world, []);
    evidence = await gatherEvidence(world);
  });
  afterEach(async () => {
    await world.close();
    await database.drop();
  });

  const connection = (side = 'upkeep') => {
    const found = world.connections.get(side);
    if (found === undefined) throw new Error(`The plant has no ${side}.`);
    return found;
  };
  const control = () => connection().sandbox.control;
  const rowId = (): string => String(rowsOf(connection(), 'work_order', 'K1')[0]?.['id']);
  const said = (side: string, field: string, value: Json): void => {
    const edit: Omit<Edit, 'at'> = { side, kind: 'work_order', key: 'K1', field, value, over: null };
    world.edits.push({ at: world.edits.length, ...edit });
  };
  /** The evidence with another hub: what a broken writer would have left there. */
  const hubSays = (field: string, value: Json): void => {
    evidence.hubs = evidence.hubs.map((hub) => ({ ...hub, fields: { ...hub.fields, [field]: value } }));
  };
  const decided = (field: string): void => {
    const [hub] = evidence.hubs;
    evidence.conflicts.push({
      connectionId: connection().id,
      hubId: hub?.id ?? '',
      field,
      policy: 'newest',
      hubValue: 'high',
      externalValue: 'low',
      winner: 'external',
      resolvedAt: new Date(0),
    });
  };
  const everyLaw = async (): Promise<string[]> => [
    ...(await checkBases(world, evidence)),
    ...checkScreens(world, evidence),
    ...checkEdits(world, evidence),
    ...checkLastWords(world, evidence),
    ...checkComments(world, evidence),
    ...checkTwins(world, evidence),
  ];

  it('hold in a plant at rest', async () => {
    expect(evidence.links.filter(({ entity }) => entity === 'work_order')).toHaveLength(2);
    expect(await everyLaw()).toEqual([]);
    expect(await checkQuiet(world, [])).toEqual([]);
    expect(await checkLoops(world, [])).toEqual([]);
  });

  it.each<{ law: string; plant: () => void; check: () => string[] | Promise<string[]>; told: RegExp }>([
    {
      law: '1, what a vendor shows is what its link remembers',
      plant: () => control().change('work-orders', rowId(), { title: 'K1 v9' }),
      check: () => checkBases(world, evidence),
      told: /^1: upkeep shows .*\.title as "K1 v9", its link remembers "K1 v1"/,
    },
    {
      law: '1, a vendor was given what the hub has',
      plant: () => hubSays('title', 'K1 v9'),
      check: () => checkBases(world, evidence),
      told: /^1: the hub's .*\.title is "K1 v9", upkeep was given "K1 v1"/,
    },
    {
      law: '1, what is linked is there',
      plant: () => control().remove('work-orders', rowId()),
      check: () => checkBases(world, evidence),
      told: /^1: upkeep lost work_order/,
    },
    {
      law: '1, the screens agree without the mappings',
      plant: () => control().change('work-orders', rowId(), { title: 'K1 v9' }),
      check: () => checkScreens(world, evidence),
      told: /^1: .*\.title is "K1 v1" in the hub and "K1 v9" at upkeep/,
    },
    {
      law: '1, a further pass writes nothing',
      plant: () => control().change('work-orders', rowId(), { title: 'K1 v9' }),
      check: () => checkQuiet(world, []),
      told: /^1: a further pass wrote/,
    },
    {
      law: '2, an edit is not dropped',
      plant: () => said('upkeep', 'description', 'v9'),
      check: () => checkEdits(world, evidence),
      told: /^2: K1\.description = "v9", typed at upkeep, is nowhere/,
    },
    {
      law: '2, the last word stays',
      plant: () => said('upkeep', 'priority', 'high'),
      check: () => checkLastWords(world, evidence),
      told: /^2: K1\.priority = "high", said last at upkeep, became "low"/,
    },
    {
      law: '2, a conflict with nobody excuses no last word',
      plant: () => {
        said('hub', 'priority', 'high');
        decided('priority');
      },
      check: () => checkLastWords(world, evidence),
      told: /^2: K1\.priority = "high", said last at hub, became "low"/,
    },
    {
      law: '2, a comment arrives',
      plant: () => world.comments.push({ side: 'maximo', key: 'K1', text: 'said v9' }),
      check: () => checkComments(world, evidence),
      told: /^2: "said v9" of K1, said at maximo, is 0 times in the hub/,
    },
    {
      law: '3, the hub has no twins',
      plant: () => evidence.hubs.push(...evidence.hubs.map((hub) => ({ ...hub, id: `${hub.id}-twin` }))),
      check: () => checkTwins(world, evidence),
      told: /^3: the hub has K1 2 times/,
    },
    {
      law: '3, a vendor has no twins',
      plant: () => control().insert('work-orders', { title: 'K1 v1' }),
      check: () => checkTwins(world, evidence),
      told: /^3: upkeep has K1 2 times/,
    },
    {
      law: '3, what was made arrives',
      plant: () => control().remove('work-orders', rowId()),
      check: () => checkTwins(world, evidence),
      told: /^3: upkeep never got K1/,
    },
    {
      law: '4, one edit is one write elsewhere',
      plant: () => undefined,
      check: () => checkLoops(editedTwice(world), []),
      told: /^4: an edit of K1 at hub made 2 writes at/,
    },
  ])('catch: $law', async ({ plant, check, told }) => {
    plant();
    expect(await check()).toContainEqual(expect.stringMatching(told));
  });

  it('leave a last word to a conflict that two people made', () => {
    said('hub', 'priority', 'high');
    said('upkeep', 'priority', 'medium');
    decided('priority');
    expect(checkLastWords(world, evidence)).toEqual([]);
  });
});

/** A plant in which an edit is carried over and then comes back changed. */
function editedTwice(world: World): World {
  return {
    ...world,
    edit: async (step) => {
      const accepted = await world.edit(step);
      await settle(world, []);
      await world.edit({ ...step, fields: { title: 'K1 once more' } });
      return accepted;
    },
  };
}
