/**
 * The laws of the merge for lists, over random histories: two sides add, edit, remove and renumber elements, the vendor shows
 * and keeps less than the hub, and what is true of single fields must be true of each element and member.
 */
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { listBy, type FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import type { ConflictPolicy, FieldDecision } from './decision.ts';
import { basesAfterPush, fieldsToPush, mergeRecord, valuesToPush, type MergeResult } from './merge.ts';
import { keyText } from './value-path.ts';

const SHAPES: FieldShapes = { tasks: listBy('sequence') };
const FIELDS = ['tasks'];
const RUNS = { seed: 20_260_301, numRuns: 400 };

/** What a vendor keeps of an element that is written to it, and shows of it afterwards. */
interface Vendor {
  name: string;
  keep(element: JsonObject, there: JsonObject | undefined): JsonObject;
  /** Members of ours that a person of that vendor sees and types. */
  edits: readonly string[];
}

const VENDORS: readonly Vendor[] = [
  { name: 'exact', keep: (element) => element, edits: ['title', 'minutes', 'status'] },
  {
    name: 'short titles, no notes, states of its own',
    keep: ({ sequence, id, title }, there) => ({
      sequence: sequence ?? null,
      id: id ?? null,
      ...(typeof title === 'string' ? { title: title.slice(0, 2) } : {}),
      status: there?.['status'] ?? 'pending',
    }),
    edits: ['title', 'status'],
  },
  {
    name: 'whole quarters of an hour, two states',
    keep: ({ sequence, id, title, minutes, status }) => ({
      sequence: sequence ?? null,
      id: id ?? null,
      ...(title === undefined ? {} : { title }),
      ...(typeof minutes === 'number' ? { minutes: Math.ceil(minutes / 15) * 15 } : {}),
      status: status === 'completed' ? 'completed' : 'pending',
    }),
    edits: ['title', 'minutes', 'status'],
  },
];

const MEMBERS: Readonly<Record<string, readonly Json[]>> = {
  title: ['ab', 'abc', 'abd', 'xy'],
  minutes: [7, 15, 20, 30],
  status: ['pending', 'in_progress', 'completed'],
  notes: ['rusty', 'wet'],
};
const SHOWN: Readonly<Record<string, readonly Json[]>> = {
  title: ['ab', 'ac', 'xy'],
  minutes: [15, 30, 45],
  status: ['pending', 'completed'],
};

type Act =
  | { kind: 'add'; at: number }
  | { kind: 'remove'; nth: number }
  | { kind: 'edit'; nth: number; member: string; value: number }
  | { kind: 'renumber' };

interface Round {
  hub: Act[];
  vendor: Act[];
}

const nth = fc.nat({ max: 5 });
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      nth,
      member: fc.constantFrom(...Object.keys(MEMBERS)),
      value: nth,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('add' as const), at: fc.integer({ min: 1, max: 7 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), nth }) },
);
const renumber: fc.Arbitrary<Act> = fc.constant({ kind: 'renumber' });
const acts = (one: fc.Arbitrary<Act>): fc.Arbitrary<Act[]> => fc.array(one, { maxLength: 4 });
const round = fc.record<Round>({ hub: acts(act), vendor: acts(act) });
const policy = fc.constantFrom<ConflictPolicy>('hub', 'external', 'newest');
const vendor = fc.constantFrom(...VENDORS);

/** Every element has an `id` of its own that nobody edits: by it the laws recognise an element whatever it is numbered. */
let ids = 0;

function carryOut(
  list: JsonObject[],
  todo: readonly Act[],
  typed: readonly string[],
  words: typeof MEMBERS,
): JsonObject[] {
  return todo.reduce((now, one): JsonObject[] => {
    switch (one.kind) {
      case 'add':
        if (now.some(({ sequence }) => sequence === one.at * 10)) return now;
        ids += 1;
        return [...now, { sequence: one.at * 10, id: `t${ids}`, title: 'ab', status: 'pending' }];
      case 'remove':
        return now.filter((_element, n) => n !== one.nth);
      case 'edit': {
        const values = words[one.member] ?? [];
        if (!typed.includes(one.member)) return now;
        return now.map((element, n) =>
          n === one.nth ? { ...element, [one.member]: values[one.value % values.length] ?? null } : element,
        );
      }
      case 'renumber':
        return now.map((element) => ({ ...element, sequence: Number(element['sequence']) + 10 }));
    }
  }, list);
}

