/** A run as the API shows it. */
import { z } from 'zod';
import type { Json } from '../../../../domain/json.ts';
import type { RunDetails } from '../../../../plant/runs/runs.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const RUN_STATES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const;

export const run = z.object({
  id: uuid,
  connection_id: uuid,
  kind: z.enum(['pass', 'backfill', 'sweep']),
  state: z.enum(RUN_STATES),
  counts: z.record(z.string(), z.record(z.string(), z.number())).meta({
    description: 'By entity: how many records came in, were created, updated, quarantined and so on.',
  }),
  mapping_versions: z.record(z.string(), z.string()),
  failure: z.object({ kind: z.string(), message: z.string() }).nullable(),
  started_at: instantOutput,
  finished_at: instantOutput.nullable(),
});

export function shownRun(row: RunDetails): z.input<typeof run> {
  const { kind, message } = row.failure ?? {};
  return {
    id: row.id,
    connection_id: row.connectionId,
    kind: row.kind,
    state: row.state,
    counts: row.counts,
    mapping_versions: row.mappingVersions,
    failure: row.failure === null ? null : { kind: text(kind, 'bug'), message: text(message, 'It failed.') },
    started_at: row.startedAt.toISOString(),
    finished_at: row.finishedAt?.toISOString() ?? null,
  };
}

function text(value: Json | undefined, otherwise: string): string {
  return typeof value === 'string' ? value : otherwise;
}
