/** The five endpoints that every kind of plain record has: make, list, show, change, delete. */
import { z } from 'zod';
import type { Entity } from '../../../../domain/entities/index.ts';
import type { RecordKind } from '../../../../plant/records/plain-records-kinds.ts';
import {
  changePlain,
  createPlain,
  deletePlain,
  listPlain,
  readPlain,
  type ShownRecord,
} from '../../../../plant/records/plain-records.ts';
import type { PersonDeps } from '../../../../plant/person.ts';
import { pageAnswer } from '../../frame/pages.ts';
import { assertVersion } from '../../frame/register.ts';
import { route, type Route } from '../../frame/route.ts';
import { envelope, listEnvelope, uuid } from '../../frame/shapes.ts';
import { filterShape, inputShape, neededShape, shownShape } from './field-shapes.ts';
import { nextCursor, plainQuery, recordQuery, recordShape, refParams } from './shapes.ts';

export interface PlainArea {
  kind: RecordKind;
  resource: 'locations' | 'parts' | 'meters' | 'people' | 'requests';
  /** `Location`: part of the operations' names. */
  title: string;
  tag: string;
  /** The table's own when absent. */
  shown?: z.ZodType;
  /** Instead of the plain way. */
  create?: (deps: PersonDeps, input: Readonly<Record<string, unknown>>) => Promise<ShownRecord>;
  examples: {
    /** Of the record that is shown, changed and deleted. */
    id: string;
    create: Readonly<Record<string, unknown>>;
    change: Readonly<Record<string, unknown>>;
    list: Readonly<Record<string, string>>;
  };
}

/** What every record shows, and its fields. */
export function plainShape(entity: Entity): z.ZodObject {
  return z.object({ ...recordShape, ...shownShape(entity) });
}

export type PlainRoutes = Record<'create' | 'list' | 'get' | 'change' | 'remove', Route>;

export function plainRoutes(area: PlainArea): PlainRoutes {
  const { kind, resource, title, tag, examples } = area;
  const { entity, noun } = kind;
  const shown = area.shown ?? plainShape(entity);
  const filters = filterShape(entity);
  const needed = neededShape(entity);
  const optional = inputShape(entity);
  const article = /^[aeiou]/.test(noun) ? 'an' : 'a';
  const many = tag.replaceAll(' ', '');
  const one = envelope({ [noun]: shown });
  const params = { id: examples.id };
  return {
    create: route({
      method: 'POST',
      url: `/${resource}`,
      id: `create${title}`,
      tag,
      summary: `Create ${article} ${noun}`,
      description: `The new record is sent to every connected system that takes ${resource}. A reference that names nothing, or more than one record, is refused.`,
      permission: `${resource}:create`,
      body: z.strictObject({ ...needed, ...optional }),
      responses: { 201: envelope({ [`${noun}_id`]: uuid, [noun]: shown }) },
      example: { body: examples.create },
      async handle({ person, body }) {
        const make = area.create ?? ((deps, input) => createPlain(deps, kind, input));
        const made = await make(person, body);
        return {
          status: 201,
          version: made.version,
          location: `/${resource}/${made.id}`,
          body: { success: true, [`${noun}_id`]: made.id, [noun]: made.shown },
        };
      },
    }),
    list: route({
      method: 'GET',
      url: `/${resource}`,
      id: `list${many}`,
      tag,
      summary: `List ${resource}`,
      description: 'A record is listed when it matches every filter exactly.',
      permission: `${resource}:read`,
      query: z.strictObject({ ...recordQuery, ...filters }),
      responses: { 200: listEnvelope(resource, shown) },
      example: { query: examples.list },
      async handle({ person, query }) {
        const { records, next } = await listPlain(person, kind, plainQuery(query));
        return pageAnswer(
          resource,
          { rows: records, next: nextCursor(query, next) },
          (record) => record.shown,
        );
      },
    }),
    get: route({
      method: 'GET',
      url: `/${resource}/:id`,
      id: `get${title}`,
      tag,
      summary: `Get ${article} ${noun}`,
      description: 'A deleted record is not found.',
      permission: `${resource}:read`,
      params: refParams,
      responses: { 200: one },
      example: { params },
      async handle({ person, params: { id } }) {
        const found = await readPlain(person, kind, id);
        return { version: found.version, body: { success: true, [noun]: found.shown } };
      },
    }),
    change: route({
      method: 'PATCH',
      url: `/${resource}/:id`,
      id: `change${title}`,
      tag,
      summary: `Change ${article} ${noun}`,
      description: 'Fields left out keep their values; null clears a field.',
      permission: `${resource}:update`,
      params: refParams,
      body: z.strictObject({ ...z.strictObject(needed).partial().shape, ...optional }),
      responses: { 200: one },
      example: { params, body: examples.change },
      async handle({ person, params: { id }, body, ifMatch }) {
        const changed = await changePlain(person, kind, id, body, (version) =>
          assertVersion(ifMatch, version),
        );
        return { version: changed.version, body: { success: true, [noun]: changed.shown } };
      },
    }),
    remove: route({
      method: 'DELETE',
      url: `/${resource}/:id`,
      id: `delete${title}`,
      tag,
      summary: `Delete ${article} ${noun}`,
      description: 'Each connected system follows by the delete policy of its connection.',
      permission: `${resource}:delete`,
      params: refParams,
      responses: { 200: envelope({}) },
      example: { params },
      async handle({ person, params: { id }, ifMatch }) {
        await deletePlain(person, kind, id, (version) => assertVersion(ifMatch, version));
        return { body: { success: true, message: `The ${noun} is deleted.` } };
      },
    }),
  };
}
