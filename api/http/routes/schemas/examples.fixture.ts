/** A connection whose system lost a field; nobody answers at its address. */
import { repositories } from '../../../../store/index.ts';
import { saveSecret } from '../../../../store/connections/secrets.ts';
import { TEST_RING } from '../../../../test/support/plant.ts';
import type { TestApi } from '../../api.fixture.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';

const AT = '2026-03-01T08:15:00.000Z';

export async function seedSchemas({ person, plant }: TestApi): Promise<void> {
  const { tenantId } = plant;
  const connectionId = EXAMPLE.schemaConnection;
  const scope = { tenantId, connectionId, runId: null, at: AT };
  const before = { type: 'text', nullable: true, maxLength: 1 };
  await person.store.inTenant(tenantId, async (tx) => {
    await repositories.connections.insert(tx, {
      id: connectionId,
      tenantId,
      system: 'sap_pm',
      name: 'SAP of the example',
      config: { baseUrl: 'http://127.0.0.1:9', sapClient: '100', plant: '1000', mainWorkCenter: 'MECH-01' },
    });
    await saveSecret(
      tx,
      TEST_RING,
      { tenantId, connectionId, purpose: 'credentials' },
      { user: 'SYNC', password: 'not-a-real-password' },
    );
    await repositories.schemas.keep(tx, scope, {
      entity: 'work_order',
      object: 'MaintenanceOrder',
      source: 'metadata',
      fields: { MaintenanceOrderDesc: { type: 'text', nullable: true, maxLength: 40 } },
    });
    await repositories.schemas.recordLook(tx, scope, { failure: null, mappingVersions: {} });
    await repositories.drift.note(tx, scope, [
      {
        id: EXAMPLE.drift,
        entity: 'work_order',
        direction: 'pull',
        rule: 'priority',
        fields: ['priority'],
        path: 'MaintPriority',
        kind: 'lost',
        effect: 'held',
        detail: 'The system has no MaintPriority any more; priority keeps its values.',
        before,
      },
    ]);
  });
}
