/**
 * People of a generic REST system: it has no word for no priority, nor for a request. Half of the scenarios describe it in a
 * document with versions, references and changes since a time; the others take the built-in one.
 */
import type { JsonObject } from '../../../domain/json.ts';
import { hours, instant, textOrNothing, words, type Row, type Vendor } from './vendor.ts';

const DESCRIBED = `
resources:
  location:
    list: { path: /api/locations, records: locations, paging: { style: offset } }
    updated: updated_at
    item: { path: '/api/locations/{id}' }
    create: { path: /api/locations, reference: { field: externalRef, param: externalRef } }
    update: { path: '/api/locations/{id}', version: { header: if-match } }
    delete: { path: '/api/locations/{id}' }
    version: version
  asset:
    list: { path: /api/assets, records: assets, paging: { style: offset } }
    updated: updated_at
    since: { param: updated_since, format: rfc3339 }
    item: { path: '/api/assets/{id}' }
    create: { path: /api/assets, reference: { field: externalRef, param: externalRef } }
    update: { path: '/api/assets/{id}', version: { header: if-match } }
    delete: { path: '/api/assets/{id}' }
    version: version
  work_order:
    list: { path: /api/work-orders, records: work_orders, paging: { style: offset } }
    number: work_order_number
    updated: updated_at
    created: created_at
    since: { param: updated_since, format: rfc3339 }
    item: { path: '/api/work-orders/{id}' }
    create: { path: /api/work-orders, reference: { field: externalRef, param: externalRef } }
    update: { path: '/api/work-orders/{id}', version: { field: version } }
    delete: { path: '/api/work-orders/{id}' }
    version: version
`;

const isDescribed = (seed: number): boolean => seed % 2 === 0;
const byId = (row: Row): string => String(row['id']);

export const custom: Vendor = {
  screens: {
    work_order: {
      object: 'work-orders',
      externalId: byId,
      fields: {
        title: textOrNothing('title'),
        description: textOrNothing('description'),
        dueAt: instant('due_date'),
        estimatedMinutes: hours('estimated_hours'),
        priority: words('priority', { low: 'low', medium: 'medium', high: 'high', critical: 'critical' }),
        status: words('status', {
          scheduled: 'open',
          in_progress: 'in_progress',
          on_hold: 'on_hold',
          completed: 'completed',
          cancelled: 'cancelled',
        }),
      },
    },
    asset: {
      object: 'assets',
      externalId: byId,
      fields: {
        name: textOrNothing('name'),
        description: textOrNothing('description'),
        manufacturer: textOrNothing('manufacturer'),
      },
    },
    location: { object: 'locations', externalId: byId, fields: { name: textOrNothing('name') } },
  },
  // The generic system opens three lists to us: work orders, schedules, assets (reference API, 13.4). Its locations are its own;
  // nobody may ask for `/api/locations` unless a document names it.
  apart: (seed) => (isDescribed(seed) ? [] : ['location']),
  config: (seed): JsonObject => (isDescribed(seed) ? { definition: DESCRIBED } : {}),
  prepare: (control, seed) => {
    if (isDescribed(seed)) control.setDial('paging', 'offset');
  },
  calls: [{ method: 'GET' }, { method: 'POST' }, { method: 'POST' }, { method: 'P(UT|ATCH)' }],
  dials: (random) => [
    { name: 'equalTimestamps', value: 2 + random.int(6) },
    { name: 'insertWhilePaging', value: 1 },
    { name: 'updatedSince', value: false },
  ],
  rest: { equalTimestamps: null, insertWhilePaging: null },
  steps: {
    title: 'name',
    entered: (said, number) => ({ sequence_order: number, name: said, status: 'pending' }),
  },
  countsWrites: true,
};
