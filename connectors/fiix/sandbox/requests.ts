/** One request body by its `_maCn`, alone or as part of a batch, to the body of its answer (contract 2.1, 2.7). */
import { errorBody, FiixError, refused, unreadable } from './fiix-error.ts';
import { find, findById } from './find.ts';
import { rpc } from './rpc.ts';
import { classNamed, type ClassName } from './schema.ts';
import { committed, reportWrites, type Call } from './tenant.ts';
import { add, change, remove } from './write.ts';

export type Body = Readonly<Record<string, unknown>>;

type OfClass = (call: Call, className: ClassName, body: Body) => object;

const OF_CLASS: Readonly<Record<string, OfClass>> = {
  FindRequest: find,
  FindByIdRequest: findById,
  AddRequest: add,
  ChangeRequest: change,
  RemoveRequest: remove,
};

export function asBody(value: unknown): Body {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw unreadable('The request must be an object.');
  }
  return value as Body;
}

/** `FindRequest` to `FindResponse`. */
export function answerName(request: unknown): string {
  return typeof request === 'string' && /^\w+Request$/.test(request)
    ? request.replace(/Request$/, 'Response')
    : 'Response';
}

function single(call: Call, body: Body): object {
  const kind = body['_maCn'];
  if (kind === 'RpcRequest') return rpc(call, body);
  const run = typeof kind === 'string' && Object.hasOwn(OF_CLASS, kind) ? OF_CLASS[kind] : undefined;
  if (run === undefined) throw unreadable(`There is no request "${String(kind)}".`);
  const className = classNamed(body['className']);
  if (className === null) throw unreadable(`There is no class "${String(body['className'])}".`);
  return committed(call, () => run(call, className, body));
}

/** The answer of one request of a batch; a refusal is part of it. */
function answerOf(call: Call, value: unknown): { answer: object; error: FiixError | null } {
  const kind = typeof value === 'object' && value !== null ? (value as Body)['_maCn'] : undefined;
  const name = answerName(kind);
  try {
    return { answer: { _maCn: name, ...single(call, asBody(value)) }, error: null };
  } catch (error) {
    if (!(error instanceof FiixError)) throw error;
    return { answer: { _maCn: name, error: errorBody(error) }, error };
  }
}

/** Thrown to undo a batch, and caught where the batch began. */
class Rollback extends Error {
  readonly failure: FiixError;

  constructor(failure: FiixError) {
    super(failure.message);
    this.failure = failure;
  }
}

function isSingle(call: Call, body: Body): boolean {
  const { singleTransaction, txMode } = body;
  if (typeof singleTransaction === 'boolean') return singleTransaction;
  if (typeof txMode === 'object' && txMode !== null) return (txMode as Body)['code'] !== 1;
  return call.tenant.dials.batchMode === 'single';
}

function batch(call: Call, body: Body): object {
  const { requests } = body;
  const { batchMax } = call.tenant.dials;
  if (!Array.isArray(requests) || requests.length === 0) throw refused('A batch needs requests.', 3000);
  if (batchMax !== null && requests.length > batchMax)
    throw refused(`A batch may have ${batchMax} requests.`);
  const list = requests as unknown[];
  if (!isSingle(call, body)) return { responses: list.map((request) => answerOf(call, request).answer) };
  const responses: object[] = [];
  try {
    committed(call, () => {
      for (const request of list) {
        const { answer, error } = answerOf(call, request);
        responses.push(answer);
        if (error !== null) throw new Rollback(error);
      }
    });
    return { responses };
  } catch (error) {
    if (error instanceof Rollback) return { error: errorBody(error.failure), responses };
    throw error;
  }
}

/** How much of the budget a request costs: every one inside a batch counts (contract 4.3). */
export function costOf(body: Body): number {
  const { _maCn: kind, requests } = body;
  return kind === 'BatchRequest' && Array.isArray(requests) ? Math.max(1, requests.length) : 1;
}

export function perform(call: Call, body: Body): object {
  const answer = body['_maCn'] === 'BatchRequest' ? batch(call, body) : single(call, body);
  reportWrites(call);
  return answer;
}
