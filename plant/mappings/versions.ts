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
import { forgetFieldMappings } from './field-mapping-rows.ts';
import {
  judgeAt,
  readMapping,
  requireView,
  type EffectiveMapping,
  type Finding,
  type MappingDeps,
} from './view.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';

/** One entity's rules of one connection, as they are to be. */
export interface OverrideChange {
  connectionId: string;
  entity: Entity;
  document: JsonObject;
  note: string | null;
}

/** Stores an override as the next version. One with an error is refused, and nothing changes; what else was found comes back. */
export async function saveOverride(
  deps: MappingDeps,
  change: OverrideChange,
): Promise<{ mapping: EffectiveMapping; findings: Finding[] }> {
  const { connectionId, entity } = change;
  const findings = await judgeAt(deps, connectionId, entity, change.document);
  const errors = findings.filter(({ level }) => level === 'error');
  if (errors.length > 0) {
    throw new Failure(
      'invalid_request',
      `The mapping cannot be used: ${errors.map(({ where, message }) => `${where} ${message}`).join(' ')}`,
      { path: 'override' },
    );
  }
  return { mapping: await replaceOverride(deps, change), findings };
}

/** Field mappings are rules of the override: those that the new one does not hold any more are gone from their list too. */
async function replaceOverride(deps: MappingDeps, change: OverrideChange): Promise<EffectiveMapping> {
  const { connectionId, entity, document } = change;
  await deps.store.inTenant(deps.tenantId, async (tx) => {
    await storeOverride(deps, tx, change);
    await forgetFieldMappings(deps, tx, { connectionId, entity, document });
  });
  return readMapping(deps, connectionId, entity);
}

export async function storeOverride(
  deps: PersonDeps,
  tx: Tx,
  { connectionId, entity, document, note }: OverrideChange,
): Promise<void> {
  await lockConnections(tx, [connectionId]);
  const before = await loadOverride(tx, connectionId, entity, 'active');
  const at = instantOf(deps);
  const version = await addOverride(
    tx,
    { tenantId: deps.tenantId, connectionId, entity },
    { document, note, createdBy: deps.actor, at },
  );
  await audit(deps, tx, {
    action: 'mapping.change',
    subject: `connection/${connectionId}`,
    before: before === null ? null : { entity, version: before.version, document: before.document },
    after: { entity, version, document },
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
  { connectionId, entity, version }: { connectionId: string; entity: Entity; version: number | null },
): Promise<EffectiveMapping> {
  if (version === null) {
    await deps.store.inTenant(deps.tenantId, async (tx) => {
      await lockConnections(tx, [connectionId]);
      await connectionDetails(tx, connectionId);
      const before = await loadOverride(tx, connectionId, entity, 'active');
      await deactivateOverride(tx, connectionId, entity);
      await forgetFieldMappings(deps, tx, { connectionId, entity, document: {} });
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
  const { system, old } = await deps.store.inTenant(deps.tenantId, async (tx) => ({
    system: (await connectionDetails(tx, connectionId)).system,
    old: await loadOverride(tx, connectionId, entity, version),
  }));
  if (old === null) throw new Failure('not_found', `There is no version ${String(version)} of this mapping.`);
  // It was judged when it was made; a system that changed since is no reason to keep somebody from going back.
  requireView(deps, system, entity, old.document);
  return replaceOverride(deps, {
    connectionId,
    entity,
    document: old.document,
    note: `version ${String(version)} again`,
  });
}
