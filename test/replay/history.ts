/** A recorded history, kept as one event a line: what is taken out of it before, and what it may hold. */
import type { Json, JsonObject } from '../../domain/json.ts';

export interface RecordedHistory {
  events: JsonObject[];
}

/** Say where it was recorded and nothing that replay needs. */
const PLACES = new Set(['identity', 'stackTrace']);
/** A worker calls itself and its own queues `pid@host`. */
const WORKER = /^\d+@\S+$/;

export function scrub(history: Json): RecordedHistory {
  return without(history) as unknown as RecordedHistory;
}

export function format(history: RecordedHistory): string {
  return history.events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

export function parse(text: string): RecordedHistory {
  return {
    events: text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as JsonObject),
  };
}

function without(value: Json): Json {
  if (Array.isArray(value)) return value.map(without);
  if (typeof value === 'string') return WORKER.test(value) ? 'a worker' : value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (PLACES.has(name) ? [] : [[name, without(inner)]])),
  );
}

/** Every name that may stand in a payload: ids, counts, cursors of the plan and reasons. A record's field is none of them. */
const NAMES = new Set(
  `tenantId connectionId greet runId request mode entities entity full pull push sweep files filesDue failure kind message cancelled state reason
   discover found ended settle pollMs steps counts hubChanged complete pausedReason nextPushInMs feedHidden stopped source carried lastSweepAtMs paused lastRun asked
   in created linked updated same parked review conflicts quarantined tasks missed failed more nextAt answer_in answer_same pushed_created pushed_updated
   not_created creates_in_question push_waiting parked_waiting pushed_removed files_failed files_taken gone keys unchanged swept person location asset part meter plan work_order`.split(
    /\s+/,
  ),
);
/** The largest event, a long plan, has 3 kB; records would show. */
const EVENT_BYTES_MAX = 10_000;

/** Names in payloads that are not ours, and a size that says that records went through Temporal. */
export function problemsOf(history: RecordedHistory): string[] {
  const problems = new Set<string>();
  for (const payload of payloadsOf(history as unknown as Json))
    for (const name of namesOf(payload)) if (!NAMES.has(name)) problems.add(`the name ${name}`);
  for (const event of history.events) {
    const bytes = JSON.stringify(event).length;
    if (bytes > EVENT_BYTES_MAX) problems.add(`an event of ${String(bytes)} bytes`);
  }
  return [...problems];
}

/** Payloads are `{metadata, data}` with base64 in both. */
function payloadsOf(value: Json): Json[] {
  if (Array.isArray(value)) return value.flatMap(payloadsOf);
  if (typeof value !== 'object' || value === null) return [];
  const { metadata, data } = value;
  if (typeof data === 'string' && typeof metadata === 'object')
    return [JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Json];
  return Object.values(value).flatMap(payloadsOf);
}

function namesOf(value: Json): string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesOf(inner)]);
}
