/**
 * Payload names of the push mappings and what SAP holds behind them: exact on write, so that a wrong rule is refused by
 * name here instead of by SAP in its own words. Names that begin with `_` are ours, for what is no plain field there.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function rowsIn(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function textIn(value: Json | undefined): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

/** Zeros in front are dropped only when the whole key is digits; `PUMP-001` stays (contract 3.3). */
export function plainKey(value: Json | undefined): string {
  return textIn(value).replace(/^0+(?=\d+$)/, '');
}

/** Decimals are texts of varying padding, doubles have exponents (contract 3.2). */
export function numberIn(value: Json | undefined): number | null {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string' || value.trim() === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

interface Field {
  kind: 'text' | 'date' | 'instant' | 'decimal' | 'flag' | 'own';
  maxLength?: number;
  createOnly?: true;
}

const text = (maxLength: number): Field => ({ kind: 'text', maxLength });
const first = (maxLength: number): Field => ({ kind: 'text', maxLength, createOnly: true });
const date: Field = { kind: 'date' };
const instant: Field = { kind: 'instant' };
const flag: Field = { kind: 'flag' };
const own: Field = { kind: 'own' };

const WORK_CENTRE = {
  MainWorkCenter: text(8),
  MainWorkCenterPlant: text(4),
  MaintenancePlannerGroup: text(3),
};

/** Contract 2.1 to 2.8. */
export const WRITABLE: Readonly<Record<Entity, Readonly<Record<string, Field>> | null>> = {
  person: null,
  location: {
    FunctionalLocation: first(30),
    FuncLocationStructure: first(5),
    FunctionalLocationCategory: first(1),
    FunctionalLocationName: text(40),
    SuperiorFunctionalLocation: text(30),
    MaintenancePlant: text(4),
    MaintenancePlanningPlant: text(4),
    ABCIndicator: text(1),
    _longText: own,
    _state: own,
  },
  asset: {
    EquipmentName: text(40),
    EquipmentCategory: first(1),
    TechnicalObjectType: text(10),
    TechnicalObjectSortCode: text(25),
    AssetManufacturerName: text(30),
    ManufacturerPartTypeName: text(20),
    ManufacturerSerialNumber: text(30),
    ABCIndicator: text(1),
    OperationStartDate: date,
    MaintenancePlant: text(4),
    MaintenancePlanningPlant: text(4),
    SuperordinateEquipment: own,
    FunctionalLocation: own,
    _longText: own,
    _state: own,
  },
  part: {
    Product: first(40),
    ProductType: first(4),
    IndustrySector: first(1),
    BaseUnit: first(3),
    ProductGroup: text(9),
    ProductStandardID: text(18),
    IsMarkedForDeletion: flag,
    _description: own,
  },
  meter: {
    MeasuringPointDescription: text(40),
    MeasuringPointPositionNumber: text(20),
    MeasuringPointCategory: first(1),
    MeasuringPointIsCounter: { kind: 'flag', createOnly: true },
    MeasurementRangeUnit: first(3),
    Equipment: first(18),
    FunctionalLocation: first(30),
    _active: own,
    _reading: own,
  },
  plan: { MaintenanceItemDescription: text(40), MaintPriority: text(1) },
  request: {
    NotificationText: text(40),
    NotificationType: first(2),
    MaintPriority: text(1),
    MaintNotifRqdEndDateTime: instant,
    MaintenancePlanningPlant: text(4),
    ...WORK_CENTRE,
    _equipment: own,
    _functionalLocation: own,
    _longText: own,
    _phase: own,
  },
  work_order: {
    MaintenanceOrderDesc: text(40),
    MaintenanceOrderType: first(4),
    MaintenancePlanningPlant: first(4),
    MaintenanceActivityType: text(3),
    MaintPriority: text(1),
    Equipment: text(18),
    FunctionalLocation: text(30),
    MaintOrdBasicStartDateTime: instant,
    MaintOrdBasicEndDateTime: instant,
    LatestAcceptableCompletionDate: date,
    ...WORK_CENTRE,
    _operations: own,
    _longText: own,
    _lifeCycle: own,
    _completedAt: own,
    _startElse: own,
  },
};

/** Extensions of a customer (contract 2.1 notes): `ZZ1_..`, `ZZ..`, `YY..`. */
const CUSTOM = /^(ZZ|YY)\w+$/;

export interface Body {
  /** Plain fields of the root entity; what is cleared holds SAP's initial value. */
  fields: JsonObject;
  /** Our own names, as the mapping gave them. */
  own: JsonObject;
}

/** Splits a payload; throws `rejected` naming the field that SAP cannot take. */
export function bodyOf(entity: Entity, payload: JsonObject, verb: 'create' | 'update'): Body {
  const writable = WRITABLE[entity] ?? {};
  const body: Body = { fields: {}, own: {} };
  for (const [name, value] of Object.entries(payload)) {
    const field = Object.hasOwn(writable, name) ? writable[name] : undefined;
    if (field === undefined) {
      if (!CUSTOM.test(name)) throw refuse(entity, name, 'is no field that SAP takes');
      body.fields[name] = value;
    } else if (field.kind === 'own') body.own[name] = value;
    else if (field.createOnly === true && verb === 'update')
      throw refuse(entity, name, 'cannot be changed once it exists');
    else body.fields[name] = plainValue(entity, name, field, value);
  }
  return body;
}

/** Texts are never null in SAP (contract 3.2): clearing one writes an empty text. */
function plainValue(entity: Entity, name: string, field: Field, value: Json): Json {
  if (value === null) {
    if (field.kind === 'text') return '';
    return field.kind === 'flag' ? false : field.kind === 'decimal' ? '0' : null;
  }
  if (field.kind === 'flag') {
    if (typeof value === 'boolean') return value;
    throw refuse(entity, name, 'is true or false');
  }
  if (field.kind === 'decimal') {
    const number = numberIn(value);
    if (number !== null) return String(number);
    throw refuse(entity, name, 'is a number');
  }
  if (typeof value !== 'string') throw refuse(entity, name, 'is a text');
  if (field.maxLength !== undefined && value.length > field.maxLength) {
    throw refuse(entity, name, `holds ${String(field.maxLength)} characters, not ${String(value.length)}`);
  }
  if (field.kind === 'date' && !/^\d{4}-\d\d-\d\d$/.test(value)) throw refuse(entity, name, 'is a date');
  if (field.kind === 'instant') {
    const at = Date.parse(value);
    if (Number.isNaN(at)) throw refuse(entity, name, 'is a moment');
    return new Date(Math.floor(at / 1_000) * 1_000).toISOString();
  }
  return value;
}

function refuse(entity: Entity, path: string, why: string): Failure {
  return new Failure('rejected', `"${path}" ${why}; correct mappings/sap_pm/${entity}.yaml.`, { path });
}
