/**
 * Decides what one queued hub record needs at a system. Pure, in two steps because the payload is mapped between them: what
 * is to be written, and, once the mapping said how, whether it is. Nothing is read or written.
 */
import type { CreateOp } from '../../../connectors/kit/contract.ts';
import { referencesOf, replaceReferences, type Reference } from '../../../domain/entities/references.ts';
import type { JsonObject } from '../../../domain/json.ts';
import { LIMITS } from '../../../domain/kernel/limits.ts';
import { basesAfterPush, fieldsToPush, valuesToPush } from '../../../domain/merge/merge.ts';
import type { FieldProblem } from '../../../mappings/engine/format.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { CreateIntent } from '../../../store/links/create-intents.ts';
import type { Link } from '../../../store/links/links.ts';
import type { StoredUpdateIntent } from '../../../store/links/update-intents.ts';
import { beginIntent, isTakingBack, pick } from './begin-intent.ts';
import type { PushFacts, PushRules } from './facts.ts';
import type { PlannedCreate, PlannedRemoval, PlannedUpdate } from './plan.ts';

/** A record that stays due after a try (stale, unknown) comes again in the same pass, so often at most. */
export const TRIES_A_PASS = 3;

/** Something is to be written; how it looks there is for the mapping to say. */
export interface Draft {
  kind: 'draft';
  facts: PushFacts & { hub: HubRecord };
  fields: ReadonlySet<string>;
  withheld: ReadonlySet<string>;
  /** The hub record of the first field that was left out, when this system cannot have that record yet. */
  awaits: string | null;
  /** The hub's fields, references as this system's ids. */
  outward: JsonObject;
}

export type PushDecision =
  /** Nothing to do, now or later. */
  | { kind: 'drop'; hubId: string }
  /** Nothing is made there: the system, a setting, or an open question forbids it. A link or an approval queues it again. */
  | { kind: 'pass_over'; hubId: string; why: 'create_off' | 'ambiguous' | 'in_review' | 'too_many_deletions' }
  | { kind: 'remove'; hubId: string; removal: PlannedRemoval }
  /** Not before the entity was read to its end there. */
  | { kind: 'postpone'; hubId: string }
  /** For the record it refers to. */
  | { kind: 'wait'; hubId: string; waitsHubId: string }
  /** The system has it all already. */
  | { kind: 'settle'; hubId: string; hubVersion: number; baseHub: JsonObject; waitsHubId: string | null }
  /** The system has no call for it, or closed the record for good. */
  | {
      kind: 'refuse';
      hubId: string;
      barrier: 'read_only' | 'not_writable';
      link: Link;
      fields: string[];
      comments: number;
    }
  | { kind: 'quarantine'; hubId: string; hub: HubRecord; problems: readonly FieldProblem[] }
  | { kind: 'update'; hubId: string; update: PlannedUpdate }
  | { kind: 'create'; hubId: string; create: PlannedCreate; newIntent: boolean };

export function decidePush(facts: PushFacts, rules: PushRules): PushDecision | Draft {
  const { hubId, hub, link, comments } = facts;
  if (hub === undefined) return { kind: 'drop', hubId };
  if (hub.deletedAt !== null || (link !== undefined && link.goneAt !== null))
    return decideRemoval(hub, link, rules);
  if (link !== undefined && link.retiredAt !== null) return decideReturn(hub, link, rules);
  const barred = link === undefined ? barCreate(facts, rules) : null;
  if (barred !== null) return barred;

  const back = facts.updateIntent;
  if (link !== undefined && back !== undefined && isTakingBack(back, hub.fields))
    return draftBack({ ...facts, hub }, back, rules);
  const fields =
    link === undefined
      ? new Set(rules.pushFields)
      : fieldsToPush({
          hub: hub.fields,
          baseHub: link.baseHub,
          pushFields: rules.pushFields,
          held: facts.held,
          shapes: rules.shapes,
        });
  if (link !== undefined && fields.size === 0 && comments.length === 0)
    return { kind: 'settle', hubId, hubVersion: hub.version, baseHub: link.baseHub, waitsHubId: null };

  // What can be made there is waited for; what cannot is left out of this write and waited for apart.
  const absent = absentReferences(hub, fields, { external: facts.external, entity: rules.entity });
  const awaited = absent.find(({ reference }) => rules.creatable(reference.entity));
  if (awaited !== undefined) return { kind: 'wait', hubId, waitsHubId: awaited.reference.value };
  const withheld = new Set(absent.map(({ field }) => field));
  for (const field of withheld) fields.delete(field);
  const awaits = absent[0]?.reference.value ?? null;
  if (awaits !== null && link !== undefined && fields.size === 0 && comments.length === 0)
    return { kind: 'wait', hubId, waitsHubId: awaits };

  const values = link === undefined ? hub.fields : valuesToPush(sidesOf(hub, link, facts, rules));
  const outward = replaceReferences(rules.entity, values, ({ value }) => facts.external.get(value) ?? null);
  outward['number'] = hub.number;
  return { kind: 'draft', facts: { ...facts, hub }, fields, withheld, awaits, outward };
}