/** A hub and a vendor with one linked record, brought on by passes as the sync does. */
function world(there: Vendor, decides: ConflictPolicy) {
  let hub: JsonObject[] = [];
  let kept: JsonObject[] = [];
  let bases = { baseHub: {} as JsonObject, baseExternal: {} as JsonObject };
  const of = (tasks: JsonObject[]): JsonObject => (tasks.length === 0 ? {} : { tasks });
  const merge = (): MergeResult =>
    mergeRecord({
      hub: of(hub),
      external: of(kept),
      ...bases,
      fields: FIELDS,
      shapes: SHAPES,
      policy: () => decides,
      hubChangedAt: () => 1,
      externalChangedAt: 2,
    });
  const pull = (): MergeResult => {
    const result = merge();
    bases = { baseHub: result.baseHub, baseExternal: result.baseExternal };
    if ('tasks' in result.changes) hub = (result.changes['tasks'] ?? []) as JsonObject[];
    return result;
  };
  /**
   * A vendor that takes a list as it comes: what is not sent is gone. `meanwhile` happens there before it answers, to
   * elements that this write leaves alone: of the others nobody could tell whose doing the answer shows.
   */
  const push = (meanwhile: readonly Act[] = []): boolean => {
    const changed = fieldsToPush({
      hub: of(hub),
      baseHub: bases.baseHub,
      pushFields: FIELDS,
      held: new Set(),
      shapes: SHAPES,
    });
    if (changed.size === 0) return false;
    const values = valuesToPush({ hub: of(hub), ...bases, held: new Map(), shapes: SHAPES });
    const before = byKey(kept);
    const removed = new Set([...before.keys()].filter((key) => !byKey(hub).has(key)));
    const sent = (values['tasks'] ?? []) as JsonObject[];
    kept = sent.map((element) => there.keep(element, before.get(element['sequence'] ?? null)));
    const agreed = byKey((bases.baseHub['tasks'] ?? []) as JsonObject[]);
    const isLeft = ({ sequence }: JsonObject): boolean =>
      jsonEqual(agreed.get(sequence ?? null), byKey(hub).get(sequence ?? null));
    const written = byKey(kept.filter((element) => !isLeft(element)));
    const others = carryOut(kept.filter(isLeft), meanwhile, there.edits, SHOWN);
    kept = [
      ...written.values(),
      ...others.filter(({ sequence }) => !written.has(sequence ?? null) && !removed.has(sequence ?? null)),
    ];
    bases = basesAfterPush({
      ...bases,
      pushed: of(hub),
      pushedFields: changed,
      affected: changed,
      external: of(kept),
      shapes: SHAPES,
    });
    return true;
  };
  return {
    hub: () => hub,
    kept: () => kept,
    bases: () => bases,
    edit({ hub: ours, vendor: theirs }: Round) {
      hub = carryOut(hub, ours, Object.keys(MEMBERS), MEMBERS);
      kept = carryOut(kept, theirs, there.edits, SHOWN);
    },
    merge,
    pull,
    push,
    pass(meanwhile: readonly Act[] = []): { moved: boolean; decisions: FieldDecision[] } {
      const first = pull();
      const pushed = push(meanwhile);
      const answer = pushed ? pull() : null;
      const moved =
        pushed || Object.keys(first.changes).length > 0 || Object.keys(answer?.changes ?? {}).length > 0;
      return { moved, decisions: [...first.decisions, ...(answer?.decisions ?? [])] };
    },
  };
}

type World = ReturnType<typeof world>;

