/**
 * Rows of SAP as the records a pull shows. `raw` keeps SAP's names and values, extensions of the customer included; names
 * with `_` in front are drawn from several fields where no mapping rule could, and nothing else is computed here.
 */
import { createHash } from 'node:crypto';
import type { Entity } from '../../domain/entities/index.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import type { SapConfig } from './config.ts';
import { CURRENT, externalIdOf } from './entities.ts';
import { momentOf } from './local-time.ts';
import { lifeCycleOf, phaseOf, tokensOf } from './status.ts';
import type { SapRow } from './transport.ts';
import { isObject, numberIn, plainKey, rowsIn, textIn } from './wire.ts';

/** What is read beside a row, by the key of the row it belongs to. */
export interface Beside {
  plans: ReadonlyMap<string, JsonObject>;
  stock: ReadonlyMap<string, number>;
  readings: ReadonlyMap<string, JsonObject>;
  /** Keys of functional locations by their labels. */
  places: ReadonlyMap<string, string>;
}
export const NOTHING_BESIDE: Beside = {
  plans: new Map(),
  stock: new Map(),
  readings: new Map(),
  places: new Map(),
};

/** Hashes stand in where a service gives no etag; they are never sent as one. */
const HASH = 'content:';

/** One spelling of an etag, whatever was percent-encoded in it: lists and single reads may differ (contract 7). */
export function versionOf(row: SapRow): string {
  if (row.version === null) {
    return HASH + createHash('sha256').update(canonicalJson(row.doc)).digest('hex').slice(0, 24);
  }
  try {
    return decodeURIComponent(row.version);
  } catch {
    return row.version;
  }
}

export function toRecord(entity: Entity, row: SapRow, config: SapConfig, beside: Beside): ExternalRecord {
  const { doc } = row;
  const externalId = externalIdOf(entity, doc);
  const changedAt = textIn(doc.LastChangeDateTime);
  return {
    externalId,
    address: entity === 'asset' ? textIn(doc.ValidityEndDate) || CURRENT : null,
    version: versionOf(row),
    updatedAt: changedAt === '' ? createdAt(doc) : changedAt,
    number: externalId,
    scope: scopeOf(entity, doc),
    ...(entity === 'work_order' && isLocked(tokensOf(textIn(doc.SystemStatusText)), config)
      ? { readOnly: true }
      : {}),
    raw: RAW[entity](doc, config, beside),
  };
}

/** The plant: of what stands somewhere where it stands, of work where it is planned. */
function scopeOf(entity: Entity, doc: JsonObject): string | null {
  const [standing, planning] = [textIn(doc.MaintenancePlant), textIn(doc.MaintenancePlanningPlant)];
  const plant = entity === 'asset' || entity === 'location' ? standing || planning : planning || standing;
  return plant === '' ? null : plant;
}

/**
 * The deletion indicator is final: archiving comes next. Closed for business is the book-keepers': SAP refuses every change of
 * such an order until it is reopened, which only a connection that may close orders does.
 */
function isLocked(tokens: readonly string[], { allowClose }: SapConfig): boolean {
  return tokens.includes('DLT') || (!allowClose && tokens.includes('CLSD'));
}

function createdAt(doc: JsonObject): string | null {
  const moment = textIn(doc.MaintOrderCreationDateTime) || textIn(doc.CreationDateTime);
  if (moment !== '') return moment;
  const day = textIn(doc.CreationDate);
  return day === '' ? null : `${day}T00:00:00.000Z`;
}

type ToRaw = (doc: JsonObject, config: SapConfig, beside: Beside) => JsonObject;

