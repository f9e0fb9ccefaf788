import { describe, expect, it } from '@jest/globals';
import { listBy, NAMED, READING, type FieldShapes } from '../entities/field-shape.ts';
import type { Json, JsonObject } from '../json.ts';
import type { ConflictPolicy } from './decision.ts';
import { mergeRecord, type MergeResult } from './merge.ts';

const SHAPES: FieldShapes = {
  tasks: listBy('sequence'),
  parts: listBy('part'),
  labour: listBy('startedAt', 'person'),
  customFields: NAMED,
  lastReading: READING,
};

interface Given {
  hub: Json;
  external: Json;
  baseHub: Json;
  baseExternal?: Json;
}

function merge(
  field: string,
  given: Given,
  policy: ConflictPolicy = 'newest',
  times: { hub: number; external: number } = { hub: 1, external: 2 },
): MergeResult {
  const at = (value: Json): JsonObject => (value === null ? {} : { [field]: value });
  return mergeRecord({
    hub: at(given.hub),
    external: at(given.external),
    baseHub: at(given.baseHub),
    baseExternal: at(given.baseExternal === undefined ? given.baseHub : given.baseExternal),
    fields: [field],
    shapes: SHAPES,
    policy: () => policy,
    hubChangedAt: () => times.hub,
    externalChangedAt: times.external,
  });
}

const drain = { sequence: 10, title: 'Drain', status: 'pending' };
const fill = { sequence: 20, title: 'Fill', status: 'pending' };

