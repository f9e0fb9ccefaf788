import { z } from 'zod';
import { moveStock } from '../../../../plant/parts/parts.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { assertVersion } from '../../frame/register.ts';
import { route } from '../../frame/route.ts';
import { envelope } from '../../frame/shapes.ts';
import { refParams } from '../plain-records/shapes.ts';
import { part } from './parts.ts';

export const movePartStock = route({
  method: 'POST',
  url: '/parts/:id/stock',
  id: 'movePartStock',
  tag: 'Parts',
  summary: 'Add to or take from the stock of a part',
  description: 'Refused when more is taken than is on hand.',
  permission: 'parts:update',
  params: refParams,
  body: z.strictObject({
    quantity: z
      .number()
      .min(-1e9)
      .max(1e9)
      .refine((quantity) => quantity !== 0, 'must not be 0')
      .meta({ description: 'What comes; what goes is negative.', example: -2 }),
  }),
  responses: { 200: envelope({ part }) },
  example: { params: { id: EXAMPLE.part }, body: { quantity: -2 } },
  async handle({ person, params, body, ifMatch }) {
    const moved = await moveStock(person, params.id, body.quantity, (version) =>
      assertVersion(ifMatch, version),
    );
    return { version: moved.version, body: { success: true, part: moved.shown } };
  },
});
