import { z } from 'zod';
import { createTask as create } from '../../../../plant/maintenance/tasks.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, instantInput, recordId, uuid } from '../../frame/shapes.ts';
import { assetId, line, priority, text } from '../work-orders/shapes.ts';
import { shownTask, task } from './shapes.ts';

export const createTask = route({
  method: 'POST',
  url: '/maintenance/tasks',
  id: 'createMaintenanceTask',
  tag: 'Maintenance',
  summary: 'Create a maintenance task',
  description:
    'Plans a task of a schedule at an asset. A task is a work order with a schedule, so everything under /work-orders/{id} works on it too. It ends after the estimated duration, and has the priority of the schedule unless one is given.',
  permission: 'maintenance:create',
  body: z.strictObject({
    schedule_id: recordId,
    asset_id: assetId,
    scheduled_start: instantInput,
    priority: priority.nullish(),
    assigned_to: line.nullish(),
    assigned_team: line.nullish(),
    location: text.nullish(),
    notes: text.nullish(),
  }),
  responses: { 201: envelope({ task_id: uuid, task }) },
  example: {
    body: {
      schedule_id: EXAMPLE.schedule,
      asset_id: EXAMPLE.assetTag,
      scheduled_start: '2026-04-01T08:00:00Z',
      priority: 'high',
      assigned_to: 'technician_1',
    },
  },
  async handle({ person, body }) {
    const made = await create(person, {
      scheduleId: body.schedule_id,
      assetId: body.asset_id,
      scheduledStart: body.scheduled_start,
      priority: body.priority ?? undefined,
      assignedTo: body.assigned_to ?? undefined,
      assignedTeam: body.assigned_team,
      place: body.location,
      notes: body.notes,
    });
    return {
      status: 201,
      version: made.version,
      location: `/maintenance/tasks/${made.id}`,
      body: {
        success: true,
        task_id: made.id,
        task: shownTask(made),
        message: `Task ${made.number} is planned.`,
      },
    };
  },
});
