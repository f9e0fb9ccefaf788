import { describe, expect, it } from '@jest/globals';
import type { PlanFields } from './fields.ts';
import { afterWork, firstDue, nextDue } from './next-due.ts';

const monthly: PlanFields = {
  name: 'Greasing',
  every: { n: 1, unit: 'month' },
  startsAt: '2026-01-31T08:00:00.000Z',
  nextDueAt: '2026-02-28T08:00:00.000Z',
};

describe('the next date of a schedule', () => {
  it('is one period from now when it begins', () => {
    const { startsAt: _start, nextDueAt: _next, ...fresh } = monthly;
    expect(firstDue(fresh, '2026-05-31T10:00:00.000Z')).toBe('2026-06-30T10:00:00.000Z');
  });

  it('goes on from where the series began, and passes over what was missed', () => {
    expect(nextDue(monthly, '2026-02-28T08:00:00.000Z', '2026-02-28T08:00:00.000Z')).toBe(
      '2026-03-31T08:00:00.000Z',
    );
    expect(nextDue(monthly, '2026-02-28T08:00:00.000Z', '2026-06-15T00:00:00.000Z')).toBe(
      '2026-06-30T08:00:00.000Z',
    );
  });

  it('starts a new series at a date that somebody moved', () => {
    expect(nextDue(monthly, '2026-03-10T08:00:00.000Z', '2026-03-10T08:00:00.000Z')).toBe(
      '2026-04-10T08:00:00.000Z',
    );
  });

  it('does not exist after the end, without a period, or when something else than time triggers', () => {
    const served = '2026-02-28T08:00:00.000Z';
    expect(nextDue({ ...monthly, endsAt: '2026-03-01T00:00:00.000Z' }, served, served)).toBeNull();
    expect(nextDue({ name: 'x' }, served, served)).toBeNull();
    expect(nextDue({ ...monthly, triggerType: 'usage_based' }, served, served)).toBeNull();
  });

  it('counts from the completion when it floats', () => {
    const done = { plannedFor: '2026-02-28T08:00:00.000Z', completedAt: '2026-03-04T11:00:00.000Z' };
    expect(afterWork(monthly, done)).toEqual({
      lastDoneAt: '2026-03-04T11:00:00.000Z',
      nextDueAt: '2026-04-04T11:00:00.000Z',
    });
  });

  it('stays with the calendar when it is fixed, and moves past the date that was served', () => {
    const fixed: PlanFields = { ...monthly, basis: 'fixed' };
    const completedAt = '2026-03-04T11:00:00.000Z';
    expect(afterWork(fixed, { plannedFor: '2026-02-28T08:00:00.000Z', completedAt }).nextDueAt).toBe(
      '2026-03-31T08:00:00.000Z',
    );
    // Extra work in between serves no planned date.
    expect(afterWork(fixed, { plannedFor: '2026-02-10T08:00:00.000Z', completedAt }).nextDueAt).toBe(
      fixed.nextDueAt,
    );
  });

  it('does not move back when work is entered late', () => {
    const plan: PlanFields = { ...monthly, lastDoneAt: '2026-03-04T11:00:00.000Z' };
    const late = { plannedFor: null, completedAt: '2026-02-01T00:00:00.000Z' };
    expect(afterWork(plan, late)).toEqual({ lastDoneAt: plan.lastDoneAt, nextDueAt: plan.nextDueAt });
  });
});
