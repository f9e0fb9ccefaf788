/** A comment as the API shows it. */
import { z } from 'zod';
import type { addOrderComment } from '../../../../plant/work-orders/labour.ts';
import { instantOutput, uuid } from '../../frame/shapes.ts';

export const comment = z.object({
  id: uuid,
  text: z.string(),
  author: z.string().nullable(),
  created_at: instantOutput,
});

export function shownComment(row: Awaited<ReturnType<typeof addOrderComment>>): z.output<typeof comment> {
  return { id: row.id, text: row.text, author: row.author, created_at: row.at.toISOString() };
}
