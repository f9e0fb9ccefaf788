/** Every canonical field is in some answer under its public name, and every filter in its list: what is forgotten is found here. */
import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import { ENTITIES, type Entity } from '../../../../domain/entities/index.ts';
import { plainFields, publicFields } from '../../../../domain/entities/public-fields.ts';
import { ROUTES } from '../../routes.ts';

/** The operations that show one record and a list of them, and the member of the answer that is the record. */
const ANSWERS: Readonly<Record<Entity, { get: string; list: string; member: string }>> = {
  person: { get: 'getPerson', list: 'listPeople', member: 'person' },
  location: { get: 'getLocation', list: 'listLocations', member: 'location' },
  asset: { get: 'getAsset', list: 'listAssets', member: 'asset' },
  part: { get: 'getPart', list: 'listParts', member: 'part' },
  meter: { get: 'getMeter', list: 'listMeters', member: 'meter' },
  plan: { get: 'getMaintenanceSchedule', list: 'listMaintenanceSchedules', member: 'schedule' },
  request: { get: 'getRequest', list: 'listRequests', member: 'request' },
  work_order: { get: 'getWorkOrder', list: 'listWorkOrders', member: 'work_order' },
};

function routeOf(id: string) {
  const found = ROUTES.find((route) => route.id === id);
  if (found === undefined)
    throw new Error(`There is no operation ${id}; there are ${ROUTES.map((one) => one.id).join(', ')}.`);
  return found;
}

function members(schema: z.ZodType | null | undefined): Readonly<Record<string, z.ZodType>> {
  return (schema as z.ZodObject | undefined)?.shape as Record<string, z.ZodType>;
}

describe.each(ENTITIES)('the fields of a %s', (entity) => {
  const { get, list, member } = ANSWERS[entity];

  it('are all in its answer', () => {
    const shown = members(members(routeOf(get).responses[200])[member]);
    const missing = publicFields(entity).filter(({ name }) => !Object.hasOwn(shown, name));
    expect(missing.map(({ field }) => field)).toEqual([]);
  });

  it('that lists can be narrowed by are in the query of its list', () => {
    const query = members(routeOf(list).query);
    const missing = publicFields(entity).filter(
      ({ name, options }) => options.filter === true && !Object.hasOwn(query, name),
    );
    expect(missing.map(({ field }) => field)).toEqual([]);
  });

  it('have names of their own', () => {
    const names = plainFields(entity).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});
