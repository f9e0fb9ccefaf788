/** A record that could not be mapped or was refused. */
import { z } from 'zod';
import { inSnakeCase } from '../../../../domain/case.ts';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { QuarantineRow } from '../../../../plant/exceptions/quarantine.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const problem = z.object({
  path: z.string(),
  message: z.string(),
  rule: z.string().meta({ description: 'File and line of the mapping rule.' }),
});

export const quarantined = z.object({
  id: uuid,
  connection_id: uuid,
  connection: z.string(),
  system: z.string(),
  entity: z.enum(ENTITIES),
  direction: z.enum(['pull', 'push']),
  subject: z.string().meta({ description: 'External id of a pull, hub id of a push.' }),
  record: z.string().nullable(),
  data: z.json().meta({ description: 'The record as it came, or as it was to be sent.' }),
  problems: z.array(problem),
  run_id: uuid,
  since: instantOutput,
  closed_at: instantOutput.nullable(),
  closed_as: z.enum(['replayed', 'discarded', 'superseded']).nullable(),
});

export function shownQuarantined(row: QuarantineRow): z.input<typeof quarantined> {
  const { number, since, closedAt, rawHash: _hash, ...rest } = row;
  return {
    ...inSnakeCase(rest),
    record: number,
    since: since.toISOString(),
    closed_at: closedAt?.toISOString() ?? null,
  };
}
