import { describe, expect, it } from '@jest/globals';
import { listBy, type FieldShapes } from '../entities/field-shape.ts';
import type { Json, JsonObject } from '../json.ts';
import { agreedAt, alikeForVendor } from './alike.ts';
import { fieldsToPush, mergeRecord, type MergeResult } from './merge.ts';
import {
  decideWithIntent,
  type IntentDecision,
  type IntentFacts,
  type IntentNext,
  type Seen,
  type UpdateIntent,
} from './update-intent.ts';

const SHAPES: FieldShapes = { tasks: listBy('sequence') };

/** An order that both sides agreed on, and a write of ours that was begun and whose outcome nobody saw. */
interface Story {
  /** What the hub said when it was written. */
  wanted: JsonObject;
  /** Both bases; what the vendor showed before. */
  before: JsonObject;
  baseHub?: JsonObject;
  steps?: JsonObject[];
  touched?: string[];
  /** What the vendor shows now. */
  external: JsonObject;
  /** The hub now, where it is not as it was. */
  hub?: JsonObject;
  /** Words of the vendor: what is written for a value. */
  words?: Readonly<Record<string, string>>;
  refused?: boolean;
  canGoBack?: boolean;
  attempt?: number;
  refusedBefore?: JsonObject;
}

async function decide(story: Story): Promise<IntentDecision & { merged: MergeResult; due: string[] }> {
  const { wanted, before, baseHub = before, steps = [], external, words = {} } = story;
  const touched = story.touched ?? [...new Set([...Object.keys(wanted), ...steps.flatMap(Object.keys)])];
  const intent: UpdateIntent = {
    fields: Object.keys(wanted).filter((field) => wanted[field] !== baseHub[field]),
    touched,
    wanted: { ...baseHub, ...wanted },
    before,
    payload: {},
    refused: story.refusedBefore ?? null,
    steps,
    begunAt: '2026-03-01T08:00:00.000Z',
    attempt: story.attempt ?? 1,
  };
  const alike = await alikeForVendor({
    ours: intent.wanted,
    theirs: external,
    fields: touched,
    shapes: SHAPES,
    payloadOf: (_field, value) =>
      Promise.resolve(typeof value === 'string' ? (words[value] ?? value) : value),
  });
  const facts: IntentFacts = {
    intent,
    hub: { ...intent.wanted, ...story.refusedBefore, ...story.hub },
    external,
    baseHub,
    baseExternal: before,
    alike,
    shapes: SHAPES,
    refused: story.refused ?? false,
    canGoBack: story.canGoBack ?? false,
    attemptsMax: 5,
  };
  const decision = decideWithIntent(facts);
  const fields = [...new Set([...Object.keys(facts.hub), ...Object.keys(external)])];
  const merged = mergeRecord({
    hub: facts.hub,
    external,
    baseHub: decision.baseHub,
    baseExternal: decision.baseExternal,
    fields,
    shapes: SHAPES,
    policy: () => 'newest',
    hubChangedAt: () => 1,
    // The vendor's clock says now: without the intent, `newest` would let it win.
    externalChangedAt: 2,
  });
  const hub = { ...facts.hub, ...merged.changes };
  const due = [
    ...fieldsToPush({ hub, baseHub: merged.baseHub, pushFields: fields, held: new Set(), shapes: SHAPES }),
  ];
  return { ...decision, merged, due };
}

const completion = {
  wanted: { status: 'completed' },
  before: { status: 'requested' },
  // Maximo: WAPPR, APPR, INPRG, COMP.
  steps: [{ status: 'scheduled' }, { status: 'in_progress' }],
};
const renameOfLocked = {
  wanted: { title: 'Order renamed' },
  before: { title: 'Order', status: 'on_hold' },
  // SAP: unlock, change, lock again.
  steps: [{ status: 'scheduled' }, { status: 'scheduled', title: 'Order renamed' }],
};
const UPKEEP = {
  cancelled: 'onHold',
  on_hold: 'onHold',
  closed: 'complete',
  completed: 'complete',
  critical: '3',
  high: '3',
};
const GENERIC = {
  closed: 'completed',
  completed: 'completed',
  none: 'low',
  low: 'low',
  cleaning: 'preventive',
  preventive: 'preventive',
};

