/** The bodies of creates and the changes of updates: which plain fields and children SAP is sent for a payload. Pure. */
import type { Entity } from '../../domain/entities/index.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { CreateOp } from '../kit/contract.ts';
import type { SapConfig } from './config.ts';
import { deepHeaderText, deepOperations, headerTextChanges, operationChanges } from './order-children.ts';
import type { Place } from './order-children.ts';
import type { Change, SapRow } from './transport.ts';
import { isObject, rowsIn, textIn } from './wire.ts';
import type { Body } from './wire.ts';

/** What the connection says about new objects; the payload goes before it. */
function defaultsOf(entity: Entity, config: SapConfig): Record<string, string | undefined> {
  const responsible = {
    MainWorkCenter: config.mainWorkCenter,
    MainWorkCenterPlant:
      config.mainWorkCenterPlant ?? (config.mainWorkCenter === undefined ? undefined : config.plant),
    MaintenancePlannerGroup: config.plannerGroup,
    MaintenancePlanningPlant: config.plant,
  };
  switch (entity) {
    case 'location':
      return {
        ...responsible,
        MaintenancePlant: config.plant,
        FuncLocationStructure: config.locationStructure,
        FunctionalLocationCategory: config.locationCategory,
      };
    case 'asset':
      return { ...responsible, MaintenancePlant: config.plant, EquipmentCategory: config.equipmentCategory };
    case 'part':
      return {
        ProductType: config.productType,
        IndustrySector: config.industrySector,
        BaseUnit: config.partUnit,
      };
    case 'meter':
      return { MeasuringPointCategory: config.measuringPointCategory };
    case 'request':
      return { ...responsible, NotificationType: config.notificationType };
    case 'work_order':
      return { ...responsible, MaintenanceActivityType: config.activityType };
    default:
      return {};
  }
}

export function createFields(entity: Entity, body: Body, op: CreateOp, config: SapConfig): JsonObject {
  const defaults = Object.entries(defaultsOf(entity, config)).filter(([, value]) => value !== undefined);
  // What is empty is left out: SAP gives it its initial value or derives it.
  const given = Object.entries(body.fields).filter(([, value]) => value !== null && value !== '');
  const fields = { ...Object.fromEntries(defaults), ...Object.fromEntries(given) } as JsonObject;
  const { own } = body;
  switch (entity) {
    case 'location':
      if (fields.FuncLocationStructure === undefined) {
        throw new Failure(
          'rejected',
          'A new functional location needs an edit mask; set locationStructure of the connection.',
          {
            path: 'FuncLocationStructure',
          },
        );
      }
      return { ...fields, [config.referenceField]: op.reference };
    case 'asset':
      return { ...fields, [config.referenceField]: op.reference };
    case 'part':
      return {
        ...fields,
        to_Description: [
          { Language: config.textLanguage, ProductDescription: cutText(textIn(own._description), 40) },
        ],
      };
    case 'request':
      return {
        ...fields,
        ...technicalObject(own._equipment, own._functionalLocation),
        ...(textIn(own._longText) === '' ? {} : { MaintNotifLongTextForEdit: textIn(own._longText) }),
        MaintNotifExtReferenceNumber: op.reference,
      };
    case 'work_order': {
      const operations = deepOperations(own._operations, placeOf(fields, config), config);
      const texts = deepHeaderText(own._longText, config);
      const start = Date.parse(textIn(own._startElse));
      return {
        // Without one SAP would take today.
        ...(Number.isNaN(start) ? {} : { MaintOrdBasicStartDateTime: new Date(start).toISOString() }),
        ...fields,
        [config.referenceField]: op.reference,
        ...(operations.length === 0 ? {} : { to_MaintenanceOrderOperation: operations }),
        ...(texts.length === 0 ? {} : { to_MaintenanceOrderLongText: texts }),
      };
    }
    default:
      return fields;
  }
}

