/**
 * A small reader of EDMX, the XML in which OData describes itself: entity sets, entity types, their properties and where
 * their navigations lead, nothing else. Bounded in size, depth and count; no entities, no document types, no namespaces followed, so a hostile document
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
  /** Whether a way such as `to_Operation/to_Component` leads anywhere from a set. */
  leads(set: string, way: string): boolean;
}

interface EdmType {
  properties: EdmProperty[];
  /** Navigation to the name of the type it leads to; null when the document does not say. */
  navigations: Map<string, string | null>;
}

const TAG =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!DOCTYPE[\s\S]*?>|<!\[CDATA\[[\s\S]*?\]\]>|<(\/?)([\w:.-]+)((?:\s+[\w:.-]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g;
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** What has been met of a document, by unqualified names: one service has one name space. */
interface Met {
  types: Map<string, EdmType>;
  sets: Map<string, string>;
  /** V2: `association/role` to the type at that end. */
  ends: Map<string, string>;
  type: EdmType | null;
  association: string | null;
  root: boolean;
}

export function readEdmx(xml: string, where: string): Edmx {
  const met: Met = {
    types: new Map(),
    sets: new Map(),
    ends: new Map(),
    type: null,
    association: null,
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
    if (closing === '/') leave(met, name);
    else enter(met, name, attributesOf(attributeText), selfClosing === '/');
  }
  if (!met.root) throw broken(where);
  const sets = new Map<string, readonly EdmProperty[]>();
  for (const [set, type] of met.sets) {
    const found = met.types.get(type);
    if (found !== undefined) sets.set(set, found.properties);
  }
  return { sets, leads: (set, way) => leads(met, set, way) };
}

function enter(met: Met, name: string, attributes: ReadonlyMap<string, string>, closed: boolean): void {
  const own = attributes.get('Name') ?? '';
  switch (name) {
    case 'Edmx':
      met.root = true;
      break;
    case 'EntityType': {
      const type: EdmType = { properties: [], navigations: new Map() };
      met.types.set(own, type);
      met.type = closed ? null : type;
      break;
    }
    case 'Property':
      met.type?.properties.push(propertyOf(attributes));
      break;
    case 'NavigationProperty':
      met.type?.navigations.set(own, targetOf(attributes));
      break;
    case 'Association':
      met.association = closed ? null : own;
      break;
    case 'End':
      if (met.association !== null)
        met.ends.set(
          `${met.association}/${attributes.get('Role') ?? ''}`,
          unqualified(attributes.get('Type') ?? ''),
        );
      break;
    case 'EntitySet':
      met.sets.set(own, unqualified(attributes.get('EntityType') ?? ''));
      break;
  }
}

function leave(met: Met, name: string): void {
  if (name === 'EntityType') met.type = null;
  if (name === 'Association') met.association = null;
}

/** V4 names the type, V2 an end of an association, which may be described later in the document. */
function targetOf(attributes: ReadonlyMap<string, string>): string | null {
  const type = attributes.get('Type');
  if (type !== undefined) return unqualified(type.replace(/^Collection\(|\)$/g, ''));
  const relationship = attributes.get('Relationship');
  return relationship === undefined ? null : `${unqualified(relationship)}/${attributes.get('ToRole') ?? ''}`;
}

function leads(met: Met, set: string, way: string): boolean {
  let type: string | null | undefined = met.sets.get(set);
  for (const step of way.split('/')) {
    const found: EdmType | undefined = type == null ? undefined : met.types.get(type);
    if (found === undefined || !found.navigations.has(step)) return false;
    const target: string | null = found.navigations.get(step) ?? null;
    type = target === null ? null : (met.ends.get(target) ?? target);
  }
  return true;
}

function unqualified(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
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
