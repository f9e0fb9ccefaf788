import { describe, expect, it } from '@jest/globals';
import { listBy, NAMED, type FieldShapes } from '../entities/field-shape.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ConflictPolicy } from './decision.ts';
import { keepHubAt, reviewHeld, takeExternalAt } from './held-values.ts';
import { fieldsToPush, mergeRecord } from './merge.ts';
import { valueAt, withValueAt } from './value-path.ts';

const shapes: FieldShapes = {
  tasks: listBy('sequence'),
  labour: listBy('startedAt', 'person'),
  customFields: NAMED,
};
const drain = { sequence: 10, title: 'Drain' };
const fill = { sequence: 20, title: 'Fill' };

describe('a path', () => {
  const fields: JsonObject = {
    title: 'Service',
    tasks: [drain, fill],
    labour: [{ startedAt: '2026-03-01T08:00:00.000Z', person: 'maria', minutes: 30 }],
    customFields: { 'shift.name': 'B' },
  };

  it.each<[string, Json]>([
    ['title', 'Service'],
    ['tasks[20]', fill],
    ['tasks[20].title', 'Fill'],
    ['tasks[30]', null],
    ['tasks[30].title', null],
    ['labour[2026-03-01T08:00:00.000Z|maria].minutes', 30],
    ['customFields.shift.name', 'B'],
    ['notes', null],
  ])('%s leads to its value', (path, value) => {
    expect(valueAt(fields, path, shapes)).toEqual(value);
  });

  it.each([
    'title',
    'tasks[20].title',
    'labour[2026-03-01T08:00:00.000Z|maria].minutes',
    'customFields.shift.name',
    'notes',
  ])('%s is where another value is set', (path) => {
    expect(valueAt(withValueAt(fields, path, 'new', shapes), path, shapes)).toBe('new');
  });

  it('sets, adds and takes away elements and members; nothing else moves', () => {
    const at = (path: string, value: Json): Json =>
      withValueAt({ tasks: [drain, fill] }, path, value, shapes)['tasks'] ?? null;
    expect(at('tasks[10].title', null)).toEqual([{ sequence: 10 }, fill]);
    expect(at('tasks[10]', null)).toEqual([fill]);
    expect(at('tasks[10]', { sequence: 10, title: 'Empty' })).toEqual([
      { sequence: 10, title: 'Empty' },
      fill,
    ]);
    expect(at('tasks[30]', { sequence: 30 })).toEqual([drain, fill, { sequence: 30 }]);
    expect(at('tasks[30].title', 'gone')).toEqual([drain, fill]);
    expect(withValueAt({ tasks: [drain] }, 'tasks[10]', null, shapes)).toEqual({});
  });
});

interface Open {
  hub: JsonObject;
  external: JsonObject;
  base: JsonObject;
  held: string[];
  policy?: ConflictPolicy;
}

function closedOf({ hub, external, base, held, policy = 'manual' }: Open): [string, string, string | null][] {
  const result = mergeRecord({
    hub,
    external,
    baseHub: base,
    baseExternal: base,
    fields: ['title', 'tasks'],
    shapes,
    policy: () => policy,
    hubChangedAt: () => 1,
    externalChangedAt: 2,
    held,
  });
  return result.closed.map(({ field, by, winner }) => [field, by, winner]);
}

describe('an open conflict', () => {
  const title = (value: string): JsonObject => ({ title: value });
  const tasks = (...list: JsonObject[]): JsonObject => ({ tasks: list });

  it.each<[string, Open, [string, string, string | null][]]>([
    [
      'stays while both differ',
      { hub: title('H'), external: title('E'), base: title('A'), held: ['title'] },
      [],
    ],
    [
      'stays when the vendor went back',
      { hub: title('H'), external: title('A'), base: title('A'), held: ['title'] },
      [],
    ],
    [
      'ends when both agree',
      { hub: title('E'), external: title('E'), base: title('A'), held: ['title'] },
      [['title', 'agreement', 'external']],
    ],
    [
      'ends when the hub went back',
      { hub: title('A'), external: title('E'), base: title('A'), held: ['title'] },
      [['title', 'agreement', 'external']],
    ],
    [
      'ends when both went back',
      { hub: title('A'), external: title('A'), base: title('A'), held: ['title'] },
      [['title', 'agreement', null]],
    ],
    [
      'ends with a policy that decides',
      { hub: title('H'), external: title('E'), base: title('A'), held: ['title'], policy: 'hub' },
      [['title', 'policy', 'hub']],
    ],
    [
      'of a field that is not mapped now stays',
      { hub: {}, external: {}, base: {}, held: ['description'] },
      [],
    ],
    [
      'of a member stays with the member',
      {
        hub: tasks({ ...drain, title: 'H' }, fill),
        external: tasks({ ...drain, title: 'E' }, fill),
        base: tasks(drain, fill),
        held: ['tasks[10].title'],
      },
      [],
    ],
    [
      'of a member ends when its element is gone there, and is one of the element now',
      { hub: tasks({ ...drain, title: 'H' }), external: {}, base: tasks(drain), held: ['tasks[10].title'] },
      [['tasks[10].title', 'superseded', null]],
    ],
    [
      'of a whole list ends where its elements are merged one by one',
      {
        hub: tasks({ ...drain, title: 'H' }),
        external: tasks({ ...drain, title: 'E' }),
        base: tasks(drain),
        held: ['tasks'],
      },
      [['tasks', 'superseded', null]],
    ],
  ])('%s', (_name, open, closed) => {
    expect(closedOf(open)).toEqual(closed);
  });
});

