/** Entities that a connection's system does not have: told once, with the setting that leaves them out for good. */
import { sql } from 'kysely';
import type { Entity } from '../../domain/entities/index.ts';
import type { Tx } from '../database.ts';

export interface AbsentEntity {
  message: string;
  /** Path of the setting that names the entity's place there, or leaves it out. */
  setting: string | null;
  /** RFC 3339 instant of the first look that did not find it. */
  since: string;
}

/** Returns whether that is news. */
export async function markAbsent(
  tx: Tx,
  connectionId: string,
  entity: Entity,
  absent: AbsentEntity,
): Promise<boolean> {
  const marked = await sql`
    update connection set absent = absent || jsonb_build_object(${entity}::text, ${JSON.stringify(absent)}::jsonb)
    where id = ${connectionId} and not absent ? ${entity}::text`.execute(tx);
  return Number(marked.numAffectedRows ?? 0) > 0;
}

/** It is there after all. */
export async function clearAbsent(tx: Tx, connectionId: string, entity: Entity): Promise<void> {
  await sql`update connection set absent = absent - ${entity}::text where id = ${connectionId} and absent ? ${entity}::text`.execute(
    tx,
  );
}