function settle(plant: World): void {
  for (let passes = 0; passes < 6; passes += 1) if (!plant.pass().moved) return;
  throw new Error(`Never at rest: ${JSON.stringify([plant.hub(), plant.kept(), plant.bases()])}`);
}

const byId = (list: readonly JsonObject[]): Map<Json, JsonObject> =>
  new Map(list.map((element) => [element['id'] ?? null, element]));

describe('two sides that edit elements of one list', () => {
  it('converge: when edits stop both have the same elements, and a further pass does nothing', () => {
    fc.assert(
      fc.property(
        vendor,
        policy,
        fc.array(round, { maxLength: 4 }),
        acts(act),
        (there, decides, rounds, meanwhile) => {
          const plant = world(there, decides);
          for (const one of rounds) {
            plant.edit(one);
            plant.pass(meanwhile);
          }
          settle(plant);
          expect(plant.merge()).toMatchObject({ changes: {}, decisions: [] });
          expect(plant.push()).toBe(false);
          const [ours, theirs] = [byId(plant.hub()), byId(plant.kept())];
          expect([...theirs.keys()].sort()).toEqual([...ours.keys()].sort());
          for (const [id, element] of ours) {
            const shown = theirs.get(id) ?? {};
            expect(there.keep(element, shown)).toEqual(shown);
          }
        },
      ),
      RUNS,
    );
  });

  it('also when both number them anew', () => {
    const any = acts(fc.oneof({ weight: 5, arbitrary: act }, { weight: 2, arbitrary: renumber }));
    const rounds = fc.array(fc.record<Round>({ hub: any, vendor: any }), { maxLength: 4 });
    fc.assert(
      fc.property(vendor, policy, rounds, (there, decides, history) => {
        const plant = world(there, decides);
        for (const one of history) {
          plant.edit(one);
          plant.pass();
        }
        settle(plant);
        const numbers = (list: JsonObject[]): Json[] => list.map(({ sequence }) => sequence ?? null);
        expect(numbers(plant.kept()).sort()).toEqual(numbers(plant.hub()).sort());
        expect(new Set(numbers(plant.hub())).size).toBe(plant.hub().length);
      }),
      RUNS,
    );
  });

  it('double no element, whoever numbers anew', () => {
    // One that is edited and numbered anew at once is, by its identity, one removed and another added.
    const numbering = acts(fc.oneof(act, renumber)).map((todo) =>
      todo.some(({ kind }) => kind === 'renumber') ? todo.filter(({ kind }) => kind !== 'edit') : todo,
    );
    fc.assert(
      fc.property(
        vendor,
        policy,
        round,
        fc.record<Round>({ hub: numbering, vendor: numbering }),
        (there, decides, before, after) => {
          const plant = world(there, decides);
          plant.edit(before);
          settle(plant);
          plant.edit(after);
          plant.pass();
          settle(plant);
          const all = plant.hub().map(({ id }) => id);
          expect(new Set(all).size).toBe(all.length);
        },
      ),
      RUNS,
    );
  });

  it('lose nothing silently: each edit is in the result, goes out, or is in a conflict', () => {
    fc.assert(
      fc.property(vendor, policy, round, round, (there, decides, before, after) => {
        const plant = world(there, decides);
        plant.edit(before);
        settle(plant);
        const start = { hub: byKey(plant.hub()), kept: byKey(plant.kept()) };
        plant.edit(after);
        const edited = { hub: byKey(plant.hub()), kept: byKey(plant.kept()) };
        const { decisions } = plant.pull();
        const result = byKey(plant.hub());
        for (const [side, losesTo] of [
          ['hub', 'external'],
          ['kept', 'hub'],
        ] as const) {
          for (const edit of editsBetween(start[side], edited[side])) {
            if (jsonEqual(edit.of(result), edit.value)) continue;
            const lost = decisions.some(
              (made) => made.rule === 'conflict' && made.winner === losesTo && edit.isAbout(made.field),
            );
            expect([side, edit.path, edit.value, lost]).toEqual([side, edit.path, edit.value, true]);
          }
        }
      }),
      RUNS,
    );
  });

  it('never change what the vendor cannot show', () => {
    fc.assert(
      fc.property(policy, round, acts(act), (decides, before, theirs) => {
        const plant = world(VENDORS[1] ?? { name: '', keep: (element) => element, edits: [] }, decides);
        plant.edit(before);
        settle(plant);
        const noted = byId(plant.hub());
        plant.edit({ hub: [], vendor: theirs });
        plant.pass();
        for (const [id, element] of byId(plant.hub()))
          for (const member of ['notes', 'minutes'])
            if (noted.has(id)) expect(element[member]).toEqual(noted.get(id)?.[member]);
      }),
      RUNS,
    );
  });

  it('merge once: a second merge of the same values decides only what is still to be pushed', () => {
    fc.assert(
      fc.property(vendor, policy, round, round, (there, decides, before, after) => {
        const plant = world(there, decides);
        plant.edit(before);
        settle(plant);
        plant.edit(after);
        plant.pull();
        const again = plant.merge();
        expect(again.changes).toEqual({});
        expect(again.decisions.every(({ rule }) => rule === 'push_hub')).toBe(true);
        expect(again).toMatchObject(plant.bases());
      }),
      RUNS,
    );
  });

  it('are merged like single values where nothing is known of the elements', () => {
    const list = fc.option(
      fc.array(fc.record({ sequence: fc.constantFrom(10, 20), title: fc.constantFrom('a', 'b') }), {
        minLength: 1,
        maxLength: 2,
      }),
      { nil: null },
    );
    fc.assert(
      fc.property(list, list, list, list, policy, (hub, external, baseHub, baseExternal, decides) => {
        const merged = (as: (value: Json) => Json): MergeResult =>
          mergeRecord({
            hub: { tasks: as(hub) },
            external: { tasks: as(external) },
            baseHub: { tasks: as(baseHub) },
            baseExternal: { tasks: as(baseExternal) },
            fields: FIELDS,
            policy: () => decides,
            hubChangedAt: () => 1,
            externalChangedAt: 2,
          });
        const [asList, asText] = [
          merged((value) => value),
          merged((value) => (value === null ? null : JSON.stringify(value))),
        ];
        expect(asText.decisions.map(({ rule, winner }) => [rule, winner])).toEqual(
          asList.decisions.map(({ rule, winner }) => [rule, winner]),
        );
        expect(asText.changes['tasks'] ?? null).toEqual(
          (asList.changes['tasks'] ?? null) === null ? null : JSON.stringify(asList.changes['tasks']),
        );
      }),
      RUNS,
    );
  });
});

