import { inSnakeCase } from '../../../../domain/case.ts';
import { z } from 'zod';
import { ENTITIES } from '../../../../domain/entities/index.ts';
import { readRunLog } from '../../../../plant/runs/runs.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { BY_SEQ, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { idParams, instantOutput, listEnvelope, pageQuery, uuid } from '../../frame/shapes.ts';

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
  summary: 'List what a run did with each record',
  description: 'Says for each record what was decided and, field by field, why.',
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
    const filter = { entity: query.entity, action: query.action };
    const page = await readPage(query, BY_SEQ, (after, limit) =>
      readRunLog(person, params.id, filter, { after: after ?? 0, limit }),
    );
    return pageAnswer('records', page, ({ hubId, at, ...row }) => ({
      ...inSnakeCase(row),
      record_id: hubId,
      at: at.toISOString(),
    }));
  },
});
