/** Assets in the hands of people and programs. An asset is addressed by its tag, or else its number or hub id. */
import { inSnakeCase, type InSnakeCase } from '../../domain/case.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { repositories } from '../../store/index.ts';
import { loadAssetStatistics, type AssetStatistics } from '../../store/assets/assets.ts';
import { findAssetId } from './asset-ids.ts';
import { viewAsset, viewAssets } from './views.ts';
import type { PersonDeps } from '../person.ts';
import { ASSET } from '../records/plain-records-kinds.ts';
import type { ShownRecord } from '../records/plain-records-names.ts';
import {
  deletePlain,
  insertPlain,
  loadPlainPage,
  requirePlain,
  updatePlain,
  type PlainQuery,
} from '../records/plain-records.ts';
import type { VersionCheck } from '../work-orders/edit.ts';

/** Words that stand at an asset's place in addresses. */
const RESERVED = ['statistics'];

/** Input under public names, `asset_id` and `name` among them. */
export async function registerAsset(
  deps: PersonDeps,
  input: Readonly<Record<string, unknown>>,
): Promise<ShownRecord> {
  assertFree(input['asset_id']);
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    viewAsset(tx, deps.tenantId, await insertPlain(deps, tx, ASSET, input)),
  );
}

function assertFree(assetId: unknown): void {
  if (typeof assetId !== 'string' || !RESERVED.includes(assetId)) return;
  throw new Failure('invalid_request', `"${assetId}" is an address of its own; choose another id.`, {
    path: 'asset_id',
  });
}

export async function readAsset(deps: PersonDeps, assetId: string): Promise<ShownRecord> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const id = await requirePlain(tx, deps.tenantId, ASSET, assetId);
    const record = (await repositories.hubRecords.load(tx, [id])).get(id);
    if (record === undefined) throw new Failure('not_found', `There is no asset "${assetId}".`);
    return viewAsset(tx, deps.tenantId, record);
  });
}

export async function listAssets(
  deps: PersonDeps,
  query: PlainQuery,
): Promise<{ records: ShownRecord[]; next: PlainQuery['after'] }> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { records, next } = await loadPlainPage(deps, tx, ASSET, query);
    return { records: await viewAssets(tx, deps.tenantId, records), next };
  });
}

export async function changeAsset(
  deps: PersonDeps,
  assetId: string,
  input: Readonly<Record<string, unknown>>,
  check: VersionCheck,
): Promise<ShownRecord> {
  assertFree(input['asset_id']);
  return deps.store.inTenant(deps.tenantId, async (tx) =>
    viewAsset(tx, deps.tenantId, await updatePlain(deps, tx, ASSET, assetId, input, check)),
  );
}

/** Refused while work on it is open or assets stand below it. */
export async function deleteAsset(deps: PersonDeps, assetId: string, check: VersionCheck): Promise<void> {
  await deletePlain(deps, ASSET, assetId, check);
}

/** Figures of all assets, or of one; of an asset that is not there they are zero. */
export async function assetStatistics(
  deps: PersonDeps,
  scope: { assetId: string | null; from: string | null; to: string | null },
): Promise<InSnakeCase<AssetStatistics> & { operational_rate: number }> {
  assertOrder(scope.from, scope.to);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hubId = scope.assetId === null ? null : await findAssetId(tx, deps.tenantId, scope.assetId);
    const known = scope.assetId === null || hubId !== null;
    const figures = await loadAssetStatistics(tx, deps.tenantId, {
      ...scope,
      hubId: known ? hubId : NOBODY,
    });
    const { totalAssets: total, operationalAssets: operational } = figures;
    return { ...inSnakeCase(figures), operational_rate: total === 0 ? 0 : (operational / total) * 100 };
  });
}

const NOBODY = '00000000-0000-0000-0000-000000000000';

export function assertOrder(from: string | null, to: string | null): void {
  if (from === null || to === null || from <= to) return;
  throw new Failure('invalid_request', 'end_date: must not be before start_date.', { path: 'end_date' });
}
