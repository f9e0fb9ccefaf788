/**
 * What this tenant's records look like. Fiix has no call that describes its classes; it tells the type of a column by the
 * prefix of its name (contract 2.10), so the columns of sample records and the plant's definitions of custom fields of
 * work orders (2.9, where the keys may ask for them) are put together.
 */
import { z } from 'zod';
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Json } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { DiscoveredField, DiscoveredSchema } from '../kit/contract.ts';
import type { Client } from './client.ts';
import { manifest } from './manifest.ts';
import type { Reader } from './read.ts';
import { CLASSES } from './wire.ts';

const SAMPLES = 50;
/** Set by Fiix (contract 3). */
const READ_ONLY =
  /^(id|intUpdated|intKind|intSuperCategorySysCode|strUuid|bolLocked|statusId|dtmCreated|dtmDateCreated|dtmDateLastModified|dtmCreateDate|dtmUpdatedDate|strAssetIds|strAssets|strAssigned\w+|strCompletedBy\w+|strCustomerIds|strVendorIds|qtyStockCount|qtyMinStockCount|intScheduledMaintenanceID|bolIsSite|bolIsRegion)$/;
const TYPE_OF_PREFIX: readonly (readonly [RegExp, DiscoveredField['type']])[] = [
  [/^int\w+IDs?$/, 'reference'],
  [/^(id|int[A-Z]\w*)$/, 'integer'],
  [/^(dbl|qty)[A-Z]/, 'number'],
  [/^bol[A-Z]/, 'boolean'],
  [/^(dtm|dat)[A-Z]/, 'instant'],
  [/^str[A-Z]/, 'text'],
];

const customFields = z.array(
  z.looseObject({ fieldName: z.string().min(1), fieldType: z.string().optional() }),
);

export function createDiscover(client: Client, reader: Reader) {
  /** Definitions wherever the answer keeps them: only their property names are known. */
  async function customOfWorkOrders(): Promise<Record<string, DiscoveredField>> {
    try {
      const answer = await client.rpc('CustomFields', 'getWorkOrderCustomFieldsMetaData');
      const found = customFields.safeParse(listIn(answer));
      if (!found.success) return {};
      return Object.fromEntries(
        found.data.map(({ fieldName }) => [fieldName, { type: typeOf(fieldName), nullable: true }]),
      );
    } catch (error) {
      // Not allowed, or not there: what samples show is then all.
      if (error instanceof Failure && ['forbidden', 'rejected', 'not_found'].includes(error.kind)) return {};
      throw error;
    }
  }

  return async function discover(): Promise<DiscoveredSchema> {
    const entities: Record<string, { object: string; fields: Record<string, DiscoveredField> }> = {};
    for (const entity of ENTITIES.filter((name) => manifest.capabilities[name].read)) {
      const { records } = await reader.pull(entity, { cursor: null, pageSize: SAMPLES });
      const fields = fieldsOf(records.map(({ raw }) => raw));
      const custom = entity === 'work_order' ? await customOfWorkOrders() : {};
      entities[entity] = { object: CLASSES[entity].className, fields: { ...custom, ...fields } };
    }
    return { source: 'samples', entities: entities };
  };
}

function fieldsOf(samples: readonly Json[]): Record<string, DiscoveredField> {
  const fields: Record<string, DiscoveredField> = {};
  for (const sample of samples) {
    if (typeof sample !== 'object' || sample === null || Array.isArray(sample)) continue;
    for (const [name, value] of Object.entries(sample)) {
      const known = fields[name];
      const seen = fieldOf(name, value);
      fields[name] = known === undefined ? seen : merged(known, seen);
    }
  }
  return fields;
}

function fieldOf(name: string, value: Json): DiscoveredField {
  // Empty columns are left out of answers, so that nothing tells which of them may be empty.
  const nullable = name === 'id' ? false : null;
  const readOnly = READ_ONLY.test(name) ? { readOnly: true } : {};
  if (Array.isArray(value)) return { type: 'list', nullable, item: fieldsOf(value) };
  if (typeof value === 'object' && value !== null)
    return { type: 'object', nullable, item: fieldsOf([value]) };
  const named = typeof value === 'string' && name === 'id' ? 'text' : typeOf(name);
  if (named !== 'unknown') return { type: named, nullable, ...readOnly };
  return {
    type: typeof value === 'number' ? 'number' : typeof value === 'string' ? 'text' : 'unknown',
    nullable,
  };
}

function merged(a: DiscoveredField, b: DiscoveredField): DiscoveredField {
  return a.item === undefined && b.item === undefined ? a : { ...a, item: { ...b.item, ...a.item } };
}

function typeOf(name: string): DiscoveredField['type'] {
  return TYPE_OF_PREFIX.find(([pattern]) => pattern.test(name))?.[1] ?? 'unknown';
}

function listIn(answer: Json): Json {
  if (Array.isArray(answer) || typeof answer !== 'object' || answer === null) return answer;
  return Object.values(answer).find((value) => Array.isArray(value)) ?? [];
}
