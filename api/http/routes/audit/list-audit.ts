import { z } from 'zod';
import { listAuditEntries } from '../../../../plant/audit/audit.ts';
import { BY_SEQ, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { instantInput, instantOutput, listEnvelope, pageQuery } from '../../frame/shapes.ts';

const entry = z.object({
  seq: z.number().int(),
  actor: z.string().meta({ description: '`key:<id>`, `user:<subject>` or `cli:<login>`.' }),
  action: z.string(),
  subject: z.string(),
  before: z.json(),
  after: z.json(),
  at: instantOutput,
});

export const listAudit = route({
  method: 'GET',
  url: '/audit',
  id: 'listAudit',
  tag: 'Audit',
  summary: 'List what people and programs changed',
  description: 'Newest first.',
  permission: 'audit:read',
  query: z.strictObject({
    ...pageQuery,
    subject: z.string().max(300).optional().meta({ description: 'For example `record/<id>`.' }),
    actor: z.string().max(300).optional(),
    since: instantInput.optional(),
  }),
  responses: { 200: listEnvelope('entries', entry) },
  example: { query: { limit: '20' } },
  async handle({ person, query }) {
    const { subject, actor, since } = query;
    const page = await readPage(query, BY_SEQ, (before, limit) =>
      listAuditEntries(person, { subject, actor, since }, { before, limit }),
    );
    return pageAnswer('entries', page);
  },
});
