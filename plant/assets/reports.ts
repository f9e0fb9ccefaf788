/**
 * What people and machines report about an asset: where it is, how it is, what it does. A report and the alerts it raises
 * are one transaction; what the record itself says of place and condition follows, so that other systems hear of it.
 */
import { inCamelCase } from '../../domain/case.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { raiseAlerts } from '../../store/assets/asset-alerts.ts';
import { addOperatingHours } from '../../store/assets/asset-figures.ts';
import {
  addToHistory,
  loadHistory,
  type AssetHistory,
  type HistoryPage,
} from '../../store/assets/asset-histories.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories, type Tx } from '../../store/index.ts';
import { findingsOfReport, type AlertFinding } from './alert-rules.ts';
import { assetIdsOf } from './asset-ids.ts';
import { viewAlert, viewCondition, viewLocation, viewPerformance } from './views.ts';
import { assertOrder } from './assets.ts';
import { audit, instantOf, type PersonDeps } from '../person.ts';
import { ASSET } from '../records/plain-records-kinds.ts';
import { findRecordId } from '../records/plain-records-names.ts';
import { lockPlain, requirePlain } from '../records/plain-records.ts';
import { editRecord } from '../work-orders/edit.ts';

type Text = string | null;

export interface LocationReport {
  location_name: string;
  building: Text;
  floor: Text;
  room: Text;
  /** Latitude and longitude. */
  coordinates: readonly [number, number] | null;
  address: Text;
  zone: Text;
  department: Text;
  /** The caller when null. */
  updated_by: Text;
}

/** When the name is that of a location of the plant, the asset's record moves there too. */
export async function recordLocation(
  deps: PersonDeps,
  assetId: string,
  report: LocationReport,
): Promise<JsonObject> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const { coordinates, updated_by, ...plain } = report;
    const locationId = await findRecordId(tx, deps.tenantId, 'location', report.location_name);
    const hub = await lockPlain(tx, deps.tenantId, ASSET, assetId);
    const at = instantOf(deps);
    const row = await addToHistory(tx, 'asset_location', deps.tenantId, {
      ...inCamelCase(plain),
      id: deps.newId(),
      hubId: hub.id,
      locationId,
      latitude: coordinates?.[0] ?? null,
      longitude: coordinates?.[1] ?? null,
      updatedBy: updated_by ?? deps.actor,
      at,
    });
    if (locationId !== null) {
      await editRecord(deps, tx, hub, { location: locationId }, { action: 'asset.move', at });
    }
    const shown = viewLocation(row, await publicId(tx, hub.id));
    await audit(deps, tx, {
      action: 'asset.location',
      subject: `record/${hub.id}`,
      before: null,
      after: shown,
      at,
    });
    return shown;
  });
}

export interface ConditionReport {
  condition: string;
  assessed_by: string;
  notes: Text;
  visual_inspection: Text;
  functional_test: Text;
  performance_metrics: Readonly<Record<string, number | string>>;
  recommendations: Text;
  next_assessment_date: Text;
}

export interface Reported {
  report: JsonObject;
  /** Raised, or seen again. */
  alerts: JsonObject[];
}

export async function assessCondition(
  deps: PersonDeps,
  assetId: string,
  given: ConditionReport,
): Promise<Reported> {
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hub = await lockPlain(tx, deps.tenantId, ASSET, assetId);
    const at = instantOf(deps);
    const { next_assessment_date, ...plain } = given;
    const row = await addToHistory(tx, 'asset_condition', deps.tenantId, {
      ...inCamelCase(plain),
      performanceMetrics: { ...given.performance_metrics },
      nextAssessmentAt: next_assessment_date,
      id: deps.newId(),
      hubId: hub.id,
      at,
    });
    await editRecord(deps, tx, hub, { condition: given.condition }, { action: 'asset.assess', at });
    const shownId = await publicId(tx, hub.id);
    const report = viewCondition(row, shownId);
    await audit(deps, tx, {
      action: 'asset.condition',
      subject: `record/${hub.id}`,
      before: null,
      after: report,
      at,
    });
    const alerts = await raise(
      deps,
      tx,
      hub,
      shownId,
      findingsOfReport(nameOf(hub), { condition: given.condition }),
      at,
    );
    return { report, alerts };
  });
}

