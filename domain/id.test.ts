import { expect, it } from '@jest/globals';
import { newId, newReference } from './id.ts';

it('makes version 7 uuids that sort by time and do not repeat', () => {
  const ids = Array.from({ length: 2_000 }, (_, n) => newId(1_000_000 + n));
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

it('sorts ids of the same millisecond in the order they were made', () => {
  const ids = Array.from({ length: 4_000 }, () => newId(1_700_000_000_000));
  expect([...ids].sort()).toEqual(ids);
});

it('makes references of ten characters that any vendor field takes', () => {
  const references = Array.from({ length: 2_000 }, () => newReference());
  expect(new Set(references).size).toBe(references.length);
  for (const reference of references) expect(reference).toMatch(/^[0-9A-Z]{10}$/);
});