/** What a refusal left half-way is written back to what it was before. */
function draftBack(
  facts: Draft['facts'],
  { fields, wanted }: StoredUpdateIntent,
  { entity }: PushRules,
): Draft {
  const values = { ...facts.hub.fields, ...pick(wanted, fields) };
  const outward = replaceReferences(entity, values, ({ value }) => facts.external.get(value) ?? null);
  outward['number'] = facts.hub.number;
  return { kind: 'draft', facts, fields: new Set(fields), withheld: new Set(), awaits: null, outward };
}

/** What the hub has for the system, what it agreed to, and what the system shows. */
export function sidesOf(
  hub: Pick<HubRecord, 'fields'>,
  link: Link,
  { held }: Pick<PushFacts, 'held'>,
  { shapes }: Pick<PushRules, 'shapes'>,
) {
  const { baseHub } = link;
  return { hub: hub.fields, baseHub, baseExternal: link.baseExternal ?? baseHub, held, shapes };
}

/** The hub's record was deleted, or the system's is gone: what the connection's policy makes of that. */
function decideRemoval(hub: HubRecord, link: Link | undefined, rules: PushRules): PushDecision {
  const hubId = hub.id;
  if (
    link === undefined ||
    link.goneAt !== null ||
    link.retiredAt !== null ||
    rules.deletePolicy === 'ignore'
  )
    return { kind: 'drop', hubId };
  const way = removalWay(rules);
  if (way === null) return refused(hub, link);
  if (rules.mayDelete !== null && !rules.mayDelete.has(link.externalId))
    return { kind: 'pass_over', hubId, why: 'too_many_deletions' };
  return { kind: 'remove', hubId, removal: { way, hub, link } };
}

/** A system that cannot delete takes out of use; one that cannot take out of use keeps the record, and says so. */
function removalWay({ deletePolicy, capability }: PushRules): 'remove' | 'retire' | null {
  if (deletePolicy === 'delete' && capability.remove) return 'remove';
  return capability.retire === undefined ? null : 'retire';
}

/** A record that was taken out of use comes back with the hub's. */
function decideReturn(hub: HubRecord, link: Link, { capability }: PushRules): PushDecision {
  if (capability.retire?.undo !== true) return refused(hub, link);
  return { kind: 'remove', hubId: hub.id, removal: { way: 'reinstate', hub, link } };
}

function refused(hub: HubRecord, link: Link): PushDecision {
  return { kind: 'refuse', hubId: hub.id, barrier: 'not_writable', link, fields: [], comments: 0 };
}

function barCreate({ hubId, intent, inReview }: PushFacts, { create }: PushRules): PushDecision | null {
  if (create === 'later') return { kind: 'postpone', hubId };
  if (create === 'never') return { kind: 'pass_over', hubId, why: 'create_off' };
  if (intent?.state === 'ambiguous') return { kind: 'pass_over', hubId, why: 'ambiguous' };
  return inReview ? { kind: 'pass_over', hubId, why: 'in_review' } : null;
}