export interface PerformanceReport {
  uptime_percentage: number;
  efficiency_rating: number;
  throughput: number | null;
  energy_consumption: number | null;
  temperature: number | null;
  vibration: number | null;
  pressure: number | null;
  speed: number | null;
  load_percentage: number | null;
  operating_hours: number | null;
  maintenance_hours: number | null;
  cost_per_hour: number | null;
  error_count: number;
  warning_count: number;
}

/** Clocks of machines run ahead by this much before we say so. */
const CLOCK_AHEAD_MS = 10 * 60_000;

/** Hours it ran count towards the asset's total; `maintenance_hours`, an older name, when nothing else is given. */
export async function recordPerformance(
  deps: PersonDeps,
  assetId: string,
  given: PerformanceReport,
  takenAt: string | null,
): Promise<Reported> {
  if (takenAt !== null && Date.parse(takenAt) > deps.now() + CLOCK_AHEAD_MS) {
    throw new Failure('invalid_request', 'timestamp: lies in the future.', { path: 'timestamp' });
  }
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const id = await requirePlain(tx, deps.tenantId, ASSET, assetId);
    const hub = (await repositories.hubRecords.load(tx, [id])).get(id);
    if (hub === undefined) throw new Failure('not_found', `There is no asset "${assetId}".`);
    const now = instantOf(deps);
    const at = takenAt ?? now;
    const row = await addToHistory(tx, 'asset_performance', deps.tenantId, {
      ...inCamelCase(given),
      id: deps.newId(),
      hubId: hub.id,
      at,
    });
    const hours = given.operating_hours ?? given.maintenance_hours ?? 0;
    if (hours > 0) await addOperatingHours(tx, deps.tenantId, hub.id, hours);
    const shownId = await publicId(tx, hub.id);
    const report = viewPerformance(row, shownId);
    await audit(deps, tx, {
      action: 'asset.performance',
      subject: `record/${hub.id}`,
      before: null,
      after: report,
      at: now,
    });
    const alerts = await raise(deps, tx, hub, shownId, findingsOfReport(nameOf(hub), { ...given }), at);
    return { report, alerts };
  });
}

async function raise(
  deps: PersonDeps,
  tx: Tx,
  hub: HubRecord,
  assetId: string,
  findings: readonly AlertFinding[],
  at: string,
): Promise<JsonObject[]> {
  const rows = await raiseAlerts(
    tx,
    deps.tenantId,
    findings.map(({ alertType, severity, message }) => ({
      id: deps.newId(),
      hubId: hub.id,
      alertType,
      severity,
      message,
      at,
    })),
  );
  for (const row of rows) {
    await audit(deps, tx, {
      action: row.seenCount === 1 ? 'alert.raise' : 'alert.repeat',
      subject: `alert/${row.id}`,
      before: null,
      after: viewAlert(row, assetId),
      at: instantOf(deps),
    });
  }
  return rows.map((row) => viewAlert(row, assetId));
}

const VIEWS = {
  asset_location: viewLocation,
  asset_condition: viewCondition,
  asset_performance: viewPerformance,
} as const;

/** Oldest first, with the place where the next page starts. */
export async function assetHistory(
  deps: PersonDeps,
  history: AssetHistory,
  assetId: string,
  page: HistoryPage,
): Promise<{ rows: JsonObject[]; next: HistoryPage['after'] }> {
  assertOrder(page.from, page.to);
  return deps.store.inTenant(deps.tenantId, async (tx) => {
    const hubId = await requirePlain(tx, deps.tenantId, ASSET, assetId);
    const found = await loadHistory(tx, history, hubId, { ...page, limit: page.limit + 1 });
    const rows = found.slice(0, page.limit);
    const last = found.length > page.limit ? rows.at(-1) : undefined;
    const view = VIEWS[history] as (row: object, assetId: string) => JsonObject;
    const shownId = await publicId(tx, hubId);
    return {
      rows: rows.map((row) => view(row, shownId)),
      next: last === undefined ? null : { at: last.at.toISOString(), id: last.id },
    };
  });
}

function nameOf(hub: HubRecord): string {
  const { name } = hub.fields;
  return typeof name === 'string' ? name : hub.number;
}

async function publicId(tx: Tx, hubId: string): Promise<string> {
  return (await assetIdsOf(tx, [hubId])).get(hubId) ?? hubId;
}