describe('a list whose elements have an identity', () => {
  it('keeps what was done in the hub when the vendor renames another step', () => {
    // Maximo shows neither notes nor people, and knows a task as pending until the order is done.
    const done = { ...drain, status: 'completed', notes: 'bolt sheared', completedBy: 'Tom' };
    const result = merge('tasks', {
      hub: [done, fill],
      external: [drain, { ...fill, title: 'Fill slowly' }],
      baseHub: [done, fill],
      baseExternal: [drain, fill],
    });
    expect(result.changes).toEqual({ tasks: [done, { ...fill, title: 'Fill slowly' }] });
    expect(result.decisions).toEqual([
      { field: 'tasks[20].title', rule: 'take_external', hub: 'Fill', external: 'Fill slowly' },
    ]);
    expect(result.baseHub).toEqual(result.changes);
    expect(result.baseExternal).toEqual({ tasks: [drain, { ...fill, title: 'Fill slowly' }] });
  });

  it('does not take the vendor rounding for an edit when somebody there adds a part', () => {
    const result = merge('parts', {
      hub: [{ part: 'oil', quantity: 1.5 }],
      external: [
        { part: 'belt', quantity: 1 },
        { part: 'oil', quantity: 2 },
      ],
      baseHub: [{ part: 'oil', quantity: 1.5 }],
      baseExternal: [{ part: 'oil', quantity: 2 }],
    });
    expect(result.changes).toEqual({
      parts: [
        { part: 'belt', quantity: 1 },
        { part: 'oil', quantity: 1.5 },
      ],
    });
  });

  it('brings edits of both sides together, each member by itself', () => {
    const result = merge('tasks', {
      hub: [{ ...drain, notes: 'rusty' }, fill, { sequence: 30, title: 'Test' }],
      external: [{ ...drain, title: 'Drain oil' }],
      baseHub: [drain, fill],
    });
    expect(result.changes).toEqual({
      tasks: [
        { ...drain, title: 'Drain oil', notes: 'rusty' },
        { sequence: 30, title: 'Test' },
      ],
    });
    expect(result.decisions.map(({ field, rule }) => [field, rule])).toEqual([
      ['tasks[10].title', 'take_external'],
      ['tasks[10].notes', 'push_hub'],
      ['tasks[20]', 'take_external'],
      ['tasks[30]', 'push_hub'],
    ]);
  });

  it.each<[ConflictPolicy, Json, 'hub' | 'external' | null]>([
    ['hub', 'Empty', 'hub'],
    ['external', 'Drain oil', 'external'],
    ['newest', 'Drain oil', 'external'],
    ['manual', 'Empty', null],
  ])('policy %s decides one member, and calls it by its name', (policy, title, winner) => {
    const result = merge(
      'tasks',
      {
        hub: [{ ...drain, title: 'Empty' }, fill],
        external: [
          { ...drain, title: 'Drain oil' },
          { ...fill, status: 'completed' },
        ],
        baseHub: [drain, fill],
      },
      policy,
    );
    expect(result.changes).toEqual({
      tasks: [
        { ...drain, title },
        { ...fill, status: 'completed' },
      ],
    });
    expect(result.decisions).toEqual([
      {
        field: 'tasks[10].title',
        rule: 'conflict',
        policy,
        winner,
        hub: 'Empty',
        external: 'Drain oil',
      },
      { field: 'tasks[20].status', rule: 'take_external', hub: 'pending', external: 'completed' },
    ]);
    // What a person decides keeps both bases, the other element goes on.
    const agreed = winner === null ? 'Drain' : winner === 'hub' ? 'Drain' : 'Drain oil';
    expect(result.baseHub).toEqual({
      tasks: [
        { ...drain, title: agreed },
        { ...fill, status: 'completed' },
      ],
    });
  });

  describe('removed on one side and edited on the other', () => {
    const edited = { ...fill, title: 'Fill slowly' };

    it.each<[ConflictPolicy, Json, 'hub' | 'external' | null]>([
      ['hub', [drain, edited], 'hub'],
      ['external', [drain], 'external'],
      ['manual', [drain, edited], null],
    ])('there, here: policy %s', (policy, tasks, winner) => {
      const result = merge(
        'tasks',
        { hub: [drain, edited], external: [drain], baseHub: [drain, fill] },
        policy,
      );
      expect(result.decisions).toEqual([
        { field: 'tasks[20]', rule: 'conflict', policy, winner, hub: edited, external: null },
      ]);
      expect({ tasks: [drain, edited], ...result.changes }).toEqual({ tasks });
    });

    it.each<[ConflictPolicy, boolean, 'hub' | 'external' | null]>([
      ['hub', false, 'hub'],
      ['external', true, 'external'],
      ['manual', false, null],
    ])('here, there: policy %s', (policy, isBack, winner) => {
      const noted = { ...fill, notes: 'slowly' };
      const result = merge(
        'tasks',
        {
          hub: [drain],
          external: [drain, edited],
          baseHub: [drain, noted],
          baseExternal: [drain, fill],
        },
        policy,
      );
      expect(result.decisions).toEqual([
        { field: 'tasks[20]', rule: 'conflict', policy, winner, hub: null, external: edited },
      ]);
      // What the vendor cannot show comes back with the element.
      expect(result.changes).toEqual(isBack ? { tasks: [drain, { ...edited, notes: 'slowly' }] } : {});
    });

    it('removed on both is agreed', () => {
      const result = merge('tasks', { hub: [drain], external: [drain], baseHub: [drain, fill] });
      expect(result.changes).toEqual({});
      expect(result.decisions).toMatchObject([{ field: 'tasks[20]', rule: 'agree' }]);
      expect(result.baseHub).toEqual({ tasks: [drain] });
    });
  });

  it('the same number added on both sides is one element: equal members agree, others are conflicts', () => {
    const result = merge('tasks', {
      hub: [{ ...drain, notes: 'ours' }],
      external: [{ ...drain, title: 'Drain oil' }],
      baseHub: null,
    });
    expect(result.decisions.map(({ field, rule }) => [field, rule])).toEqual([
      ['tasks[10].title', 'conflict'],
      ['tasks[10].status', 'agree'],
      ['tasks[10].notes', 'push_hub'],
    ]);
    expect(result.changes).toEqual({ tasks: [{ ...drain, title: 'Drain oil', notes: 'ours' }] });
  });

  it('a member that the vendor could show and emptied is emptied; one it never showed stays', () => {
    const result = merge('tasks', {
      hub: [{ ...drain, description: 'carefully', notes: 'rusty' }],
      external: [drain],
      baseHub: [{ ...drain, description: 'carefully', notes: 'rusty' }],
      baseExternal: [{ ...drain, description: 'carefully' }],
    });
    expect(result.changes).toEqual({ tasks: [{ ...drain, notes: 'rusty' }] });
  });

  it('the last element removed there empties the field', () => {
    const result = merge('tasks', { hub: [drain], external: null, baseHub: [drain] });
    expect(result).toMatchObject({ changes: { tasks: null }, baseHub: {}, baseExternal: {} });
  });

  describe('order', () => {
    it('is no content: another order there changes nothing', () => {
      const result = merge('tasks', { hub: [drain, fill], external: [fill, drain], baseHub: [drain, fill] });
      expect(result).toMatchObject({ changes: {}, decisions: [] });
    });

    it('is that of the identity where the hub keeps it, wherever an element came from', () => {
      const [five, fifteen] = [
        { sequence: 5, title: 'Lock out' },
        { sequence: 15, title: 'Wait' },
      ];
      const result = merge('tasks', {
        hub: [drain, fifteen, fill],
        external: [fill, five, drain],
        baseHub: [drain, fill],
      });
      expect(result.changes).toEqual({ tasks: [five, drain, fifteen, fill] });
    });

    it("else the hub's, with new elements behind the one they follow at the vendor", () => {
      const five = { sequence: 5, title: 'Wipe' };
      const result = merge('tasks', {
        hub: [fill, drain],
        external: [fill, five, drain],
        baseHub: [fill, drain],
      });
      expect(result.changes).toEqual({ tasks: [fill, five, drain] });
    });
  });

  describe('numbers given anew', () => {
    const noted = { ...drain, notes: 'bolt sheared', status: 'completed' };

    it('notes of the hub follow the step they are about', () => {
      const result = merge('tasks', {
        hub: [noted, fill],
        external: [
          { sequence: 10, title: 'Lock out', status: 'pending' },
          { ...drain, sequence: 20 },
          { ...fill, sequence: 30 },
        ],
        baseHub: [noted, fill],
        baseExternal: [drain, fill],
      });
      expect(result.changes).toEqual({
        tasks: [
          { sequence: 10, title: 'Lock out', status: 'pending' },
          { ...noted, sequence: 20 },
          { ...fill, sequence: 30 },
        ],
      });
      expect(result.decisions.map(({ field, external }) => [field, external])).toEqual([
        ['tasks[10]', { sequence: 10, title: 'Lock out', status: 'pending' }],
        ['tasks[10].sequence', 20],
        ['tasks[20].sequence', 30],
      ]);
    });

    it('in the hub: an edit there meets the step under its new number', () => {
      const result = merge('tasks', {
        hub: [
          { ...drain, sequence: 20 },
          { ...fill, sequence: 30 },
        ],
        external: [drain, { ...fill, title: 'Fill slowly' }],
        baseHub: [drain, fill],
      });
      expect(result.changes).toEqual({
        tasks: [
          { ...drain, sequence: 20 },
          { ...fill, sequence: 30, title: 'Fill slowly' },
        ],
      });
    });

    it('a new step whose number was taken away gets the next free one', () => {
      const added = { sequence: 30, title: 'Test' };
      const result = merge('tasks', {
        hub: [drain, fill, added],
        external: [
          { sequence: 10, title: 'Lock out' },
          { ...drain, sequence: 20 },
          { ...fill, sequence: 30 },
        ],
        baseHub: [drain, fill],
      });
      expect(
        (result.changes['tasks'] as JsonObject[]).map(({ sequence, title }) => [sequence, title]),
      ).toEqual([
        [10, 'Lock out'],
        [20, 'Drain'],
        [30, 'Fill'],
        [40, 'Test'],
      ]);
      expect(result.decisions.at(-1)).toMatchObject({ field: 'tasks[30].sequence', hub: 30, external: 40 });
    });

    it.each<[ConflictPolicy, number]>([
      ['hub', 11],
      ['external', 20],
    ])('differently on both sides: policy %s', (policy, sequence) => {
      const result = merge(
        'tasks',
        { hub: [{ ...drain, sequence: 11 }], external: [{ ...drain, sequence: 20 }], baseHub: [drain] },
        policy,
      );
      expect({ tasks: [{ ...drain, sequence: 11 }], ...result.changes }).toEqual({
        tasks: [{ ...drain, sequence }],
      });
      expect(result.baseHub).toEqual({ tasks: [{ ...drain, sequence: 20 }] });
      expect(result.baseExternal).toEqual(result.baseHub);
    });

    it('a step removed here is not brought back because it was renumbered there', () => {
      const result = merge('tasks', {
        hub: [drain],
        external: [drain, { ...fill, sequence: 30 }],
        baseHub: [drain, fill],
      });
      expect(result.changes).toEqual({});
      expect(result.decisions.map(({ field, rule }) => [field, rule])).toEqual([
        ['tasks[20].sequence', 'take_external'],
        ['tasks[30]', 'push_hub'],
      ]);
    });

    it('parts are not numbered: another part of the same quantity is another part', () => {
      const result = merge('parts', {
        hub: [{ part: 'a', quantity: 3 }],
        external: [{ part: 'b', quantity: 2 }],
        baseHub: [{ part: 'a', quantity: 2 }],
      });
      expect(result.decisions.map(({ field, rule }) => [field, rule])).toEqual([
        ['parts[b]', 'take_external'],
        ['parts[a]', 'conflict'],
      ]);
    });
  });

  describe('whose elements cannot be told apart is one value', () => {
    it.each<[string, Given, string]>([
      [
        'two elements with one number',
        { hub: [drain], external: [drain, { ...fill, sequence: 10 }], baseHub: [drain] },
        'two elements have the sequence 10 in the other system',
      ],
      [
        'an element without a number',
        { hub: [drain], external: [{ title: 'Drain' }], baseHub: [drain] },
        'an element has no sequence in the other system',
      ],
      [
        'plain words',
        { hub: ['Drain'], external: ['Fill'], baseHub: ['Drain'] },
        'an element has no sequence in the hub',
      ],
      [
        'a vendor that numbers by position',
        {
          hub: [drain, fill],
          external: [
            { ...drain, sequence: 1 },
            { ...fill, sequence: 2, title: 'Fill slowly' },
          ],
          baseHub: [drain, fill],
          baseExternal: [
            { ...drain, sequence: 1 },
            { ...fill, sequence: 2 },
          ],
        },
        'the other system does not keep the sequence',
      ],
    ])('%s', (_name, given, reason) => {
      const result = merge('tasks', given);
      expect(result.changes).toEqual({ tasks: given.external });
      expect(result.decisions).toEqual([
        {
          field: 'tasks',
          rule: 'take_external',
          hub: given.hub,
          external: given.external,
          reason: `${reason}, so the list was merged as one value`,
        },
      ]);
    });
  });

  it('a booking without a start is known by its person', () => {
    const timed = { person: 'maria', startedAt: '2026-03-01T08:00:00.000Z', minutes: 30 };
    const result = merge('labour', {
      hub: [timed],
      external: [{ person: 'maria', minutes: 45 }],
      baseHub: [timed],
      baseExternal: null,
    });
    expect(result.changes).toEqual({ labour: [{ person: 'maria', minutes: 45 }, timed] });
  });
});

