/** Decides, for records whose references are resolved, what becomes of the hub record, the link and the log. Writes nothing. */
import { heldInVersion } from '../../domain/held-fields.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import { basesAfterPush, fieldsToPush, mergeRecord, type FieldDecision } from '../../domain/merge.ts';
import type { HubComment } from '../../store/comments.ts';
import type { CommentLink } from '../../store/comments.ts';
import type { ConflictWrite } from '../../store/exceptions.ts';
import type { ChangedHubRecord, HubRecord } from '../../store/hub-records.ts';
import type { NewLinkedRecord } from '../../store/new-records.ts';
import type { Link, LinkWrite } from '../../store/links.ts';
import type { LogWrite } from '../../store/runs.ts';
import { mergeComments } from './comments.ts';
import type { ApplyContext, Candidate, Counts } from './context.ts';
import { count } from './context.ts';
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import { resolveKnown } from './resolve-references.ts';

export interface Outcome {
  newRecords: NewLinkedRecord[];
  changedRecords: ChangedHubRecord[];
  /** Records to be found by other keys from now on; `before` is null for new ones. */
  rekeyed: { hubId: string; before: JsonObject | null; fields: JsonObject }[];
  newLinks: LinkWrite[];
  changedLinks: LinkWrite[];
  changes: { hub_id: string; version: number }[];
  conflicts: ConflictWrite[];
  agreed: { hub_id: string; field: string }[];
  comments: HubComment[];
  commentLinks: Omit<CommentLink, 'text'>[];
  readings: { hub_id: string; at: string; value: Json; source: string }[];
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
    const id =
      known.links.get(meta.externalId)?.hub_id ?? pushed?.hubId ?? known.matched.get(meta.externalId);
    return id === undefined ? [] : [id];
  });
  const hubs = await deps.repo.lockHubRecords(tx, existingIds);
  const held = await deps.repo.openConflictFields(tx, scope.connectionId, existingIds);
  const commentLinks = candidates.some(
    ({ comments, incoming }) => comments.length > 0 || incoming.pushed !== undefined,
  )
    ? await deps.repo.loadCommentLinks(tx, scope.connectionId, existingIds)
    : new Map<string, CommentLink[]>();
  const oldBases = await remappedBases(context, candidates, known.links);
  const externalIds = await outwardIds(context, candidates, hubs, known);

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
    const bases =
      found || (link === undefined && pushed === undefined)
        ? await firstBases(context, candidate, hub, externalIds)
        : startBases(mapping, candidate, link, oldBases.get(meta.externalId));
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
        Date.parse(hub.field_at[field] ?? hub.field_at['*'] ?? hub.created_at.toISOString()),
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
        field_at: fieldTimes(hub, merged.changes, meta.updatedAt ?? scope.at),
        version,
      });
      outcome.changes.push({ hub_id: hubId, version });
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
    const seen = pushed?.hubVersion ?? link?.hub_version ?? 0;
    if (candidate.incoming.refused !== true && (due || seen < hub.version)) outcome.pushes.push(hubId);
    if (hub.deleted_at !== null && link?.gone_at != null) outcome.restored.push(hubId);

    const write = linkWrite(candidate, mapping.version, hubId, merged.baseHub, merged.baseExternal, version);
    (link === undefined ? outcome.newLinks : outcome.changedLinks).push(write);
    const action = pushed?.created === true ? 'pushed_create' : pushed !== undefined ? 'pushed_update' : null;
    const name = link === undefined && pushed === undefined ? 'linked' : hubChanged ? 'updated' : 'same';
    count(known.counts, name);
    if (action !== null || name !== 'same' || merged.decisions.length > 0) {
      outcome.log.push({
        external_id: meta.externalId,
        hub_id: hubId,
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

/** The record of an earlier create of ours whose outcome nobody had seen. One that was refused half-way was seen. */
function isFoundAgain({ incoming: { pushed, refused }, resolved }: Candidate): boolean {
  return pushed?.created === true && !pushed.certain && refused !== true && resolved !== true;
}

/** Where the merge starts: from the link's bases, from our own write, or from nothing at first contact. */
function startBases(
  mapping: ApplyContext['mapping'],
  candidate: Candidate,
  link: Link | undefined,
  remapped: JsonObject | undefined,
): { baseHub: JsonObject; baseExternal: JsonObject } {
  const baseHub = link?.base_hub ?? {};
  const baseExternal = remapped ?? link?.base_external ?? baseHub;
  const pushed = candidate.incoming.pushed;
  if (pushed === undefined) return { baseHub, baseExternal };
  // The first projection of a record we created is the vendor's view of our values, defaults of its own included.
  const affected = pushed.created
    ? new Set(
        mapping.pullFields.filter(
          (field) =>
            !pushed.withheld.has(field) &&
            ((pushed.values[field] ?? null) !== null || (pushed.certain && isDefault(mapping, field))),
        ),
      )
    : mapping.affected(pushed.fields);
  const wanted = pushed.created ? new Set([...pushed.fields, ...affected]) : pushed.fields;
  const pushedFields = pushed.certain
    ? wanted
    : new Set(
        [...wanted].filter((field) =>
          jsonEqual(pushed.values[field] ?? null, candidate.fields[field] ?? null),
        ),
      );
  return basesAfterPush({
    baseHub,
    baseExternal,
    pushed: pushed.values,
    pushedFields,
    affected,
    external: candidate.fields,
  });
}

/**
 * What a system fills in where our create said nothing is nobody's statement: a priority that is never empty there, today as
 * the start of work long done. The hub keeps its silence, or five systems would hand each other their defaults. What the
 * system owns (policy `external`) and what things are known by (numbers, tags) is news all the same.
 */
function isDefault(mapping: ApplyContext['mapping'], field: string): boolean {
  return mapping.policy(field) !== 'external' && !mapping.match.some((rule) => rule.includes(field));
}

/**
 * First contact has no bases. Two values that this vendor would store the same are equal here: a closed order is
 * `complete` there, and must not become a conflict only because the vendor has fewer words.
 */
async function firstBases(
  context: ApplyContext,
  candidate: Candidate,
  hub: HubRecord,
  externalIds: ReadonlyMap<string, string>,
): Promise<{ baseHub: JsonObject; baseExternal: JsonObject }> {
  const { mapping, config, scope } = context;
  const bases: { baseHub: JsonObject; baseExternal: JsonObject } = { baseHub: {}, baseExternal: {} };
  const outward = (fields: JsonObject): JsonObject =>
    replaceReferences(scope.entity, fields, ({ value }) => externalIds.get(value) ?? null);
  for (const field of mapping.pullFields) {
    const [ours, theirs] = [hub.fields[field], candidate.fields[field]];
    if (
      ours === undefined ||
      theirs === undefined ||
      jsonEqual(ours, theirs) ||
      !mapping.pushFields.includes(field)
    ) {
      continue;
    }
    const changed = new Set([field]);
    const mine = await mapping.push(outward(hub.fields), changed, config);
    const other = await mapping.push(outward({ ...hub.fields, [field]: theirs }), changed, config);
    if (!mine.ok || !other.ok || !jsonEqual(mine.payload, other.payload)) continue;
    bases.baseHub[field] = ours;
    bases.baseExternal[field] = theirs;
  }
  return bases;
}

/** What records at first contact refer to, in the vendor's ids. */
async function outwardIds(
  context: ApplyContext,
  candidates: readonly Candidate[],
  hubs: ReadonlyMap<string, HubRecord>,
  known: Known,
): Promise<Map<string, string>> {
  const { deps, tx, scope } = context;
  const ids = new Set<string>();
  for (const candidate of candidates) {
    const { incoming, fields } = candidate;
    const foundId = isFoundAgain(candidate) ? incoming.pushed?.hubId : undefined;
    const hub = hubs.get(foundId ?? known.matched.get(incoming.meta.externalId) ?? '');
    if (hub === undefined) continue;
    for (const { value } of [
      ...referencesOf(scope.entity, fields),
      ...referencesOf(scope.entity, hub.fields),
    ])
      ids.add(value);
  }
  return deps.repo.resolveHubIds(tx, scope.connectionId, [...ids]);
}

/** A link made under another version of the mapping: its external base as the present mapping shows the kept raw record. */
async function remappedBases(
  context: ApplyContext,
  candidates: readonly Candidate[],
  links: ReadonlyMap<string, Link>,
): Promise<Map<string, JsonObject>> {
  const { deps, tx, scope, mapping, config } = context;
  const outdated = candidates.flatMap(({ incoming: { meta } }) => {
    const link = links.get(meta.externalId);
    return link === undefined || link.raw_hash === null || link.mapping_version === mapping.version
      ? []
      : [{ external_id: meta.externalId, hash: link.raw_hash }];
  });
  const bases = new Map<string, JsonObject>();
  if (outdated.length === 0) return bases;
  const bodies = await deps.repo.loadRaw(tx, scope.connectionId, scope.entity, outdated);
  for (const [externalId, body] of bodies) {
    const link = links.get(externalId);
    const result = await mapping.pull(body, config);
    if (!result.ok || link === undefined) continue;
    const before = link.base_external ?? link.base_hub;
    const resolved = await resolveKnown(context, result.fields);
    // A field the old mapping did not have keeps an empty base, so that its value is taken now. So does one that the new
    // mapping reads differently, where hub and vendor agreed to the letter: what was mapped wrongly is put right, unless
    // somebody changed it here. Where the vendor stores less than the hub, the hub's finer value stays.
    const mapped = Object.entries(resolved)
      .filter(([field]) => Object.hasOwn(before, field))
      .map(([field, now]): [string, Json] => {
        const then = before[field] ?? null;
        return [field, jsonEqual(then, link.base_hub[field] ?? null) ? then : now];
      });
    // The kept record says nothing of what is held, or was when it came: its base stays as both sides last showed it.
    const held = [...heldInVersion(mapping.version), ...heldInVersion(link.mapping_version)];
    const kept = held.flatMap((field): [string, Json][] => {
      const then = before[field];
      return then === undefined ? [] : [[field, then]];
    });
    bases.set(externalId, Object.fromEntries([...mapped, ...kept]));
  }
  return bases;
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
  outcome.readings.push({ hub_id: hubId, at, value, source: `connection:${context.scope.connectionId}` });
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
        hub_id: hubId,
        external_id: candidate.incoming.meta.externalId,
        field: decision.field,
        policy: decision.policy ?? 'manual',
        hub_value: decision.hub,
        external_value: decision.external,
        winner: decision.winner ?? null,
      });
    } else if (held.has(decision.field) && (decision.rule === 'agree' || decision.rule === 'take_external')) {
      outcome.agreed.push({ hub_id: hubId, field: decision.field });
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
    external_id: meta.externalId,
    hub_id: hubId,
    address: meta.address,
    external_version: meta.version,
    external_number: meta.number,
    external_updated_at: meta.updatedAt,
    raw_hash: candidate.incomplete === true ? null : meta.hash,
    mapping_version: mappingVersion,
    base_hub: baseHub,
    base_external: storedExternalBase(baseHub, baseExternal),
    hub_version: hubVersion,
    read_only: meta.readOnly === true,
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
  const times = { ...hub.field_at };
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
