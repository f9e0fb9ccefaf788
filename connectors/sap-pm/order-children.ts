/**
 * Operations and long texts of an order: the wanted list against what SAP shows, as changes of one unit of work, or as
 * children of a deep insert (contract 2.1, 3.4). Pure.
 */
import type { Json, JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import { cutText } from '../../domain/kernel/text.ts';
import type { SapConfig } from './config.ts';
import type { Change, SapRow } from './transport.ts';
import { numberIn, rowsIn, textIn } from './wire.ts';

const HEADER_TEXT = 'KOPF';
const OPERATION_TEXT = 'AVOT';
/** Work has one decimal (n7.1): a tenth of an hour is six minutes. */
const WORK_DECIMALS = 1;

interface Wanted {
  number: string;
  fields: JsonObject;
  text: string;
}

/** Where operations are carried out, when the payload does not say. */
export interface Place {
  workCenter: string | undefined;
  plant: string | undefined;
}

export function deepOperations(list: Json | undefined, place: Place, config: SapConfig): JsonObject[] {
  return wantedOf(list).map(({ number, fields, text }) => ({
    MaintenanceOrderOperation: number,
    ...newOperation(fields, place, config),
    ...(text === ''
      ? {}
      : { to_MaintOrderOpLongText: [textRow(OPERATION_TEXT, 'OrderOperationLongText', text, config)] }),
  }));
}

export function deepHeaderText(text: Json | undefined, config: SapConfig): JsonObject[] {
  return textIn(text) === '' ? [] : [textRow(HEADER_TEXT, 'MaintenanceOrderLongText', textIn(text), config)];
}

export function headerTextChanges(row: SapRow, order: string, text: Json, config: SapConfig): Change[] {
  return textChanges({
    row,
    child: 'to_MaintenanceOrderLongText',
    place: 'to_MaintenanceOrderLongText',
    rows: rowsIn(row.doc.to_MaintenanceOrderLongText),
    set: 'MaintenanceOrderLongText',
    parent: { MaintenanceOrder: order },
    below: [],
    kind: HEADER_TEXT,
    field: 'MaintenanceOrderLongText',
    text: textIn(text),
    config,
  });
}

/**
 * Adds, edits and drops so that the order has the wanted operations. SAP needs one at least: the last one stays and says again
 * what the order is about, as in an order made without any.
 */
export function operationChanges(
  row: SapRow,
  order: string,
  list: Json,
  place: Place,
  config: SapConfig,
): Change[] {
  const wanted = new Map(wantedOf(list).map((operation) => [operation.number, operation]));
  const there = rowsIn(row.doc.to_MaintenanceOrderOperation)
    .map((doc, index) => ({ doc, at: `to_MaintenanceOrderOperation.${String(index)}` }))
    .filter(({ doc }) => doc.IsMarkedForDeletion !== true && textIn(doc.MaintenanceOrderSubOperation) === '');
  const changes: Change[] = [];
  const gone: Change[] = [];
  for (const { doc, at } of there) {
    const number = textIn(doc.MaintenanceOrderOperation).padStart(4, '0');
    const key = operationKey(order, textIn(doc.MaintenanceOrderOperation));
    const version = row.childVersions.get(at) ?? null;
    const operation = wanted.get(number);
    wanted.delete(number);
    if (operation === undefined) {
      gone.push({ kind: 'drop', set: 'MaintenanceOrderOperation', key, version });
      continue;
    }
    const fields = differing(doc, operation.fields);
    if (Object.keys(fields).length > 0) {
      changes.push({ kind: 'edit', set: 'MaintenanceOrderOperation', key, version, fields });
    }
    changes.push(
      ...textChanges({
        row,
        child: 'to_MaintOrderOpLongText',
        place: `${at}.to_MaintOrderOpLongText`,
        rows: rowsIn(doc.to_MaintOrderOpLongText),
        set: 'MaintOrderOpLongText',
        parent: key,
        below: [{ set: 'MaintenanceOrderOperation', key }],
        kind: OPERATION_TEXT,
        field: 'OrderOperationLongText',
        text: operation.text,
        config,
      }),
    );
  }
  for (const { number, fields, text } of wanted.values()) {
    changes.push({
      kind: 'add',
      below: [],
      child: 'to_MaintenanceOrderOperation',
      fields: {
        MaintenanceOrderOperation: number,
        ...newOperation(fields, place, config),
        ...(text === ''
          ? {}
          : { to_MaintOrderOpLongText: [textRow(OPERATION_TEXT, 'OrderOperationLongText', text, config)] }),
      },
    });
  }
  if (there.length - gone.length + wanted.size > 0) return [...changes, ...gone];
  return [...changes, ...lastOne(row, order, there[0]), ...gone.slice(1)];
}

function lastOne(row: SapRow, order: string, last: { doc: JsonObject; at: string } | undefined): Change[] {
  const title = row.doc.MaintenanceOrderDesc ?? null;
  if (last === undefined || title === null || last.doc.OperationDescription === title) return [];
  const key = operationKey(order, textIn(last.doc.MaintenanceOrderOperation));
  const version = row.childVersions.get(last.at) ?? null;
  const fields = { OperationDescription: title };
  return [{ kind: 'edit', set: 'MaintenanceOrderOperation', key, version, fields }];
}

function operationKey(order: string, number: string): JsonObject {
  // An empty part must be given (contract 2.1 notes).
  return { MaintenanceOrder: order, MaintenanceOrderOperation: number, MaintenanceOrderSubOperation: '' };
}

function wantedOf(list: Json | undefined): Wanted[] {
  return rowsIn(list).map((entry) => {
    const sequence = numberIn(entry._sequence);
    if (sequence === null || !Number.isInteger(sequence) || sequence < 1 || sequence > 9_999) {
      throw new Failure(
        'rejected',
        'SAP numbers operations 1 to 9999; renumber the tasks of the work order.',
        {
          path: '_operations',
        },
      );
    }
    const hours = numberIn(entry._workHours);
    return {
      number: String(sequence).padStart(4, '0'),
      text: textIn(entry._longText),
      fields: {
        OperationDescription: cutText(textIn(entry.OperationDescription), 40),
        ...(hours === null
          ? {}
          : { MaintOrdOperationWorkDuration: hours.toFixed(WORK_DECIMALS), MaintOrdOpWorkDurationUnit: 'H' }),
      },
    };
  });
}

function newOperation(fields: JsonObject, place: Place, config: SapConfig): JsonObject {
  return {
    OperationControlKey: config.controlKey,
    ...(place.workCenter === undefined ? {} : { WorkCenter: place.workCenter }),
    ...(place.plant === undefined ? {} : { Plant: place.plant }),
    ...fields,
  };
}

/** Only what differs is sent; work in another unit of the same length does not differ. */
function differing(doc: JsonObject, fields: JsonObject): JsonObject {
  const { MaintOrdOperationWorkDuration: work, MaintOrdOpWorkDurationUnit: unit, ...rest } = fields;
  const changed = Object.fromEntries(
    Object.entries(rest).filter(([name, value]) => textIn(doc[name]) !== textIn(value)),
  );
  const same =
    numberIn(doc.MaintOrdOperationWorkDuration) === numberIn(work) &&
    textIn(doc.MaintOrdOpWorkDurationUnit) === unit;
  return work === undefined || same
    ? changed
    : { ...changed, MaintOrdOperationWorkDuration: work, MaintOrdOpWorkDurationUnit: unit ?? 'H' };
}

interface TextPlan {
  row: SapRow;
  child: string;
  /** Where the texts stand in the row. */
  place: string;
  rows: readonly JsonObject[];
  set: string;
  parent: JsonObject;
  below: readonly { set: string; key: JsonObject }[];
  kind: string;
  field: string;
  text: string;
  config: SapConfig;
}

/** One text per language and kind: changed where it is, added where it is not, dropped when it became empty. */
function textChanges({
  row,
  child,
  place,
  rows,
  set,
  parent,
  below,
  kind,
  field,
  text,
  config,
}: TextPlan): Change[] {
  const index = rows.findIndex(
    (entry) => entry.TextObjectType === kind && entry.Language === config.textLanguage,
  );
  const known = rows[index];
  if (known === undefined) {
    if (text === '') return [];
    return [{ kind: 'add', below, child, fields: textRow(kind, field, text, config) }];
  }
  if (textIn(known[field]).replace(/\r\n?/g, '\n') === text) return [];
  const key = { ...parent, TextObjectType: kind, Language: config.textLanguage };
  const version = row.childVersions.get(`${place}.${String(index)}`) ?? null;
  if (text === '') return [{ kind: 'drop', set, key, version }];
  return [{ kind: 'edit', set, key, version, fields: { [field]: text } }];
}

function textRow(kind: string, field: string, text: string, { textLanguage }: SapConfig): JsonObject {
  return { TextObjectType: kind, Language: textLanguage, [field]: text };
}
