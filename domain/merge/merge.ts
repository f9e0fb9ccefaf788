/**
 * The three-way merge of one linked record: field by field, with two bases. Pure; knows no storage, no system.
 *
 * Two bases, because vendors store less than we do: what comes back after a push is compared with what came back last
 * time (`baseExternal`), never with what we sent. A field is absent when nothing is known; absent and null are one.
 */
import { jsonEqual, type Json, type JsonObject } from '../json.ts';

export type ConflictPolicy = 'hub' | 'external' | 'newest' | 'manual';

/** Which line of the table decided a field. */
export type MergeRule = 'take_external' | 'push_hub' | 'agree' | 'conflict';

export interface FieldDecision {
  field: string;
  rule: MergeRule;
  /** Only for conflicts: the policy applied, and who won; null while a person has to decide. */
  policy?: ConflictPolicy;
  winner?: 'hub' | 'external' | null;
  hub: Json;
  external: Json;
}

export interface MergeInput {
  hub: JsonObject;
  external: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  /** The fields the pull mapping produces. */
  fields: readonly string[];
  policy(field: string): ConflictPolicy;
  /** Epoch ms of the hub's last change of a field, and of the vendor's record; null when unknown. */
  hubChangedAt(field: string): number | null;
  externalChangedAt: number | null;
}

export interface MergeResult {
  /** Hub fields to set; null clears. Empty when the hub stays as it is. */
  changes: JsonObject;
  baseHub: JsonObject;
  baseExternal: JsonObject;
  decisions: FieldDecision[];
  /** Whether a field of the hub differs from its base after this merge, so that a push is due. */
  pushDue: boolean;
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
  let pushDue = false;

  for (const field of input.fields) {
    const hub = input.hub[field] ?? null;
    const external = input.external[field] ?? null;
    const hubChanged = !jsonEqual(hub, input.baseHub[field] ?? null);
    const externalChanged = !jsonEqual(external, input.baseExternal[field] ?? null);
    const agreeOn = (value: Json): void => {
      setOrClear(baseHub, field, value);
      setOrClear(baseExternal, field, external);
    };

    if (!externalChanged) {
      if (hubChanged) {
        pushDue = true;
        decisions.push({ field, rule: 'push_hub', hub, external });
      }
      continue;
    }
    if (!hubChanged) {
      changes[field] = external;
      agreeOn(external);
      decisions.push({ field, rule: 'take_external', hub, external });
      continue;
    }
    if (jsonEqual(hub, external)) {
      agreeOn(hub);
      decisions.push({ field, rule: 'agree', hub, external });
      continue;
    }

    const policy = input.policy(field);
    const winner = decideConflict(policy, input.hubChangedAt(field), input.externalChangedAt);
    decisions.push({ field, rule: 'conflict', policy, winner, hub, external });
    if (winner === 'external') {
      changes[field] = external;
      agreeOn(external);
    } else if (winner === 'hub') {
      // The vendor's value was seen and overruled; the hub's differs from its base, so the push will carry it.
      setOrClear(baseExternal, field, external);
      pushDue = true;
    }
  }
  return { changes, baseHub, baseExternal, decisions, pushDue };
}

/** `newest` with equal or unknown times goes to the hub: it is the side whose history we can show. */
function decideConflict(
  policy: ConflictPolicy,
  hubAt: number | null,
  externalAt: number | null,
): 'hub' | 'external' | null {
  if (policy === 'manual') return null;
  if (policy !== 'newest') return policy;
  return externalAt !== null && (hubAt === null || externalAt > hubAt) ? 'external' : 'hub';
}

/** The fields that a push has to carry: those whose hub value left its base and which nobody is deciding by hand. */
export function fieldsToPush(input: {
  hub: JsonObject;
  baseHub: JsonObject;
  pushFields: readonly string[];
  held: ReadonlySet<string>;
}): Set<string> {
  return new Set(
    input.pushFields.filter(
      (field) => !input.held.has(field) && !jsonEqual(input.hub[field] ?? null, input.baseHub[field] ?? null),
    ),
  );
}

/** The bases after our own write: what was pushed is agreed; what the write touched shows itself as the vendor now does. */
export function basesAfterPush(input: {
  baseHub: JsonObject;
  baseExternal: JsonObject;
  pushed: JsonObject;
  pushedFields: ReadonlySet<string>;
  affected: ReadonlySet<string>;
  external: JsonObject;
}): { baseHub: JsonObject; baseExternal: JsonObject } {
  const baseHub = { ...input.baseHub };
  const baseExternal = { ...input.baseExternal };
  for (const field of input.pushedFields) setOrClear(baseHub, field, input.pushed[field] ?? null);
  for (const field of input.affected) setOrClear(baseExternal, field, input.external[field] ?? null);
  return { baseHub, baseExternal };
}

function setOrClear(target: JsonObject, field: string, value: Json): void {
  if (value === null) delete target[field];
  else target[field] = value;
}
