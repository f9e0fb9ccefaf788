/**
 * The three-way merge of one linked record: field by field, with two bases. Pure; knows no storage, no system.
 *
 * Two bases, because vendors store less than we do: what comes back after a push is compared with what came back last
 * time (`baseExternal`), never with what we sent. A field is absent when nothing is known; absent and null are one.
 * A field with a shape is looked into: lists by element and member, objects of free names by name, readings by their time.
 */
import type { FieldShape, FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import { verdictOf, type ConflictPolicy, type FieldDecision, type Verdict } from './decision.ts';
import { closedBy, type ClosedConflict } from './held-values.ts';
import { mergeList } from './merge-list.ts';
import { mergeMembers, mergeValue, type Merged, type Sides } from './merge-value.ts';
import { mergeReading } from './newest-reading.ts';
import { isNothing, isObject } from './value-path.ts';

export type { ConflictPolicy, FieldDecision, MergeRule } from './decision.ts';
export type { ClosedConflict } from './held-values.ts';
export { basesAfterPush } from './bases-after-push.ts';
export { fieldsToPush, valuesToPush } from './push-values.ts';

export interface MergeInput {
  hub: JsonObject;
  external: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  /** The fields the pull mapping produces. */
  fields: readonly string[];
  /** Fields the merge looks into. */
  shapes?: FieldShapes;
  policy(field: string): ConflictPolicy;
  /** Epoch ms of the hub's last change of a field, and of the vendor's record; null when unknown. */
  hubChangedAt(field: string): number | null;
  externalChangedAt: number | null;
  /** What a person has to decide, by path. */
  held?: Iterable<string>;
}

export interface MergeResult {
  /** Hub fields to set; null clears. Empty when the hub stays as it is. */
  changes: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  decisions: FieldDecision[];
  /** Open conflicts that are none any more. */
  closed: ClosedConflict[];
}

/**
 * Applies the table of the design to every field.
 * Example: hub `{title: 'A'}`, external `{title: 'B'}`, both bases `{title: 'A'}` gives changes `{title: 'B'}`.
 */
export function mergeRecord(input: MergeInput): MergeResult {
  const changes: JsonObject = {};
  const baseHub: JsonObject = { ...input.baseHub };
  const baseExternal: JsonObject = { ...input.baseExternal };
  const decisions: FieldDecision[] = [];
  for (const field of input.fields) {
    const sides = {
      hub: input.hub[field] ?? null,
      external: input.external[field] ?? null,
      baseHub: input.baseHub[field] ?? null,
      baseExternal: input.baseExternal[field] ?? null,
    };
    // Nearly all fields of nearly all records: what they are made of does not matter.
    if (jsonEqual(sides.external, sides.baseExternal) && jsonEqual(sides.hub, sides.baseHub)) continue;
    const verdict = verdictOf(input.policy(field), input.hubChangedAt(field), input.externalChangedAt);
    const merged = mergeField(field, sides, input.shapes?.[field], verdict);
    if (!jsonEqual(merged.hub, sides.hub)) changes[field] = merged.hub;
    setOrClear(baseHub, field, merged.baseHub);
    setOrClear(baseExternal, field, merged.baseExternal);
    decisions.push(...merged.decisions);
  }
  return {
    changes,
    baseHub,
    baseExternal,
    decisions,
    closed: closedBy(decisions, input.held ?? [], input.fields),
  };
}

function mergeField(field: string, sides: Sides, shape: FieldShape | undefined, verdict: Verdict): Merged {
  switch (shape?.kind) {
    case 'list': {
      const result = mergeList(field, sides, { identity: shape.identity, verdict });
      if (result.ok) return result.merged;
      const whole = mergeValue(field, sides, verdict);
      const reason = `${result.reason}, so the list was merged as one value`;
      return { ...whole, decisions: whole.decisions.map((decision) => ({ ...decision, reason })) };
    }
    case 'named':
      return mergeNamed(field, sides, verdict);
    case 'reading':
      return mergeReading(field, sides, verdict);
    case undefined:
      return mergeValue(field, sides, verdict);
  }
}

function mergeNamed(field: string, sides: Sides, verdict: Verdict): Merged {
  const { hub, external, baseHub, baseExternal } = sides;
  const all = [hub, external, baseHub, baseExternal];
  if (!all.every((value) => value === null || isObject(value))) return mergeValue(field, sides, verdict);
  const merged = mergeMembers(
    field,
    {
      hub: namesOf(hub),
      external: namesOf(external),
      baseHub: namesOf(baseHub),
      baseExternal: namesOf(baseExternal),
    },
    verdict,
  );
  return {
    hub: spelledAs(merged.hub, hub),
    baseHub: spelledAs(merged.baseHub, baseHub),
    baseExternal: spelledAs(merged.baseExternal, external),
    decisions: merged.decisions,
  };
}

function namesOf(value: Json): JsonObject {
  return isObject(value) ? value : {};
}

/** An object without names and none at all are the same; each stays as it was written. */
function spelledAs(names: JsonObject, known: Json): Json {
  if (jsonEqual(names, namesOf(known))) return known;
  return isNothing(names) ? null : names;
}

function setOrClear(target: JsonObject, field: string, value: Json): void {
  if (value === null) delete target[field];
  else target[field] = value;
}
