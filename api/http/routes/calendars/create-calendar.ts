import { z } from 'zod';
import { createCalendar as create } from '../../../../plant/maintenance/calendars.ts';
import { route } from '../../frame/route.ts';
import { envelope, uuid } from '../../frame/shapes.ts';
import { calendar, calendarFields, calendarInput, shownCalendar } from './shapes.ts';

export const createCalendar = route({
  method: 'POST',
  url: '/calendars',
  id: 'createCalendar',
  tag: 'Calendars',
  summary: 'Create a working calendar',
  description: 'The calendar says on which days and at which hours a plant works.',
  permission: 'calendars:create',
  wakes: false,
  body: z.strictObject(calendarFields),
  responses: { 201: envelope({ calendar_id: uuid, calendar }) },
  example: {
    body: {
      name: 'South pit, day shift',
      timezone: 'Australia/Perth',
      working_hours_start: 6.5,
      working_hours_end: 17,
      working_days: [0, 1, 2, 3, 4, 5],
      holidays: ['2026-12-25'],
    },
  },
  async handle({ person, body }) {
    const made = await create(person, { ...calendarInput(body), name: body.name });
    return {
      status: 201,
      version: made.version,
      location: `/calendars/${made.id}`,
      body: { success: true, calendar_id: made.id, calendar: shownCalendar(made) },
    };
  },
});
