import { describe, expect, it } from '@jest/globals';
import { dueState } from './overdue.ts';

const DUE = '2026-03-01T08:00:00.000Z';
const at = (text: string): number => Date.parse(text);

describe('dueState', () => {
  it.each([
    ['scheduled', '2026-03-01T07:59:59.999Z', { shown: 'scheduled', isOverdue: false }],
    ['scheduled', '2026-03-01T08:00:00.001Z', { shown: 'overdue', isOverdue: true }],
    ['requested', '2026-03-02T00:00:00.000Z', { shown: 'requested', isOverdue: true }],
    ['in_progress', '2026-03-02T00:00:00.000Z', { shown: 'in_progress', isOverdue: true }],
    ['on_hold', '2026-03-02T00:00:00.000Z', { shown: 'on_hold', isOverdue: true }],
    ['completed', '2026-03-02T00:00:00.000Z', { shown: 'completed', isOverdue: false }],
    ['cancelled', '2026-03-02T00:00:00.000Z', { shown: 'cancelled', isOverdue: false }],
  ])('%s at %s', (status, now, expected) => {
    expect(dueState({ status, dueAt: DUE }, at(now))).toEqual(expected);
  });

  it('waits for the tolerance, and knows nothing without a due date', () => {
    const order = { status: 'scheduled', dueAt: DUE };
    expect(dueState(order, at('2026-03-01T09:00:00.000Z'), 2 * 3_600_000).isOverdue).toBe(false);
    expect(dueState(order, at('2026-03-01T10:00:00.001Z'), 2 * 3_600_000).isOverdue).toBe(true);
    expect(dueState({ status: 'scheduled' }, at('2030-01-01T00:00:00.000Z'))).toEqual({
      shown: 'scheduled',
      isOverdue: false,
    });
  });
});
