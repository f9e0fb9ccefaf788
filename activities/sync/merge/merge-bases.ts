/**
 * Where the merge of a record starts: the values that hub and vendor agreed on last. Known from the link, from our own write,
 * from the kept raw record when the mapping changed since, or at first contact from what this vendor would store the same.
 */
import { referencesOf, replaceReferences } from '../../../domain/entities/references.ts';
import { heldInVersion } from '../../../domain/merge/held-fields.ts';
import { jsonEqual, type Json, type JsonObject } from '../../../domain/json.ts';
import { agreedAt, alikeForVendor } from '../../../domain/merge/alike.ts';
import { basesAfterPush } from '../../../domain/merge/merge.ts';
import { remappedBase } from '../../../domain/merge/remapped-base.ts';
import type { HubRecord } from '../../../store/hub/hub-records.ts';
import type { Link } from '../../../store/links/links.ts';
import type { ApplyContext, Candidate } from '../context.ts';
import { resolveKnown } from './resolve-references.ts';

export interface Bases {
  baseHub: JsonObject;
  baseExternal: JsonObject;
}

interface Known {
  links: ReadonlyMap<string, Link>;
  matched: ReadonlyMap<string, string>;
}

/** Reads what a batch's bases are made of, at once; what it returns gives them for each of its records. */
export async function loadBases(
  context: ApplyContext,
  candidates: readonly Candidate[],
  hubs: ReadonlyMap<string, HubRecord>,
  known: Known,
): Promise<(candidate: Candidate, hub: HubRecord, link: Link | undefined) => Promise<Bases>> {
  const oldBases = await remappedBases(context, candidates, known.links);
  const externalIds = await outwardIds(context, candidates, hubs, known);
  return async (candidate, hub, link) => {
    const { meta, pushed } = candidate.incoming;
    return link === undefined && (pushed === undefined || isFoundAgain(candidate))
      ? firstBases(context, candidate, hub, externalIds)
      : startBases(context.mapping, candidate, link, oldBases.get(meta.externalId));
  };
}

/** The record of an earlier create of ours whose outcome nobody had seen. One that was refused half-way was seen. */
export function isFoundAgain({ incoming: { pushed, refused }, resolved }: Candidate): boolean {
  return pushed?.created === true && !pushed.certain && refused === undefined && resolved !== true;
}

/** Where the merge starts: from the link's bases, from our own write, or from nothing at first contact. */
function startBases(
  mapping: ApplyContext['mapping'],
  candidate: Candidate,
  link: Link | undefined,
  remapped: JsonObject | undefined,
): Bases {
  const baseHub = link?.baseHub ?? {};
  const baseExternal = remapped ?? link?.baseExternal ?? baseHub;
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
    held: pushed.held,
    shapes: mapping.shapes,
    created: pushed.created,
  });
}

/**
 * What a system fills in where our create said nothing is nobody's statement: a priority that is never empty there, today as
 * the start of work long done. The field in the hub is left empty, or five systems would hand each other their defaults. What the
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
): Promise<Bases> {
  const { mapping, config, scope } = context;
  const outward = (fields: JsonObject): JsonObject =>
    replaceReferences(scope.entity, fields, ({ value }) => externalIds.get(value) ?? null);
  const records = { ours: hub.fields, theirs: candidate.fields, shapes: mapping.shapes };
  const alike = await alikeForVendor({
    ...records,
    fields: mapping.pullFields.filter((field) => mapping.pushFields.includes(field)),
    async payloadOf(field, value) {
      const fields = outward({ ...hub.fields, [field]: value });
      const mapped = await mapping.push(fields, new Set([field]), config);
      return mapped.ok ? mapped.payload : null;
    },
  });
  return agreedAt({ baseHub: {}, baseExternal: {} }, alike, records);
}

/** What records at first contact refer to, in the vendor's ids. */
async function outwardIds(
  context: ApplyContext,
  candidates: readonly Candidate[],
  hubs: ReadonlyMap<string, HubRecord>,
  known: Pick<Known, 'matched'>,
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
  return deps.repo.links.resolveHubIds(tx, scope.connectionId, [...ids]);
}

/** A link made under another version of the mapping: its external base as the present mapping shows the kept raw record. */
async function remappedBases(
  context: ApplyContext,
  candidates: readonly Candidate[],
  links: ReadonlyMap<string, Link>,
): Promise<Map<string, JsonObject>> {
  const { deps, tx, mapping, config } = context;
  const outdated = candidates.flatMap(({ incoming: { meta } }) => {
    const link = links.get(meta.externalId);
    return link === undefined || link.rawHash === null || link.mappingVersion === mapping.version
      ? []
      : [link];
  });
  const bases = new Map<string, JsonObject>();
  if (outdated.length === 0) return bases;
  const bodies = await deps.repo.rawRecords.load(tx, outdated);
  for (const [externalId, body] of bodies) {
    const link = links.get(externalId);
    const result = await mapping.pull(body, config);
    if (!result.ok || link === undefined) continue;
    const before = link.baseExternal ?? link.baseHub;
    const resolved = await resolveKnown(context, result.fields);
    const mapped = remappedBase({ then: before, agreed: link.baseHub, now: resolved }, mapping.shapes);
    // The kept record says nothing of what is held, or was when it came: its base stays as both sides last showed it.
    const held = [...heldInVersion(mapping.version), ...heldInVersion(link.mappingVersion)];
    const kept = held.flatMap((field): [string, Json][] => {
      const then = before[field];
      return then === undefined ? [] : [[field, then]];
    });
    bases.set(externalId, { ...mapped, ...Object.fromEntries(kept) });
  }
  return bases;
}
