/** Two assets, one linked at the example connection with an open conflict, and a quarantined record. */
import { sql } from 'kysely';
import { repositories } from '../../../../store/index.ts';
import { createRecord } from '../../../../plant/records/change-record.ts';
import type { TestApi } from '../../api.fixture.ts';
import { EXAMPLE } from '../../frame/example-ids.ts';

const AT = '2026-03-01T08:15:00.000Z';

export async function seedExceptions({ person, plant }: TestApi): Promise<void> {
  const { tenantId } = plant;
  const scope = {
    tenantId,
    connectionId: EXAMPLE.connection,
    entity: 'asset' as const,
    runId: EXAMPLE.run,
    at: AT,
  };
  await person.store.inTenant(tenantId, async (tx) => {
    const options = { at: AT, readingSource: 'hub' };
    await createRecord(
      person,
      tx,
      'asset',
      { name: 'Excavator A', tag: 'EX-A' },
      { ...options, id: EXAMPLE.linkedAsset },
    );
    await createRecord(
      person,
      tx,
      'asset',
      { name: 'Excavator B', tag: 'EX-B' },
      { ...options, id: EXAMPLE.otherAsset },
    );
    const hash = '00000000-0000-4000-8000-000000000001';
    const body = JSON.stringify({ id: EXAMPLE.externalAsset, name: 'Digger A', serialNumber: 'S-1' });
    const page = repositories.rawRecords.open('00000000-0000-4000-8000-000000000002');
    const kept = page.place(body);
    await repositories.rawRecords.keep(tx, scope, await page.pack());
    await repositories.links.write(
      tx,
      scope,
      [
        {
          externalId: EXAMPLE.externalAsset,
          hubId: EXAMPLE.linkedAsset,
          address: null,
          externalVersion: null,
          externalNumber: null,
          externalUpdatedAt: AT,
          rawHash: hash,
          kept,
          mappingVersion: 'example',
          baseHub: { name: 'Excavator' },
          baseExternal: { name: 'Excavator' },
          hubVersion: 1,
          readOnly: false,
          scope: null,
        },
      ],
      true,
    );
    await repositories.conflicts.record(tx, scope, [
      {
        id: EXAMPLE.conflict,
        hubId: EXAMPLE.linkedAsset,
        externalId: EXAMPLE.externalAsset,
        field: 'name',
        policy: 'manual',
        hubValue: 'Excavator A',
        externalValue: 'Digger A',
        winner: null,
      },
    ]);
    const bad = { id: '5f1e0c0b', title: '' };
    const badHash = '00000000-0000-4000-8000-000000000002';
    const problems = [{ path: 'title', message: 'Is required.', rule: 'mappings/upkeep/work_order.yaml:1' }];
    await repositories.quarantine.add(tx, { ...scope, entity: 'work_order' }, 'pull', [
      { id: EXAMPLE.quarantined, subject: bad.id, rawHash: badHash, data: bad, problems },
    ]);
    const meta = {
      externalId: bad.id,
      address: null,
      version: null,
      updatedAt: null,
      number: null,
      hash: badHash,
    };
    await sql`insert into record_log (tenant_id, run_id, connection_id, entity, external_id, direction, action, decisions, at)
      values (${tenantId}, ${EXAMPLE.run}, ${EXAMPLE.connection}, 'work_order', ${bad.id}, 'pull', 'quarantined',
        ${JSON.stringify({ problems, record: meta })}::jsonb, ${AT})`.execute(tx);
  });
}
