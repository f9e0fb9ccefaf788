/** Discovery: JSON schemas of structures and the list of them (contract 2.1, 2.2). */
import type { Attribute, Mbo, Model, ObjectStructure } from './model.ts';

const NUMBER = new Set(['DECIMAL', 'AMOUNT', 'DURATION']);
const INTEGER = new Set(['INTEGER', 'BIGINT']);

function jsonType(attribute: Attribute): string {
  if (INTEGER.has(attribute.type)) return 'integer';
  if (NUMBER.has(attribute.type)) return 'number';
  return attribute.type === 'YORN' ? 'boolean' : 'string';
}

const AUTOKEYS = new Set(['WORKORDER.wonum', 'SR.ticketid']);

function propertyOf(mbo: Mbo, attribute: Attribute): Record<string, unknown> {
  const property: Record<string, unknown> = {
    type: jsonType(attribute),
    subType: attribute.type,
    title: attribute.name,
  };
  if (attribute.length !== null) property.maxLength = attribute.length;
  if (attribute.persistent) property.persistent = true;
  property.searchType = !attribute.persistent
    ? 'NONE'
    : jsonType(attribute) === 'string' && attribute.type !== 'DATETIME'
      ? 'WILDCARD'
      : 'EXACT';
  if (attribute.domain !== null || attribute.refersTo !== null) property.hasList = true;
  if (attribute.readOnly) property.readonly = true;
  if (AUTOKEYS.has(`${mbo.name}.${attribute.name}`)) property.default = '&AUTOKEY&';
  return property;
}

export function schemaOf(structure: ObjectStructure): Record<string, unknown> {
  const { mbo, name } = structure;
  const properties: Record<string, unknown> = {};
  for (const attribute of mbo.attributes.values()) properties[attribute.name] = propertyOf(mbo, attribute);
  for (const child of structure.children) {
    properties[child.name] = {
      type: 'array',
      cardinality: child.many ? 'MULTIPLE' : 'SINGLE',
      relation: child.segment.toUpperCase(),
      items: {
        type: 'object',
        definition: { subSchema: { $ref: `oslc/jsonschemas/${name}/${child.name}` } },
      },
    };
  }
  return {
    $schema: 'http://json-schema.org/draft-04/schema#',
    resource: name.toUpperCase(),
    title: mbo.name,
    type: 'object',
    pk: [...mbo.keys],
    $ref: `oslc/jsonschemas/${name}`,
    required: [...mbo.required],
    properties,
  };
}

export function childSchema(
  model: Model,
  structure: ObjectStructure,
  childName: string,
): Record<string, unknown> | null {
  const child = structure.children.find((relation) => relation.name === childName);
  const mbo = child === undefined ? undefined : model.mbos.get(child.mbo);
  if (mbo === undefined) return null;
  return schemaOf({ ...structure, name: `${structure.name}/${childName}`, mbo, children: [] });
}

export function apiMeta(model: Model, root: string): Record<string, unknown>[] {
  return [...model.structures.values()].map((structure) => ({
    osName: structure.name.toUpperCase(),
    title: structure.mbo.name,
    authApp: structure.application,
    collectionURL: `${root}/os/${structure.name}`,
    createURL: `${root}/os/${structure.name}`,
    schemaURL: `${root}/jsonschemas/${structure.name}`,
  }));
}
