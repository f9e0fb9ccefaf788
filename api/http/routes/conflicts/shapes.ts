/** A field on which hub and system differ, as the API shows it. */
import { z } from 'zod';
import { inSnakeCase } from '../../../../domain/case.ts';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { ConflictRow } from '../../../../plant/exceptions/conflicts.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const conflict = z.object({
  id: uuid,
  connection_id: uuid,
  connection: z.string(),
  system: z.string(),
  entity: z.enum(ENTITIES),
  record_id: uuid,
  record: z.string().meta({ description: 'Number of the hub record.' }),
  external_id: z.string(),
  field: z.string().meta({ description: 'A field, or a value inside it: `tasks[20].title`.' }),
  policy: z.string(),
  hub_value: z.json(),
  external_value: z.json(),
  winner: z.enum(['hub', 'external']).nullable(),
  since: instantOutput,
  resolved_at: instantOutput.nullable(),
  resolved_by: z.string().nullable(),
});

export function shownConflict(row: ConflictRow): z.input<typeof conflict> {
  const { hubId, number, since, resolvedAt, ...rest } = row;
  return {
    ...inSnakeCase(rest),
    record_id: hubId,
    record: number,
    since: since.toISOString(),
    resolved_at: resolvedAt?.toISOString() ?? null,
  };
}

export const resolved = z.object({
  id: uuid,
  connection_id: uuid,
  record: z.string(),
  field: z.string(),
  before: z.object({ hub: z.json(), external: z.json() }),
  value: z.json().meta({ description: "The hub's value after the decision." }),
  pushes: z.boolean().meta({ description: 'Whether the system is written to.' }),
});

export function shownResolved(row: {
  id: string;
  connectionId: string;
  number: string;
  field: string;
  before: { hub: z.input<typeof resolved>['value']; external: z.input<typeof resolved>['value'] };
  value: z.input<typeof resolved>['value'];
  pushes: boolean;
}): z.input<typeof resolved> {
  const { connectionId, number, ...rest } = row;
  return { ...rest, connection_id: connectionId, record: number };
}
