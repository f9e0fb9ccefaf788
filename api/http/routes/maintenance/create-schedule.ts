import { z } from 'zod';
import { createSchedule as create } from '../../../../plant/maintenance/schedules.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, notRead, uuid } from '../../frame/shapes.ts';
import { schedule, scheduleInput, scheduleNeeded, scheduleOptional, shownSchedule } from './shapes.ts';

export const createSchedule = route({
  method: 'POST',
  url: '/maintenance/schedules',
  id: 'createMaintenanceSchedule',
  tag: 'Maintenance',
  summary: 'Create a maintenance schedule',
  description:
    'The schedule says what is to be done, at which assets, and how often. References that name nothing, or more than one record, are refused.',
  permission: 'maintenance:create',
  body: z.strictObject({
    ...scheduleNeeded,
    ...scheduleOptional,
    ...notRead('id', 'created_at', 'updated_at'),
  }),
  responses: { 201: envelope({ schedule_id: uuid, schedule }) },
  example: {
    body: {
      name: 'Quarterly inspection of excavators',
      description: 'Hydraulics, tracks, lights.',
      maintenance_type: 'inspection',
      priority: 'high',
      frequency: 'quarterly',
      trigger_type: 'time_based',
      trigger_value: 90,
      estimated_duration: 120,
      estimated_cost: 200,
      required_skills: ['hydraulics'],
      steps: [{ name: 'Check the hoses', estimated_duration: 30 }],
      asset_ids: [EXAMPLE.assetTag],
      timezone: 'Australia/Perth',
      next_scheduled: '2026-06-01T00:00:00Z',
    },
  },
  async handle({ person, body }) {
    const made = await create(person, { ...scheduleInput(body), name: body.name });
    return {
      status: 201,
      version: made.version,
      location: `/maintenance/schedules/${made.id}`,
      body: {
        success: true,
        schedule_id: made.id,
        schedule: shownSchedule(made),
        message: `Maintenance schedule ${made.number} is made.`,
      },
    };
  },
});
