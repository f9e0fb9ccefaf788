/** What each entity is in SAP: domain, key, change dates (contract 4.1), filters. Data and small pure functions. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { SapConfig } from './config.ts';
import type { Condition, Domain, Where } from './transport.ts';
import { plainKey } from './wire.ts';

export interface SapObject {
  domain: Domain;
  noun: string;
  /** The field that identifies the record for ever. */
  key: string;
  /** Whether keys are numbers whose zeros in front SAP adds and drops (contract 3.3). */
  numbered: boolean;
  /** Moment of the last change: null on rows never changed since they were made (contract, surprise 5). */
  changed: string | null;
  /** When a row was made, never null. */
  created: { field: string; kind: 'instant' | 'date' } | null;
  /** Statuses, confirmations and goods issues may leave the change date alone (contract 4.2, rule 4, and 10.2). */
  movesUndated?: true;
}

/** The current usage period of an equipment (contract 2.4). */
export const CURRENT = '9999-12-31';

const OBJECTS: Readonly<Record<Exclude<Entity, 'person'>, SapObject>> = {
  location: {
    domain: 'location',
    noun: 'functional location',
    key: 'FunctionalLocation',
    numbered: false,
    changed: 'LastChangeDateTime',
    created: { field: 'CreationDate', kind: 'date' },
  },
  asset: {
    domain: 'equipment',
    noun: 'equipment',
    key: 'Equipment',
    numbered: true,
    changed: 'LastChangeDateTime',
    created: { field: 'CreationDate', kind: 'date' },
  },
  part: {
    domain: 'product',
    noun: 'material',
    key: 'Product',
    numbered: true,
    changed: 'LastChangeDateTime',
    created: { field: 'CreationDate', kind: 'date' },
  },
  meter: {
    domain: 'point',
    noun: 'measuring point',
    key: 'MeasuringPoint',
    numbered: true,
    changed: null,
    created: null,
  },
  plan: {
    domain: 'item',
    noun: 'maintenance item',
    key: 'MaintenanceItem',
    numbered: true,
    changed: null,
    created: null,
  },
  request: {
    domain: 'notification',
    noun: 'notification',
    key: 'MaintenanceNotification',
    numbered: true,
    changed: 'LastChangeDateTime',
    // CreationDateTime exists in newer releases only.
    created: { field: 'CreationDate', kind: 'date' },
  },
  work_order: {
    domain: 'order',
    noun: 'order',
    key: 'MaintenanceOrder',
    numbered: true,
    changed: 'LastChangeDateTime',
    created: { field: 'MaintOrderCreationDateTime', kind: 'instant' },
    movesUndated: true,
  },
};

export function objectOf(entity: Entity): SapObject {
  if (entity !== 'person') return OBJECTS[entity];
  throw new Failure('invalid_request', 'The released services of SAP have no personnel; leave people out.');
}

export function keyOf(entity: Entity, externalId: string): JsonObject {
  const object = objectOf(entity);
  return {
    [object.key]: externalId,
    ...(entity === 'asset' ? { ValidityEndDate: CURRENT } : {}),
  };
}

export function externalIdOf(entity: Entity, doc: JsonObject): string {
  const object = objectOf(entity);
  const value = doc[object.key];
  const id = object.numbered ? plainKey(value) : typeof value === 'string' ? value : '';
  if (id !== '') return id;
  throw withoutKey(object);
}

export function withoutKey({ noun, key }: SapObject): Failure {
  return new Failure(
    'unexpected_response',
    `A ${noun} of SAP came without ${key}; the service's $metadata is not the one this connector was written for.`,
    { path: key },
  );
}

export function is(field: string, value: string | boolean): Condition {
  return { field, op: 'eq', value, kind: 'text' };
}

/** What a connection reads at all. */
export function scopeOf(entity: Entity, config: SapConfig): Where {
  if (entity === 'part') return anyOf('ProductType', config.productTypes);
  if (entity === 'meter' || entity === 'plan') return [];
  const plants = anyOf('MaintenancePlanningPlant', config.plants);
  return entity === 'asset' ? [...current(), ...plants] : plants;
}

/** History rows of equipment stay out (contract 2.4). */
export function current(): Where {
  return [{ field: 'ValidityEndDate', op: 'eq', value: CURRENT, kind: 'date' }];
}

export function anyOf(field: string, values: readonly string[]): Where {
  return values.length === 0 ? [] : [values.map((value) => [is(field, value)])];
}
