/**
 * A call's fields as the request of the operation that carries it out: ids into the path, filters into the query, the rest
 * into the body, `etag` and `request_id` into the headers that stand for them.
 */
import { Failure } from '../../domain/kernel/failure.ts';
import { JSON_NAMES, type Fields } from './message-json.ts';
import type { Binding } from './methods.ts';

export interface OperationRequest {
  method: Binding['method'];
  /** Below the API's base path, with its query. */
  path: string;
  headers: Record<string, string>;
  body?: Fields;
}

/** `draftFields`: what the draft's message has, for the mask to name, each with what it is when it is cleared. */
export function toOperationRequest(
  { method, path, draft }: Binding,
  fields: Readonly<Fields>,
  draftFields: Readonly<Fields> = {},
): OperationRequest {
  const { etag, request_id: requestId, update_mask: mask, ...rest } = fields;
  const { filled, others } = fillPath(path, rest);
  const headers: Record<string, string> = {};
  if (typeof etag === 'string' && etag !== '') headers['if-match'] = etag;
  if (typeof requestId === 'string' && requestId !== '') headers['idempotency-key'] = requestId;
  if (method === 'GET' || method === 'DELETE') return { method, path: filled + queryOf(others), headers };
  const given = draft === undefined ? others : ((others[draft] ?? {}) as Fields);
  const body = Array.isArray(mask) ? masked(given, mask as string[], draftFields) : given;
  return { method, path: filled, headers, body };
}

function fillPath(path: string, fields: Readonly<Fields>): { filled: string; others: Fields } {
  const others: Fields = { ...fields };
  const filled = path.replaceAll(/:([a-z_]+)/g, (_whole, name: string) => {
    const { [name]: value } = others;
    Reflect.deleteProperty(others, name);
    // An empty part or one of dots would lead to another address.
    if (typeof value !== 'string' || /^\.{0,2}$/.test(value)) {
      throw new Failure('invalid_request', `${name}: name the resource.`, { path: name });
    }
    return encodeURIComponent(value);
  });
  return { filled, others };
}

function queryOf(fields: Readonly<Fields>): string {
  const pairs = Object.entries(fields).map(([name, value]): [string, string] => [
    JSON_NAMES[name] ?? name,
    String(value),
  ]);
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}

function masked(given: Readonly<Fields>, mask: readonly string[], cleared: Readonly<Fields>): Fields {
  const unknown = mask.find((name) => !Object.hasOwn(cleared, name));
  if (unknown !== undefined) {
    throw new Failure(
      'invalid_request',
      `update_mask: there is no field ${unknown}; name one of ${Object.keys(cleared).join(', ')}.`,
      { path: 'update_mask' },
    );
  }
  return Object.fromEntries(mask.map((name) => [name, given[name] ?? cleared[name]]));
}
