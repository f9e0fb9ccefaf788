import { describe, expect, it } from '@jest/globals';
import { asRecords, createElements, inField } from './elements.ts';
import type { Screens } from './screens.ts';

type Fields = Record<string, unknown>;

function stand() {
  const rows: Record<string, Fields[]> = {
    orders: [
      {
        id: 'o1',
        steps: [
          { no: 10, text: 'Drain' },
          { no: 20, text: 'Fill' },
        ],
      },
    ],
    tasks: [
      { id: 't1', order: 'o1', kind: 'task', text: 'Drain' },
      { id: 't2', order: 'o2', kind: 'task', text: 'Other' },
    ],
  };
  const screens: Screens = {
    objects: () => Object.keys(rows),
    list: (object) => rows[object] ?? [],
    insert(object, fields) {
      const row = { id: `new${String(rows[object]?.length)}`, ...fields };
      rows[object]?.push(row);
      return row;
    },
    change: (object, id, fields) =>
      Object.assign(rows[object]?.find((row) => row['id'] === id) ?? {}, fields),
    remove(object, id) {
      rows[object] = (rows[object] ?? []).filter((row) => row['id'] !== id);
    },
  };
  return createElements({
    orders: {
      steps: inField({ screens, object: 'orders', field: 'steps', key: 'no' }),
      tasks: asRecords({ screens, object: 'tasks', link: (id) => ({ order: id }), given: { kind: 'task' } }),
    },
  });
}

describe.each([
  ['steps', '10', { no: 30, text: 'Bleed' }],
  ['tasks', 't1', { text: 'Bleed' }],
] as const)('elements kept as %s', (list, key, more) => {
  it('are added, changed and removed one by one', () => {
    const elements = stand();
    const said = (): unknown[] => elements.of('orders', 'o1', list).map(({ text }) => text);
    elements.change('orders', 'o1', list, { key, fields: { text: 'Drain fully' } });
    elements.add('orders', 'o1', list, more);
    expect(said()).toEqual(list === 'steps' ? ['Drain fully', 'Fill', 'Bleed'] : ['Drain fully', 'Bleed']);
    elements.remove('orders', 'o1', list, key);
    expect(said()).toEqual(list === 'steps' ? ['Fill', 'Bleed'] : ['Bleed']);
  });

  it('that are not there are refused', () => {
    const at = { key: '99', fields: {} };
    expect(() => stand().change('orders', 'o1', list, at)).toThrow('There is no element "99"');
    expect(() => stand().remove('orders', 'o1', list, '99')).toThrow('There is no element "99"');
  });
});

it('names the lists there are', () => {
  const elements = stand();
  expect([elements.lists('orders'), elements.lists('tasks')]).toEqual([['steps', 'tasks'], []]);
  expect(() => elements.of('orders', 'o1', 'parts')).toThrow(
    'no list "parts" in orders; use one of steps, tasks.',
  );
  expect(() => elements.of('tasks', 't1', 'parts')).toThrow('There is no list "parts" in tasks.');
});
