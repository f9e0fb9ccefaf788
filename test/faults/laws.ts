/**
 * The four laws of the design, section 4, judged after a scenario came to rest. Each break is one sentence that names
 * the law. Exceptions are what waits visibly for a person: an open conflict, quarantine, review, an ambiguous create.
 */
import { referencesOf, replaceReferences } from '../../domain/entities/references.ts';
import { jsonEqual, type Json, type JsonObject } from '../../domain/json.ts';
import type { HubRecord } from '../../store/hub/hub-records.ts';
import { repositories } from '../../store/index.ts';
import type { PlantConnection } from '../support/plant.ts';
import { excused, type Evidence, type LinkRow } from './evidence.ts';
import { FIELDS, spellingOf, titleField } from './fields.ts';
import { vendorOf } from './vendors/index.ts';
import { KINDS, type Kind, type Row } from './vendors/vendor.ts';
import { keyOf, rowsOf, rowsOfKind, screenOf } from './screen-rows.ts';
import type { Edit, World } from './world.ts';

const shown = (value: Json | undefined): string => JSON.stringify(value ?? null);

/** Whether a record or field need not agree: something waits for a person, or is gone. */
export function isExcusedField(evidence: Evidence, link: LinkRow, field: string): boolean {
  const why = excuse(evidence, link, field);
  return why !== null && excused(evidence, why);
}

function excuse(evidence: Evidence, link: LinkRow, field: string): string | null {
  const { connectionId, hubId, externalId } = link;
  const here = { connectionId };
  if (link.goneAt !== null) return 'gone there';
  if (link.readOnly) return 'locked there for good';
  if (
    evidence.conflicts.some(
      (row) =>
        row.connectionId === here.connectionId &&
        row.hubId === hubId &&
        row.field === field &&
        row.resolvedAt === null,
    )
  ) {
    return 'open conflict';
  }
  const waits = evidence.quarantine.some(
    (row) =>
      row.connectionId === here.connectionId &&
      row.closedAt === null &&
      row.subject === (row.direction === 'push' ? hubId : externalId),
  );
  return waits ? 'in quarantine' : null;
}

/** Law 1, by the bases: what the vendors show through the pull mapping is what the links remember, and so is the hub. */
export async function checkBases(world: World, evidence: Evidence): Promise<string[]> {
  const breaks: string[] = [];
  const { plant } = world;
  for (const [name, connection] of world.connections) {
    const row = await world.inTenant((tx) => repositories.connections.load(tx, connection.id));
    const session = await plant.deps.openSession(row, new AbortController().signal);
    try {
      for (const kind of KINDS) {
        const links = evidence.links.filter(
          (link) => link.connectionId === connection.id && link.entity === kind && link.goneAt === null,
        );
        if (links.length === 0) continue;
        const { update } = world.capability(connection, kind);
        const records = new Map(
          (
            await session.read(
              kind,
              links.map((link) => link.externalId),
            )
          ).map((record) => [record.externalId, record]),
        );
        const mapping = plant.deps.mapping(connection, kind);
        for (const link of links) {
          const hub = evidence.hubs.find(({ id }) => id === link.hubId);
          const record = records.get(link.externalId);
          if (mapping === null || hub === undefined || hub.deletedAt !== null) continue;
          if (record === undefined) {
            if (!world.deleted.some(({ side }) => side === name))
              breaks.push(`1: ${name} lost ${kind} ${link.externalId}`);
            continue;
          }
          const pulled = await mapping.pull(record.raw, row.config);
          if (!pulled.ok) continue;
          const external = withHubIds(evidence, connection, kind, pulled.fields);
          const base = link.baseExternal ?? link.baseHub;
          for (const field of mapping.pullFields) {
            if (jsonEqual(external[field] ?? null, base[field] ?? null)) continue;
            if (isExcusedField(evidence, link, field)) continue;
            breaks.push(
              `1: ${name} shows ${hub.number}.${field} as ${shown(external[field])}, its link remembers ${shown(base[field])}`,
            );
          }
          for (const field of update ? mapping.pushFields : []) {
            if (jsonEqual(hub.fields[field] ?? null, link.baseHub[field] ?? null)) continue;
            if (isExcusedField(evidence, link, field)) continue;
            if (isWithheld(evidence, link, hub, field) && excused(evidence, 'waits for a reference'))
              continue;
            breaks.push(
              `1: the hub's ${hub.number}.${field} is ${shown(hub.fields[field])}, ${name} was given ${shown(link.baseHub[field])}`,
            );
          }
        }
      }
    } finally {
      await session.close();
    }
  }
  return breaks;
}

