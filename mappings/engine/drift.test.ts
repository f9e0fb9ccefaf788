import { describe, expect, it } from '@jest/globals';
import { driftOf, type SchemaFields } from './drift.ts';

const MAPPING = `
system: plant
entity: work_order
object: orders
pull:
  title: { path: [name, code], required: true }
  description: { path: text }
  status: { path: state, values: { OPEN: scheduled, DONE: completed } }
  priority: { path: prio, values: { 1: high }, otherwise: low }
  asset: { key: [site, machine] }
  dueAt: { path: due }
  estimatedMinutes: { path: hours, type: number, factor: 60 }
  actualCost: { expr: '$sum(lines.cost)' }
  tasks: { each: steps, item: { sequence: { path: no, type: integer }, title: { path: label, default: Task } } }
push:
  name: { from: title }
  text: { from: description }
  state: { from: status, values: { scheduled: OPEN, completed: DONE }, otherwise: OPEN, clear: false }
  machine: { from: asset, part: 1 }
  due: { from: dueAt }
  steps: { each: tasks, item: { no: { from: sequence }, label: { from: title } } }
`;
const BEFORE: SchemaFields = {
  name: { type: 'text', nullable: false, maxLength: 100 },
  code: { type: 'text', nullable: false },
  text: { type: 'text', nullable: true },
  state: { type: 'text', nullable: false, values: ['OPEN', 'DONE'] },
  prio: { type: 'integer', nullable: true },
  site: { type: 'text', nullable: false },
  machine: { type: 'text', nullable: true },
  due: { type: 'instant', nullable: true },
  hours: { type: 'integer', nullable: true },
  region: { type: 'text', nullable: true },
  lines: { type: 'list', nullable: true, item: { cost: { type: 'number', nullable: true } } },
  steps: {
    type: 'list',
    nullable: true,
    item: { no: { type: 'integer', nullable: false }, label: { type: 'text', nullable: true } },
  },
};

function compare(after: SchemaFields, complete = true): string[] {
  return driftOf({ file: 'orders.yaml', text: MAPPING }, { before: BEFORE, after, complete }).map(
    ({ direction, rule, path, kind, effect }) => `${direction} ${rule} ${path} ${kind} ${effect}`,
  );
}
function without(...names: string[]): SchemaFields {
  return Object.fromEntries(Object.entries(BEFORE).filter(([name]) => !names.includes(name)));
}

describe('drift of a schema', () => {
  it('is none without a change, whatever is new, and whatever no rule reads', () => {
    expect(compare(BEFORE)).toEqual([]);
    expect(compare({ ...without('region'), colour: { type: 'text', nullable: false } })).toEqual([]);
  });

  it.each([
    ['text', ['pull description text lost held', 'push text text lost held']],
    ['prio', ['pull priority prio lost held']],
    ['site', ['pull asset site lost held']],
    ['lines', ['pull actualCost lines.cost lost held']],
    ['name', ['pull title name lost held', 'push name name lost held']],
  ])('a field that is gone concerns the rules that read or write it: %s', (name, expected) => {
    expect(compare(without(name))).toEqual(expected);
  });

  it('a required field without any source left keeps its rule, so that records wait with a reason', () => {
    expect(compare(without('name', 'code'))).toEqual([
      'pull title name lost quarantine',
      'pull title code lost quarantine',
      'push name name lost held',
    ]);
  });

  it('looks into lists', () => {
    const item = { label: { type: 'text', nullable: true } };
    expect(compare({ ...BEFORE, steps: { type: 'list', nullable: true, item } })).toEqual([
      'pull tasks steps.no lost held',
      'push steps steps.no lost held',
    ]);
    // A list that is not described any more is no proof that its fields are gone.
    expect(compare({ ...BEFORE, steps: { type: 'list', nullable: true } })).toEqual([]);
  });

  it.each<[string, SchemaFields[string], string[]]>([
    [
      'due',
      { type: 'date', nullable: true },
      ['pull dueAt due type_changed held', 'push due due type_changed held'],
    ],
    ['hours', { type: 'number', nullable: true }, []],
    ['machine', { type: 'reference', nullable: true }, []],
    [
      'text',
      { type: 'object', nullable: true },
      ['pull description text type_changed held', 'push text text type_changed held'],
    ],
    ['text', { type: 'text', nullable: true, readOnly: true }, ['push text text read_only held']],
    ['text', { type: 'text', nullable: false }, ['push text text required held']],
    ['name', { type: 'text', nullable: false, maxLength: 40 }, ['push name name shortened none']],
    ['state', { type: 'text', nullable: false, values: ['OPEN'] }, ['push state state word_lost held']],
    [
      'state',
      { type: 'text', nullable: false, values: ['OPEN', 'DONE', 'WAIT'] },
      ['pull status state word_added none'],
    ],
    ['region', { type: 'text', nullable: false }, ['push region region required none']],
  ])('%s becomes %j', (name, field, expected) => {
    expect(compare({ ...BEFORE, [name]: field })).toEqual(expected);
  });

  it('samples prove presence, never absence, and only another kind of value', () => {
    expect(compare({}, false)).toEqual([]);
    expect(compare({ ...BEFORE, due: { type: 'date', nullable: null } }, false)).toEqual([]);
    expect(compare({ ...BEFORE, due: { type: 'object', nullable: null } }, false)).toEqual([
      'pull dueAt due type_changed held',
      'push due due type_changed held',
    ]);
    const sampled = { ...BEFORE, text: { type: 'text', nullable: true, sampled: true } };
    expect(
      driftOf(
        { file: 'orders.yaml', text: MAPPING },
        { before: sampled, after: without('text'), complete: true },
      ),
    ).toEqual([]);
  });
});
