/**
 * Conflicts that wait for a person, by path: which of them are none any more, and what a decision makes of the values. Each
 * open conflict holds its own value alone; the rest of the record, and of the list, goes on.
 */
import type { FieldShapes } from '../entities/field-shape.ts';
import { jsonEqual, type Json, type JsonObject } from '../json.ts';
import { verdictOf, type ConflictPolicy, type FieldDecision, type Winner } from './decision.ts';
import { isObject, parsePath, rootOf, valueAt, withValueAt } from './value-path.ts';

/** Path of each open conflict, and what the vendor showed there last. */
export type HeldValues = ReadonlyMap<string, Json>;
/** Where only the paths matter; a set or a map has them. */
export type HeldPaths = Pick<ReadonlySet<string>, 'has' | 'keys'>;

export interface ClosedConflict {
  field: string;
  /**
   * `agreement`: both sides came to say the same. `policy`: decided by the field's policy, which was another before.
   * `superseded`: the place in the list where it was open is another conflict, or none, by now.
   */
  by: 'agreement' | 'policy' | 'superseded';
  winner: Winner | null;
}

/** Of the conflicts that were open before a merge, those that its decisions leave nothing of. */
export function closedBy(
  decisions: readonly FieldDecision[],
  held: Iterable<string>,
  fields: readonly string[],
): ClosedConflict[] {
  return [...held].flatMap((path): ClosedConflict[] => {
    const root = rootOf(path);
    // A field that is not mapped for now says nothing.
    if (!fields.includes(root)) return [];
    const made = decisions.find(({ field }) => field === path);
    if (made === undefined) {
      const isElsewhere = decisions.some(({ field, winner }) => rootOf(field) === root && winner === null);
      return [{ field: path, by: isElsewhere ? 'superseded' : 'agreement', winner: null }];
    }
    // The vendor went back to what it showed before: a person still decides about the hub's value.
    if (made.rule === 'push_hub' || made.winner === null) return [];
    if (made.winner === undefined) return [{ field: path, by: 'agreement', winner: 'external' }];
    return [{ field: path, by: 'policy', winner: made.winner }];
  });
}

/** A link's values while conflicts of it are decided. */
export interface LinkedValues {
  hub: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
}

/**
 * The vendor's value holds: the hub and both bases take it, so that nothing is pushed. An element brings what the vendor shows
 * of it; what it cannot show stays as the hub has it, or had it before it removed the element.
 */
export function takeExternalAt(
  values: LinkedValues,
  path: string,
  external: Json,
  shapes: FieldShapes,
): LinkedValues {
  const { element, member } = parsePath(path);
  const shownBefore = valueAt(values.baseExternal, path, shapes);
  const ours = ownValue(values, path, shapes);
  const isOverlaid = element !== null && member === null && isObject(external) && isObject(ours);
  const taken = isOverlaid ? overlaid(ours, isObject(shownBefore) ? shownBefore : {}, external) : external;
  return {
    hub: withValueAt(values.hub, path, taken, shapes),
    baseHub: withValueAt(values.baseHub, path, taken, shapes),
    baseExternal: withValueAt(values.baseExternal, path, external, shapes),
  };
}

/**
 * The hub's value holds, or the third one a person gives. The vendor's counts as seen: both bases take it, so that the hub
 * differs from its base and the push carries it.
 */
export function keepHubAt(
  values: LinkedValues,
  path: string,
  decided: { external: Json; value: Json },
  shapes: FieldShapes,
): LinkedValues {
  return {
    hub: withValueAt(values.hub, path, decided.value, shapes),
    baseHub: withValueAt(values.baseHub, path, decided.external, shapes),
    baseExternal: withValueAt(values.baseExternal, path, decided.external, shapes),
  };
}

function ownValue({ hub, baseHub }: LinkedValues, path: string, shapes: FieldShapes): Json {
  return valueAt(hub, path, shapes) ?? valueAt(baseHub, path, shapes);
}

/** What changed at the vendor laid over what the hub knows. */
function overlaid(ours: JsonObject, before: JsonObject, now: JsonObject): JsonObject {
  const result: JsonObject = { ...ours };
  for (const name of Object.keys(before)) if (!Object.hasOwn(now, name)) delete result[name];
  return { ...result, ...now };
}

export interface HeldReview {
  values: LinkedValues;
  closed: ClosedConflict[];
  /** What still waits for a person. */
  held: Map<string, Json>;
}

/**
 * Looks at open conflicts without the vendor being asked: a person may have typed the vendor's value into the hub, and the
 * policy may be another by now. Either closes the conflict, so that nothing is held for a question nobody asks any more.
 */
export function reviewHeld(input: {
  values: LinkedValues;
  held: HeldValues;
  shapes: FieldShapes;
  policy(field: string): ConflictPolicy;
  hubChangedAt(field: string): number | null;
  externalChangedAt: number | null;
}): HeldReview {
  const { shapes } = input;
  const review: HeldReview = { values: input.values, closed: [], held: new Map() };
  for (const [path, external] of input.held) {
    const root = rootOf(path);
    const value = valueAt(review.values.hub, path, shapes);
    const isAgreed = jsonEqual(value, external);
    const { winner } = verdictOf(input.policy(root), input.hubChangedAt(root), input.externalChangedAt);
    if (!isAgreed && winner === null) {
      review.held.set(path, external);
      continue;
    }
    const wins = isAgreed ? 'external' : winner;
    review.values =
      wins === 'external'
        ? takeExternalAt(review.values, path, external, shapes)
        : keepHubAt(review.values, path, { external, value }, shapes);
    review.closed.push({ field: path, by: isAgreed ? 'agreement' : 'policy', winner: wins });
  }
  return review;
}
