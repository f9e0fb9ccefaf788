/** Meters of `firestore` (contract 8): a reading may make a work order unless told not to; there is no list and no history. */
import type { Route } from './app.ts';
import type { Tenant } from './generation.ts';
import { HttpError } from './http-error.ts';
import { optional, required, withDefault, type Model } from './model.ts';
import type { Row } from './table.ts';

const reading: Model = {
  name: 'MeterReadingRequest',
  fields: {
    organization_id: optional('string'),
    meter_id: required('string'),
    new_value: required('number'),
    // Taken and not passed on.
    reading_time: optional('datetime'),
    reading_source: withDefault('string', 'manual', { pattern: '^(manual|iot|api)$' }),
    create_work_orders: withDefault('boolean', true),
  },
};

function thresholdOf({ fields }: Row, value: number): 'normal' | 'warning' | 'critical' {
  if (fields['threshold_critical'] !== null && value >= Number(fields['threshold_critical']))
    return 'critical';
  return fields['threshold_warning'] !== null && value >= Number(fields['threshold_warning'])
    ? 'warning'
    : 'normal';
}

export function firestorePmRoutes(tenant: Tenant): Route[] {
  return [
    {
      ...{ method: 'POST', path: '/api/pm/meter-reading', name: 'update_meter_reading', body: reading },
      answer: ({ body }) => {
        const { meter_id, new_value, create_work_orders } = body;
        const row = tenant.get('meters', meter_id);
        if (row === undefined) throw new HttpError(404, 'Meter not found');
        const threshold_status = thresholdOf(row, Number(new_value));
        const changes = { current_value: new_value, last_reading_date: tenant.stamp() };
        tenant.update('meters', row, changes);
        tenant.wrote('updated', 'meters');
        const triggered = threshold_status !== 'normal';
        const title = `Meter threshold ${threshold_status}`;
        const orders: unknown[] = [];
        if (triggered && create_work_orders === true) {
          const order = tenant.insert('work-orders', {
            title,
            asset_id: row.fields['asset_id'],
            priority: 'High',
          });
          tenant.wrote('created', 'work-orders');
          orders.push({ id: order.fields['id'], title });
        }
        const { current_value: previous_value } = row.fields;
        return {
          body: {
            ...{ success: true, meter_id, previous_value, new_value, threshold_status },
            ...{ triggered_maintenance: triggered, triggered_orders: orders },
          },
          write: true,
        };
      },
    },
    {
      ...{ method: 'GET', path: '/api/pm/overview', name: 'pm_overview' },
      query: { organization_id: optional('string') },
      answer: () => {
        const shown = tenant
          .rows('meters')
          .map((row) => ({ ...row.fields, status: thresholdOf(row, Number(row.fields['current_value'])) }))
          .filter(({ status }) => status !== 'normal');
        return { body: { success: true, meters: shown } };
      },
    },
  ];
}
