/** Between public fields and the hub's: names in both directions, and references as people write and read them. */
import type { Entity } from '../../domain/entities/index.ts';
import { plainFields, shownValue, storedValue } from '../../domain/entities/public-fields.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import type { Tx } from '../../store/index.ts';
import { findNamed } from '../../store/hub/plain-references.ts';
import { assetIdsOf, findAssetId } from '../assets/asset-ids.ts';
import { findPerson, personNamesOf } from '../people/people-names.ts';
import { keysOf, type RecordKind } from './plain-records-kinds.ts';

/** Hub id of the one live record that the text names; null when there is none, or several that nothing tells apart. */
export async function findRecordId(
  tx: Tx,
  tenantId: string,
  entity: Entity,
  text: string,
): Promise<string | null> {
  const wanted = text.trim();
  if (entity === 'asset') return findAssetId(tx, tenantId, wanted);
  if (entity === 'person') return findPerson(tx, tenantId, wanted);
  const [first, second] = await findNamed(tx, tenantId, entity, keysOf(entity), wanted);
  return first === undefined || second?.rank === first.rank ? null : first.id;
}

/** What a caller gave under public names, as fields of the hub. Undefined is left out, null stays null. */
export async function toHubFields(
  tx: Tx,
  tenantId: string,
  kind: RecordKind,
  input: Readonly<Record<string, unknown>>,
): Promise<JsonObject> {
  const fields: JsonObject = {};
  for (const one of plainFields(kind.entity)) {
    const { field, name, target } = one;
    const value = input[name] as Json | undefined;
    if (value === undefined) continue;
    const { written } = one.options;
    if (target === null || value === null) {
      fields[field] = storedValue(one, value);
      if (written !== undefined) fields[written] = null;
      continue;
    }
    const text = value as string;
    const id = await findRecordId(tx, tenantId, target, text);
    if (id === null && written === undefined) {
      throw new Failure(
        'invalid_request',
        `There is no ${target} "${text}", or more than one; name it by its number.`,
        { path: name },
      );
    }
    fields[field] = id;
    if (written !== undefined) fields[written] = id === null ? text : null;
  }
  return fields;
}

export interface ShownRecord {
  /** Hub id. */
  id: string;
  version: number;
  /** Under public names. */
  shown: JsonObject;
}

/** Records as answers show them; what a page refers to is loaded in one go. */
export async function toPublic(
  tx: Tx,
  kind: RecordKind,
  records: readonly HubRecord[],
): Promise<ShownRecord[]> {
  const fields = plainFields(kind.entity);
  const referred = (target: Entity): string[] =>
    fields
      .filter((field) => field.target === target)
      .flatMap(({ field }) =>
        records.flatMap((record) => (record.fields[field] as string | undefined) ?? []),
      );
  const labels = new Map([
    ...(await assetIdsOf(tx, referred('asset'))),
    ...(await personNamesOf(tx, referred('person'))),
  ]);
  return records.map((record) => {
    const shown: JsonObject = { id: record.id, number: record.number };
    for (const one of fields) {
      const { field, name, target, options } = one;
      const value = record.fields[field] ?? null;
      const written = record.fields[options.written ?? ''] ?? null;
      if (value === null) shown[name] = written ?? shownValue(one, null);
      else if (target === null) shown[name] = shownValue(one, value);
      else shown[name] = labels.get(value as string) ?? value;
    }
    shown['created_at'] = record.createdAt.toISOString();
    shown['updated_at'] = record.updatedAt.toISOString();
    return { id: record.id, version: record.version, shown };
  });
}