/** It refers to what this system does not hold; the record waits in the queue until it does. */
function isWithheld(
  evidence: Evidence,
  { connectionId, entity }: LinkRow,
  hub: HubRecord,
  field: string,
): boolean {
  const waits = evidence.queue.some(
    (row) => row.connectionId === connectionId && row.hubId === hub.id && row.waitsHubId !== null,
  );
  return (
    waits &&
    referencesOf(entity, { [field]: hub.fields[field] ?? null }).some(
      ({ value }) =>
        !evidence.links.some((link) => link.connectionId === connectionId && link.hubId === value),
    )
  );
}

function withHubIds(
  evidence: Evidence,
  connection: PlantConnection,
  kind: Kind,
  fields: JsonObject,
): JsonObject {
  return replaceReferences(
    kind,
    fields,
    ({ entity, value }) =>
      evidence.links.find(
        (link) => link.connectionId === connection.id && link.entity === entity && link.externalId === value,
      )?.hubId ?? null,
  );
}

export function hubsOf(evidence: Evidence, kind: Kind, key: string): HubRecord[] {
  return evidence.hubs.filter(
    (hub) => hub.entity === kind && hub.deletedAt === null && keyOf(hub.fields[titleField(kind)]) === key,
  );
}

/** The link of a vendor's row, found by what its screens show. */
export function linkOfRow(
  evidence: Evidence,
  connection: PlantConnection,
  kind: Kind,
  row: Row,
): LinkRow | undefined {
  const id = externalIdOf(connection, kind, row);
  return evidence.links.find(
    (link) => link.connectionId === connection.id && link.entity === kind && link.externalId === id,
  );
}

export function externalIdOf(connection: PlantConnection, kind: Kind, row: Row): string {
  return screenOf(connection, kind)?.externalId(row) ?? '';
}

/** Law 1, without the mappings: the fields both sides store exactly are the same in the vendors' own screens. */
export function checkScreens(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  for (const [name, connection] of world.connections) {
    for (const link of evidence.links) {
      if (link.connectionId !== connection.id) continue;
      const kind = KINDS.find((one) => one === link.entity);
      const hub = evidence.hubs.find(({ id }) => id === link.hubId);
      if (kind === undefined || hub === undefined || hub.deletedAt !== null) continue;
      // What cannot be changed there stays as it was made, or as people there left it.
      if (!world.capability(connection, kind).update) continue;
      const row = rowsOfKind(connection, kind).find(
        (one) => externalIdOf(connection, kind, one) === link.externalId,
      );
      if (row === undefined) continue;
      for (const [field, { exact }] of Object.entries(FIELDS[kind])) {
        const spelling = spellingOf(connection.system, kind, field);
        if (!exact || spelling === null) continue;
        const there = spelling.read(row);
        const ours = hub.fields[field] ?? null;
        if (jsonEqual(there, ours) || isExcusedField(evidence, link, field)) continue;
        // What Maximo calculates when nothing was said.
        if (field === 'estimatedMinutes' && (there ?? 0) === (ours ?? 0)) continue;
        breaks.push(`1: ${hub.number}.${field} is ${shown(ours)} in the hub and ${shown(there)} at ${name}`);
      }
    }
  }
  return breaks;
}

/** Law 2: each edit ended in the hub, was written over by somebody who saw it, or is in a record of decisions. */
export function checkEdits(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  for (const edit of world.edits) {
    if (FIELDS[edit.kind][edit.field]?.exact !== true) continue;
    if (superseded(world.edits, edit)) continue;
    const hubs = hubsOf(evidence, edit.kind, edit.key);
    if (hubs.some((hub) => jsonEqual(hub.fields[edit.field] ?? null, edit.value))) continue;
    if (isWrittenDown(evidence, edit) && excused(evidence, 'written down in a decision')) continue;
    if (isReviewed(world, evidence, edit) && excused(evidence, 'in review')) continue;
    if (isDeleted(world, edit.key) && excused(evidence, 'deleted by somebody')) continue;
    breaks.push(
      `2: ${edit.key}.${edit.field} = ${shown(edit.value)}, typed at ${edit.side}, is nowhere; the hub has ${hubs.map((hub) => shown(hub.fields[edit.field])).join(', ')}`,
    );
  }
  return breaks;
}

/**
 * Law 2 for fields of which vendors know fewer words than the hub: the last word said is the hub's, as far as the side
 * that said it can tell. A finer word of the hub may not turn into the coarser one of a vendor by itself.
 */
