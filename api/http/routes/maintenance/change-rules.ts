import { changeRules } from '../../../../plant/maintenance/plan-rules.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';
import { assertVersion } from '../../frame/register.ts';
import { route } from '../../frame/route.ts';
import { envelope, idParams } from '../../frame/shapes.ts';
import { rulesBody, showRules, shownRules } from './rules-shapes.ts';

export const changeScheduleRules = route({
  method: 'PUT',
  url: '/maintenance/schedules/:id/rules',
  id: 'changeMaintenanceScheduleRules',
  tag: 'Maintenance',
  summary: "Replace a schedule's rules",
  description:
    'The next date follows the rules at once and keeps its nominal time; orders that were made stay as they are. Refuses rules that cannot be meant, such as a season that never opens or 29 February every year with skip.',
  permission: 'maintenance:update',
  params: idParams,
  body: rulesBody,
  responses: { 200: envelope({ schedule_rules: shownRules }) },
  example: {
    params: { id: EXAMPLE.schedule },
    body: {
      rules: {
        non_working: 'next',
        lead: { n: 3, unit: 'day' },
        catch_up: { policy: 'latest', window_h: 168 },
        if_open: 'skip',
      },
      calendar_id: EXAMPLE.calendar,
    },
  },
  async handle({ person, params, body, ifMatch }) {
    const input = { rules: body.rules, calendarId: body.calendar_id ?? null };
    const changed = await changeRules(person, params.id, input, (version) => assertVersion(ifMatch, version));
    return { version: changed.version, body: { success: true, schedule_rules: showRules(changed) } };
  },
});
