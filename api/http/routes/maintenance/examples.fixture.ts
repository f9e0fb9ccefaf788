/** A person, work orders, schedules with tasks, a template and a calendar. The asset is the one of the exceptions' seed. */
import { createRecord } from '../../../../plant/records/change-record.ts';
import { createCalendar } from '../../../../plant/maintenance/calendars.ts';
import { createTemplate } from '../../../../plant/work-orders/templates.ts';
import type { TestApi } from '../../api.fixture.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';

const AT = '2026-03-01T08:15:00.000Z';

export async function seedMaintenance({ person }: TestApi): Promise<void> {
  await person.store.inTenant(person.tenantId, async (tx) => {
    const options = { at: AT, readingSource: 'hub' };
    await createRecord(person, tx, 'person', { name: 'Maria Keller', code: 'MARIA' }, options);
    await createRecord(
      person,
      tx,
      'work_order',
      {
        title: 'Replace the hydraulic hose',
        status: 'scheduled',
        priority: 'high',
        asset: EXAMPLE.linkedAsset,
        tasks: [{ sequence: 1, title: 'Release the pressure', status: 'pending', estimatedMinutes: 15 }],
        plannedParts: [
          { line: 1, partNumber: 'HOSE-12', quantity: 2, unitCost: 35.5, status: 'required' },
          { line: 2, partNumber: 'SEAL-3', quantity: 1, status: 'issued' },
        ],
      },
      { ...options, id: EXAMPLE.workOrder },
    );
    const plan = {
      name: 'Weekly greasing',
      type: 'lubrication',
      priority: 'medium',
      every: { n: 1, unit: 'week' },
      triggerType: 'time_based',
      asset: EXAMPLE.linkedAsset,
      nextDueAt: AT,
      estimatedMinutes: 60,
    };
    await createRecord(person, tx, 'plan', plan, { ...options, id: EXAMPLE.schedule });
    await createRecord(
      person,
      tx,
      'plan',
      { name: 'Washing', type: 'cleaning' },
      { ...options, id: EXAMPLE.unusedSchedule },
    );
    const task = {
      title: 'Weekly greasing',
      plan: EXAMPLE.schedule,
      asset: EXAMPLE.linkedAsset,
      scheduledStart: AT,
    };
    await createRecord(
      person,
      tx,
      'work_order',
      { ...task, status: 'scheduled' },
      {
        ...options,
        id: EXAMPLE.task,
      },
    );
    await createRecord(
      person,
      tx,
      'work_order',
      { ...task, status: 'in_progress', startedAt: AT },
      { ...options, id: EXAMPLE.startedTask },
    );
  });
  await createTemplate({ ...person, newId: () => EXAMPLE.template }, { name: 'Oil change' });
  await createCalendar({ ...person, newId: () => EXAMPLE.calendar }, { name: 'South pit' });
}
