/**
 * Turns the vendor ids in mapped records into hub ids. A record that refers to one not linked yet is parked and
 * resumed when the link appears; records of the same page may refer to each other, in any order.
 */
import { referencesOf, replaceReferences } from '../../../domain/entities/references.ts';
import type { Entity } from '../../../domain/entities/index.ts';
import type { JsonObject } from '../../../domain/json.ts';
import type { ApplyContext, Candidate, Counts } from '../context.ts';
import { count } from '../context.ts';
import { capabilitiesOf } from '../direction.ts';

type KnownIds = Map<Entity, Map<string, string>>;

/** What the database knows of everything these records refer to. */
export async function lookUpReferences(
  context: ApplyContext,
  candidates: readonly Candidate[],
): Promise<KnownIds> {
  const wanted = new Map<Entity, Set<string>>();
  for (const { fields, resolved } of candidates) {
    if (resolved === true) continue;
    for (const reference of referencesOf(context.scope.entity, fields)) {
      const ids = wanted.get(reference.entity);
      if (ids === undefined) wanted.set(reference.entity, new Set([reference.value]));
      else ids.add(reference.value);
    }
  }
  return context.deps.repo.links.resolveReferences(context.tx, context.scope.connectionId, wanted);
}

/**
 * Splits into records whose references are all known and records to park. `ids` gives the hub id each record of this
 * page has or will have; a record that is parked itself gives none to the others.
 */
export async function resolveOrPark(
  context: ApplyContext,
  candidates: readonly Candidate[],
  known: KnownIds,
  ids: ReadonlyMap<string, string>,
  counts: Counts,
): Promise<Candidate[]> {
  const { deps, tx, scope } = context;
  const comes = everComes(context);
  let ready = [...candidates];
  const parked: { candidate: Candidate; entity: Entity; externalId: string }[] = [];
  for (;;) {
    const inPage = new Map(
      ready.flatMap(({ incoming }) => {
        const id = ids.get(incoming.meta.externalId);
        return id === undefined ? [] : [[incoming.meta.externalId, id] as const];
      }),
    );
    const next: Candidate[] = [];
    for (const candidate of ready) {
      // The answer to our own write is never parked: its link must exist before anything else happens to it.
      if (candidate.resolved === true || candidate.incoming.pushed !== undefined) {
        next.push(candidate);
        continue;
      }
      const missing = referencesOf(scope.entity, candidate.fields).find(
        (reference) =>
          comes(reference.entity) &&
          known.get(reference.entity)?.has(reference.value) !== true &&
          !(reference.entity === scope.entity && inPage.has(reference.value)),
      );
      if (missing === undefined) next.push(candidate);
      else parked.push({ candidate, entity: missing.entity, externalId: missing.value });
    }
    const settled = next.length === ready.length;
    ready = next;
    if (settled) {
      await deps.repo.parked.park(
        tx,
        scope,
        parked.map(({ candidate, entity, externalId }) => ({
          externalId: candidate.incoming.meta.externalId,
          waitsEntity: entity,
          waitsExternalId: externalId,
          record: candidate.incoming.meta,
        })),
      );
      count(counts, 'parked', parked.length);
      return ready.map((candidate) => {
        if (candidate.resolved === true) return candidate;
        const missing: string[] = [];
        const fields = replaceReferences(scope.entity, candidate.fields, (reference) => {
          const inSamePage = reference.entity === scope.entity ? inPage.get(reference.value) : undefined;
          const id = known.get(reference.entity)?.get(reference.value) ?? inSamePage ?? null;
          if (id === null && comes(reference.entity)) missing.push(reference.value);
          return id;
        });
        return missing.length > 0 ? { ...candidate, fields, incomplete: true } : { ...candidate, fields };
      });
    }
  }
}

/**
 * Whether this connection reads such records at all. What refers to others (the generic system names people and places, and has
 * lists of neither) would wait for ever, so it comes without that reference.
 */
function everComes({ deps, config, mapping }: ApplyContext): (entity: Entity) => boolean {
  const { system } = mapping;
  const capabilities = capabilitiesOf(deps, { system, config });
  return (entity) => capabilities[entity].pull !== 'none' && deps.mapping({ system }, entity) !== null;
}

/** The fields with those references replaced that are known; unknown ones are left out. For matching only. */
export function withKnownReferences(
  entity: Entity,
  candidate: Candidate,
  known: KnownIds,
): Candidate['fields'] {
  return replaceReferences(
    entity,
    candidate.fields,
    (reference) => known.get(reference.entity)?.get(reference.value) ?? null,
  );
}

/** The fields of one record with its known references as hub ids; unknown ones are left out. */
export async function resolveKnown(context: ApplyContext, fields: JsonObject): Promise<JsonObject> {
  const candidate: Candidate = { fields, comments: [], incoming: { raw: {}, meta: NO_META } };
  return withKnownReferences(context.scope.entity, candidate, await lookUpReferences(context, [candidate]));
}

const NO_META = { externalId: '', address: null, version: null, updatedAt: null, number: null, hash: '' };
