/**
 * Update intents: a write that was begun is known as ours until its outcome is known. Pure; storing, sending and telling people
 * are others' work. The contract:
 *
 * 1. Before a vendor is asked to change a record, an intent is stored: what is to be written, what the vendor showed before, and
 *    what it will show on the way where it takes several steps (Maximo's WAPPR, APPR, INPRG, COMP; SAP's unlock, change, lock).
 * 2. An answer that says all of the write is done ends the intent: `basesAfterPush` has the bases then. So does one that surely
 *    changed nothing. After any other end (no answer, a refusal in the middle, a worker that died) it stays open, and whatever
 *    shows the record next, a pull or an answer, goes through `decideWithIntent` before the merge.
 * 3. While it is open a value is ours when it is what was before, what we wanted (`alike`: as far as this vendor can tell the
 *    two apart), or what a step shows. Such a value never counts as changed by the vendor, so no conflict arises and `newest`
 *    has nothing to decide. Anything else is a real edit by somebody, and is merged like one.
 * 4. `next` says how it ends: continued by the next push; taken back, where a refusal left the vendor half-way and there is a
 *    way back; shown to a person; or closed, because nothing of it is left to do. What the hub says now counts, not what it
 *    said then: a correction made meanwhile is pushed, also after a refusal.
 *
 * What it cannot tell: somebody who set a value back to exactly what it was before our write arrived. It is written again.
 */
