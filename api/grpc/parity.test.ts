/** Binds the .proto files to the HTTP API field by field: whatever one has and the other has not is in the list of differences. */
import { describe, expect, it } from '@jest/globals';
import protobuf from 'protobufjs';
import openapi from '../http/openapi.json' with { type: 'json' };
import { enumPrefix, JSON_NAMES } from './message-json.ts';
import { METHODS } from './methods.ts';
import { loadSchema, messageOf } from './schema.ts';

interface Json {
  $ref?: string;
  type?: string | string[];
  properties?: Record<string, Json>;
  items?: Json;
  anyOf?: Json[];
  enum?: (string | number | null)[];
}

interface Operation {
  parameters?: { in: string; name: string; schema: Json }[];
  requestBody?: { content: Record<string, { schema: Json }> };
  responses: Record<string, { content?: Record<string, { schema: Json }> }>;
}

/** Members that only HTTP has, by the place where they stand. */
const ONLY_HTTP: readonly string[] = [
  // The envelope of the answers.
  'answer:success',
  'answer:message',
  'answer:count',
  // Stand in the resource itself.
  'CreateWorkOrder answer:work_order_id',
  'CreateWorkOrder answer:work_order_number',
  // Only `scheduled` may be said, and what the server sets is not read.
  'CreateWorkOrder request:status',
  'CreateWorkOrder request:id',
  'CreateWorkOrder request:work_order_number',
  'CreateWorkOrder request:created_at',
  'CreateWorkOrder request:updated_at',
  'CreateSchedule request:id',
  'CreateSchedule request:created_at',
  'CreateSchedule request:updated_at',
  'CreateAsset request:created_at',
  'CreateAsset request:updated_at',
  'CreateConnection request:id',
  'CreateConnection request:created_at',
  'CreateConnection request:updated_at',
  // Sent by clients that read a connection and send it back; a call of its own says it.
  'CreateConnection request:state',
  'CreateConnection request:state_reason',
  // The id stands in the resource itself.
  'CreateSchedule answer:schedule_id',
  'CreateTask answer:task_id',
  'CreateAsset answer:asset_id',
  'MoveAsset answer:location_id',
  'AssessAsset answer:condition_id',
  'RecordPerformance answer:performance_id',
  'RecordPerformance request:id',
  'CreateConnection answer:connection_id',
  'CreateFieldMapping answer:mapping_id',
  // Other forms of the same.
  'MoveAsset request:body',
  'SyncWorkOrders request:cmms_connection_id',
  'SyncMaintenanceSchedules request:cmms_connection_id',
  'SyncAssets request:cmms_connection_id',
  'SyncAll request:cmms_connection_id',
  // Not read over HTTP either.
  'SyncWorkOrders request:sync_type',
  'SyncMaintenanceSchedules request:sync_type',
  'SyncAssets request:sync_type',
  'SyncAll request:sync_type',
  // A stream is ended by its caller.
  'WatchChanges request:seconds',
];
/** Fields that only gRPC has: headers of HTTP, and the mask that JSON tells by the presence of members. */
const ONLY_GRPC: readonly string[] = [
  'request:etag',
  'request:request_id',
  'request:update_mask',
  // One draft serves both calls; each refuses what only the other takes.
  'CreateWorkOrder request:actual_hours',
  'CreateWorkOrder request:actual_cost',
  'CreateWorkOrder request:findings',
  'CreateWorkOrder request:recommendations',
  'UpdateWorkOrder request:template_id',
  'UpdateWorkOrder request:steps',
  'UpdateConnection request:cmms_type',
  'UpdateConnection request:api_url',
  'UpdateConnection request:api_key',
  'UpdateConnection request:username',
  'UpdateConnection request:password',
];
/** Second names of values that HTTP takes. */
const ONLY_HTTP_VALUES: readonly string[] = ['CreateFieldMapping request:entity=schedule'];
/** Closed lists of values that stay text in the messages. */
const STAYS_TEXT = ['sort', 'alert_type', 'success'];

const schema = loadSchema();

function whole(json: Json | undefined): Json {
  if (json?.$ref !== undefined) {
    const name = json.$ref.split('/').at(-1) ?? '';
    return whole(
      (openapi as unknown as { components: { schemas: Record<string, Json> } }).components.schemas[name],
    );
  }
  const some = (json?.anyOf ?? []).map(whole).filter(({ type }) => type !== 'null');
  // A body of several forms has the members of all of them.
  const properties = Object.assign({}, ...some.map((one) => one.properties ?? {})) as Record<string, Json>;
  if (Object.keys(properties).length > 0) return { ...some[0], properties };
  return some[0] ?? json ?? {};
}

