/**
 * Protocol buffer messages as the JSON of the HTTP API and back, told by the message's own description: enum values by
 * their names, decimals as text, timestamps in RFC 3339. Knows no message by name except the
 * well-known ones and those that are a number or a word.
 */
import protobuf from 'protobufjs';
import { Failure } from '../../domain/kernel/failure.ts';

export type Fields = Record<string, unknown>;

/** Members of the HTTP API's JSON that are called otherwise in the messages. */
export const JSON_NAMES: Readonly<Record<string, string>> = {
  page_size: 'limit',
  page_token: 'cursor',
  next_page_token: 'next_cursor',
  etag: 'version',
};

/** What the message says; a field without a value is absent. */
export function messageToJson(type: protobuf.Type, message: object): Fields {
  const json: Fields = {};
  for (const field of type.fieldsArray) {
    const value: unknown = Object.hasOwn(message, field.name) ? Reflect.get(message, field.name) : undefined;
    if (value === null || value === undefined || isEmptyList(field, value)) continue;
    const shown = fieldToJson(field, value);
    if (shown !== undefined) json[field.name] = shown;
  }
  return json;
}

/** The decoder gives every list a value; one that was not sent must not empty the one that is there. */
function isEmptyList(field: protobuf.Field, value: unknown): boolean {
  if (field.repeated) return (value as unknown[]).length === 0;
  return field instanceof protobuf.MapField && Object.keys(value as Fields).length === 0;
}

function fieldToJson(field: protobuf.Field, value: unknown): unknown {
  if (field.repeated) return (value as unknown[]).map((one) => valueToJson(field, one));
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(
      Object.entries(value as Fields).map(([key, one]) => [key, valueToJson(field, one)]),
    );
  }
  return valueToJson(field, value);
}

function valueToJson({ resolvedType }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Enum) return enumToText(resolvedType, Number(value));
  if (!(resolvedType instanceof protobuf.Type)) return value;
  if (NUMBER_OR_WORD.includes(resolvedType.fullName)) return numberOrWord(value as NumberOrWord);
  switch (resolvedType.fullName) {
    case '.google.protobuf.Timestamp':
      return timestampToText(value as Timestamp);
    case '.google.protobuf.Struct':
      return structToJson(value as Struct);
    case '.google.protobuf.Value':
      return plainValue(value as Value);
    case '.google.protobuf.FieldMask':
      return (value as { paths?: string[] }).paths ?? [];
    default:
      return messageToJson(resolvedType, value as object);
  }
}

/** A message that can be encoded; members that it does not have are left out. */
export function jsonToMessage(type: protobuf.Type, json: Readonly<Fields>): Fields {
  const message: Fields = {};
  for (const field of type.fieldsArray) {
    const value = json[JSON_NAMES[field.name] ?? field.name] ?? json[field.name];
    if (value === null || value === undefined) continue;
    message[field.name] = field.name === 'etag' ? `"${JSON.stringify(value)}"` : jsonToField(field, value);
  }
  return message;
}

function jsonToField(field: protobuf.Field, value: unknown): unknown {
  if (field.repeated) return (value as unknown[]).map((one) => jsonToValue(field, one));
  if (field instanceof protobuf.MapField) {
    return Object.fromEntries(
      Object.entries(value as Fields).map(([key, one]) => [key, jsonToValue(field, one)]),
    );
  }
  return jsonToValue(field, value);
}

function jsonToValue({ resolvedType, type }: protobuf.Field, value: unknown): unknown {
  if (resolvedType instanceof protobuf.Enum) return textToEnum(resolvedType, String(value));
  if (resolvedType instanceof protobuf.Type) {
    if (NUMBER_OR_WORD.includes(resolvedType.fullName)) {
      return typeof value === 'number' ? { decimal: String(value) } : { text: value };
    }
    switch (resolvedType.fullName) {
      case '.google.protobuf.Timestamp':
        return textToTimestamp(String(value));
      case '.google.protobuf.Struct':
        return jsonToStruct(value as Fields);
      case '.google.protobuf.Value':
        return structValueOf(value);
      default:
        return jsonToMessage(resolvedType, value as Fields);
    }
  }
  return type === 'string' ? String(value) : value;
}

/** `WORK_ORDER_STATUS_` of the values of `WorkOrderStatus`. */
export function enumPrefix({ name }: protobuf.Enum): string {
  return `${name.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()}_`;
}

/** Absent for the unspecified value; a number that has no name stays a number as text, which no field takes. */
function enumToText(type: protobuf.Enum, value: number): string | undefined {
  if (value === 0) return undefined;
  const name = type.valuesById[value];
  return name === undefined ? String(value) : name.slice(enumPrefix(type).length).toLowerCase();
}

function textToEnum(type: protobuf.Enum, text: string): number {
  const value = type.values[enumPrefix(type) + text.toUpperCase()];
  if (value === undefined) throw new Failure('bug', `${type.name} has no value for ${text}.`);
  return value;
}

interface Timestamp {
  seconds?: { toString(): string } | number;
  nanos?: number;
}

/** Without an offset a Date takes years that RFC 3339 cannot write; such a time is handed on as text that is refused. */
function timestampToText({ seconds, nanos }: Timestamp): string {
  const time = new Date(Number(String(seconds ?? 0)) * 1_000 + Math.floor((nanos ?? 0) / 1e6));
  return Number.isNaN(time.getTime()) ? `out of range: ${String(seconds)}` : time.toISOString();
}

function textToTimestamp(text: string): Timestamp {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new Failure('bug', 'A time of the answer cannot be read.');
  const seconds = Math.floor(time / 1_000);
  return { seconds, nanos: (time - seconds * 1_000) * 1e6 };
}

/** Places where JSON has both a number and a word. */
const NUMBER_OR_WORD: readonly string[] = ['.cmms.v1.MeterValue', '.cmms.v1.TriggerValue'];
const DECIMAL = /^-?\d{1,30}(\.\d{1,30})?$/;

interface NumberOrWord {
  decimal?: string;
  text?: string;
}

function numberOrWord(value: NumberOrWord): unknown {
  const { decimal, text } = { ...value };
  if (decimal === undefined) return text ?? null;
  if (DECIMAL.test(decimal)) return Number(decimal);
  throw new Failure('invalid_request', 'decimal: must be a decimal such as 4.5.', { path: 'decimal' });
}

interface Value {
  nullValue?: number;
  numberValue?: number;
  stringValue?: string;
  boolValue?: boolean;
  structValue?: Struct;
  listValue?: { values?: Value[] };
}

interface Struct {
  fields?: Record<string, Value>;
}

function structToJson({ fields }: Struct): Fields {
  return Object.fromEntries(Object.entries(fields ?? {}).map(([name, value]) => [name, plainValue(value)]));
}

function plainValue(value: Value): unknown {
  // Members that were not sent have defaults behind the message's own.
  const { numberValue, stringValue, boolValue, structValue, listValue } = { ...value };
  if (structValue !== undefined) return structToJson(structValue);
  if (listValue !== undefined) return (listValue.values ?? []).map(plainValue);
  return stringValue ?? numberValue ?? boolValue ?? null;
}

function jsonToStruct(json: Readonly<Fields>): Struct {
  return {
    fields: Object.fromEntries(Object.entries(json).map(([name, value]) => [name, structValueOf(value)])),
  };
}

function structValueOf(value: unknown): Value {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (Array.isArray(value)) return { listValue: { values: value.map(structValueOf) } };
  if (typeof value === 'object' && value !== null) return { structValue: jsonToStruct(value as Fields) };
  return { nullValue: 0 };
}
