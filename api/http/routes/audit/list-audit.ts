import { z } from 'zod';
import { listAuditEntries } from '../../../operations/audit.ts';
import { route } from '../../frame/route.ts';
import {
  decodeCursor,
  encodeCursor,
  instantInput,
  instantOutput,
  listEnvelope,
  pageQuery,
} from '../../frame/shapes.ts';

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
  summary: 'What people and programs changed, newest first',
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
    const position = decodeCursor(query.cursor, z.tuple([z.number().int()]));
    const found = await listAuditEntries(
      person,
      { subject: query.subject, actor: query.actor, since: query.since },
      { before: position?.[0] ?? null, limit: query.limit + 1 },
    );
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      body: {
        success: true,
        entries: page,
        count: page.length,
        next_cursor: last === undefined ? null : encodeCursor([last.seq]),
      },
    };
  },
});