export type MappedPayload =
  { ok: true; payload: JsonObject } | { ok: false; problems: readonly FieldProblem[] };

/** What a first try of a create is known by. */
export interface NewCreate {
  /** Epoch milliseconds. */
  now: number;
  newReference: () => string;
}

export function decideDraft(
  draft: Draft,
  mapped: MappedPayload,
  rules: PushRules,
  fresh: NewCreate,
): PushDecision {
  const { facts, fields } = draft;
  const { hubId, hub, link, comments } = facts;
  const empty = mapped.ok && Object.keys(mapped.payload).length === 0 && comments.length === 0;
  if (link !== undefined && !empty) {
    // The difference stays, and is said once a change of the hub: nobody should have to find it out there.
    const barrier = link.readOnly ? 'read_only' : rules.capability.update ? null : 'not_writable';
    if (barrier !== null)
      return { kind: 'refuse', hubId, barrier, link, fields: [...fields], comments: comments.length };
  }
  if (!mapped.ok) return { kind: 'quarantine', hubId, hub, problems: mapped.problems };
  if (link === undefined) return decideCreate(draft, mapped.payload, fresh);
  if (empty) {
    const { held, shapes, ...bases } = sidesOf(hub, link, facts, rules);
    const { baseHub } = basesAfterPush({
      ...bases,
      pushed: hub.fields,
      pushedFields: fields,
      affected: new Set(),
      external: {},
      held,
      shapes,
    });
    return { kind: 'settle', hubId, hubVersion: hub.version, baseHub, waitsHubId: draft.awaits };
  }
  return { kind: 'update', hubId, update: updateOf(draft, link, mapped.payload, { rules, now: fresh.now }) };
}

function updateOf(
  { facts, fields, withheld }: Draft,
  link: Link,
  payload: JsonObject,
  { rules, now }: { rules: PushRules; now: number },
): PlannedUpdate {
  const { hub, updateIntent: earlier } = facts;
  return {
    intent: beginIntent({ hub, link, fields, payload, earlier, affected: rules.affected(fields), now }),
    again: earlier !== undefined,
    lastShown: link.rawHash === null ? null : link.kept,
    hub: facts.hub,
    fields,
    withheld,
    held: facts.held,
    lastTry: facts.tries + 1 >= TRIES_A_PASS,
    op: {
      key: facts.hubId,
      externalId: link.externalId,
      address: link.address,
      version: link.externalVersion,
      payload,
      comments: [...facts.comments],
      knownComments: [...facts.knownComments],
    },
  };
}

function decideCreate(
  { facts, fields, withheld }: Draft,
  payload: JsonObject,
  { now, newReference }: NewCreate,
): PushDecision {
  const { hubId, hub, intent } = facts;
  const resumed = intent === undefined ? null : isShownByNow(intent, now) ? 'create' : 'wait';
  const op: CreateOp = {
    key: hubId,
    reference: intent?.reference ?? newReference(),
    intendedAt: intent?.intendedAt ?? new Date(now).toISOString(),
    // What may have been created was created from the stored payload, so that is what is searched for.
    payload: intent?.payload ?? payload,
    comments: [...facts.comments],
  };
  const create: PlannedCreate = { hub, fields, withheld, resumed, payload, op };
  return { kind: 'create', hubId, create, newIntent: intent === undefined };
}

/** Whether the vendor surely shows by now what the last try of this create made. */
function isShownByNow(intent: CreateIntent, now: number): boolean {
  return now - Date.parse(intent.triedAt) >= LIMITS.createSettleMs;
}

/** References of the changed fields that this connection has no record for, with the field that holds each. */
function absentReferences(
  hub: HubRecord,
  changed: ReadonlySet<string>,
  { external, entity }: { external: ReadonlyMap<string, string>; entity: HubRecord['entity'] },
): { field: string; reference: Reference }[] {
  return [...changed].flatMap((field) =>
    referencesOf(entity, { [field]: hub.fields[field] ?? null })
      .filter(({ value }) => !external.has(value))
      .map((reference) => ({ field, reference })),
  );
}
