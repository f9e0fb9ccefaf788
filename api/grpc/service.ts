/** The services of `methods.ts` as grpc-js takes them: each call becomes an operation, each outcome a message or a status. */
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  type handleUnaryCall,
  type Metadata,
  type ServiceDefinition,
  type UntypedHandleCall,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type protobuf from 'protobufjs';
import { toFailure } from '../../domain/kernel/failure.ts';
import { jsonToMessage, messageToJson, type Fields } from './message-json.ts';
import { METHODS, type Binding } from './methods.ts';
import { readOutcome, type Operations, type Outcome } from './operations.ts';
import { toOperationRequest } from './request.ts';
import { messageOf, type Schema } from './schema.ts';
import { toStatus } from './status.ts';

export interface ServiceDeps {
  schema: Schema;
  operations: Operations;
  onBug: (error: unknown) => void;
}

export interface BoundService {
  definition: ServiceDefinition;
  implementation: UntypedServiceImplementation;
}

/** What both kinds of calls have. */
interface Caller {
  metadata: Metadata;
  getPeer(): string;
}

const PACKAGE = 'cmms.v1';
/** Metadata that says who calls and under which id; nothing else of it reaches the operation. */
const PASSED_ON = ['authorization', 'x-api-key', 'x-request-id'] as const;

export function bindServices(deps: ServiceDeps): BoundService[] {
  const names = new Set(METHODS.map(({ rpc }) => rpc.split('.')[0] ?? ''));
  return [...names].map((name) => {
    const service = deps.schema.service(`${PACKAGE}.${name}`);
    const bindings = METHODS.filter(({ rpc }) => rpc.startsWith(`${name}.`));
    return {
      definition: Object.fromEntries(
        bindings.map((binding) => [rpcName(binding), definitionOf(service, binding)]),
      ),
      implementation: Object.fromEntries(
        bindings.map((binding) => [rpcName(binding), handlerOf(deps, service, binding)]),
      ),
    };
  });
}

function handlerOf(deps: ServiceDeps, service: protobuf.Service, binding: Binding): UntypedHandleCall {
  if (binding.stream === true) return streamHandler(deps, service, binding);
  if (binding.watch !== undefined) return watchHandler(deps, service, binding, binding.watch);
  return unaryHandler(deps, service, binding);
}

function rpcName({ rpc }: Binding): string {
  return rpc.slice(rpc.indexOf('.') + 1);
}

function definitionOf(service: protobuf.Service, binding: Binding): ServiceDefinition[string] {
  const name = rpcName(binding);
  const request = messageOf(service, name, 'request');
  const response = messageOf(service, name, 'response');
  const encode = (type: protobuf.Type) => (value: object) => Buffer.from(type.encode(value).finish());
  return {
    path: `/${PACKAGE}.${service.name}/${name}`,
    requestStream: binding.stream === true,
    responseStream: binding.stream === true || binding.watch !== undefined,
    requestSerialize: encode(request),
    requestDeserialize: (bytes: Buffer) => request.decode(bytes),
    responseSerialize: encode(response),
    responseDeserialize: (bytes: Buffer) => response.decode(bytes),
  };
}

function unaryHandler(
  deps: ServiceDeps,
  service: protobuf.Service,
  binding: Binding,
): handleUnaryCall<object, object> {
  const carry = carrier(deps, service, binding);
  return (call, callback) => {
    const gone = new AbortController();
    // Also when its deadline passed.
    call.on('cancelled', () => gone.abort());
    void carry(call, call.request, gone.signal).then(({ message, failed }) => {
      // The status of a call that is gone was sent already.
      if (call.cancelled) return;
      if (message === undefined) callback(failed);
      else callback(null, message);
    });
  };
}

/** Batches go in one after the other; while one is stored the stream is not read, which holds the sender back. */
function streamHandler(
  deps: ServiceDeps,
  service: protobuf.Service,
  binding: Binding,
): handleBidiStreamingCall<object, object> {
  const carry = carrier(deps, service, binding);
  return (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const readAll = async (): Promise<void> => {
      for await (const batch of call as AsyncIterable<object>) {
        const { message, failed } = await carry(call, batch, gone.signal);
        if (gone.signal.aborted) return;
        if (message === undefined) {
          call.emit('error', failed);
          return;
        }
        if (!call.write(message)) await drained(call, gone.signal);
      }
      call.end();
    };
    readAll().catch((error: unknown) => {
      if (!gone.signal.aborted) deps.onBug(error);
    });
  };
}

