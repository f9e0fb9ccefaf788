import { z } from 'zod';
import { listRunsOf } from '../../../operations/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';
import { run, RUN_STATES, shownRun } from './shapes.ts';

export const listRuns = route({
  method: 'GET',
  url: '/runs',
  id: 'listRuns',
  tag: 'Sync',
  summary: 'Lists runs, newest first',
  permission: 'sync:read',
  query: z.strictObject({
    ...pageQuery,
    connection_id: uuid.optional(),
    state: z.enum(RUN_STATES).optional(),
  }),
  responses: { 200: listEnvelope('runs', run) },
  example: { query: { connection_id: EXAMPLE.connection, state: 'completed' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]));
    const found = await listRunsOf(
      person,
      { connectionId: query.connection_id, state: query.state },
      { before: position?.join('|') ?? null, limit: query.limit + 1 },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        runs: page.map(shownRun),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.started_at.toISOString(), last.id]),
      },
    };
  },
});
