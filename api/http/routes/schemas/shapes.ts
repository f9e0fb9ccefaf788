/** Discovered schemas and drift as the API shows them. */
import { z } from 'zod';
import { inSnakeCase } from '../../../../domain/case.ts';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import type { DriftRow, SchemaRow } from '../../../../plant/schemas/schemas.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const discoveredEntity = z.object({
  entity: z.enum(ENTITIES),
  object: z.string().meta({ description: "The system's own name." }),
  source: z
    .enum(['metadata', 'samples'])
    .meta({ description: 'From samples a field not listed may exist all the same.' }),
  version: z.string().meta({ description: 'Hash of the content.' }),
  first_seen: instantOutput,
  last_seen: instantOutput,
  run_id: uuid.nullable().meta({ description: 'The run that saw it first; null when a person looked.' }),
  fields: z.record(z.string(), z.json()).meta({
    description:
      'Field to { type, nullable, maxLength, readOnly, values, item }; null for nullable means that the system does not tell.',
  }),
});

export function shownEntity(row: SchemaRow): z.input<typeof discoveredEntity> {
  const { hash, firstSeen, lastSeen, fields, ...rest } = row;
  return {
    ...inSnakeCase(rest),
    version: hash,
    fields,
    first_seen: firstSeen.toISOString(),
    last_seen: lastSeen.toISOString(),
  };
}

export const drift = z.object({
  id: uuid,
  entity: z.enum(ENTITIES),
  direction: z.enum(['pull', 'push']),
  rule: z.string().meta({
    description: "Canonical field of a pull rule, the system's field of a push rule; * for a whole entity.",
  }),
  fields: z.array(z.string()).meta({ description: 'Canonical fields that the rule is about.' }),
  path: z.string().meta({ description: "The system's field." }),
  kind: z.string().meta({
    description: 'lost, type_changed, word_lost, word_added, read_only, required or shortened.',
  }),
  effect: z.enum(['held', 'quarantine', 'none']).meta({
    description:
      'held: the fields wait, on both sides they stay as they are; quarantine: records wait, because a required field has no source; none: to know.',
  }),
  detail: z.string(),
  since: instantOutput,
  acknowledged_at: instantOutput.nullable(),
  acknowledged_by: z.string().nullable(),
  resolved_at: instantOutput.nullable(),
  resolution: z.enum(['returned', 'mapping', 'released']).nullable().meta({
    description:
      'returned: the system is as it was; mapping: the rules read something else now; released: by a person.',
  }),
  resolved_by: z.string().nullable(),
});

export function shownDrift(row: DriftRow): z.input<typeof drift> {
  const { before: _before, runId: _run, since, acknowledgedAt, resolvedAt, ...rest } = row;
  return {
    ...inSnakeCase(rest),
    since: since.toISOString(),
    acknowledged_at: acknowledgedAt?.toISOString() ?? null,
    resolved_at: resolvedAt?.toISOString() ?? null,
  };
}

export const driftIds = z.strictObject({
  drift: z.array(uuid).min(1).max(200).meta({ description: 'Ids of the list.' }),
});
