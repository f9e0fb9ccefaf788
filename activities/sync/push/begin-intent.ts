/** What is written down of an update before the vendor is asked, and of taking one back. Pure. */
import { jsonEqual, type Json, type JsonObject } from '../../../domain/json.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Link } from '../../../store/links/links.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';

/** Values kept of earlier tries; more than any path has steps. */
const STEPS_MAX = 24;

interface Begun {
  hub: HubRecord;
  link: Link;
  fields: ReadonlySet<string>;
  payload: JsonObject;
  /** An earlier try that is still open: whatever it wanted and met is ours as well. */
  earlier: StoredUpdateIntent | undefined;
  affected: ReadonlySet<string>;
  /** Epoch milliseconds. */
  now: number;
}

export function beginIntent({
  hub,
  link,
  fields,
  payload,
  earlier,
  affected,
  now,
}: Begun): StoredUpdateIntent {
  const back = earlier !== undefined && isTakingBack(earlier, hub.fields) ? earlier : null;
  const touched = [...new Set([...fields, ...affected, ...(earlier?.touched ?? [])])];
  const wanted = { ...pick(hub.fields, touched), ...(back === null ? {} : pick(back.wanted, back.fields)) };
  const before = pick(link.baseExternal ?? link.baseHub, touched);
  return {
    hubId: hub.id,
    state: back === null ? 'sending' : 'taking_back',
    fields: [...fields],
    touched,
    wanted,
    before,
    payload,
    refused: back?.refused ?? null,
    steps: stepsSoFar(earlier, [wanted, before]),
    begunAt: new Date(now).toISOString(),
    attempt: (earlier?.attempt ?? 0) + 1,
  };
}

function stepsSoFar(
  earlier: StoredUpdateIntent | undefined,
  known: readonly JsonObject[],
): readonly JsonObject[] {
  if (earlier === undefined) return [];
  return withSteps([], [...earlier.steps, earlier.wanted, earlier.before])
    .filter((step) => !known.some((one) => jsonEqual(one, step)))
    .slice(-STEPS_MAX);
}

/** Steps in their order, each once. */
export function withSteps(steps: readonly JsonObject[], more: readonly JsonObject[]): JsonObject[] {
  const all: JsonObject[] = [];
  for (const step of [...steps, ...more])
    if (Object.keys(step).length > 0 && !all.some((one) => jsonEqual(one, step))) all.push(step);
  return all;
}

/** The values of before are to be written; a person who corrected the hub meanwhile has the last word. */
export function isTakingBack({ state, fields, refused }: StoredUpdateIntent, hub: JsonObject): boolean {
  return (
    state === 'taking_back' &&
    fields.every((field) => jsonEqual(hub[field] ?? null, refused?.[field] ?? null))
  );
}

/** A field that is empty is named with null. */
export function pick(values: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field): [string, Json] => [field, values[field] ?? null]));
}