const RAW: Readonly<Record<Entity, ToRaw>> = {
  person: (doc) => doc,
  location: (doc) =>
    compact({
      ...without(doc, 'to_LongText'),
      _longText: lines(childText(doc.to_LongText, 'FuncnlLocLongText')),
      _state: objectState(
        doc.FuncnlLocIsMarkedForDeletion === true || doc.FuncnlLocIsDeleted === true,
        doc.FuncnlLocIsDeactivated === true,
      ),
      _address: address(doc),
    }),
  asset: (doc) =>
    compact({
      ...without(doc, 'to_LongText', 'to_Warranty'),
      Equipment: plainKey(doc.Equipment),
      SuperordinateEquipment: plainKey(doc.SuperordinateEquipment),
      _longText: lines(childText(doc.to_LongText, 'EquipmentLongText')),
      _state:
        doc.EquipmentIsInWarehouse === true &&
        doc.EquipmentIsMarkedForDeletion !== true &&
        doc.EquipmentIsInactive !== true
          ? 'warehouse'
          : objectState(doc.EquipmentIsMarkedForDeletion === true, doc.EquipmentIsInactive === true),
      _warrantyEndDate: rowsIn(doc.to_Warranty)
        .map((row) => textIn(row.WarrantyEndDate))
        .sort()
        .at(-1),
    }),
  part: partRaw,
  meter: (doc, config, beside) => {
    const point = plainKey(doc.MeasuringPoint);
    return compact({
      ...doc,
      MeasuringPoint: point,
      Equipment: plainKey(doc.Equipment),
      _unit: unitOf(doc),
      _lastReading: readingOf(beside.readings.get(point), unitOf(doc), config),
    });
  },
  plan: (doc, _config, beside) => {
    const plan = beside.plans.get(plainKey(doc.MaintenancePlan)) ?? {};
    return compact({
      ...without(doc, 'to_LongText'),
      MaintenanceItem: plainKey(doc.MaintenanceItem),
      MaintenancePlan: plainKey(doc.MaintenancePlan),
      Equipment: plainKey(doc.Equipment),
      _functionalLocation: placeIn(doc, beside),
      _longText: lines(textIn(rowsIn(doc.to_LongText)[0]?.MaintenanceItemLongText)),
      _plan: compact(without(plan, 'to_MaintenanceCycle', 'to_StrategyCycle', 'to_Schedules')),
      ...schedule(plan),
    });
  },
  request: (doc, config, beside) =>
    compact({
      ...doc,
      _equipment: doc.TechObjIsEquipOrFuncnlLoc === 'EAMS_EQUI' ? plainKey(doc.TechnicalObject) : '',
      _functionalLocation:
        placeIn(doc, beside) ||
        (doc.TechObjIsEquipOrFuncnlLoc === 'EAMS_FL' ? textIn(doc.TechnicalObject) : ''),
      _phase: phaseOf(textIn(doc.NotifProcessingPhase), textIn(doc.ConcatenatedActiveSystStsName)),
      _longText: lines(textIn(doc.MaintNotificationLongText)),
      _createdAt:
        textIn(doc.CreationDateTime) || momentOf(doc.CreationDate, doc.CreationTime, config.timeZone),
      _requiredEnd:
        textIn(doc.MaintNotifRqdEndDateTime) ||
        momentOf(doc.RequiredEndDate, doc.RequiredEndTime, config.timeZone),
    }),
  work_order: orderRaw,
};

function orderRaw(doc: JsonObject, config: SapConfig): JsonObject {
  return compact({
    ...without(doc, 'to_MaintenanceOrderOperation', 'to_MaintenanceOrderLongText'),
    MaintenanceOrder: plainKey(doc.MaintenanceOrder),
    Equipment: plainKey(doc.Equipment),
    MaintenanceItem: plainKey(doc.MaintenanceItem),
    MaintenancePlan: plainKey(doc.MaintenancePlan),
    MaintenanceNotification: plainKey(doc.MaintenanceNotification),
    _lifeCycle: lifeCycleOf(textIn(doc.SystemStatusText), textIn(doc.MaintOrdProcessSubPhaseCode)),
    _longText: lines(
      languageText(doc.to_MaintenanceOrderLongText, 'KOPF', 'MaintenanceOrderLongText', config),
    ),
    ...operationsIn(doc, config),
  });
}

