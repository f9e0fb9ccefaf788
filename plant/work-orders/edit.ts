/** Finding a record by its path, and changing it with an entry in the audit log. Parts of the caller's transaction. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { changeRecord } from '../records/change-record.ts';
import type { EditAction } from '../mappings/field-actions.ts';
import { audit, type PersonDeps } from '../person.ts';

/** Throws when the caller read another version of the record. */
export type VersionCheck = (version: number) => void;

const NAMES: Partial<Record<Entity, string>> = { work_order: 'work order', plan: 'maintenance schedule' };

function present(entity: Entity, id: string, record: HubRecord | undefined): HubRecord {
  if (record?.entity === entity && record.deletedAt === null) return record;
  throw new Failure('not_found', `There is no ${NAMES[entity] ?? entity} ${id}.`);
}

export async function loadLive(tx: Tx, entity: Entity, id: string): Promise<HubRecord> {
  return present(entity, id, (await repositories.hubRecords.load(tx, [id])).get(id));
}

/** Nobody else changes it until the transaction ends. */
export async function lockLive(tx: Tx, entity: Entity, id: string): Promise<HubRecord> {
  return present(entity, id, (await repositories.hubRecords.lock(tx, [id])).get(id));
}

/** Writes what differs and returns the record as it is then. */
export async function editRecord(
  deps: PersonDeps,
  tx: Tx,
  hub: HubRecord,
  wanted: JsonObject,
  options: { action: EditAction; at: string },
): Promise<HubRecord> {
  const { changed } = await changeRecord(deps, tx, hub, wanted, {
    originConnectionId: null,
    at: options.at,
    readingSource: 'hub',
  });
  const names = Object.keys(changed);
  if (names.length === 0) return hub;
  await audit(deps, tx, {
    action: options.action,
    subject: `record/${hub.id}`,
    before: Object.fromEntries(names.map((name) => [name, changed[name]?.before ?? null])),
    after: Object.fromEntries(names.map((name) => [name, changed[name]?.after ?? null])),
    at: options.at,
  });
  const edited = (await repositories.hubRecords.load(tx, [hub.id])).get(hub.id);
  if (edited === undefined) throw new Failure('bug', 'A record that was just changed is not there.');
  return edited;
}
