import { describe, expect, it } from '@jest/globals';
import { ENTITIES } from '../../domain/entities/index.ts';
import { publicFields } from '../../domain/entities/public-fields.ts';
import { isListed } from './record-list.ts';

describe('the fields that lists are filtered by', () => {
  it.each(ENTITIES)('of %s have a column each', (entity) => {
    const filters = publicFields(entity).filter(({ options }) => options.filter === true);
    const fields = filters.flatMap(({ field, options }) =>
      options.written === undefined ? [field] : [field, options.written],
    );
    expect(fields.filter((field) => !isListed(entity, field))).toEqual([]);
  });
});