type ByKey = ReadonlyMap<Json, JsonObject>;

const byKey = (list: readonly JsonObject[]): ByKey =>
  new Map(list.map((element) => [element['sequence'] ?? null, element]));

interface EditMade {
  path: string;
  value: Json;
  of(list: ByKey): Json;
  /** Whether a decision of this name speaks of it: of the member, or of its whole element. */
  isAbout(path: string): boolean;
}

/** What one side changed: elements that came or went, and members of those that stayed. */
function editsBetween(before: ByKey, after: ByKey): EditMade[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key): EditMade[] => {
    const [old, now] = [before.get(key), after.get(key)];
    const path = `tasks[${keyText(key)}]`;
    const whole = (value: Json, of: EditMade['of']): EditMade => ({
      path,
      value,
      of,
      isAbout: (named) => named.startsWith(path),
    });
    if (now === undefined) return [whole(false, (list) => list.has(key))];
    if (old === undefined) return [whole(true, (list) => list.has(key))];
    return Object.keys({ ...old, ...now })
      .filter((name) => !jsonEqual(old[name] ?? null, now[name] ?? null))
      .map((name) => ({
        path: `${path}.${name}`,
        value: now[name] ?? null,
        of: (list) => list.get(key)?.[name] ?? null,
        isAbout: (named) => named === path || named === `${path}.${name}`,
      }));
  });
}
