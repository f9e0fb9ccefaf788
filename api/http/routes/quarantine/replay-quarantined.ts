import { z } from 'zod';
import { replayQuarantined as replay } from '../../../../plant/exceptions/quarantine.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { problem } from './shapes.ts';

export const replayQuarantined = route({
  method: 'POST',
  url: '/quarantine/:id/replay',
  id: 'replayQuarantined',
  tag: 'Quarantine',
  summary: 'Replay a quarantined record',
  description:
    "Sends it through the sync once more, with repaired data if given. Refused when the vendor's record is no longer kept, or when it refers to one that is not linked yet.",
  permission: 'quarantine:resolve',
  params: idParams,
  body: z.strictObject({ data: z.record(z.string(), z.json()).optional() }),
  responses: {
    200: envelope({
      outcome: z.enum(['applied', 'waits', 'queued', 'still_bad']),
      problems: z.array(problem),
    }),
  },
  example: { params: { id: EXAMPLE.quarantined }, body: {} },
  async handle({ person, params, body }) {
    const { outcome, problems } = await replay(person, {
      id: params.id,
      ...(body.data === undefined ? {} : { data: body.data }),
    });
    return { body: { success: true, outcome, problems } };
  },
});