/** What this release does not show below an order is not shown as empty either: nobody has taken it away. */
function operationsIn(doc: JsonObject, config: SapConfig): JsonObject {
  if (doc.to_MaintenanceOrderOperation === undefined) return {};
  const all = rowsIn(doc.to_MaintenanceOrderOperation);
  const _operations = all
    .filter((row) => row.IsMarkedForDeletion !== true && textIn(row.MaintenanceOrderSubOperation) === '')
    .map((row) =>
      compact({
        ...without(row, 'to_MaintOrderOpComponent_2', 'to_MaintOrderOpLongText'),
        _sequence: numberIn(row.MaintenanceOrderOperation),
        _status: operationStatus(textIn(row.SystemStatusText)),
        _workHours: hours(row.MaintOrdOperationWorkDuration, row.MaintOrdOpWorkDurationUnit),
        _longText: lines(languageText(row.to_MaintOrderOpLongText, 'AVOT', 'OrderOperationLongText', config)),
      }),
    )
    .sort((a, b) => (numberIn(a._sequence) ?? 0) - (numberIn(b._sequence) ?? 0));
  if (all.length > 0 && all.every((row) => row.to_MaintOrderOpComponent_2 === undefined))
    return { _operations };
  const _components = all
    .flatMap((row) => rowsIn(row.to_MaintOrderOpComponent_2))
    .map((row) =>
      compact({ ...row, Product: plainKey(row.Product), _used: numberIn(row.QuantityWithdrawnInBaseUnit) }),
    )
    .sort((a, b) => (componentKey(a) < componentKey(b) ? -1 : 1));
  return { _operations, _components };
}

function componentKey(row: JsonObject): string {
  return `${textIn(row.MaintenanceOrderOperation)}|${textIn(row.MaintOrderComponentInternalID)}`;
}

function partRaw(doc: JsonObject, config: SapConfig, beside: Beside): JsonObject {
  const product = plainKey(doc.Product);
  const plants = rowsIn(doc.to_Plant);
  const plant = plants.find((row) => row.Plant === config.plant) ?? plants[0] ?? {};
  const supply = isObject(plant.to_ProductSupplyPlanning) ? plant.to_ProductSupplyPlanning : {};
  const valuations = rowsIn(doc.to_Valuation);
  const valuation = valuations.find((row) => row.ValuationArea === plant.Plant) ?? valuations[0] ?? {};
  const descriptions = rowsIn(doc.to_Description);
  const description = descriptions.find((row) => row.Language === config.textLanguage) ?? descriptions[0];
  return compact({
    ...without(doc, 'to_Plant', 'to_Valuation', 'to_Description'),
    Product: product,
    _description: textIn(description?.ProductDescription),
    _onHand: beside.stock.get(product) ?? null,
    _reorderPoint: numberIn(supply.ReorderThresholdQuantity),
    _bin: rowsIn(plant.to_StorageLocation)
      .map((row) => textIn(row.WarehouseStorageBin))
      .find((bin) => bin !== ''),
    _unitCost: price(valuation),
  });
}

/** Moving average or standard price, for one unit (contract 8.4). */
function price(valuation: JsonObject): number | null {
  const wanted = valuation.InventoryValuationProcedure === 'S' ? 'StandardPrice' : 'MovingAveragePrice';
  const amount = numberIn(valuation[wanted]);
  const per = numberIn(valuation.PriceUnitQty) ?? 1;
  return amount === null || per === 0 ? null : Math.round((amount / per) * 1e6) / 1e6;
}