/** Messages go out as the caller takes them; what it does not take is not read from the operation either. */
function watchHandler(
  deps: ServiceDeps,
  service: protobuf.Service,
  binding: Binding,
  shape: NonNullable<Binding['watch']>,
): handleServerStreamingCall<object, object> {
  const { schema, operations, onBug } = deps;
  const prepare = preparer(service, binding);
  const response = messageOf(service, rpcName(binding), 'response');
  return (call) => {
    const gone = new AbortController();
    call.on('cancelled', () => gone.abort());
    const forward = async (): Promise<void> => {
      const asked = prepare(call, call.request, gone.signal);
      const { events, ...carried } = await operations.carryStream(asked);
      if (events === null) {
        const outcome = readOutcome(carried, asked.path);
        if (!outcome.done) call.emit('error', toStatus(schema, outcome.failed));
        return;
      }
      for await (const event of events) {
        const message = jsonToMessage(response, shape === 'message' ? event : { [shape.field]: event });
        if (!call.write(message)) await drained(call, gone.signal);
        if (gone.signal.aborted) return;
      }
      call.end();
    };
    forward().catch((error: unknown) => {
      if (gone.signal.aborted) return;
      call.emit('error', toStatus(schema, unforeseen(error, gone.signal, onBug).failed));
    });
  };
}

function drained(call: NodeJS.EventEmitter, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    call.once('drain', resolve);
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

type Answered =
  { message: object; failed?: undefined } | { message?: undefined; failed: ReturnType<typeof toStatus> };

/** One call from its message to its answer; never rejects. */
function carrier(deps: ServiceDeps, service: protobuf.Service, binding: Binding) {
  const { schema, operations, onBug } = deps;
  const prepare = preparer(service, binding);
  const response = messageOf(service, rpcName(binding), 'response');
  return async (call: Caller, message: object, signal: AbortSignal): Promise<Answered> => {
    try {
      const asked = prepare(call, message, signal);
      const outcome = readOutcome(await operations.carryOut(asked), asked.path);
      if (outcome.done) return { message: jsonToMessage(response, outcome.fields) };
      return { failed: toStatus(schema, outcome.failed) };
    } catch (error) {
      const outcome = unforeseen(error, signal, onBug);
      return { failed: toStatus(schema, outcome.failed) };
    }
  };
}

/** A call's message as the request of its operation. */
function preparer(service: protobuf.Service, binding: Binding) {
  const request = messageOf(service, rpcName(binding), 'request');
  const draftFields = draftFieldsOf(request, binding);
  return (call: Caller, message: object, signal: AbortSignal) => {
    const asked = toOperationRequest(binding, messageToJson(request, message), draftFields);
    const headers = { ...asked.headers, ...passedOn(call.metadata) };
    return { ...asked, headers, address: addressOf(call.getPeer()), signal };
  };
}

function draftFieldsOf(request: protobuf.Type, { draft }: Binding): Fields {
  if (draft === undefined) return {};
  const type = request.fields[draft]?.resolve().resolvedType;
  const fields = type !== null && type !== undefined && 'fields' in type ? type.fieldsArray : [];
  return Object.fromEntries(fields.map((field) => [field.name, field.repeated ? [] : null]));
}

function passedOn(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(
    PASSED_ON.flatMap((name) => {
      const [value] = metadata.get(name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** `10.0.0.7:5123` and `[::1]:5123` without the port. */
function addressOf(peer: string): string {
  return peer.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
}

/** What went wrong before or after the operation; a bug's own text stays inside. */
function unforeseen(
  error: unknown,
  signal: AbortSignal,
  onBug: (error: unknown) => void,
): Extract<Outcome, { done: false }> {
  if (signal.aborted) {
    return { done: false, failed: { kind: 'cancelled', status: 409, detail: 'The caller went away.' } };
  }
  const { kind, message, path } = toFailure(error);
  if (kind === 'bug') {
    onBug(error);
    const detail = 'The request could not be carried out; it was recorded.';
    return { done: false, failed: { kind, status: 500, detail } };
  }
  const errors = path === null ? [] : [{ field: path, message }];
  return { done: false, failed: { kind, status: 422, detail: message, errors } };
}
