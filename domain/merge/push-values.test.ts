import { describe, expect, it } from '@jest/globals';
import { listBy, NAMED, type FieldShapes } from '../entities/field-shape.ts';
import type { Json, JsonObject } from '../json.ts';
import { basesAfterPush } from './bases-after-push.ts';
import { fieldsToPush, valuesToPush } from './push-values.ts';

const shapes: FieldShapes = { tasks: listBy('sequence'), customFields: NAMED };
const NOTHING: ReadonlyMap<string, Json> = new Map();

const drain = { sequence: 10, title: 'Drain', minutes: 33 };
const shownDrain = { sequence: 10, title: 'Drain', minutes: 36 };
const fill = { sequence: 20, title: 'Fill' };

function due(hub: JsonObject, baseHub: JsonObject, held: string[] = []): string[] {
  return [
    ...fieldsToPush({
      hub,
      baseHub,
      pushFields: ['title', 'tasks', 'customFields'],
      held: new Set(held),
      shapes,
    }),
  ];
}

describe('fieldsToPush', () => {
  it.each<[string, JsonObject, JsonObject, string[], string[]]>([
    ['an edited member', { tasks: [{ ...drain, title: 'Empty' }] }, { tasks: [drain] }, [], ['tasks']],
    ['an added element', { tasks: [drain, fill] }, { tasks: [drain] }, [], ['tasks']],
    ['a removed element', { tasks: [drain] }, { tasks: [drain, fill] }, [], ['tasks']],
    ['another order only', { tasks: [fill, drain] }, { tasks: [drain, fill] }, [], []],
    ['no list and an empty one', { tasks: [] }, {}, [], []],
    [
      'a held member alone',
      { tasks: [{ ...drain, title: 'Empty' }] },
      { tasks: [drain] },
      ['tasks[10].title'],
      [],
    ],
    [
      'a held member and an edited one beside it',
      { tasks: [{ ...drain, title: 'Empty', minutes: 5 }] },
      { tasks: [drain] },
      ['tasks[10].title'],
      ['tasks'],
    ],
    ['a held element alone', { tasks: [drain] }, { tasks: [drain, fill] }, ['tasks[20]'], []],
    ['a list held as a whole', { tasks: [drain] }, { tasks: [drain, fill] }, ['tasks'], []],
    [
      'elements that cannot be told apart, one of them held',
      { tasks: [drain, drain] },
      { tasks: [drain] },
      ['tasks[10].title'],
      [],
    ],
    [
      'a held name alone',
      { customFields: { shift: 'B' } },
      { customFields: { shift: 'A' } },
      ['customFields.shift'],
      [],
    ],
    [
      'a name',
      { customFields: { shift: 'B', line: 1 } },
      { customFields: { shift: 'A' } },
      ['customFields.shift'],
      ['customFields'],
    ],
  ])('%s', (_name, hub, baseHub, held, expected) => {
    expect(due(hub, baseHub, held)).toEqual(expected);
  });
});

describe('valuesToPush', () => {
  it('sends what the vendor shows where the hub changed nothing, and ours where it did', () => {
    const values = valuesToPush({
      hub: {
        title: 'Service',
        tasks: [
          { ...drain, notes: 'ours' },
          { ...fill, title: 'Fill slowly' },
        ],
      },
      baseHub: { tasks: [{ ...drain, notes: 'ours' }, fill] },
      baseExternal: { tasks: [shownDrain, { ...fill, description: 'a default of the vendor' }] },
      held: NOTHING,
      shapes,
    });
    expect(values).toEqual({
      title: 'Service',
      tasks: [
        { ...shownDrain, notes: 'ours' },
        { ...fill, title: 'Fill slowly', description: 'a default of the vendor' },
      ],
    });
  });

  it.each<[string, Json, Json, Json, Json]>([
    ['added in the hub', [drain, fill], [drain], [shownDrain], [shownDrain, fill]],
    ['removed in the hub', [drain], [drain, fill], [shownDrain, fill], [shownDrain]],
    ['known to the vendor alone', [drain], [drain], [shownDrain, fill], [shownDrain, fill]],
    ["the vendor's default before the hub said anything", [fill], null, [shownDrain], [fill]],
    [
      "of the number of the vendor's default",
      [drain],
      null,
      [{ ...shownDrain, description: 'made up' }],
      [drain],
    ],
    ['not shown by the vendor', [drain, fill], [drain, fill], [shownDrain], [shownDrain, fill]],
    ['all removed', null, [drain], [shownDrain], null],
    ['cannot be told apart', [fill, fill], [fill], [fill], [fill, fill]],
  ])('%s', (_name, hub, base, shown, expected) => {
    const at = (tasks: Json): JsonObject => (tasks === null ? {} : { tasks });
    expect(
      valuesToPush({ hub: at(hub), baseHub: at(base), baseExternal: at(shown), held: NOTHING, shapes }),
    ).toEqual(at(expected));
  });

  it('sends the value of the vendor for all that is held: fields, elements, members, names', () => {
    const values = valuesToPush({
      hub: {
        title: 'ours',
        description: 'ours',
        tasks: [
          { ...drain, title: 'ours', minutes: 5 },
          { ...fill, title: 'ours' },
        ],
        customFields: { shift: 'ours', line: 2 },
      },
      baseHub: {
        tasks: [drain, fill, { sequence: 30, title: 'removed here' }],
        customFields: { shift: 'A', line: 1 },
      },
      baseExternal: {
        tasks: [shownDrain, fill, { sequence: 30, title: 'x' }],
        customFields: { shift: 'A', line: 1 },
      },
      held: new Map<string, Json>([
        ['description', 'theirs'],
        ['tasks[10].title', 'theirs'],
        ['tasks[20]', null],
        ['tasks[30]', { sequence: 30, title: 'edited there' }],
        ['customFields.shift', 'theirs'],
      ]),
      shapes,
    });
    expect(values).toEqual({
      title: 'ours',
      description: 'theirs',
      tasks: [
        { sequence: 10, title: 'theirs', minutes: 5 },
        { sequence: 30, title: 'edited there' },
      ],
      customFields: { shift: 'theirs', line: 2 },
    });
  });

  it('a field that is held and empty at the vendor goes out empty', () => {
    const input = { baseHub: {}, baseExternal: {}, held: new Map([['description', null]]), shapes };
    expect(valuesToPush({ hub: { description: 'ours' }, ...input })).toEqual({});
  });
});

