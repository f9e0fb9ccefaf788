/** A connection with a finished and a running run. */
import { sql } from 'kysely';
import { repositories } from '../../../../store/index.ts';
import { insertFieldMapping } from '../../../../store/connections/mapping-overrides.ts';
import { saveSecret } from '../../../../store/connections/secrets.ts';
import { TEST_RING } from '../../../../test/support/plant.ts';
import type { TestApi } from '../../api.fixture.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';

export async function seedConnections({ person, plant }: TestApi): Promise<void> {
  const { tenantId } = plant;
  await person.store.inTenant(tenantId, async (tx) => {
    await repositories.connections.insert(tx, {
      id: EXAMPLE.connection,
      tenantId,
      system: 'upkeep',
      name: 'UpKeep of the south pit',
      config: { baseUrl: 'https://api.onupkeep.com/api/v2' },
    });
    await saveSecret(
      tx,
      TEST_RING,
      { tenantId, connectionId: EXAMPLE.connection, purpose: 'credentials' },
      { email: 'planner@pitmine.example', password: 'not-a-real-password' },
    );
    await insertFieldMapping(tx, tenantId, {
      id: EXAMPLE.fieldMapping,
      connectionId: EXAMPLE.connection,
      entity: 'work_order',
      sourceField: 'title',
      targetField: 'title',
      transformationRule: 'trim',
      isRequired: true,
      defaultValue: null,
      at: '2026-03-01T08:15:00.000Z',
    });
    for (const id of [EXAMPLE.run, EXAMPLE.runningRun]) {
      await repositories.runs.start(tx, {
        id,
        tenantId,
        connectionId: EXAMPLE.connection,
        kind: 'pass',
        at: '2026-03-01T08:15:00.000Z',
        mappingVersions: { work_order: 'example' },
      });
    }
    await repositories.runs.addCounts(tx, EXAMPLE.run, 'work_order', { in: 12, created: 10, unchanged: 2 });
    await repositories.runs.finish(tx, EXAMPLE.run, 'completed', null, '2026-03-01T08:16:00.000Z');
    await sql`insert into record_log (tenant_id, run_id, connection_id, entity, external_id, direction, action, at)
      values (${tenantId}, ${EXAMPLE.run}, ${EXAMPLE.connection}, 'work_order', '5f1e', 'pull', 'created', now())`.execute(
      tx,
    );
  });
}
