/**
 * What Maximo's object structures say of themselves (contract 2.2), under the names that records have here: children and
 * joined structures are lists or objects with fields of their own, and a status comes with its internal value.
 */
import { ENTITIES, type Entity } from '../../domain/entities/index.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { DiscoveredField, DiscoveredSchema } from '../kit/contract.ts';
import type { MaximoClient } from './client.ts';
import type { Beside, MaximoSettings } from './config.ts';
import { besideOf, objectOf } from './structures.ts';
import { isObject } from './wire.ts';

type Fields = Record<string, DiscoveredField>;

/** Structures whose rows are joined into a record, by the name they have there (joins.ts). */
const JOINED: Readonly<Partial<Record<Entity, { name: string; from: Beside; type: 'list' | 'object' }>>> = {
  part: { name: 'inventory', from: 'inventory', type: 'list' },
  meter: { name: 'meter', from: 'meterMaster', type: 'object' },
};
/** What joins.ts adds to rows of children. */
const ADDED: Readonly<Record<string, Fields>> = {
  labtrans: { personid: { type: 'reference', nullable: true, readOnly: true } },
};

export function createDiscover(
  client: Pick<MaximoClient, 'schema'>,
  config: Pick<MaximoSettings, 'structures'> = { structures: {} },
) {
  /** Null where the account may not see the structure, or there is none. */
  async function fieldsOf(path: string): Promise<Fields | null> {
    let body: unknown;
    try {
      body = await client.schema(path);
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'forbidden' || failure.kind === 'not_found') return null;
      throw failure;
    }
    return fieldsOfSchema(path, body);
  }

  async function describe(entity: Entity): Promise<Fields | null> {
    const { os, children } = objectOf(entity, config);
    const fields = await fieldsOf(os);
    if (fields === null) return null;
    for (const child of Object.keys(children)) {
      const list = fields[child];
      if (list === undefined || list.item !== undefined) continue;
      const item = await fieldsOf(`${os}/${child}`);
      if (item !== null) fields[child] = { ...list, item: { ...item, ...ADDED[child] } };
    }
    const joined = JOINED[entity];
    const beside = joined === undefined ? null : besideOf(joined.from, config);
    const item = beside === null ? null : await fieldsOf(beside);
    if (joined !== undefined && item !== null)
      fields[joined.name] = { type: joined.type, nullable: true, readOnly: true, item };
    return fields;
  }

  return async function discover(): Promise<DiscoveredSchema> {
    const entities: { [E in Entity]?: { object: string; fields: Fields } } = {};
    for (const entity of ENTITIES) {
      if (config.structures[entity] === false) continue;
      const fields = await describe(entity);
      if (fields !== null) entities[entity] = { object: objectOf(entity, config).os, fields };
    }
    return { source: 'metadata', entities };
  };
}

/** Throws `unexpected_response` for what is no schema. */
export function fieldsOfSchema(path: string, body: unknown): Fields {
  if (!isObject(body) || !isObject(body.properties)) {
    throw new Failure(
      'unexpected_response',
      `Maximo's schema of ${path} has no "properties"; look at ${path} under jsonschemas with a browser.`,
    );
  }
  const required = new Set(Array.isArray(body.required) ? body.required.map(String) : []);
  const fields: Fields = {};
  for (const [name, property] of Object.entries(body.properties)) {
    if (!isObject(property)) continue;
    const field = fieldOf(property, !required.has(name));
    fields[name] = field;
    // An attribute of a domain comes with its description, and of a synonym domain with the product's own word.
    if (property.hasList !== true || field.type !== 'text') continue;
    for (const beside of ['maxvalue', 'description'])
      fields[`${name}_${beside}`] = { type: 'text', nullable: true, readOnly: true };
  }
  return fields;
}

function fieldOf(property: Record<string, unknown>, nullable: boolean): DiscoveredField {
  const type = typeOf(property);
  const items = isObject(property.items) ? property.items : property;
  const inline =
    (type === 'list' || type === 'object') && isObject(items.properties)
      ? { item: fieldsOfSchema('a child', items) }
      : {};
  return {
    type,
    nullable,
    // A DATETIME says 10, whatever it holds.
    ...(type === 'text' && typeof property.maxLength === 'number' ? { maxLength: property.maxLength } : {}),
    ...(property.readonly === true ? { readOnly: true } : {}),
    ...inline,
  };
}

function typeOf({ type, subType }: Record<string, unknown>): DiscoveredField['type'] {
  switch (type) {
    case 'string':
      return subType === 'DATETIME' ? 'instant' : subType === 'DATE' ? 'date' : 'text';
    case 'integer':
    case 'number':
    case 'boolean':
    case 'object':
      return type;
    case 'array':
      return 'list';
    default:
      return 'unknown';
  }
}
