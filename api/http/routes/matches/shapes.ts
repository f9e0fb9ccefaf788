/** A vendor record that may be one of several hub records. */
import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { Review } from '../../../../plant/exceptions/reviews.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

const fields = z.record(z.string(), z.json());

export const match = z.object({
  connection_id: uuid,
  connection: z.string(),
  system: z.string(),
  entity: z.enum(ENTITIES),
  external_id: z.string(),
  external_number: z.string().nullable(),
  fields: fields.nullable().meta({ description: 'As its mapping shows it; null when it cannot be mapped.' }),
  candidates: z.array(
    z.object({
      record_id: uuid,
      record: z.string(),
      fields,
      linked_to: z.string().nullable().meta({ description: 'Linked meanwhile: cannot be chosen.' }),
    }),
  ),
  since: instantOutput,
});

export function shownMatch(review: Review): z.input<typeof match> {
  return {
    connection_id: review.connectionId,
    connection: review.connection,
    system: review.system,
    entity: review.entity,
    external_id: review.externalId,
    external_number: review.record.number,
    fields: review.fields,
    candidates: review.candidates.map(({ id, number, fields: shown, linkedTo }) => ({
      record_id: id,
      record: number,
      fields: shown,
      linked_to: linkedTo,
    })),
    since: review.since.toISOString(),
  };
}

/** Which vendor record is meant. */
export const subject = {
  connection_id: uuid,
  entity: z.enum(ENTITIES),
  external_id: z.string().min(1).max(1_000),
} as const;
