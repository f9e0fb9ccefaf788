import { z } from 'zod';
import { listOrderComments } from '../../../../plant/work-orders/labour.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { pageAnswer, readPage, timeAndId } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { recordParams, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { comment, shownComment } from './comment-shapes.ts';

const BY_TIME = {
  position: timeAndId,
  cells: (row: { at: Date; id: string }) => [row.at.toISOString(), row.id],
};

export const listComments = route({
  method: 'GET',
  url: '/work-orders/:id/comments',
  id: 'listWorkOrderComments',
  tag: 'Work orders',
  summary: 'List the comments of a work order',
  description: 'Oldest first, including comments made in connected systems.',
  permission: 'work_orders:read',
  params: recordParams,
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('comments', comment) },
  example: { params: { id: EXAMPLE.workOrder } },
  async handle({ person, params, query }) {
    const page = await readPage(query, BY_TIME, (after, limit) =>
      listOrderComments(person, params.id, { after, limit }),
    );
    return pageAnswer('comments', page, shownComment);
  },
});
