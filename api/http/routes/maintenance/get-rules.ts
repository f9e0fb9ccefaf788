import { readRules } from '../../../../plant/maintenance/plan-rules.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { showRules, shownRules } from './rules-shapes.ts';

export const getScheduleRules = route({
  method: 'GET',
  url: '/maintenance/schedules/:id/rules',
  id: 'getMaintenanceScheduleRules',
  tag: 'Maintenance',
  summary: "Get a schedule's rules",
  description: 'Shows how its dates follow calendar and season, and when its work is made.',
  permission: 'maintenance:read',
  params: idParams,
  responses: { 200: envelope({ schedule_rules: shownRules }) },
  example: { params: { id: EXAMPLE.schedule } },
  async handle({ person, params }) {
    const found = await readRules(person, params.id);
    return { version: found.version, body: { success: true, schedule_rules: showRules(found) } };
  },
});