function operationOf({ method, path }: (typeof METHODS)[number]): Operation {
  const address = `/api/v1${path.replaceAll(/:([a-z_]+)/g, '{$1}')}`;
  const paths = openapi.paths as unknown as Record<string, Record<string, Operation>>;
  const found = paths[address]?.[method.toLowerCase()];
  if (found === undefined) throw new Error(`${method} ${address} is not in the document.`);
  return found;
}

/** Both sides of one place, and what differs that is not in the lists. */
function differences(rpc: string, where: 'request' | 'answer', type: protobuf.Type, json: Json): string[] {
  const { properties = {} } = whole(json);
  const fields = new Map(type.fieldsArray.map((field) => [JSON_NAMES[field.name] ?? field.name, field]));
  const listed = (list: readonly string[], name: string): boolean =>
    list.includes(`${where}:${name}`) || list.includes(`${rpc} ${where}:${name}`);
  const onlyHttp = Object.keys(properties).filter((name) => !fields.has(name) && !listed(ONLY_HTTP, name));
  const onlyGrpc = [...fields]
    .filter(([name, field]) => !(name in properties) && !listed(ONLY_GRPC, field.name))
    .map(([name]) => name);
  const inside = [...fields].flatMap(([name, field]) => {
    const there = properties[name];
    return there === undefined ? [] : differencesOfField(rpc, where, field, whole(there));
  });
  return [
    ...onlyHttp.map((name) => `${rpc} ${where}: ${type.name} lacks ${name}`),
    ...onlyGrpc.map((name) => `${rpc} ${where}: HTTP lacks ${name} of ${type.name}`),
    ...inside,
  ];
}

function differencesOfField(
  rpc: string,
  where: 'request' | 'answer',
  field: protobuf.Field,
  json: Json,
): string[] {
  const one = json.type === 'array' ? whole(json.items) : json;
  const { resolvedType } = field;
  if (resolvedType instanceof protobuf.Enum || one.enum !== undefined) {
    if (STAYS_TEXT.includes(field.name)) return [];
    if (!(resolvedType instanceof protobuf.Enum)) return [`${rpc} ${where}: ${field.name} is no enum`];
    const prefix = enumPrefix(resolvedType);
    const have = new Set(
      Object.keys(resolvedType.values).map((name) => name.slice(prefix.length).toLowerCase()),
    );
    return (one.enum ?? [])
      .filter((value) => value !== null && !have.has(String(value)))
      .filter((value) => !ONLY_HTTP_VALUES.includes(`${rpc} ${where}:${field.name}=${String(value)}`))
      .map((value) => `${rpc} ${where}: ${resolvedType.name} lacks ${String(value)}`);
  }
  if (resolvedType instanceof protobuf.Type && one.properties !== undefined) {
    return differences(rpc, where, resolvedType, one);
  }
  return [];
}

describe('the messages and the HTTP API', () => {
  it.each(METHODS.map((binding) => [binding.rpc, binding] as const))('%s', (_name, binding) => {
    const [serviceName = '', rpc = ''] = binding.rpc.split('.');
    const service = schema.service(`cmms.v1.${serviceName}`);
    const operation = operationOf(binding);
    const request = messageOf(service, rpc, 'request');
    const draft = binding.draft === undefined ? null : (request.fields[binding.draft]?.resolvedType ?? null);
    const body = whole(operation.requestBody?.content['application/json']?.schema);
    const outside = Object.fromEntries(
      (operation.parameters ?? [])
        .filter((parameter) => parameter.in !== 'header')
        .filter((parameter) => parameter.in === 'path' || ['GET', 'DELETE'].includes(binding.method))
        .map((parameter) => [parameter.name, parameter.schema]),
    );
    const success = Object.entries(operation.responses).find(([status]) => status.startsWith('2'))?.[1];
    const answer = whole(success?.content?.['application/json']?.schema);
    // The document shows events as bytes; watch.db.test.ts holds their messages to what is sent.
    const told =
      binding.watch === undefined
        ? [...differences(rpc, 'answer', messageOf(service, rpc, 'response'), answer)]
        : [];
    const asked =
      draft instanceof protobuf.Type
        ? differences(rpc, 'request', draft, body)
        : differences(rpc, 'request', request, { properties: { ...body.properties, ...outside } });
    expect([...asked, ...told]).toEqual([]);
  });

  it('has every call of the .proto files bound once', () => {
    const services = new Set(METHODS.map(({ rpc }) => rpc.split('.')[0] ?? ''));
    const declared = [...services].flatMap((name) =>
      schema.service(`cmms.v1.${name}`).methodsArray.map((method) => `${name}.${method.name}`),
    );
    expect(METHODS.map(({ rpc }) => rpc).sort()).toEqual(declared.sort());
  });
});
