import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { readRunLog } from '../../../operations/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import {
  decodeCursor,
  encodeCursor,
  idParams,
  instantOutput,
  listEnvelope,
  pageQuery,
  uuid,
} from '../../frame/shapes.ts';

const logEntry = z.object({
  seq: z.number().int(),
  entity: z.enum(ENTITIES),
  direction: z.enum(['pull', 'push']),
  action: z.string().meta({ description: 'created, updated, quarantined, ...' }),
  external_id: z.string().nullable(),
  record_id: uuid.nullable(),
  decisions: z.json().meta({ description: 'By field: rule, values of both sides, who won.' }),
  at: instantOutput,
});

export const listRunRecords = route({
  method: 'GET',
  url: '/runs/:id/records',
  id: 'listRunRecords',
  tag: 'Sync',
  summary: 'What a run did with each record',
  permission: 'sync:read',
  params: idParams,
  query: z.strictObject({
    ...pageQuery,
    entity: z.enum(ENTITIES).optional(),
    action: z.string().max(100).optional(),
  }),
  responses: { 200: listEnvelope('records', logEntry) },
  example: { params: { id: EXAMPLE.run }, query: { entity: 'work_order' } },
  async handle({ person, params, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.number().int()]));
    const found = await readRunLog(
      person,
      params.id,
      { entity: query.entity, action: query.action },
      { after: position?.[0] ?? 0, limit: query.limit + 1 },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        records: page.map(({ hub_id, at, ...row }) => ({ ...row, record_id: hub_id, at: at.toISOString() })),
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.seq]),
      },
    };
  },
});
