import { z } from 'zod';
import { listCalendars as list } from '../../../../plant/maintenance/calendars.ts';
import { BY_ID, pageAnswer, readPage } from '../../frame/pages.ts';
import { route } from '../../frame/route.ts';
import { listEnvelope, pageQuery } from '../../frame/shapes.ts';
import { calendar, shownCalendar } from './shapes.ts';

export const listCalendars = route({
  method: 'GET',
  url: '/calendars',
  id: 'listCalendars',
  tag: 'Calendars',
  summary: 'List working calendars',
  description: 'Oldest first.',
  permission: 'calendars:read',
  query: z.strictObject(pageQuery),
  responses: { 200: listEnvelope('calendars', calendar) },
  example: { query: { limit: '10' } },
  async handle({ person, query }) {
    const page = await readPage(query, BY_ID, (after, limit) => list(person, { after, limit }));
    return pageAnswer('calendars', page, shownCalendar);
  },
});