describe('a decision', () => {
  const hub = { tasks: [drain, { ...fill, title: 'H', notes: 'ours' }] };
  const base = { tasks: [drain, { ...fill, notes: 'ours' }] };
  const values = { hub, baseHub: base, baseExternal: { tasks: [drain, fill] } };
  const pushed = (after: { hub: JsonObject; baseHub: JsonObject }): string[] => [
    ...fieldsToPush({ ...after, pushFields: ['tasks'], held: new Set(), shapes }),
  ];

  it('for the vendor brings its value and leaves nothing to push', () => {
    const after = takeExternalAt(values, 'tasks[20].title', 'E', shapes);
    expect(after.hub).toEqual({ tasks: [drain, { ...fill, title: 'E', notes: 'ours' }] });
    expect(after.baseExternal).toEqual({ tasks: [drain, { ...fill, title: 'E' }] });
    expect(pushed(after)).toEqual([]);
  });

  it('for an edit of the vendor brings a removed element back, with what only the hub knew', () => {
    const removed = { ...values, hub: { tasks: [drain] } };
    const after = takeExternalAt(removed, 'tasks[20]', { ...fill, title: 'E' }, shapes);
    expect(after.hub).toEqual({ tasks: [drain, { ...fill, title: 'E', notes: 'ours' }] });
    expect(after.baseExternal).toEqual({ tasks: [drain, { ...fill, title: 'E' }] });
    expect(pushed(after)).toEqual([]);
  });

  it('for a removal by the vendor removes the element', () => {
    const after = takeExternalAt(values, 'tasks[20]', null, shapes);
    expect(after).toEqual({
      hub: { tasks: [drain] },
      baseHub: { tasks: [drain] },
      baseExternal: { tasks: [drain] },
    });
  });

  it('for the hub is carried by a push: a member, an element it keeps, one it removed', () => {
    const kept = keepHubAt(values, 'tasks[20].title', { external: 'E', value: 'H' }, shapes);
    expect(kept.hub).toEqual(hub);
    expect(pushed(kept)).toEqual(['tasks']);
    const element = hub.tasks[1] ?? null;
    const stays = keepHubAt(values, 'tasks[20]', { external: null, value: element }, shapes);
    expect(stays).toEqual({ hub, baseHub: { tasks: [drain] }, baseExternal: { tasks: [drain] } });
    const removed = { ...values, hub: { tasks: [drain] } };
    const goes = keepHubAt(removed, 'tasks[20]', { external: { ...fill, title: 'E' }, value: null }, shapes);
    expect(goes.hub).toEqual({ tasks: [drain] });
    expect(pushed(goes)).toEqual(['tasks']);
  });
});

describe('reviewHeld', () => {
  const review = (hubTitle: string, policy: ConflictPolicy) =>
    reviewHeld({
      values: { hub: { title: hubTitle }, baseHub: { title: 'A' }, baseExternal: { title: 'A' } },
      held: new Map([['title', 'E']]),
      shapes,
      policy: () => policy,
      hubChangedAt: () => 1,
      externalChangedAt: 2,
    });

  it.each<[string, string, ConflictPolicy, unknown]>([
    ['nobody decided', 'H', 'manual', { closed: [], held: new Map([['title', 'E']]) }],
    [
      "a person typed the vendor's value",
      'E',
      'manual',
      {
        closed: [{ field: 'title', by: 'agreement', winner: 'external' }],
        held: new Map(),
        values: { hub: { title: 'E' }, baseHub: { title: 'E' }, baseExternal: { title: 'E' } },
      },
    ],
    [
      'the policy became hub',
      'H',
      'hub',
      {
        closed: [{ field: 'title', by: 'policy', winner: 'hub' }],
        held: new Map(),
        values: { hub: { title: 'H' }, baseHub: { title: 'E' }, baseExternal: { title: 'E' } },
      },
    ],
    [
      'the policy became newest, and the vendor is it',
      'H',
      'newest',
      {
        closed: [{ field: 'title', by: 'policy', winner: 'external' }],
        held: new Map(),
        values: { hub: { title: 'E' }, baseHub: { title: 'E' }, baseExternal: { title: 'E' } },
      },
    ],
  ])('%s', (_name, hubTitle, policy, expected) => {
    expect(review(hubTitle, policy)).toMatchObject(expected as object);
  });
});