describe('basesAfterPush', () => {
  const fields = new Set(['tasks']);
  const renamed = { ...drain, title: 'Empty' };

  it('what was written is agreed, and shows as the vendor now does', () => {
    const bases = basesAfterPush({
      baseHub: { tasks: [drain, fill] },
      baseExternal: { tasks: [shownDrain, fill] },
      pushed: { tasks: [renamed, { sequence: 30, title: 'Test for long' }] },
      pushedFields: fields,
      affected: fields,
      external: {
        tasks: [
          { ...shownDrain, title: 'Empty' },
          { sequence: 30, title: 'Test' },
        ],
      },
      shapes,
    });
    expect(bases).toEqual({
      baseHub: { tasks: [renamed, { sequence: 30, title: 'Test for long' }] },
      baseExternal: {
        tasks: [
          { ...shownDrain, title: 'Empty' },
          { sequence: 30, title: 'Test' },
        ],
      },
    });
  });

  it.each<[string, Json, Json]>([
    [
      'edited another element',
      [
        { ...shownDrain, title: 'Empty' },
        { ...fill, title: 'Fill slowly' },
      ],
      fill,
    ],
    ['removed another element', [{ ...shownDrain, title: 'Empty' }], fill],
  ])('somebody who %s at the same time is met as such', (_name, tasks, kept) => {
    const { baseExternal } = basesAfterPush({
      baseHub: { tasks: [drain, fill] },
      baseExternal: { tasks: [shownDrain, fill] },
      pushed: { tasks: [renamed, fill] },
      pushedFields: fields,
      affected: fields,
      external: { tasks },
      shapes,
    });
    expect(baseExternal).toEqual({ tasks: [{ ...shownDrain, title: 'Empty' }, kept] });
  });

  it('so is one who added an element; in a record that we created it is the vendor, and ours', () => {
    const input = {
      baseHub: { tasks: [drain] },
      baseExternal: { tasks: [shownDrain] },
      pushed: { tasks: [renamed] },
      pushedFields: fields,
      affected: fields,
      external: { tasks: [{ ...shownDrain, title: 'Empty' }, fill] },
      shapes,
    };
    expect(basesAfterPush(input).baseExternal).toEqual({ tasks: [{ ...shownDrain, title: 'Empty' }] });
    expect(basesAfterPush({ ...input, created: true }).baseExternal).toEqual(input.external);
  });

  it('an element that the vendor did not remove is there, and no addition', () => {
    const { baseHub, baseExternal } = basesAfterPush({
      baseHub: { tasks: [drain, fill] },
      baseExternal: { tasks: [shownDrain, fill] },
      pushed: { tasks: [drain] },
      pushedFields: fields,
      affected: fields,
      external: { tasks: [shownDrain, fill] },
      shapes,
    });
    expect(baseHub).toEqual({ tasks: [drain] });
    expect(baseExternal).toEqual({ tasks: [shownDrain, fill] });
  });

  it('a vendor that numbers what we sent anew has stored it all the same', () => {
    const external = {
      tasks: [
        { sequence: 1, title: 'Empty' },
        { sequence: 2, title: 'Fill' },
      ],
    };
    const { baseExternal } = basesAfterPush({
      baseHub: {},
      baseExternal: {},
      pushed: { tasks: [renamed, fill] },
      pushedFields: fields,
      affected: fields,
      external,
      shapes,
    });
    expect(baseExternal).toEqual(external);
  });

  it('what is held keeps both bases: fields, elements, members', () => {
    const bases = basesAfterPush({
      baseHub: { description: 'base', tasks: [drain, fill] },
      baseExternal: { description: 'base', tasks: [shownDrain, fill] },
      pushed: { description: 'ours', tasks: [{ ...drain, title: 'ours', minutes: 5 }] },
      pushedFields: new Set(['tasks']),
      affected: new Set(['tasks', 'description']),
      external: {
        description: 'theirs',
        tasks: [
          { sequence: 10, title: 'theirs', minutes: 6 },
          { ...fill, title: 'theirs' },
        ],
      },
      held: new Set(['description', 'tasks[10].title', 'tasks[20]']),
      shapes,
    });
    expect(bases).toEqual({
      baseHub: { description: 'base', tasks: [{ ...drain, minutes: 5 }, fill] },
      baseExternal: { description: 'base', tasks: [{ ...shownDrain, minutes: 6 }, fill] },
    });
  });

  it('names are ours one by one', () => {
    const { baseExternal } = basesAfterPush({
      baseHub: { customFields: { shift: 'A', line: 1 } },
      baseExternal: { customFields: { shift: 'A', line: 1 } },
      pushed: { customFields: { shift: 'B', line: 1 } },
      pushedFields: new Set(['customFields']),
      affected: new Set(['customFields']),
      external: { customFields: { shift: 'b', line: 2, room: 'new' } },
      shapes,
    });
    expect(baseExternal).toEqual({ customFields: { shift: 'b', line: 1 } });
  });
});
