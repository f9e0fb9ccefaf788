import { describe, expect, it } from '@jest/globals';
import { ENTITIES } from './index.ts';
import { fieldCalled, plainInput, publicFields, shownValue, storedValue } from './public-fields.ts';

describe('public names', () => {
  it('lead back to their fields', () => {
    for (const entity of ENTITIES) {
      for (const { field, name, options } of publicFields(entity)) {
        // A person and what is written in its place share a name, as one asset and several do: the first is found.
        if (options.own === true) continue;
        expect([entity, name, fieldCalled(entity, name)?.field]).toEqual([
          entity,
          name,
          options.written ?? field,
        ]);
      }
    }
  });

  it.each([
    ['work_order', 'due_date', 'dueAt'],
    ['work_order', 'due_at', 'dueAt'],
    ['work_order', 'assigned_to', 'assigneeName'],
    ['work_order', 'assignee', 'assignee'],
    ['work_order', 'location', 'place'],
    ['plan', 'estimated_duration', 'estimatedMinutes'],
    ['asset', 'responsible_person', 'responsibleName'],
    ['request', 'assigned_to', 'assignee'],
  ] as const)('%s: %s is %s', (entity, name, field) => {
    expect(fieldCalled(entity, name)?.field).toBe(field);
  });

  it('that nothing has lead nowhere', () => {
    expect(fieldCalled('asset', 'colour')).toBeNull();
  });
});

describe('values', () => {
  const hours = fieldCalled('work_order', 'estimated_hours');
  if (hours === null) throw new Error('There is no such field.');

  it('are written in the unit of the API and kept in the hub’s', () => {
    expect([shownValue(hours, 90), storedValue(hours, 1.5), storedValue(hours, null)]).toEqual([
      1.5,
      90,
      null,
    ]);
    expect(storedValue(hours, 0.1)).toBe(6);
  });

  it('of what people may set are taken, others are not', () => {
    expect(
      plainInput('work_order', { estimated_hours: 2, status: 'closed', schedule_id: 'x', notes: null }),
    ).toEqual({
      estimatedMinutes: 120,
      notes: null,
    });
  });
});
