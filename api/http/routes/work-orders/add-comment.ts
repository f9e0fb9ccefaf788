import { z } from 'zod';
import { LIMITS } from '../../../../domain/kernel/limits.ts';
import { addOrderComment } from '../../../../plant/work-orders/labour.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, recordParams, uuid } from '../../frame/shapes.ts';
import { comment, shownComment } from './comment-shapes.ts';
import { line } from './shapes.ts';

export const addComment = route({
  method: 'POST',
  url: '/work-orders/:id/comments',
  id: 'addWorkOrderComment',
  tag: 'Work orders',
  summary: 'Comment on a work order',
  description: 'The comment is sent to every connected system that accepts comments.',
  permission: 'work_orders:update',
  params: recordParams,
  body: z.strictObject({
    text: z.string().trim().min(1).max(LIMITS.textCharsMax),
    author: line.nullish().meta({ description: 'Who says it; the signed-in person when absent.' }),
  }),
  responses: { 201: envelope({ comment_id: uuid, comment }) },
  example: {
    params: { id: EXAMPLE.workOrder },
    body: { text: 'The hose arrives on Monday.', author: 'Maria' },
  },
  async handle({ person, params, body }) {
    const signedIn = person.actor.startsWith('user:') ? person.actor.slice('user:'.length) : null;
    const made = await addOrderComment(person, params.id, {
      text: body.text,
      author: body.author ?? signedIn,
    });
    return { status: 201, body: { success: true, comment_id: made.id, comment: shownComment(made) } };
  },
});
