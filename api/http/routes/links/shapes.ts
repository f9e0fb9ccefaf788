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
    connection_id: row.connection_id,
    connection: row.connection,
    system: row.system,
    entity: row.entity,
    external_id: row.external_id,
    external_number: row.external_number,
    external_updated_at: row.external_updated_at?.toISOString() ?? null,
    record_id: row.hub_id,
    record: row.number,
    base_hub: row.base_hub,
    base_external: row.base_external,
    read_only: row.read_only,
    gone_at: row.gone_at?.toISOString() ?? null,
  };
}
