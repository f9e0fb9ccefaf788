/** An alert, a reading, an assessment and a file of the asset of the exceptions' seed; one plain record of each kind. */
import { Readable } from 'node:stream';
import { createRecord } from '../../../../plant/records/change-record.ts';
import { addFile } from '../../../../plant/files/files.ts';
import { takeReadings } from '../../../../plant/meters/meters.ts';
import { assessCondition, recordPerformance } from '../../../../plant/assets/reports.ts';
import type { JsonObject } from '../../../../domain/json.ts';
import type { TestApi } from '../../api.fixture.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';

const NOTHING = {
  throughput: null,
  energy_consumption: null,
  temperature: null,
  vibration: null,
  pressure: null,
  speed: null,
  load_percentage: null,
  operating_hours: null,
  maintenance_hours: null,
  cost_per_hour: null,
  error_count: 0,
  warning_count: 0,
};

const AT = '2026-03-01T08:15:00.000Z';

export async function seedAssets({ person }: TestApi): Promise<void> {
  await recordPerformance(
    person,
    EXAMPLE.assetTag,
    { ...NOTHING, uptime_percentage: 91, efficiency_rating: 88 },
    null,
  );
  // Its alert takes the second of the ids.
  const ids = [EXAMPLE.assessment, EXAMPLE.alert];
  await assessCondition({ ...person, newId: () => ids.shift() ?? person.newId() }, EXAMPLE.assetTag, {
    condition: 'critical',
    assessed_by: 'inspector_1',
    notes: null,
    visual_inspection: null,
    functional_test: null,
    performance_metrics: {},
    recommendations: null,
    next_assessment_date: null,
  });
  await seedPlainRecords(person);
  await addFile({ ...person, newId: () => EXAMPLE.attachment }, 'asset', EXAMPLE.assetTag, {
    name: 'nameplate.txt',
    mediaType: 'text/plain',
    content: Readable.from(['R 9800']),
  });
}

async function seedPlainRecords(person: TestApi['person']): Promise<void> {
  const options = { at: AT, readingSource: 'hub' };
  const asset = EXAMPLE.linkedAsset;
  await person.store.inTenant(person.tenantId, async (tx) => {
    const make = (entity: Parameters<typeof createRecord>[2], id: string, fields: JsonObject) =>
      createRecord(person, tx, entity, fields, { ...options, id });
    await make('location', EXAMPLE.location, { name: 'Workshop', code: 'WS', kind: 'area' });
    await make('part', EXAMPLE.part, { name: 'Filter', partNumber: 'F-1', onHand: 10, unitCost: 12.5 });
    await make('meter', EXAMPLE.meter, { name: 'Engine hours', code: 'HOURS-A', kind: 'counter', asset });
    await make('person', EXAMPLE.person, { name: 'Almut Berg', code: 'ALMUT', email: 'almut@plant.example' });
    await make('request', EXAMPLE.request, { title: 'Oil under the boom', status: 'submitted', asset });
    await make('request', EXAMPLE.approvedRequest, { title: 'Broken lamp', status: 'approved' });
  });
  const reading = { meter: EXAMPLE.meter, value: 12_040, at: AT, source: 'hub' };
  await takeReadings(person, [reading], (_index, field) => field);
}
