import { z } from 'zod';
import { listRunsOf } from '../../../../plant/runs/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer, readPage, timeAndId } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { run, RUN_STATES, shownRun } from './shapes.ts';

const BY_START = {
  position: timeAndId.transform(({ at, id }) => `${at}|${id}`),
  cells: (row: { startedAt: Date; id: string }) => [row.startedAt.toISOString(), row.id],
};

export const listRuns = route({
  method: 'GET',
  url: '/runs',
  id: 'listRuns',
  tag: 'Sync',
  summary: 'List runs',
  description: 'Newest first.',
  permission: 'sync:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    state: z.enum(RUN_STATES).optional(),
  }),
  responses: { 200: listEnvelope('runs', run) },
  example: { query: { connection_id: EXAMPLE.connection, state: 'completed' } },
  async handle({ person, query }) {
    const filter = { connectionId: query.connection_id, state: query.state };
    const page = await readPage(query, BY_START, (before, limit) =>
      listRunsOf(person, filter, { before, limit }),
    );
    return pageAnswer('runs', page, shownRun);
  },
});
