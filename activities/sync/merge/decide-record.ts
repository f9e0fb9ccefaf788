/** Decides what becomes of one mapped record, its hub record and its link. Pure: facts in, a decision out; nothing is read or written. */
import { jsonEqual, type JsonObject } from '../../../domain/json.ts';
import {
  fieldsToPush,
  mergeRecord,
  type FieldDecision,
  type MergeResult,
} from '../../../domain/merge/merge.ts';
import type { ClosedConflict, HeldPaths } from '../../../domain/merge/held-values.ts';
import type { CompiledMapping } from '../../../mappings/engine/format.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { LinkWrite } from '../../../store/links/links.ts';
import type { Candidate } from '../context.ts';
import { mergeComments, type MergedComments } from './comments.ts';
import type { KnownFacts, MergeFacts } from './facts.ts';
import type { Intended } from './intents.ts';

/** What the decision follows: the same for every record of a batch. */
export interface MergeRules {
  mapping: Pick<CompiledMapping, 'version' | 'pullFields' | 'pushFields' | 'policy' | 'shapes'>;
  /** RFC 3339 instant of the step. */
  at: string;
  newId(): string;
}

export interface CreateDecision {
  kind: 'create';
  candidate: Candidate;
  hubId: string;
  comments: MergedComments;
}

export interface MergeDecision {
  kind: 'merge';
  /** What it counts as: a first link, a change of the hub, or neither. */
  as: 'linked' | 'updated' | 'same';
  candidate: Candidate;
  hub: HubRecord;
  /** The hub record as it becomes; null when it stays. */
  change: { fields: JsonObject; fieldAt: Record<string, string>; version: number } | null;
  fields: readonly FieldDecision[];
  /** What had an open conflict before. */
  heldBefore: HeldPaths;
  /** Of those, the ones that are none any more. */
  closed: readonly ClosedConflict[];
  /** Fields that lost their value. */
  emptied: readonly string[];
  comments: MergedComments;
  link: LinkWrite;
  firstLink: boolean;
  /** The write of ours that was under way, and what becomes of it; null when there is none. */
  intended: Intended | null;
  /** The hub record has something for this system. */
  push: boolean;
  /** It was deleted because it was gone there, and is there again. */
  restore: boolean;
}

export type RecordDecision = CreateDecision | MergeDecision;

export function decideRecord(candidate: Candidate, facts: MergeFacts, rules: MergeRules): RecordDecision {
  const { hubId, known } = facts;
  const comments = mergeComments({
    hubId,
    candidate,
    known: known?.comments ?? [],
    newId: () => rules.newId(),
    at: rules.at,
  });
  if (known === null) return { kind: 'create', candidate, hubId, comments };
  return decideMerge(candidate, { ...facts, known }, rules, comments);
}

function decideMerge(
  candidate: Candidate,
  { hubId, link, known }: MergeFacts & { known: KnownFacts },
  rules: MergeRules,
  comments: MergedComments,
): MergeDecision {
  const { mapping } = rules;
  const { hub } = known;
  const { meta, pushed, refused } = candidate.incoming;
  const merged = mergeFields(candidate, known, rules);
  const fields = withChanges(hub.fields, merged.changes);
  const changed = Object.keys(merged.changes).length > 0 || comments.created.length > 0;
  const version = changed ? hub.version + 1 : hub.version;
  const closed = new Set(merged.closed.map(({ field }) => field));
  const open = merged.decisions.flatMap(({ field, winner }) => (winner === null ? [field] : []));
  const due = fieldsToPush({
    hub: fields,
    baseHub: merged.baseHub,
    pushFields: mapping.pushFields,
    held: new Set([...[...known.held.keys()].filter((path) => !closed.has(path)), ...open]),
    shapes: mapping.shapes,
  });
  // Changes the link has not seen stay queued even when their feed rows are behind the version we now write.
  const seen = pushed?.hubVersion ?? link?.hubVersion ?? 0;
  return {
    kind: 'merge',
    as: link === undefined && pushed === undefined ? 'linked' : changed ? 'updated' : 'same',
    candidate,
    hub,
    change: changed
      ? { fields, fieldAt: fieldTimes(hub, merged.changes, meta.updatedAt ?? rules.at), version }
      : null,
    fields: merged.decisions,
    heldBefore: known.held,
    closed: merged.closed,
    emptied: Object.entries(merged.changes).flatMap(([field, value]) => (value === null ? [field] : [])),
    comments,
    link: linkWrite(candidate, { hubId, merged, mappingVersion: mapping.version, hubVersion: version }),
    firstLink: link === undefined,
    intended: known.intended,
    push: isDue(due, known, { refused, isNews: seen < hub.version }),
    restore: hub.deletedAt !== null && link?.goneAt != null,
  };
}

