/** Decides, for records whose references are resolved, what becomes of the hub record, the link and the log. Writes nothing. */
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import { fieldsToPush, mergeRecord, type FieldDecision } from '../../domain/merge/merge.ts';
import type { HubComment } from '../../store/hub/comments.ts';
import type { CommentLink } from '../../store/hub/comments.ts';
import type { ConflictWrite } from '../../store/exceptions/exceptions.ts';
import type { ChangedHubRecord, HubRecord } from '../../store/hub/hub-records.ts';
import type { NewLinkedRecord } from '../../store/hub/new-records.ts';
import type { Link, LinkWrite } from '../../store/links/links.ts';
import type { LogWrite } from '../../store/runs/runs.ts';
import { mergeComments } from './comments.ts';
import type { ApplyContext, Candidate, Counts } from './context.ts';
import { count } from './context.ts';
import { isFoundAgain, loadBases } from './merge-bases.ts';

export interface Outcome {
  newRecords: NewLinkedRecord[];
  changedRecords: ChangedHubRecord[];
  /** Records to be found by other keys from now on; `before` is null for new ones. */
  rekeyed: { hubId: string; before: JsonObject | null; fields: JsonObject }[];
  newLinks: LinkWrite[];
  changedLinks: LinkWrite[];
  changes: { hubId: string; version: number }[];
  conflicts: ConflictWrite[];
  agreed: { hubId: string; field: string }[];
  comments: HubComment[];
  commentLinks: Omit<CommentLink, 'text'>[];
  readings: { hubId: string; at: string; value: Json; source: string }[];
  pushes: string[];
  restored: string[];
  log: LogWrite[];
  /** Fields that some record here lost and none of the others shows: people empty fields, and so does a changed schema. */
  vanished: string[];
  /** External ids that are through: they leave quarantine, parking and review. */
  settled: string[];
}

interface Known {
  links: ReadonlyMap<string, Link>;
  matched: ReadonlyMap<string, string>;
  ids: ReadonlyMap<string, string>;
  counts: Counts;
}

export async function mergeCandidates(
  context: ApplyContext,
  candidates: readonly Candidate[],
  known: Known,
): Promise<Outcome> {
  const { deps, tx, scope, mapping } = context;
  const outcome = emptyOutcome();
  const existingIds = candidates.flatMap(({ incoming: { meta, pushed } }) => {
    const id = known.links.get(meta.externalId)?.hubId ?? pushed?.hubId ?? known.matched.get(meta.externalId);
    return id === undefined ? [] : [id];
  });
  const hubs = await deps.repo.hubRecords.lock(tx, existingIds);
  const held = await deps.repo.conflicts.openFields(tx, scope.connectionId, existingIds);
  const commentLinks = candidates.some(
    ({ comments, incoming }) => comments.length > 0 || incoming.pushed !== undefined,
  )
    ? await deps.repo.comments.loadLinks(tx, scope.connectionId, existingIds)
    : new Map<string, CommentLink[]>();
  const basesOf = await loadBases(context, candidates, hubs, known);

  const emptied = new Set<string>();
  for (const candidate of candidates) {
    const { meta, pushed } = candidate.incoming;
    const link = known.links.get(meta.externalId);
    const hubId = known.ids.get(meta.externalId) ?? '';
    const hub = hubs.get(hubId);
    outcome.settled.push(meta.externalId);
    if (hub === undefined) {
      addNewRecord(context, candidate, hubId, outcome);
      count(known.counts, 'created');
      continue;
    }

    // A create that was only found again is met like a stranger: its vendor's people may have changed it since. Ours
    // was on its way, so where the two differ it goes on, and what it overrules is written down.
    const found = link === undefined && isFoundAgain(candidate);
    const bases = await basesOf(candidate, hub, link);
    const heldFields = held.get(hubId) ?? new Set<string>();
    const merged = mergeRecord({
      hub: hub.fields,
      external: candidate.fields,
      ...bases,
      fields: mapping.pullFields,
      policy: (field) => {
        const policy = mapping.policy(field);
        return found && policy !== 'manual' ? 'hub' : policy;
      },
      hubChangedAt: (field) =>
        Date.parse(hub.fieldAt[field] ?? hub.fieldAt['*'] ?? hub.createdAt.toISOString()),
      externalChangedAt: meta.updatedAt === null ? null : Date.parse(meta.updatedAt),
    });
    const fields = withChanges(hub.fields, merged.changes);
    const comments = mergeComments({
      hubId,
      candidate,
      known: commentLinks.get(hubId) ?? [],
      newId: deps.newId,
      at: scope.at,
    });
    const hubChanged = Object.keys(merged.changes).length > 0 || comments.created.length > 0;
    const version = hubChanged ? hub.version + 1 : hub.version;

    outcome.comments.push(...comments.created);
    outcome.commentLinks.push(...comments.links);
    if (Object.keys(merged.changes).length > 0 || hubChanged) {
      outcome.changedRecords.push({
        id: hubId,
        fields,
        fieldAt: fieldTimes(hub, merged.changes, meta.updatedAt ?? scope.at),
        version,
      });
      outcome.changes.push({ hubId, version });
      if (touchesMatchRules(context, merged.changes))
        outcome.rekeyed.push({ hubId, before: hub.fields, fields });
      addReading(context, hubId, merged.changes, outcome);
    }
    addConflicts(context, candidate, hubId, merged.decisions, heldFields, outcome);

    for (const [field, value] of Object.entries(merged.changes)) if (value === null) emptied.add(field);
    for (const decision of merged.decisions) if (decision.winner === null) heldFields.add(decision.field);
    const due =
      fieldsToPush({ hub: fields, baseHub: merged.baseHub, pushFields: mapping.pushFields, held: heldFields })
        .size > 0;
    // Changes the link has not seen stay queued even when their feed rows are behind the version we now write.
    const seen = pushed?.hubVersion ?? link?.hubVersion ?? 0;
    if (candidate.incoming.refused !== true && (due || seen < hub.version)) outcome.pushes.push(hubId);
    if (hub.deletedAt !== null && link?.goneAt != null) outcome.restored.push(hubId);

    const write = linkWrite(candidate, mapping.version, hubId, merged.baseHub, merged.baseExternal, version);
    (link === undefined ? outcome.newLinks : outcome.changedLinks).push(write);
    const action = pushed?.created === true ? 'pushed_create' : pushed !== undefined ? 'pushed_update' : null;
    const name = link === undefined && pushed === undefined ? 'linked' : hubChanged ? 'updated' : 'same';
    count(known.counts, name);
    if (action !== null || name !== 'same' || merged.decisions.length > 0) {
      outcome.log.push({
        externalId: meta.externalId,
        hubId,
        action: action ?? name,
        decisions:
          merged.decisions.length === 0 ? null : merged.decisions.map((decision) => ({ ...decision })),
      });
    }
  }
  count(known.counts, 'conflicts', outcome.conflicts.length);
  outcome.vanished = [...emptied].filter((field) =>
    candidates.every(({ fields }) => (fields[field] ?? null) === null),
  );
  return outcome;
}