function schedule(plan: JsonObject): JsonObject {
  const cycles = [...rowsIn(plan.to_MaintenanceCycle), ...rowsIn(plan.to_StrategyCycle)].filter(
    (row) => row.MaintenancePlanCycleIsInactive !== true,
  );
  const byTime = cycles.find((row) => textIn(row.MeasuringPoint) === '');
  const byMeter = cycles.find((row) => textIn(row.MeasuringPoint) !== '');
  const calls = rowsIn(plan.to_Schedules);
  const open = calls.filter((row) => textIn(row.CompletionDate) === '');
  const sorted = (rows: JsonObject[], field: string): string[] =>
    rows
      .map((row) => textIn(row[field]))
      .filter((day) => day !== '')
      .sort();
  return {
    _every: numberIn(byTime?.MaintPlanCycRcrrcIntervalQty) ?? null,
    _everyUnit: textIn(byTime?.MaintPlanCycRcrrcIntervalUnit),
    _meter: plainKey(byMeter?.MeasuringPoint),
    _meterEvery: numberIn(byMeter?.MaintPlanCycRcrrcIntervalQty) ?? null,
    _nextPlannedDate: sorted(open, 'MaintenanceCallNextPlannedDate')[0] ?? null,
    _lastCompletionDate: sorted(calls, 'CompletionDate').at(-1) ?? null,
    // Internal codes: I0320 inactive, I0076 deletion flag (contract 8.5, guess).
    _active: !['I0320', 'I0076'].includes(textIn(plan.MaintenancePlanSystemStatus)),
    _leadDays: numberIn(plan.CallHorizonInDays),
  };
}

function unitOf(point: JsonObject): string {
  return textIn(point.CharcValueUnit) || textIn(point.MeasurementRangeUnit);
}

/** Readings only as they were typed: the other fields are in SI units (contract 2.7). One in another unit is not shown. */
function readingOf(document: JsonObject | undefined, unit: string, { timeZone }: SapConfig): Json {
  if (document === undefined) return null;
  const value = numberIn(document.MeasurementReadingInEntryUoM);
  const at = momentOf(document.MsmtRdngDate, document.MsmtRdngTime, timeZone);
  const entered = textIn(document.MeasurementReadingEntryUoM);
  if (value === null || at === null || (entered !== '' && unit !== '' && entered !== unit)) return null;
  return { value, at };
}

/** The key of the place, which some rows name by its label only. */
function placeIn(doc: JsonObject, { places }: Beside): string {
  const label = textIn(doc.FunctionalLocationLabelName);
  return textIn(doc.FunctionalLocation) || (places.get(label) ?? label);
}

function objectState(marked: boolean, inactive: boolean): string {
  return marked ? 'deleted' : inactive ? 'inactive' : 'active';
}

function operationStatus(line: string): string {
  const tokens = tokensOf(line);
  return tokens.includes('CNF') ? 'CNF' : tokens.includes('PCNF') ? 'PCNF' : 'open';
}

/** Unit codes as they read in English (contract 4.4). */
const HOURS: Readonly<Record<string, number>> = { H: 1, HR: 1, MIN: 1 / 60, S: 1 / 3_600, DAY: 24 };

function hours(quantity: Json | undefined, unit: Json | undefined): number | null {
  const amount = numberIn(quantity);
  const factor = HOURS[textIn(unit) || 'H'];
  return amount === null || amount === 0 || factor === undefined
    ? null
    : Math.round(amount * factor * 1e4) / 1e4;
}

function childText(child: Json | undefined, field: string): string {
  const row = Array.isArray(child) ? rowsIn(child)[0] : isObject(child) ? child : undefined;
  return textIn(row?.[field]);
}

export function languageText(
  child: Json | undefined,
  kind: string,
  field: string,
  { textLanguage }: SapConfig,
): string {
  const row = rowsIn(child).find(
    (candidate) => candidate.TextObjectType === kind && candidate.Language === textLanguage,
  );
  return textIn(row?.[field]);
}

function lines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function address(doc: JsonObject): string {
  const street = [textIn(doc.StreetName), textIn(doc.HouseNumber)].filter((part) => part !== '').join(' ');
  const city = [textIn(doc.PostalCode), textIn(doc.CityName)].filter((part) => part !== '').join(' ');
  return [street, city, textIn(doc.Country)].filter((part) => part !== '').join(', ');
}

function without(doc: JsonObject, ...names: string[]): JsonObject {
  return Object.fromEntries(Object.entries(doc).filter(([name]) => !names.includes(name)));
}

function compact(doc: Record<string, Json | undefined>): JsonObject {
  const kept: JsonObject = {};
  for (const [name, value] of Object.entries(doc)) {
    if (value === undefined || value === null || value === '') continue;
    kept[name] = value;
  }
  return kept;
}
