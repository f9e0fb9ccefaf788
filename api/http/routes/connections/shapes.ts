/** A connection as the API shows it, under its public names. Secrets are never in it. */
import { z } from 'zod';
import type { ConnectionDetails } from '../../../../plant/connections/connections.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const json = z.json();
export const jsonObject = z.record(z.string().max(200), json);

export const connectionState = z.enum(['active', 'paused']);
export const stateReason = z.string().trim().min(1).max(1_000);

export const connection = z.object({
  id: uuid,
  connection_name: z.string(),
  cmms_type: z.string(),
  api_url: z
    .string()
    .nullable()
    .meta({ description: 'Address of the system; null where it is none, such as a file.' }),
  config: jsonObject.meta({ description: 'Settings without credentials.' }),
  state: connectionState,
  state_reason: z.string().nullable(),
  is_active: z.boolean(),
  poll_seconds: z.number().int(),
  requests_per_second: z.number().nullable().meta({ description: "Null: the connector's own limit." }),
  delete_policy: z.enum(['ignore', 'archive', 'delete']),
  absent: z
    .array(
      z.object({ entity: z.string(), detail: z.string(), setting: z.string().nullable(), since: z.string() }),
    )
    .meta({
      description: 'What the system does not have at all: left out of every sync until it is found there.',
    }),
  last_sync: instantOutput.nullable(),
  last_run: z.object({ id: uuid, state: z.string() }).nullable(),
  created_at: instantOutput,
  updated_at: instantOutput,
});

export function shownConnection(row: ConnectionDetails): z.input<typeof connection> {
  return {
    id: row.id,
    connection_name: row.name,
    cmms_type: row.system,
    api_url: typeof row.config['baseUrl'] === 'string' ? row.config['baseUrl'] : null,
    config: row.config,
    state: row.state,
    state_reason: row.stateReason,
    is_active: row.state === 'active',
    poll_seconds: row.pollSeconds,
    requests_per_second: row.requestsPerSecond,
    delete_policy: row.deletePolicy,
    absent: Object.entries(row.absent).map(([entity, { message, setting, since }]) => ({
      entity,
      detail: message,
      setting,
      since,
    })),
    last_sync: row.lastSyncAt === null ? null : new Date(row.lastSyncAt).toISOString(),
    last_run: row.lastRun === null ? null : { id: row.lastRun.id, state: row.lastRun.state },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export const pollSeconds = z.number().int().min(1).max(86_400);
export const requestsPerSecond = z.number().positive().max(10_000);
export const deletePolicy = z.enum(['ignore', 'archive', 'delete']);