/**
 * A refusal is repeated by nobody, only what changed in the hub since is pushed; what a person was asked about waits, until
 * another field is due.
 */
function isDue(
  due: ReadonlySet<string>,
  { hub, intended }: KnownFacts,
  { refused, isNews }: { refused: { hubVersion: number } | undefined; isNews: boolean },
): boolean {
  const next = intended?.decision.next;
  if (next?.kind === 'take_back') return true;
  if (refused !== undefined) return hub.version > refused.hubVersion;
  if (next?.kind !== 'ask' || next.because !== 'refused') return due.size > 0 || isNews;
  const { touched = [] } = intended?.intent ?? {};
  return [...due].some((field) => !touched.includes(field));
}

/** Fields whose conflict is new or shows other values: a vendor's value that went back to its base too, a person still decides. */
export function shownConflicts({ fields, heldBefore }: MergeDecision): FieldDecision[] {
  return fields.filter(
    ({ field, rule }) => rule === 'conflict' || (rule === 'push_hub' && heldBefore.has(field)),
  );
}

/**
 * A create that was only found again is met like a stranger: its vendor's people may have changed it since. Ours was on
 * its way, so where the two differ it goes on, and what it overrules is written down.
 */
function mergeFields(candidate: Candidate, known: KnownFacts, { mapping }: MergeRules): MergeResult {
  const { hub, bases, foundAgain } = known;
  const { updatedAt } = candidate.incoming.meta;
  return mergeRecord({
    hub: hub.fields,
    external: candidate.fields,
    ...bases,
    fields: mapping.pullFields,
    shapes: mapping.shapes,
    held: known.held.keys(),
    policy: (field) => {
      const policy = mapping.policy(field);
      return foundAgain && policy !== 'manual' ? 'hub' : policy;
    },
    hubChangedAt: (field) =>
      Date.parse(hub.fieldAt[field] ?? hub.fieldAt['*'] ?? hub.createdAt.toISOString()),
    externalChangedAt: updatedAt === null ? null : Date.parse(updatedAt),
  });
}

function linkWrite(
  { incoming: { meta }, incomplete }: Candidate,
  link: {
    hubId: string;
    merged: Pick<MergeResult, 'baseHub' | 'baseExternal'>;
    mappingVersion: string;
    hubVersion: number;
  },
): LinkWrite {
  const { baseHub, baseExternal } = link.merged;
  return {
    externalId: meta.externalId,
    hubId: link.hubId,
    address: meta.address,
    externalVersion: meta.version,
    externalNumber: meta.number,
    externalUpdatedAt: meta.updatedAt,
    rawHash: incomplete === true ? null : meta.hash,
    kept: meta.kept,
    mappingVersion: link.mappingVersion,
    baseHub,
    // Null when it says the same as the hub's base: most vendors store most records without loss.
    baseExternal: baseHub === baseExternal || jsonEqual(baseHub, baseExternal) ? null : baseExternal,
    hubVersion: link.hubVersion,
    readOnly: meta.readOnly === true,
    scope: meta.scope ?? null,
  };
}

function withChanges(fields: JsonObject, changes: JsonObject): JsonObject {
  const next: JsonObject = { ...fields };
  for (const [field, value] of Object.entries(changes)) {
    if (value === null) delete next[field];
    else next[field] = value;
  }
  return next;
}

function fieldTimes(hub: HubRecord, changes: JsonObject, at: string): Record<string, string> {
  const times = { ...hub.fieldAt };
  for (const field of Object.keys(changes)) times[field] = at;
  return times;
}
