import { describe, expect, it } from '@jest/globals';
import { listBy, NAMED, type FieldShapes } from '../entities/field-shape.ts';
import type { JsonObject } from '../json.ts';
import { remappedBase } from './remapped-base.ts';

const shapes: FieldShapes = { tasks: listBy('sequence'), customFields: NAMED };

describe('remappedBase', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject, JsonObject]>([
    ['a field the old mapping did not have is news', {}, {}, { title: 'A' }, {}],
    ['a field the new one has no more is no base', { title: 'A' }, { title: 'A' }, {}, {}],
    [
      'read differently and agreed to the letter: put right',
      { type: 'x' },
      { type: 'x' },
      { type: 'y' },
      { type: 'x' },
    ],
    [
      'read differently and stored with loss: as shown now',
      { status: 'x' },
      { status: 'finer' },
      { status: 'y' },
      { status: 'y' },
    ],
    [
      'a member the old mapping did not have is news',
      { tasks: [{ sequence: 10, title: 'Dra' }] },
      { tasks: [{ sequence: 10, title: 'Drain' }] },
      { tasks: [{ sequence: 10, title: 'Dra', minutes: 5 }] },
      { tasks: [{ sequence: 10, title: 'Dra' }] },
    ],
    [
      'so is an element it left out',
      { tasks: [{ sequence: 10, title: 'Dra' }] },
      { tasks: [{ sequence: 10, title: 'Drain' }] },
      {
        tasks: [
          { sequence: 10, title: 'Dra' },
          { sequence: 20, title: 'Fil' },
        ],
      },
      { tasks: [{ sequence: 10, title: 'Dra' }] },
    ],
    [
      'each member by itself',
      { tasks: [{ sequence: 10, title: 'Dra', status: 'pending' }] },
      { tasks: [{ sequence: 10, title: 'Drain', status: 'pending' }] },
      { tasks: [{ sequence: 10, title: 'Drai', status: 'completed' }] },
      { tasks: [{ sequence: 10, title: 'Drai', status: 'pending' }] },
    ],
    [
      'elements that cannot be told apart: the list as shown now',
      { tasks: [{ title: 'Dra' }] },
      { tasks: [{ title: 'Drain' }] },
      { tasks: [{ title: 'Drai' }] },
      { tasks: [{ title: 'Drai' }] },
    ],
    [
      'names',
      { customFields: { a: 1 } },
      { customFields: { a: 2 } },
      { customFields: { a: 3, b: 4 } },
      { customFields: { a: 3 } },
    ],
  ])('%s', (_name, then, agreed, now, base) => {
    expect(remappedBase({ then, agreed, now }, shapes)).toEqual(base);
  });
});
