/**
 * A small reader of EDMX, the XML in which OData describes itself: entity sets, entity types and their properties, nothing
 * else. Bounded in size, depth and count; no entities, no document types, no namespaces followed, so a hostile document
 * can do no more than be refused.
 */
import { Failure } from '../../../domain/kernel/failure.ts';
import type { DiscoveredField } from '../../kit/contract.ts';

const ELEMENTS_MAX = 200_000;

export interface EdmProperty {
  name: string;
  type: string;
  nullable: boolean;
  maxLength: number | null;
  creatable: boolean;
  updatable: boolean;
}

export interface Edmx {
  /** Set name to the properties of its type. */
  sets: ReadonlyMap<string, readonly EdmProperty[]>;
}

const TAG =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[\s\S]*?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

export function readEdmx(xml: string, where: string): Edmx {
  const types = new Map<string, EdmProperty[]>();
  const setTypes = new Map<string, string>();
  const state: { namespace: string; type: EdmProperty[] | null; root: boolean } = {
    namespace: '',
    type: null,
    root: false,
  };
  let count = 0;
  for (const match of xml.matchAll(TAG)) {
    const [whole, closing, qualified, attributeText = '', selfClosing] = match;
    if (whole.startsWith('<!DOCTYPE')) throw broken(where);
    if (qualified === undefined) continue;
    count += 1;
    if (count > ELEMENTS_MAX) throw broken(where);
    const name = qualified.slice(qualified.indexOf(':') + 1);
    if (name === 'Edmx') state.root = true;
    if (closing === '/') {
      if (name === 'EntityType') state.type = null;
      continue;
    }
    const attributes = attributesOf(attributeText);
    if (name === 'Schema') state.namespace = attributes.get('Namespace') ?? '';
    else if (name === 'EntityType') {
      const properties: EdmProperty[] = [];
      types.set(`${state.namespace}.${attributes.get('Name') ?? ''}`, properties);
      state.type = selfClosing === '/' ? null : properties;
    } else if (name === 'Property' && state.type !== null) state.type.push(propertyOf(attributes));
    else if (name === 'EntitySet')
      setTypes.set(attributes.get('Name') ?? '', attributes.get('EntityType') ?? '');
  }
  if (!state.root) throw broken(where);
  const sets = new Map<string, readonly EdmProperty[]>();
  for (const [set, type] of setTypes) {
    const properties = types.get(type);
    if (properties !== undefined) sets.set(set, properties);
  }
  return { sets };
}

function propertyOf(attributes: ReadonlyMap<string, string>): EdmProperty {
  const maxLength = Number(attributes.get('MaxLength'));
  return {
    name: attributes.get('Name') ?? '',
    type: (attributes.get('Type') ?? '').replace(/^Edm\./, ''),
    // Absent means nullable in EDM.
    nullable: attributes.get('Nullable') !== 'false',
    maxLength: Number.isInteger(maxLength) && maxLength > 0 ? maxLength : null,
    creatable: attributes.get('sap:creatable') !== 'false',
    updatable: attributes.get('sap:updatable') !== 'false',
  };
}

function attributesOf(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', double, single] of text.matchAll(ATTRIBUTE)) {
    found.set(
      name,
      (double ?? single ?? '').replace(/&(\w+);/g, (entity, word: string) => ENTITIES[word] ?? entity),
    );
  }
  return found;
}

function broken(where: string): Failure {
  return new Failure(
    'unexpected_response',
    `The $metadata of ${where} is no EDMX document; check the path of the service.`,
    { code: 'EDMX' },
  );
}

const TYPES: Readonly<Record<string, DiscoveredField['type']>> = {
  String: 'text',
  Guid: 'text',
  Boolean: 'boolean',
  Byte: 'integer',
  SByte: 'integer',
  Int16: 'integer',
  Int32: 'integer',
  Int64: 'integer',
  Decimal: 'number',
  Double: 'number',
  Single: 'number',
  Date: 'date',
  // Edm.DateTime is used as a calendar date in these services (contract 4.3).
  DateTime: 'date',
  DateTimeOffset: 'instant',
  Time: 'text',
  TimeOfDay: 'text',
};

export function discoveredField(property: EdmProperty): DiscoveredField {
  return {
    type: TYPES[property.type] ?? 'unknown',
    nullable: property.nullable,
    ...(property.maxLength === null ? {} : { maxLength: property.maxLength }),
    ...(property.creatable || property.updatable ? {} : { readOnly: true }),
  };
}
