import { cancelRun as cancel } from '../../../../plant/runs/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { run, shownRun } from './shapes.ts';

export const cancelRun = route({
  method: 'POST',
  url: '/runs/:id/cancel',
  id: 'cancelRun',
  tag: 'Sync',
  summary: 'Cancel a run',
  description:
    'What was applied stays applied; the next run continues from there. Refused when the run is over.',
  permission: 'sync:cancel',
  wakes: false,
  params: idParams,
  responses: { 202: envelope({ run }) },
  example: { params: { id: EXAMPLE.runningRun } },
  async handle({ deps, person, params }) {
    const row = await cancel({ ...person, actions: deps.actions }, params.id);
    return { status: 202, location: `/runs/${row.id}`, body: { success: true, run: shownRun(row) } };
  },
});
