/** One run, under two addresses: with the runs, and where the answer to a sync points. */
import { readRun } from '../../../../plant/runs/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route, type Route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { run, shownRun } from './shapes.ts';

export const getRun = runRoute('/runs/:id', 'getRun');
export const getSync = runRoute('/cmms/sync/:id', 'getSync');

function runRoute(url: string, id: string): Route {
  return route({
    method: 'GET',
    url,
    id,
    tag: 'Sync',
    summary: 'Get a run',
    description: 'Includes its state and its counters by entity.',
    permission: 'sync:read',
    params: idParams,
    responses: { 200: envelope({ run }) },
    example: { params: { id: EXAMPLE.run } },
    async handle({ person, params }) {
      return { body: { success: true, run: shownRun(await readRun(person, params.id)) } };
    },
  });
}
