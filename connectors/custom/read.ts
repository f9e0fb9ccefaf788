/** Reading a described system: pulls of everything or of what changed, single records, key sweeps, samples of its fields. */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type {
  BrokenRecord,
  DiscoveredSchema,
  ExternalRecord,
  KeyPage,
  PullPage,
  PullRequest,
} from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { fieldsOfSamples } from '../kit/samples.ts';
import { WALK_START, walkPosition } from '../kit/walk/position.ts';
import { createWalker } from '../kit/walk/walk.ts';
import { EVERYTHING } from './client.ts';
import type { Client, ListQuery } from './client.ts';
import { parseCursor, START, writeCursor } from './cursor.ts';
import type { Definition, Resource } from './definition.ts';
import { isMissing, isNoSuchCall, isUnaddressable } from './failures.ts';
import { assertInstants, instantAt, spellSince } from './instants.ts';
import { listWalk } from './list-walk.ts';
import { manifest } from './manifest.ts';
import { at, fill, isObject } from './place.ts';
import { addressOf, isDeleted, keyOf, recordOf, sortOut } from './record.ts';
import type { ListedRow } from './record.ts';

const SAMPLES = 50;

export type Reader = ReturnType<typeof createReader>;

export function createReader(client: Client, definition: Definition) {
  const walker = createWalker();
  /** Resources whose path for one record has answered: only then is a 404 of it believed at once. */
  const proven = new Set<Entity>();

  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    const from = parseCursor(request.cursor);
    const resource = definition.resources[entity];
    if (resource === undefined) return { records: [], cursor: writeCursor(START), more: false };
    const query = from.since === null ? EVERYTHING : sinceQuery(resource, from.since);
    const listed = listWalk(client, resource, query, 'pull');
    const step = await walker.step(listed.walk, from.walk, request.pageSize);
    const sorted = sortRows(entity, resource, step.rows);
    const newest = newestOf(resource, step.rows, from.newest);
    const startedAt = from.startedAt ?? listed.servedAt() ?? client.now();
    if (step.next !== null)
      return {
        ...sorted,
        cursor: writeCursor({ ...from, walk: step.next, startedAt, newest }),
        more: true,
      };
    if (step.incomplete === null) {
      const since = bound(resource, startedAt, newest);
      return { ...sorted, cursor: writeCursor({ ...START, since, newest }), more: false };
    }
    // What was not shown may have changed since the old bound: the next pass asks behind that one again.
    const again = { ...START, since: from.since, newest: from.newest };
    return { ...sorted, cursor: writeCursor(again), more: false, incomplete: step.incomplete };
  }

  function sortRows(
    entity: Entity,
    resource: Resource,
    rows: readonly ListedRow[],
  ): { records: ExternalRecord[]; broken?: BrokenRecord[] } {
    const objects = rows.map(({ value }) => value).filter(isObject);
    assertInstants(resource, objects, `${client.host} at ${resource.list.path}`);
    const sorted = rows
      .filter(({ value }) => !isDeleted(resource, value))
      .map((row) => sortOut(entity, resource, row));
    const records = sorted.flatMap((one) => ('record' in one ? [one.record] : []));
    const broken = sorted.flatMap((one) => ('broken' in one ? [one.broken] : []));
    return broken.length === 0 ? { records } : { records, broken };
  }

  async function readOne(entity: Entity, externalId: string): Promise<ExternalRecord | null> {
    const resource = resourceOf(definition, entity);
    const row = resource.item === undefined ? null : await readItem(entity, resource, externalId);
    if (row !== null) return isDeleted(resource, row) ? null : recordOf(resource, row);
    if (resource.item !== undefined && proven.has(entity)) return null;
    const wanted = await search(
      resource,
      EVERYTHING,
      (candidate) => keyOf(resource, candidate) === externalId,
      true,
    );
    return wanted[0] ?? null;
  }

  async function readItem(
    entity: Entity,
    resource: Resource,
    externalId: string,
  ): Promise<JsonObject | null> {
    if (resource.item === undefined) return null;
    try {
      const path = addressOf(resource.item.path, externalId);
      const answer = await client.send({ method: 'GET', path, repeatable: true });
      const row = recordIn(answer.body, resource.item.record);
      if (row === null) {
        const message = `${client.host} answered GET ${path} without a record; correct item.record in the definition.`;
        throw new Failure('unexpected_response', message, { path: 'item.record' });
      }
      proven.add(entity);
      return row;
    } catch (error) {
      if (isMissing(error) || isNoSuchCall(error)) return null;
      // Such an id can only be met in the list.
      if (!isUnaddressable(error)) throw error;
      const [found] = await search(
        resource,
        EVERYTHING,
        (candidate) => keyOf(resource, candidate) === externalId,
        true,
      );
      return found?.raw ?? null;
    }
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    const resource = definition.resources[entity];
    if (resource === undefined) return [];
    if (resource.item === undefined) {
      const wanted = new Set(externalIds);
      return search(resource, EVERYTHING, (row) => wanted.has(keyOf(resource, row) ?? ''), false);
    }
    const records = await inLanes(externalIds, definition.rate.parallel, (id) => readOne(entity, id));
    return records.filter((record) => record !== null);
  }

  /** Records of a list that fit, those that count as deleted left out. */
  async function search(
    resource: Resource,
    query: ListQuery,
    fits: (row: JsonObject) => boolean,
    firstOnly: boolean,
  ): Promise<ExternalRecord[]> {
    const found: ExternalRecord[] = [];
    const { walk } = listWalk(client, resource, query, 'search');
    for (let from = WALK_START; ;) {
      const step = await walker.step(walk, from, manifest.limits.pageSize);
      for (const { value, key } of step.rows)
        if (isObject(value) && key !== null && !isDeleted(resource, value) && fits(value))
          found.push(recordOf(resource, value));
      if (step.next === null || (firstOnly && found.length > 0)) return found;
      from = step.next;
    }
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    // No keys at all would read as if every record were gone.
    const resource = resourceOf(definition, entity);
    const from = cursor === null ? WALK_START : walkPosition.parse(JSON.parse(cursor));
    const { walk } = listWalk(client, resource, EVERYTHING, 'keys');
    const step = await walker.step(walk, from, manifest.limits.pageSize);
    const present = step.rows.filter(({ value }) => !isDeleted(resource, value));
    const externalIds = present.map(({ key }) => key).filter((key) => key !== null);
    const nameless =
      externalIds.length < present.length ? `Records of ${resource.list.path} have no id.` : null;
    // Kept in the position until the end: the sweep asks the last page only.
    const doubt = from.doubt ?? nameless;
    if (step.next !== null)
      return { externalIds, cursor: JSON.stringify({ ...step.next, doubt: step.next.doubt ?? nameless }) };
    const incomplete = step.incomplete ?? doubt;
    return { externalIds, cursor: null, ...(incomplete === null ? {} : { incomplete }) };
  }

  async function discover(): Promise<DiscoveredSchema> {
    const entities: { [E in Entity]?: { object: string; fields: ReturnType<typeof fieldsOfSamples> } } = {};
    for (const entity of ENTITIES) {
      const resource = definition.resources[entity];
      if (resource === undefined) continue;
      const { records } = await sample(entity, SAMPLES);
      const raws = records.slice(0, SAMPLES).map(({ raw }) => raw);
      entities[entity] = { object: resource.list.path, fields: fieldsOfSamples(raws) };
    }
    return { source: 'samples', entities };
  }

  function sample(entity: Entity, pageSize: number): Promise<PullPage> {
    return pull(entity, { cursor: null, pageSize });
  }

  return { pull, read, readOne, keys, search, discover, sample };
}