export function updateChanges(
  entity: Entity,
  id: string,
  row: SapRow,
  body: Body,
  config: SapConfig,
): Change[] {
  const { own } = body;
  const fields = { ...body.fields, ...(entity === 'request' ? requestFields(own) : {}) };
  const changes: Change[] = Object.keys(fields).length === 0 ? [] : [{ kind: 'patch', fields }];
  if (entity === 'work_order') {
    if ('_longText' in own) changes.push(...headerTextChanges(row, id, own._longText ?? null, config));
    if ('_operations' in own) {
      if (row.doc.to_MaintenanceOrderOperation === undefined) throw hiddenOperations();
      changes.push(...operationChanges(row, id, own._operations ?? null, placeOf(row.doc, config), config));
    }
  }
  if (entity === 'asset' && '_longText' in own) {
    changes.push(
      ...singleText(row, 'EquipmentLongText', { Equipment: id }, 'EquipmentLongText', own._longText),
    );
  }
  if (entity === 'location' && '_longText' in own) {
    const key = { FunctionalLocation: id };
    changes.push(...singleText(row, 'FunctionalLocationLongText', key, 'FuncnlLocLongText', own._longText));
  }
  if (entity === 'part' && '_description' in own)
    changes.push(...description(row, id, own._description, config));
  return changes;
}

/** Operations that nobody can see can neither be told from those that are wanted nor be left alone. */
function hiddenOperations(): Failure {
  return new Failure(
    'rejected',
    'This release of SAP does not show the operations of an order, so they cannot be changed; change them there.',
    { path: '_operations' },
  );
}

function placeOf(fields: JsonObject, config: SapConfig): Place {
  return {
    workCenter: textIn(fields.MainWorkCenter) || config.mainWorkCenter,
    plant: textIn(fields.MainWorkCenterPlant) || config.mainWorkCenterPlant || config.plant,
  };
}

function requestFields(own: JsonObject): JsonObject {
  return {
    ...('_equipment' in own || '_functionalLocation' in own
      ? technicalObject(own._equipment, own._functionalLocation)
      : {}),
    ...('_longText' in own ? { MaintNotifLongTextForEdit: textIn(own._longText) } : {}),
  };
}

/** The one reference object of a notification (contract 2.3): an equipment goes before a place. */
function technicalObject(equipment: Json | undefined, location: Json | undefined): JsonObject {
  if (textIn(equipment) !== '')
    return { TechnicalObject: textIn(equipment), TechObjIsEquipOrFuncnlLoc: 'EAMS_EQUI' };
  if (textIn(location) !== '')
    return { TechnicalObject: textIn(location), TechObjIsEquipOrFuncnlLoc: 'EAMS_FL' };
  return equipment === undefined && location === undefined
    ? {}
    : { TechnicalObject: '', TechObjIsEquipOrFuncnlLoc: '' };
}

/** The one long text of an equipment or a functional location, in the logon language. */
function singleText(
  row: SapRow,
  set: string,
  key: JsonObject,
  field: string,
  value: Json | undefined,
): Change[] {
  const text = textIn(value);
  const child = row.doc.to_LongText;
  const known = Array.isArray(child) ? rowsIn(child)[0] : isObject(child) ? child : undefined;
  // At most one row there, with the parent's key; it is no collection that could be posted to (contract 2.4, 2.5).
  if (known === undefined) {
    return text === '' ? [] : [{ kind: 'insert', set, fields: { ...key, [field]: text } }];
  }
  if (textIn(known[field]).replace(/\r\n?/g, '\n') === text) return [];
  const version = row.childVersions.get('to_LongText') ?? row.childVersions.get('to_LongText.0') ?? null;
  return [{ kind: 'edit', set, key, version, fields: { [field]: text } }];
}

function description(
  row: SapRow,
  id: string,
  value: Json | undefined,
  { textLanguage }: SapConfig,
): Change[] {
  const text = cutText(textIn(value), 40);
  const rows = rowsIn(row.doc.to_Description);
  const index = rows.findIndex((entry) => entry.Language === textLanguage);
  if (index < 0) {
    const fields = { Language: textLanguage, ProductDescription: text };
    return [{ kind: 'add', below: [], child: 'to_Description', fields }];
  }
  if (textIn(rows[index]?.ProductDescription) === text) return [];
  return [
    {
      kind: 'edit',
      set: 'A_ProductDescription',
      key: { Product: id, Language: textLanguage },
      version: row.childVersions.get(`to_Description.${String(index)}`) ?? null,
      fields: { ProductDescription: text },
    },
  ];
}
