/** Assets and their histories as answers show them: under their public names, figures and newest reports included. */
import { inSnakeCase } from '../../domain/case.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { AssetAlertRow } from '../../store/assets/asset-alerts.ts';
import { loadAssetFigures } from '../../store/assets/asset-figures.ts';
import {
  newestOf,
  type AssetConditionRow,
  type AssetLocationRow,
  type AssetPerformanceRow,
} from '../../store/assets/asset-histories.ts';
import { loadNextMaintenance } from '../../store/assets/assets.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { ASSET } from '../records/plain-records-kinds.ts';
import { toPublic, type ShownRecord } from '../records/plain-records-names.ts';

export async function viewAssets(
  tx: Tx,
  tenantId: string,
  records: readonly HubRecord[],
): Promise<ShownRecord[]> {
  const ids = records.map(({ id }) => id);
  const plain = await toPublic(tx, ASSET, records);
  const moved = await newestOf(tx, 'asset_location', ids);
  const judged = await newestOf(tx, 'asset_condition', ids);
  const figures = await loadAssetFigures(tx, ids);
  const next = await loadNextMaintenance(tx, tenantId, ids);
  const places = await repositories.hubRecords.load(
    tx,
    records.flatMap(({ fields }) => (typeof fields['location'] === 'string' ? [fields['location']] : [])),
  );
  return plain.map(({ id, version, shown }, index): ShownRecord => {
    const record = records[index] as HubRecord;
    const assetId = (shown['asset_id'] ?? record.number) as string;
    const figure = figures.get(id);
    return {
      id,
      version,
      shown: {
        ...shown,
        id: assetId,
        asset_id: assetId,
        hub_id: id,
        current_location: currentLocation(record, assetId, moved.get(id), places),
        current_condition: currentCondition(record, assetId, judged.get(id)),
        last_maintenance: figure?.lastMaintenanceAt?.toISOString() ?? null,
        next_maintenance: next.get(id) ?? null,
        total_operating_hours: figure?.operatingHours ?? null,
        total_cost: figure?.maintenanceCost ?? null,
      },
    };
  });
}

export async function viewAsset(tx: Tx, tenantId: string, record: HubRecord): Promise<ShownRecord> {
  const [view] = await viewAssets(tx, tenantId, [record]);
  return view as ShownRecord;
}

/** When a field of a record last changed, as far as anybody told. */
function changedAt(record: HubRecord, field: string): number {
  const at = record.fieldAt[field] ?? record.fieldAt['*'];
  return at === undefined ? record.createdAt.getTime() : Date.parse(at);
}

/** The last move; unless the record was given another location since, which other systems do too. */
function currentLocation(
  record: HubRecord,
  assetId: string,
  moved: AssetLocationRow | undefined,
  places: ReadonlyMap<string, HubRecord>,
): JsonObject | null {
  const place = places.get((record.fields['location'] ?? '') as string);
  if (moved !== undefined) {
    const same = moved.locationId === (place?.id ?? null);
    if (same || place === undefined || changedAt(record, 'location') <= moved.at.getTime()) {
      return viewLocation(moved, assetId);
    }
  }
  if (place === undefined) return null;
  const { latitude, longitude } = place.fields;
  return {
    id: null,
    asset_id: assetId,
    location_name: place.fields['name'] ?? place.number,
    location_id: place.id,
    building: null,
    floor: null,
    room: null,
    coordinates: typeof latitude === 'number' && typeof longitude === 'number' ? [latitude, longitude] : null,
    address: place.fields['address'] ?? null,
    zone: null,
    department: null,
    timestamp: new Date(changedAt(record, 'location')).toISOString(),
    updated_by: null,
  };
}

/** The last assessment; unless the record's condition was changed since without one. */
function currentCondition(
  record: HubRecord,
  assetId: string,
  judged: AssetConditionRow | undefined,
): JsonObject | null {
  const condition = record.fields['condition'];
  if (judged !== undefined) {
    const same = condition === undefined || condition === judged.condition;
    if (same || changedAt(record, 'condition') <= judged.at.getTime()) return viewCondition(judged, assetId);
  }
  if (condition === undefined) return null;
  return {
    id: null,
    asset_id: assetId,
    condition,
    assessment_date: new Date(changedAt(record, 'condition')).toISOString(),
    assessed_by: null,
    notes: null,
    visual_inspection: null,
    functional_test: null,
    performance_metrics: {},
    recommendations: null,
    next_assessment_date: null,
  };
}

export function viewLocation(row: AssetLocationRow, assetId: string): JsonObject {
  const { id, locationName, locationId, building, floor, room, address, zone, department } = row;
  return {
    id,
    asset_id: assetId,
    location_name: locationName,
    location_id: locationId,
    building,
    floor,
    room,
    coordinates: row.latitude === null || row.longitude === null ? null : [row.latitude, row.longitude],
    address,
    zone,
    department,
    timestamp: row.at.toISOString(),
    updated_by: row.updatedBy,
  };
}

export function viewCondition(row: AssetConditionRow, assetId: string): JsonObject {
  const { id, condition, assessedBy, notes, visualInspection, functionalTest } = row;
  return {
    id,
    asset_id: assetId,
    condition,
    assessment_date: row.at.toISOString(),
    assessed_by: assessedBy,
    notes,
    visual_inspection: visualInspection,
    functional_test: functionalTest,
    performance_metrics: row.performanceMetrics,
    recommendations: row.recommendations,
    next_assessment_date: row.nextAssessmentAt?.toISOString() ?? null,
  };
}

export function viewPerformance(row: AssetPerformanceRow, assetId: string): JsonObject {
  const {
    id,
    hubId: _hub,
    at,
    tenantId: _tenant,
    ...figures
  } = row as AssetPerformanceRow & { tenantId: string };
  return { id, asset_id: assetId, timestamp: at.toISOString(), ...inSnakeCase(figures) };
}

export function viewAlert(row: AssetAlertRow, assetId: string): JsonObject {
  return {
    id: row.id,
    asset_id: assetId,
    alert_type: row.alertType,
    severity: row.severity,
    message: row.message,
    timestamp: row.at.toISOString(),
    last_seen: row.lastSeenAt.toISOString(),
    seen_count: row.seenCount,
    is_acknowledged: row.acknowledgedAt !== null,
    acknowledged_by: row.acknowledgedBy,
    acknowledged_at: row.acknowledgedAt?.toISOString() ?? null,
    is_resolved: row.resolvedAt !== null,
    resolved_by: row.resolvedBy,
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    resolution_notes: row.resolutionNotes,
  };
}