export function resourceOf(definition: Definition, entity: Entity): Resource {
  const resource = definition.resources[entity];
  if (resource !== undefined) return resource;
  throw new Failure(
    'invalid_request',
    `The definition of this connection describes no ${entity}; add resources.${entity} to it.`,
    { path: `resources.${entity}` },
  );
}

export function recordIn(body: unknown, place: string | undefined): JsonObject | null {
  const found = at(body, place);
  return isObject(found) ? found : null;
}

function sinceQuery({ since }: Resource, epochMs: number): ListQuery {
  if (since === undefined) return EVERYTHING;
  const bound = spellSince(since, epochMs);
  return {
    adds: since.adds === undefined ? {} : (fill(since.adds, { since: bound }) as JsonObject),
    params: since.param === undefined ? {} : { [since.param]: bound },
  };
}

function newestOf(resource: Resource, rows: readonly ListedRow[], before: number | null): number | null {
  let newest = before;
  for (const { value } of rows) {
    const stamp = isObject(value) ? instantAt(value, resource.updated) : null;
    if (stamp !== null && (newest === null || stamp > newest)) newest = stamp;
  }
  return newest;
}

/**
 * Where the next pass starts: behind the newest change known and behind the moment this pass began, whichever is
 * earlier, so that neither a clock that is off nor a write that became visible late loses a row.
 */
function bound({ since }: Resource, startedAt: number, newest: number | null): number | null {
  // Nothing was ever seen: an empty list costs nothing to read again.
  if (since === undefined || newest === null) return null;
  return Math.min(startedAt, newest) - since.overlapMinutes * 60_000;
}
