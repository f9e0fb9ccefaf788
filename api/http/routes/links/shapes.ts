/** A pair of hub record and vendor record with its two bases. */
import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { LinkRow } from '../../../../plant/records/links.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

const fields = z.record(z.string(), z.json());

export const link = z.object({
  connection_id: uuid,
  connection: z.string(),
  system: z.string(),
  entity: z.enum(ENTITIES),
  external_id: z.string(),
  external_number: z.string().nullable(),
  external_updated_at: instantOutput.nullable(),
  record_id: uuid,
  record: z.string(),
  base_hub: fields.meta({ description: "The hub's values when both sides last agreed." }),
  base_external: fields.meta({ description: "The system's values then, as its mapping shows them." }),
  read_only: z.boolean(),
  gone_at: instantOutput.nullable(),
});

export function shownLink(row: LinkRow): z.input<typeof link> {
  return {
    connection_id: row.connectionId,
    connection: row.connection,
    system: row.system,
    entity: row.entity,
    external_id: row.externalId,
    external_number: row.externalNumber,
    external_updated_at: row.externalUpdatedAt?.toISOString() ?? null,
    record_id: row.hubId,
    record: row.number,
    base_hub: row.baseHub,
    base_external: row.baseExternal,
    read_only: row.readOnly,
    gone_at: row.goneAt?.toISOString() ?? null,
  };
}
