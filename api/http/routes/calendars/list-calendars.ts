import { z } from 'zod';
import { listCalendars as list } from '../../../operations/calendars.ts';
import { route } from '../../frame/route.ts';
import { decodeCursor, encodeCursor, listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { calendar, shownCalendar } from './shapes.ts';

export const listCalendars = route({
  method: 'GET',
  url: '/calendars',
  id: 'listCalendars',
  tag: 'Calendars',
  summary: 'Lists working calendars, oldest first',
  permission: 'calendars:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('calendars', calendar) },
  example: { query: { limit: '10' } },
  async handle({ person, query }) {
    const position = decodeCursor(query.cursor, z.tuple([z.uuid()]));
    const found = await list(person, { after: position?.[0] ?? null, limit: query.limit + 1 });
    const calendars = found.slice(0, query.limit);
    const last = found.length > query.limit ? calendars.at(-1) : undefined;
    return {
      body: {
        success: true,
        calendars: calendars.map((one) => shownCalendar(one)),
        count: calendars.length,
        next_cursor: last === undefined ? null : encodeCursor([last.id]),
      },
    };
  },
});
