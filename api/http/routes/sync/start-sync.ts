/**
 * The four sync endpoints. A run always walks all entities in dependency order, because work orders refer
 * to assets and those to locations; the endpoint says which counts the answer is about.
 */
import { z } from 'zod';
import type { Entity } from '../../../../domain/entities/index.ts';
import { Failure } from '../../../../domain/kernel/failure.ts';
import { countsForAsker, isOver, startRun, watchRun, type RunDetails } from '../../../../plant/runs/runs.ts';
import { incompleteWalks, overdueReferences } from '../../../../plant/exceptions/waiting.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route, type Route } from '../../frame/route.ts';
import { booleanInput, envelope, integerInput, uuid } from '../../frame/shapes.ts';
import { run, shownRun } from './shapes.ts';

const WAIT_S_MAX = 60;

const body = z.strictObject({
  cmms_connection_id: uuid.optional(),
  /** What some clients call it. */
  connection_id: uuid.optional(),
  sync_type: z.string().max(100).optional().meta({ description: 'Not read: the address says it.' }),
  force_sync: booleanInput.default(false).meta({ description: 'Reads everything again.' }),
  wait: integerInput
    .pipe(z.number().min(0).max(WAIT_S_MAX))
    .default(0)
    .meta({ description: 'Seconds to wait for the end of the run; then the answer is 200 with its counts.' }),
});

const counted = {
  synced_count: z.number().int().optional(),
  work_orders_synced: z.number().int().optional(),
  schedules_synced: z.number().int().optional(),
  assets_synced: z.number().int().optional(),
  processed: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  failed: z.number().int(),
  errors: z.array(z.string()),
  run,
};

export const syncWorkOrders = syncRoute('work-orders', 'syncWorkOrders', 'Sync work orders', 'work_order');
export const syncMaintenanceSchedules = syncRoute(
  'maintenance-schedules',
  'syncMaintenanceSchedules',
  'Sync maintenance schedules',
  'plan',
);
export const syncAssets = syncRoute('assets', 'syncAssets', 'Sync assets', 'asset');
export const syncAll = syncRoute('all', 'syncAll', 'Sync everything', null);

function syncRoute(path: string, id: string, summary: string, entity: Entity | null): Route {
  return route({
    method: 'POST',
    url: `/cmms/sync/${path}`,
    id,
    tag: 'Sync',
    summary,
    description:
      'Starts a run of the connection, or joins the one that was requested already. A run covers all entities, since they refer to each other; the address decides which of them the counts are about. Refused while the connection is paused.',
    permission: 'sync:run',
    wakes: false,
    queryAsBody: true,
    body,
    responses: {
      202: envelope({ sync_id: uuid, run }).meta({
        description: 'The run is under way; `sync_id` names it.',
      }),
      200: envelope(counted).meta({ description: 'The run ended within `wait` seconds; its counts.' }),
    },
    example: {
      status: 202,
      body: { cmms_connection_id: EXAMPLE.connection, sync_type: path.replace('-', '_') },
    },
    async handle({ deps, person, body: asked, signal }) {
      const connectionId = asked.cmms_connection_id ?? asked.connection_id;
      if (connectionId === undefined) {
        throw new Failure('invalid_request', 'cmms_connection_id: Is required.', {
          path: 'cmms_connection_id',
        });
      }
      const context = { ...person, actions: deps.actions };
      let last = await startRun(context, connectionId, asked.force_sync ? 'full' : 'poll');
      if (asked.wait > 0) {
        const wait = { forMs: asked.wait * 1_000, signal };
        for await (const seen of watchRun(person, last.id, wait)) last = seen;
      }
      const location = `/cmms/sync/${last.id}`;
      if (!isOver(last)) {
        return {
          status: 202,
          location,
          body: { success: true, sync_id: last.id, run: shownRun(last), message: 'The run is under way.' },
        };
      }
      const counts = await countsForAsker(person, last);
      const told = [
        ...(await incompleteWalks(person, last.id, entity)),
        ...(await overdueReferences(person, connectionId, entity)),
      ];
      return {
        location,
        body: {
          success: true,
          ...countsOf(last, counts, entity, told),
          run: shownRun(last),
          message: `The run is ${last.state}.`,
        },
      };
    },
  });
}

function countsOf(
  row: RunDetails,
  counts: Awaited<ReturnType<typeof countsForAsker>>,
  entity: Entity | null,
  told: readonly string[],
): Record<string, unknown> {
  const entities = entity === null ? Object.keys(counts) : [entity];
  const sum = (...names: string[]): number =>
    entities.reduce((total, one) => total + names.reduce((n, name) => n + (counts[one]?.[name] ?? 0), 0), 0);
  const of = (one: Entity): number => counts[one]?.['in'] ?? 0;
  const shown = shownRun(row);
  return {
    ...(entity === null
      ? { work_orders_synced: of('work_order'), schedules_synced: of('plan'), assets_synced: of('asset') }
      : { synced_count: of(entity) }),
    processed: sum('in'),
    created: sum('created'),
    updated: sum('updated', 'linked'),
    failed: sum('quarantined'),
    errors: [
      ...(shown.failure === null ? [] : [shown.failure.message]),
      ...(sum('quarantined') === 0
        ? []
        : [`${String(sum('quarantined'))} records are quarantined; see /quarantine.`]),
      ...told,
    ],
  };
}
