/** An alert, a reading and an assessment of the asset of the exceptions' seed. */
import { assessCondition, recordPerformance } from '../../../operations/asset-reports.ts';
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
}
