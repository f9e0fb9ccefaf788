import { z } from 'zod';
import { listOrderComments } from '../../../operations/work-orders-labour.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, idParams, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { comment, shownComment } from './comment-shapes.ts';

export const listComments = route({
  method: 'GET',
  url: '/work-orders/:id/comments',
  id: 'listWorkOrderComments',
  tag: 'Work orders',
  summary: "Lists a work order's comments, oldest first, also those of other systems",
  permission: 'work_orders:read',
  params: idParams,
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('comments', comment) },
  example: { params: { id: EXAMPLE.workOrder } },
  async handle({ person, params, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]));
    const after = position === null ? null : { at: position[0], id: position[1] };
    const found = await listOrderComments(person, params.id, { after, limit: query.limit + 1 });
    const comments = found.slice(0, query.limit);
    const last = found.length > query.limit ? comments.at(-1) : undefined;
    return {
      body: {
        success: true,
        comments: comments.map((one) => shownComment(one)),
        count: comments.length,
        next_cursor: last === undefined ? null : encodeCursor([last.at.toISOString(), last.id]),
      },
    };
  },
});
