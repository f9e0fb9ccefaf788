/** Overrides of one connection as numbered versions: checked before they are stored, kept, and taken back. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { connectionDetails } from '../../store/connections/connection-admin.ts';
import { lockConnections } from '../../store/connections/connection-lock.ts';
import type { Tx } from '../../store/index.ts';
import {
  addOverride,
  deactivateOverride,
  listOverrides,
  loadOverride,
  type OverrideRow,
} from '../../store/connections/mapping-overrides.ts';
import { readMapping, requireView, type EffectiveMapping, type Finding, type MappingDeps } from './view.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

/** What is wrong with an override, before it is stored; empty when nothing is. Infos tell what is lossy. */
export async function validateOverride(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  override: JsonObject,
): Promise<Finding[]> {
  const { system } = await deps.store.inTenant(deps.tenantId, (tx) => connectionDetails(tx, connectionId));
  requireView(deps, system, entity, null);
  try {
    return await deps.mappings.check(system, entity, override);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'mapping_failed') throw error;
    return [{ level: 'error', where: 'override', message: error.message }];
  }
}

/** Stores an override as the next version. One with an error is refused, and nothing changes. */
export async function saveOverride(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  change: { document: JsonObject; note: string | null },
): Promise<EffectiveMapping> {
  const findings = await validateOverride(deps, connectionId, entity, change.document);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) {
    throw new Failure(
      'invalid_request',
      `The mapping cannot be used: ${errors.map(({ where, message }) => `${where} ${message}`).join(' ')}`,
      { path: 'override' },
    );
  }
  await deps.store.inTenant(deps.tenantId, (tx) => storeOverride(deps, tx, connectionId, entity, change));
  return readMapping(deps, connectionId, entity);
}

export async function storeOverride(
  deps: PersonDeps,
  tx: Tx,
  connectionId: string,
  entity: Entity,
  change: { document: JsonObject; note: string | null },
): Promise<void> {
  await lockConnections(tx, [connectionId]);
  const before = await loadOverride(tx, connectionId, entity, 'active');
  const at = instantOf(deps);
  const version = await addOverride(
    tx,
    { tenantId: deps.tenantId, connectionId, entity },
    { ...change, createdBy: deps.actor, at },
  );
  await audit(deps, tx, {
    action: 'mapping.change',
    subject: `connection/${connectionId}`,
    before: before === null ? null : { entity, version: before.version, document: before.document },
    after: { entity, version, document: change.document },
    at,
  });
}

const VERSIONS_MAX = 200;

export async function listVersions(
  deps: PersonDeps,
  connectionId: string,
  entity: Entity,
): Promise<OverrideRow[]> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    await connectionDetails(tx, connectionId);
    return listOverrides(tx, connectionId, entity, VERSIONS_MAX);
  });
}

/** An old version becomes the newest; null goes back to what ships. */
export async function rollBack(
  deps: MappingDeps,
  connectionId: string,
  entity: Entity,
  version: number | null,
): Promise<EffectiveMapping> {
  if (version === null) {
    await deps.store.inTenant(deps.tenantId, async (tx) => {
      await lockConnections(tx, [connectionId]);
      await connectionDetails(tx, connectionId);
      const before = await loadOverride(tx, connectionId, entity, 'active');
      await deactivateOverride(tx, connectionId, entity);
      await audit(deps, tx, {
        action: 'mapping.reset',
        subject: `connection/${connectionId}`,
        before: before === null ? null : { entity, version: before.version, document: before.document },
        after: { entity, version: null },
        at: instantOf(deps),
      });
    });
    return readMapping(deps, connectionId, entity);
  }
  const old = await deps.store.inTenant(deps.tenantId, (tx) =>
    loadOverride(tx, connectionId, entity, version),
  );
  if (old === null) throw new Failure('not_found', `There is no version ${String(version)} of this mapping.`);
  return saveOverride(deps, connectionId, entity, {
    document: old.document,
    note: `version ${String(version)} again`,
  });
}