function addNewRecord(context: ApplyContext, candidate: Candidate, hubId: string, outcome: Outcome): void {
  const { deps, scope } = context;
  const { meta } = candidate.incoming;
  outcome.newRecords.push({
    id: hubId,
    fields: candidate.fields,
    meta,
    incomplete: candidate.incomplete === true,
  });
  outcome.rekeyed.push({ hubId, before: null, fields: candidate.fields });
  const comments = mergeComments({ hubId, candidate, known: [], newId: deps.newId, at: scope.at });
  outcome.comments.push(...comments.created);
  outcome.commentLinks.push(...comments.links);
  addReading(context, hubId, candidate.fields, outcome);
}

function addReading(context: ApplyContext, hubId: string, changes: JsonObject, outcome: Outcome): void {
  const reading = changes['lastReading'];
  if (typeof reading !== 'object' || reading === null || Array.isArray(reading)) return;
  const { at, value } = reading;
  if (typeof at !== 'string' || value === undefined) return;
  outcome.readings.push({ hubId, at, value, source: `connection:${context.scope.connectionId}` });
}

function addConflicts(
  context: ApplyContext,
  candidate: Candidate,
  hubId: string,
  decisions: readonly FieldDecision[],
  held: ReadonlySet<string>,
  outcome: Outcome,
): void {
  for (const decision of decisions) {
    // A vendor's value that went back to its base is shown in the open conflict too: a person still decides.
    if (decision.rule === 'conflict' || (decision.rule === 'push_hub' && held.has(decision.field))) {
      outcome.conflicts.push({
        id: context.deps.newId(),
        hubId,
        externalId: candidate.incoming.meta.externalId,
        field: decision.field,
        policy: decision.policy ?? 'manual',
        hubValue: decision.hub,
        externalValue: decision.external,
        winner: decision.winner ?? null,
      });
    } else if (held.has(decision.field) && (decision.rule === 'agree' || decision.rule === 'take_external')) {
      outcome.agreed.push({ hubId, field: decision.field });
    }
  }
}

function linkWrite(
  candidate: Candidate,
  mappingVersion: string,
  hubId: string,
  baseHub: JsonObject,
  baseExternal: JsonObject,
  hubVersion: number,
): LinkWrite {
  const { meta } = candidate.incoming;
  return {
    externalId: meta.externalId,
    hubId,
    address: meta.address,
    externalVersion: meta.version,
    externalNumber: meta.number,
    externalUpdatedAt: meta.updatedAt,
    rawHash: candidate.incomplete === true ? null : meta.hash,
    mappingVersion,
    baseHub,
    baseExternal: storedExternalBase(baseHub, baseExternal),
    hubVersion,
    readOnly: meta.readOnly === true,
  };
}

/** Null when it says the same as the hub's base: most vendors store most records without loss. */
function storedExternalBase(baseHub: JsonObject, baseExternal: JsonObject): JsonObject | null {
  return baseHub === baseExternal || jsonEqual(baseHub, baseExternal) ? null : baseExternal;
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

function touchesMatchRules(context: ApplyContext, changes: JsonObject): boolean {
  return context.deps
    .matchRules(context.scope.entity)
    .some((rule) => rule.some((field) => Object.hasOwn(changes, field)));
}

function emptyOutcome(): Outcome {
  return {
    newRecords: [],
    changedRecords: [],
    rekeyed: [],
    newLinks: [],
    changedLinks: [],
    changes: [],
    conflicts: [],
    agreed: [],
    comments: [],
    commentLinks: [],
    readings: [],
    pushes: [],
    restored: [],
    log: [],
    vanished: [],
    settled: [],
  };
}