import type { FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import { agreedAt, type BothBases } from './alike.ts';
import { mergeRecord } from './merge.ts';
import { fieldsToPush } from './push-values.ts';

export interface UpdateIntent {
  /** Fields whose value the write carries. */
  fields: readonly string[];
  /** Those, all that share a push rule with them, and all that a step shows differently. */
  touched: readonly string[];
  /** The values to be reached, of the touched fields: the hub's when the write was decided. */
  wanted: JsonObject;
  /** The touched fields as the vendor showed them before. */
  before: JsonObject;
  payload: JsonObject;
  /** When this write takes another one back: the hub's values that the vendor refused. */
  refused: JsonObject | null;
  /**
   * What the vendor shows after each step but the last, as far as it differs from `before`: what the steps show, laid over the
   * record one after another, as the pull mapping shows it.
   */
  steps: readonly JsonObject[];
  /** RFC 3339 instant. */
  begunAt: string;
  /** 1 for the first try. */
  attempt: number;
}

export interface IntentFacts extends BothBases {
  intent: UpdateIntent;
  /** The hub's record now. */
  hub: JsonObject;
  /** The vendor's record as the pull mapping shows it now. */
  external: JsonObject;
  /** Of `wanted` and `external`: `alikeForVendor`. */
  alike: ReadonlySet<string>;
  shapes: FieldShapes;
  /** The vendor refused the write, or a step of it, for a reason that another try meets again. */
  refused: boolean;
  /** Whether the vendor has a legal way from what it shows now back to what was before. */
  canGoBack: boolean;
  attemptsMax: number;
}

/** What a value the vendor shows was taken for. */
export type Seen = 'before' | 'wanted' | 'step' | 'foreign';

export type IntentNext =
  /** Nothing is left to do: it arrived, or the hub wants what the vendor shows, or somebody's edit has to be merged first. */
  | { kind: 'closed' }
  /** The next push carries these fields, with the hub's values of then; the vendor goes on from where it stands. */
  | { kind: 'continue'; fields: string[]; steps: JsonObject[] }
  /** These fields are to be as they were before, by an intent of its own that names what was `refused`; then a person is told. */
  | { kind: 'take_back'; values: JsonObject }
  | { kind: 'ask'; because: 'refused' | 'too_many_tries' };

export interface IntentDecision extends BothBases {
  /** By touched field. */
  seen: Readonly<Record<string, Seen>>;
  next: IntentNext;
}

/** The bases the merge starts with, and what becomes of the intent. */
export function decideWithIntent(facts: IntentFacts): IntentDecision {
  let bases: BothBases = { baseHub: facts.baseHub, baseExternal: facts.baseExternal };
  const seen: Record<string, Seen> = {};
  for (const field of facts.intent.touched) {
    const found = lookAt(field, facts, bases);
    seen[field] = found.seen;
    bases = found.bases;
  }
  return { ...bases, seen, next: nextOf(facts, bases, seen) };
}

interface Look {
  seen: Seen;
  bases: BothBases;
}

function lookAt(field: string, facts: IntentFacts, bases: BothBases): Look {
  const { intent, external, alike, shapes } = facts;
  const shown = external[field] ?? null;
  const agreed = { ours: intent.wanted, theirs: external, shapes };
  if (jsonEqual(shown, intent.wanted[field] ?? null) || alike.has(field))
    return { seen: 'wanted', bases: agreedAt(bases, [field], agreed) };
  if (jsonEqual(shown, intent.before[field] ?? null)) return { seen: 'before', bases };
  const isStep = intent.steps.some((step) => Object.hasOwn(step, field) && jsonEqual(step[field], shown));
  // The hub is held against where the vendor stands, so that it goes on from there, or back when that is what the hub says.
  if (isStep) return { seen: 'step', bases: agreedAt(bases, [field], { ...agreed, ours: external }) };
  if (shapes[field] === undefined) return { seen: 'foreign', bases };
  return lookInside(field, facts, bases);
}

/** A list of which a part arrived: each element and member that is as we wanted it is agreed, the others are looked at. */
function lookInside(field: string, facts: IntentFacts, bases: BothBases): Look {
  const { intent, external, alike, shapes } = facts;
  const { decisions } = mergeRecord({
    hub: intent.wanted,
    external,
    ...bases,
    fields: [field],
    shapes,
    policy: () => 'manual',
    hubChangedAt: () => null,
    externalChangedAt: null,
  });
  const isOurs = (made: (typeof decisions)[number]): boolean =>
    made.rule === 'agree' || alike.has(made.field);
  const arrived = decisions.filter(isOurs).map((made) => made.field);
  const others = decisions.filter((made) => !isOurs(made));
  const seen =
    others.length === 0 ? 'wanted' : others.every(({ rule }) => rule === 'push_hub') ? 'before' : 'foreign';
  return { seen, bases: agreedAt(bases, arrived, { ours: intent.wanted, theirs: external, shapes }) };
}

function nextOf(
  facts: IntentFacts,
  { baseHub }: BothBases,
  seen: Readonly<Record<string, Seen>>,
): IntentNext {
  const { intent, hub, shapes } = facts;
  const ours = intent.touched.filter((field) => seen[field] !== 'foreign');
  const pending = [...fieldsToPush({ hub, baseHub, pushFields: ours, held: new Set(), shapes })];
  if (pending.length === 0) return { kind: 'closed' };
  const then = intent.refused ?? intent.wanted;
  const isCorrected = intent.fields.some((field) => !jsonEqual(hub[field] ?? null, then[field] ?? null));
  const isTired = intent.attempt >= facts.attemptsMax;
  // Another word of the hub has a way of its own, from where the vendor stands now.
  if (isCorrected) return { kind: 'continue', fields: pending, steps: [] };
  if (intent.refused !== null) {
    const away = ours.filter((field) => seen[field] !== 'wanted');
    return away.length > 0 && !isTired ? takeBack(facts, pick(intent.wanted, away)) : REFUSED;
  }
  if (facts.refused) {
    const halfWay = ours.filter((field) => seen[field] === 'step');
    return halfWay.length > 0
      ? takeBack({ ...facts, refused: false }, pick(intent.before, halfWay))
      : REFUSED;
  }
  return isTired
    ? { kind: 'ask', because: 'too_many_tries' }
    : { kind: 'continue', fields: pending, steps: remainingSteps(facts) };
}

const REFUSED: IntentNext = { kind: 'ask', because: 'refused' };

/** A way back that is refused too, or that the vendor does not have, leaves it to a person. */
function takeBack(
  { refused, canGoBack }: Pick<IntentFacts, 'refused' | 'canGoBack'>,
  values: JsonObject,
): IntentNext {
  return canGoBack && !refused ? { kind: 'take_back', values } : REFUSED;
}

/** Where the vendor stands on the way; all of it when it does not stand on any step. */
function remainingSteps({ intent, external }: IntentFacts): JsonObject[] {
  const at = intent.steps.findLastIndex((step) =>
    Object.entries(step).every(([field, value]) => jsonEqual(external[field] ?? null, value)),
  );
  return intent.steps.slice(at + 1);
}

/** A field that was empty is named with null: taking back empties it. */
function pick(values: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field): [string, Json] => [field, values[field] ?? null]));
}
