/** What every answer owes, whatever was asked. An empty list means that nothing is wrong. */
import { FAILURE_KINDS } from '../../domain/kernel/failure.ts';
import type { Route } from '../../api/http/frame/route.ts';
import { SECRET_MARK } from './hostile.ts';
import type { WireRequest } from './requests.ts';
import type { WireAnswer } from './send.ts';
import { NEIGHBOUR_MARK, type World } from './world.ts';

/** A problem is a sentence and a list of fields, not a copy of the request. */
const PROBLEM_CHARS_MAX = 64 * 1024;
const PROBLEM_FIELDS = new Set(['type', 'title', 'status', 'detail', 'request_id', 'errors']);

/** Words that only our insides use; none of them is ever sent. */
const INTERNAL =
  /node_modules|\.ts:\d+|\bat \w+ \(|zod|kysely|\bpg_|relation "|column "|violates|invalid input syntax|syntax error at|duplicate key|out of range for type|DATABASE_URL|not migrated|cannot read propert|is not a function|is not iterable|\[object |Maximum call stack|deadlock|numeric field overflow|null value in|FST_ERR/i;

export function faultsOf(
  route: Route,
  wire: WireRequest,
  answer: WireAnswer,
  world: Pick<World, 'neighbourIds'>,
): string[] {
  const faults: string[] = [];
  if (answer.status >= 500) faults.push(`answers ${String(answer.status)}`);
  if (answer.body.includes(NEIGHBOUR_MARK)) faults.push('shows a text of the neighbour');
  const shown = world.neighbourIds.find((id) => answer.body.includes(id));
  if (shown !== undefined) faults.push(`shows the neighbour's id ${shown}`);
  const headers = JSON.stringify(answer.headers);
  if (answer.body.includes(SECRET_MARK) || headers.includes(SECRET_MARK)) faults.push('shows a credential');
  if (wire.method === 'HEAD') return faults;
  if (answer.status >= 400) faults.push(...problemFaults(answer));
  else if (wire.method === route.method) faults.push(...successFaults(route, answer));
  return faults;
}

function problemFaults({ status, headers, body }: WireAnswer): string[] {
  if (headers['content-type']?.toString().startsWith('application/problem+json') !== true) {
    return [`${String(status)} comes as ${String(headers['content-type'])}: ${body.slice(0, 200)}`];
  }
  const problem = parsed(body);
  if (problem === null) return ['the problem is not a JSON object'];
  const faults: string[] = [];
  const strange = Object.keys(problem).filter((key) => !PROBLEM_FIELDS.has(key));
  if (strange.length > 0) faults.push(`the problem has the fields ${strange.join(', ')}`);
  if (problem['status'] !== status) faults.push(`the problem says status ${String(problem['status'])}`);
  if (!Object.hasOwn(FAILURE_KINDS, String(problem['title']))) {
    faults.push(`the problem has the title ${String(problem['title'])}`);
  }
  const { detail, errors = [] } = problem;
  if (typeof detail !== 'string' || detail.length < 5) faults.push('the problem does not say what to change');
  if (body.length > PROBLEM_CHARS_MAX) faults.push(`the problem is ${String(body.length)} characters long`);
  const fields = Array.isArray(errors) ? (errors as Record<string, unknown>[]) : [{}];
  if (fields.some(({ field, message }) => typeof field !== 'string' || typeof message !== 'string')) {
    faults.push('an entry of errors lacks field or message');
  }
  // As a person reads it: in the JSON a quotation mark has a backslash before it.
  const told = [detail, ...fields.flatMap(({ field, message }) => [field, message])].join('\n');
  const inside = INTERNAL.exec(told)?.[0];
  if (inside !== undefined) faults.push(`the problem speaks of our insides: ${inside}`);
  return faults;
}

function successFaults(route: Route, { status, headers, body }: WireAnswer): string[] {
  const schema = route.responses[status];
  if (status === 204 && body === '') return [];
  if (schema === undefined) return [`answers ${String(status)}, which the document does not name`];
  if (headers['content-type']?.toString().startsWith('application/json') !== true) return [];
  const answer = parsed(body);
  if (answer === null) return ['the answer is not a JSON object'];
  const checked = schema.safeParse(answer);
  if (checked.success) return [];
  return [`the answer is not as documented: ${checked.error.message.slice(0, 600)}`];
}

function parsed(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}