describe('an object of free names', () => {
  it('is merged name by name', () => {
    const result = merge('customFields', {
      hub: { shift: 'A', line: 4, note: 'ours' },
      external: { shift: 'B' },
      baseHub: { shift: 'A', line: 3 },
      baseExternal: { shift: 'A' },
    });
    expect(result.changes).toEqual({ customFields: { shift: 'B', line: 4, note: 'ours' } });
    expect(result.decisions.map(({ field, rule }) => [field, rule])).toEqual([
      ['customFields.shift', 'take_external'],
      ['customFields.line', 'push_hub'],
      ['customFields.note', 'push_hub'],
    ]);
  });

  it('without names is none, and remembered as the vendor writes it', () => {
    const result = merge('customFields', { hub: null, external: {}, baseHub: null });
    expect(result).toMatchObject({
      changes: {},
      decisions: [],
      baseHub: {},
      baseExternal: { customFields: {} },
    });
  });

  it('whose last name was taken away there is empty', () => {
    const result = merge('customFields', { hub: { shift: 'A' }, external: null, baseHub: { shift: 'A' } });
    expect(result).toMatchObject({ changes: { customFields: null }, baseHub: {} });
  });
});

describe('a reading', () => {
  const at = (hour: number, value: number): JsonObject => ({
    value,
    at: `2026-03-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
  });

  it.each<[string, Given, Json, string[]]>([
    [
      'newer there',
      { hub: at(10, 50), external: at(11, 100), baseHub: at(10, 50) },
      at(11, 100),
      ['take_external'],
    ],
    [
      'older there',
      { hub: at(12, 120), external: at(11, 100), baseHub: at(10, 50) },
      at(12, 120),
      ['newest_reading'],
    ],
    [
      'older there, ours known there',
      { hub: at(12, 120), external: at(11, 100), baseHub: at(12, 120) },
      at(12, 120),
      ['newest_reading'],
    ],
    [
      'gone there',
      { hub: at(12, 120), external: null, baseHub: at(12, 120) },
      at(12, 120),
      ['newest_reading'],
    ],
    [
      'newer there than a new one of ours',
      { hub: at(11, 100), external: at(12, 120), baseHub: at(10, 50) },
      at(12, 120),
      ['newest_reading'],
    ],
    [
      'at first contact',
      { hub: at(12, 120), external: at(13, 130), baseHub: null },
      at(13, 130),
      ['newest_reading'],
    ],
    [
      'put right there',
      { hub: at(10, 50), external: at(10, 55), baseHub: at(10, 50) },
      at(10, 55),
      ['take_external'],
    ],
    [
      'put right on both sides',
      { hub: at(10, 51), external: at(10, 55), baseHub: at(10, 50) },
      at(10, 55),
      ['conflict'],
    ],
    [
      'newer here',
      { hub: at(12, 120), external: at(10, 50), baseHub: at(10, 50) },
      at(12, 120),
      ['push_hub'],
    ],
  ])('%s', (_name, given, holds, rules) => {
    // The policy of the field is the vendor's in all shipped mappings; times of readings come before it.
    const result = merge('lastReading', given, 'external');
    expect({ lastReading: given.hub, ...result.changes }).toEqual({ lastReading: holds });
    expect(result.decisions.map(({ rule }) => rule)).toEqual(rules);
    // Whatever was decided, the vendor's reading was seen.
    expect(result.baseExternal['lastReading'] ?? null).toEqual(given.external);
  });
});
