import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../domain/json.ts';
import { toFailure } from '../../domain/kernel/failure.ts';
import { HIDDEN_FIELD, overlaid, updateBody } from './body.ts';
import type { BodyParts } from './body.ts';
import { PROFILES } from './profiles.ts';

const profile = PROFILES.september;
const shape = { ...profile.objects.work_order, update: 'replace' } as BodyParts['shape'];
const parts: BodyParts = { entity: 'work_order', profile, shape, config: { openStatus: 'open' } };
/** As a list of the first release shows an order, with the asset that a later build may add. */
const row: JsonObject = {
  id: 7,
  title: 'Swap belt',
  description: 'Squeals',
  status: 'open',
  priority: 'high',
  assigned: 'Al',
  created_date: '2026-01-02 08:00:00',
  due_date: '2026-02-03',
};

describe('a change that replaces the record', () => {
  it('carries every field under the name that writing has, whatever name reading has', () => {
    expect(updateBody(parts, { ...row, asset_id: 12 }, { status: 'completed' })).toEqual({
      title: 'Swap belt',
      description: 'Squeals',
      status: 'completed',
      priority: 'high',
      assigned: 'Al',
      dueDate: '2026-02-03',
      asset: 12,
    });
  });

  it('keeps a value that is shown as empty empty', () => {
    const body = updateBody(parts, { ...row, asset_id: null, due_date: null }, { title: 'New belt' });
    expect(body).toMatchObject({ title: 'New belt', asset: null, dueDate: null });
  });

  it('is not made where a field that it would clear is not shown', () => {
    const failure = failureOf(() => updateBody(parts, row, { status: 'completed' }));
    expect([failure.kind, failure.code, failure.path]).toEqual(['rejected', HIDDEN_FIELD, 'asset_id']);
    expect(failure.message).toContain('does not show its "asset_id"');
  });

  it('is made where the hidden field itself is what changes', () => {
    expect(updateBody(parts, row, { asset_id: '9' })).toMatchObject({ asset: 9, dueDate: '2026-02-03' });
  });
});

describe('a row with a change written over it', () => {
  it('shows the new value under one name only', () => {
    const after = overlaid(parts, row, { dueDate: '2026-03-01', assigned: 'Bo' });
    expect(after).toEqual({ ...row, due_date: undefined, dueDate: '2026-03-01', assigned: 'Bo' });
  });
});

function failureOf(work: () => unknown) {
  try {
    work();
  } catch (error) {
    return toFailure(error);
  }
  throw new Error('It was expected to fail and did not.');
}