export function checkLastWords(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  const last = new Map<string, Edit>();
  for (const edit of world.edits) {
    if (FIELDS[edit.kind][edit.field]?.exact === false) last.set(`${edit.key}.${edit.field}`, edit);
  }
  for (const [name, edit] of last) {
    const [hub, ...others] = hubsOf(evidence, edit.kind, edit.key);
    if (hub === undefined || others.length > 0) continue;
    const system = world.connections.get(edit.side)?.system;
    const spelling = system === undefined ? null : spellingOf(system, edit.kind, edit.field);
    const control = world.connections.get(edit.side)?.sandbox.control;
    const told = (value: Json): Json =>
      spelling === null || control === undefined ? value : spelling.write(value, null, control);
    const ours = hub.fields[edit.field] ?? null;
    if (jsonEqual(told(ours), told(edit.value))) continue;
    const decided = evidence.conflicts.some(
      (row) =>
        row.hubId === hub.id && row.field === edit.field && isOfTwoPeople(world, row.connectionId, edit),
    );
    const waits = evidence.quarantine.some((row) => JSON.stringify(row.data).includes(edit.key));
    if (decided && excused(evidence, 'written down in a decision')) continue;
    if (waits && excused(evidence, 'in quarantine')) continue;
    if (isReviewed(world, evidence, edit) && excused(evidence, 'in review')) continue;
    if (isDeleted(world, edit.key) && excused(evidence, 'deleted by somebody')) continue;
    breaks.push(`2: ${name} = ${shown(edit.value)}, said last at ${edit.side}, became ${shown(ours)}`);
  }
  return breaks;
}

export function isDeleted(world: World, key: string): boolean {
  return world.deleted.some((row) => row.key === key);
}

/** Somebody at the system of the conflict said something about this field, and somebody elsewhere did too. */
function isOfTwoPeople(world: World, connectionId: string, { key, field }: Edit): boolean {
  const sides = world.edits
    .filter((edit) => edit.key === key && edit.field === field)
    .map(({ side }) => side);
  const there = (side: string): boolean => world.connections.get(side)?.id === connectionId;
  return sides.some(there) && !sides.every(there);
}

/** By a later edit of the same side, or of one that showed this value. */
function superseded(edits: readonly Edit[], edit: Edit): boolean {
  return edits.some(
    (later) =>
      later.at > edit.at &&
      later.key === edit.key &&
      later.field === edit.field &&
      (later.side === edit.side || jsonEqual(later.over, edit.value)),
  );
}

/** The record that was edited waits for a person to say which one it is. */
function isReviewed(world: World, evidence: Evidence, { side, kind, key }: Edit): boolean {
  const connection = world.connections.get(side);
  if (connection === undefined) return false;
  const ids = new Set(rowsOf(connection, kind, key).map((row) => externalIdOf(connection, kind, row)));
  return evidence.reviews.some((row) => row.connectionId === connection.id && ids.has(row.externalId));
}

/** Values are unique, so a decision that names one is about this edit. */
function isWrittenDown(evidence: Evidence, { field, value }: Edit): boolean {
  const text = JSON.stringify(value);
  const decided = evidence.conflicts.some(
    (row) => row.field === field && (jsonEqual(row.hubValue, value) || jsonEqual(row.externalValue, value)),
  );
  if (decided) return true;
  return evidence.quarantine.some((row) => JSON.stringify(row.data).includes(text));
}

/** Law 2 for comments: each once on every side that holds them; a send of unknown outcome is known as such. */
export function checkComments(world: World, evidence: Evidence): string[] {
  const breaks: string[] = [];
  for (const { side, key, text } of world.comments) {
    if (isDeleted(world, key) && excused(evidence, 'deleted by somebody')) continue;
    if (world.persons.parted.has(key) && excused(evidence, 'unlinked by somebody')) continue;
    const inHub = evidence.comments.filter((row) => row.text === text);
    const hubs = hubsOf(evidence, 'work_order', key);
    if (inHub.length !== 1) {
      const waits =
        inHub.length === 0 &&
        [...world.connections.values()].some((connection) =>
          rowsOf(connection, 'work_order', key).some(
            (row) => linkOfRow(evidence, connection, 'work_order', row) === undefined,
          ),
        );
      if (!waits) breaks.push(`2: "${text}" of ${key}, said at ${side}, is ${inHub.length} times in the hub`);
      continue;
    }
    const [comment] = inHub;
    for (const [name, connection] of world.connections) {
      const link = evidence.links.find(
        (row) => row.connectionId === connection.id && row.hubId === comment?.hubId,
      );
      const { comments } = vendorOf(connection.system);
      if (comments === undefined) continue;
      const there = comments.heard(connection.sandbox.control, rowsOf(connection, 'work_order', key), text);
      if (there > 1) breaks.push(`2: "${text}" of ${key} is ${there} times at ${name}`);
      if (there > 0 || link === undefined || link.goneAt !== null || hubs.length === 0) continue;
      const state = evidence.commentLinks.find(
        (row) => row.connectionId === connection.id && row.hubCommentId === comment?.id,
      )?.state;
      const known = state === 'rejected' || (state === 'unknown' && !comments.readable);
      if (known && excused(evidence, 'a comment known as not sent')) continue;
      if (!isExcusedField(evidence, link, '')) {
        breaks.push(`2: "${text}" of ${key} never reached ${name} (${state ?? 'not sent'})`);
      }
    }
  }
  return breaks;
}