describe('while a write of ours is open', () => {
  it.each<[string, Story, Record<string, Seen>, IntentNext]>([
    // Maximo
    [
      'Maximo: nothing arrived',
      { ...completion, external: { status: 'requested' } },
      { status: 'before' },
      { kind: 'continue', fields: ['status'], steps: completion.steps },
    ],
    [
      'Maximo: the first step arrived',
      { ...completion, external: { status: 'scheduled' } },
      { status: 'step' },
      { kind: 'continue', fields: ['status'], steps: [{ status: 'in_progress' }] },
    ],
    [
      'Maximo: the second too',
      { ...completion, external: { status: 'in_progress' } },
      { status: 'step' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
    [
      'Maximo: all of it',
      { ...completion, external: { status: 'completed' } },
      { status: 'wanted' },
      { kind: 'closed' },
    ],
    [
      'Maximo: too many tries',
      { ...completion, external: { status: 'scheduled' }, attempt: 5 },
      { status: 'step' },
      { kind: 'ask', because: 'too_many_tries' },
    ],
    // SAP
    [
      'SAP: unlocked, not changed',
      { ...renameOfLocked, external: { title: 'Order', status: 'scheduled' } },
      { title: 'before', status: 'step' },
      {
        kind: 'continue',
        fields: ['title', 'status'],
        steps: [{ status: 'scheduled', title: 'Order renamed' }],
      },
    ],
    [
      'SAP: changed, not locked again',
      { ...renameOfLocked, external: { title: 'Order renamed', status: 'scheduled' } },
      { title: 'wanted', status: 'step' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
    [
      'SAP: all of it',
      { ...renameOfLocked, external: { title: 'Order renamed', status: 'on_hold' } },
      { title: 'wanted', status: 'wanted' },
      { kind: 'closed' },
    ],
    // Fewer words than ours
    [
      'UpKeep: cancelled is kept as on hold',
      {
        wanted: { status: 'cancelled' },
        before: { status: 'in_progress' },
        external: { status: 'on_hold' },
        words: UPKEEP,
      },
      { status: 'wanted' },
      { kind: 'closed' },
    ],
    [
      'UpKeep: closed is kept as complete',
      {
        wanted: { status: 'closed' },
        before: { status: 'in_progress' },
        external: { status: 'completed' },
        words: UPKEEP,
      },
      { status: 'wanted' },
      { kind: 'closed' },
    ],
    [
      'UpKeep: critical is kept as high',
      {
        wanted: { priority: 'critical' },
        before: { priority: 'low' },
        external: { priority: 'high' },
        words: UPKEEP,
      },
      { priority: 'wanted' },
      { kind: 'closed' },
    ],
    [
      'UpKeep: nothing arrived',
      {
        wanted: { status: 'cancelled' },
        before: { status: 'in_progress' },
        external: { status: 'in_progress' },
        words: UPKEEP,
      },
      { status: 'before' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
    [
      'generic: three words at once',
      {
        wanted: { status: 'closed', priority: 'none', type: 'cleaning' },
        before: { status: 'in_progress', priority: 'medium', type: 'corrective' },
        external: { status: 'completed', priority: 'low', type: 'preventive' },
        words: GENERIC,
      },
      { status: 'wanted', priority: 'wanted', type: 'wanted' },
      { kind: 'closed' },
    ],
    [
      'Fiix: one of two arrived',
      {
        wanted: { status: 'closed', priority: 'none' },
        before: { status: 'in_progress', priority: 'low' },
        external: { status: 'completed', priority: 'low' },
        words: { closed: '7', completed: '7' },
      },
      { status: 'wanted', priority: 'before' },
      { kind: 'continue', fields: ['priority'], steps: [] },
    ],
    // A refusal in the middle
    [
      'refused at the last step, no way back',
      { ...completion, external: { status: 'in_progress' }, refused: true },
      { status: 'step' },
      { kind: 'ask', because: 'refused' },
    ],
    [
      'refused at the last step, with a way back',
      { ...completion, external: { status: 'in_progress' }, refused: true, canGoBack: true },
      { status: 'step' },
      { kind: 'take_back', values: { status: 'requested' } },
    ],
    [
      'refused before anything changed',
      { ...completion, external: { status: 'requested' }, refused: true, canGoBack: true },
      { status: 'before' },
      { kind: 'ask', because: 'refused' },
    ],
    [
      'refused half-way, the hub corrected meanwhile',
      { ...completion, external: { status: 'in_progress' }, hub: { status: 'on_hold' }, refused: true },
      { status: 'step' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
    [
      'refused half-way, the hub says now what the vendor shows',
      { ...completion, external: { status: 'in_progress' }, hub: { status: 'in_progress' }, refused: true },
      { status: 'step' },
      { kind: 'closed' },
    ],
    [
      'refused half-way, the hub went back to where it was',
      { ...completion, external: { status: 'scheduled' }, hub: { status: 'requested' }, refused: true },
      { status: 'step' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
    // Taking back
    [
      'taken back',
      {
        wanted: { status: 'requested' },
        before: { status: 'in_progress' },
        external: { status: 'requested' },
        refusedBefore: { status: 'completed' },
      },
      { status: 'wanted' },
      { kind: 'ask', because: 'refused' },
    ],
    [
      'not taken back yet',
      {
        wanted: { status: 'requested' },
        before: { status: 'in_progress' },
        external: { status: 'in_progress' },
        refusedBefore: { status: 'completed' },
        canGoBack: true,
      },
      { status: 'before' },
      { kind: 'take_back', values: { status: 'requested' } },
    ],
    [
      'taking back was refused as well',
      {
        wanted: { status: 'requested' },
        before: { status: 'in_progress' },
        external: { status: 'in_progress' },
        refusedBefore: { status: 'completed' },
        canGoBack: true,
        refused: true,
      },
      { status: 'before' },
      { kind: 'ask', because: 'refused' },
    ],
    [
      'taken back, the hub corrected meanwhile',
      {
        wanted: { status: 'requested' },
        before: { status: 'in_progress' },
        external: { status: 'requested' },
        refusedBefore: { status: 'completed' },
        hub: { status: 'on_hold' },
      },
      { status: 'wanted' },
      { kind: 'continue', fields: ['status'], steps: [] },
    ],
  ])('%s: all it shows is ours', async (_name, story, seen, next) => {
    const decision = await decide(story);
    expect(decision.seen).toEqual(seen);
    expect(decision.next).toEqual(next);
    // Nobody's edit: the hub keeps what it says, and no conflict is decided.
    expect(decision.merged.changes).toEqual({});
    expect(decision.merged.decisions.filter(({ rule }) => rule !== 'push_hub')).toEqual([]);
    if (next.kind === 'continue') expect(decision.due.toSorted()).toEqual(next.fields.toSorted());
    if (next.kind === 'closed') expect(decision.due).toEqual([]);
  });

  it.each<[string, Story, JsonObject, Json]>([
    [
      'another state',
      { ...completion, external: { status: 'cancelled' } },
      { status: 'foreign' },
      'cancelled',
    ],
    [
      'a state that lies on another way',
      { ...completion, external: { status: 'on_hold' } },
      { status: 'foreign' },
      'on_hold',
    ],
  ])('%s is a real edit, and in conflict with ours', async (_name, story, seen, external) => {
    const decision = await decide(story);
    expect(decision.seen).toEqual(seen);
    expect(decision.next).toEqual({ kind: 'closed' });
    expect(decision.merged.decisions).toMatchObject([
      { field: 'status', rule: 'conflict', policy: 'newest', winner: 'external', hub: 'completed', external },
    ]);
  });

  it('an edit of a field that the write does not touch is taken', async () => {
    const decision = await decide({
      ...completion,
      before: { status: 'requested', title: 'Order' },
      touched: ['status'],
      external: { status: 'scheduled', title: 'Order of Maria' },
    });
    expect(decision.merged.changes).toEqual({ title: 'Order of Maria' });
    expect(decision.due).toEqual(['status']);
  });

  it('a value that arrived counts as pushed, so that a later word of the hub goes out', async () => {
    const decision = await decide({
      ...completion,
      external: { status: 'completed' },
      hub: { status: 'closed' },
    });
    expect(decision.next).toEqual({ kind: 'continue', fields: ['status'], steps: [] });
    expect(decision.merged.decisions.map(({ rule }) => rule)).toEqual(['push_hub']);
  });

  describe('of a list', () => {
    const before = {
      tasks: [
        { sequence: 10, title: 'Drain' },
        { sequence: 20, title: 'Fill' },
      ],
    };
    const wanted = {
      tasks: [
        { sequence: 10, title: 'Empty' },
        { sequence: 20, title: 'Fill' },
        { sequence: 30, title: 'Test' },
      ],
    };

    it.each<[string, JsonObject[], Seen, string[]]>([
      ['nothing arrived', before.tasks, 'before', ['tasks']],
      ['all arrived', wanted.tasks, 'wanted', []],
      [
        'an element arrived, another not yet',
        [
          { sequence: 10, title: 'Empty' },
          { sequence: 20, title: 'Fill' },
        ],
        'before',
        ['tasks'],
      ],
      [
        'in the middle somebody edits another element',
        [
          { sequence: 10, title: 'Empty' },
          { sequence: 20, title: 'Refill' },
        ],
        'foreign',
        ['tasks'],
      ],
    ])('%s', async (_name, tasks, seen, due) => {
      const decision = await decide({ wanted, before, external: { tasks } });
      expect(decision.seen).toEqual({ tasks: seen });
      expect(decision.due).toEqual(due);
      expect(decision.merged.decisions.filter(({ rule }) => rule === 'conflict')).toEqual([]);
    });

    it('what arrived of it is no conflict when the hub says another word by now', async () => {
      const decision = await decide({
        wanted,
        before,
        external: {
          tasks: [
            { sequence: 10, title: 'Empty' },
            { sequence: 20, title: 'Refill' },
          ],
        },
        hub: {
          tasks: [
            { sequence: 10, title: 'Empty slowly' },
            { sequence: 20, title: 'Fill' },
            { sequence: 30, title: 'Test' },
          ],
        },
      });
      expect(decision.merged.decisions.map(({ field, rule }) => [field, rule])).toEqual([
        ['tasks[10].title', 'push_hub'],
        ['tasks[20].title', 'take_external'],
        ['tasks[30]', 'push_hub'],
      ]);
    });
  });
});

describe('alikeForVendor', () => {
  const payloadOf = (_field: string, value: Json): Promise<Json> =>
    // Titles of three characters, no notes, no states of tasks.
    Promise.resolve(
      Array.isArray(value)
        ? value.map((element) => {
            const { sequence = null, title = null } = element as JsonObject;
            return { sequence, title: typeof title === 'string' ? title.slice(0, 3) : null };
          })
        : value,
    );
  const ours = {
    tasks: [
      { sequence: 10, title: 'Drain', status: 'completed', notes: 'rusty' },
      { sequence: 20, title: 'Fill' },
      { sequence: 30, title: 'Test', status: 'completed' },
    ],
  };
  const theirs = {
    tasks: [
      { sequence: 10, title: 'Dra', status: 'pending' },
      { sequence: 30, title: 'Look', status: 'pending' },
      { sequence: 40, title: 'Go' },
    ],
  };

  it('names the members of elements that this vendor would store the same', async () => {
    const alike = await alikeForVendor({ ours, theirs, fields: ['tasks'], shapes: SHAPES, payloadOf });
    expect([...alike]).toEqual([
      'tasks[10].title',
      'tasks[10].status',
      'tasks[10].notes',
      'tasks[30].status',
    ]);
    expect(agreedAt({ baseHub: {}, baseExternal: {} }, alike, { ours, theirs, shapes: SHAPES })).toEqual({
      baseHub: { tasks: [ours.tasks[0], { sequence: 30, status: 'completed' }] },
      baseExternal: { tasks: [theirs.tasks[0], { sequence: 30, status: 'pending' }] },
    });
  });

  it('a field that cannot be mapped is alike to nothing', async () => {
    const alike = await alikeForVendor({
      ours: { status: 'closed' },
      theirs: { status: 'completed' },
      fields: ['status'],
      shapes: {},
      payloadOf: () => Promise.resolve(null),
    });
    expect(alike.size).toBe(0);
  });
});
