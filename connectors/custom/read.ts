/** Reading a described system: pulls of everything or of what changed, single records, key sweeps, samples of its fields. */
import { ENTITIES } from '../../domain/entities/index.ts';
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure } from '../../domain/kernel/failure.ts';
import type { DiscoveredSchema, ExternalRecord, KeyPage, PullPage, PullRequest } from '../kit/contract.ts';
import { inLanes } from '../kit/lanes.ts';
import { fieldsOfSamples } from '../kit/samples.ts';
import type { Client } from './client.ts';
import { parseCursor, START, writeCursor } from './cursor.ts';
import type { Definition, Resource } from './definition.ts';
import { isMissing, isNoSuchCall } from './failures.ts';
import { manifest } from './manifest.ts';
import { at, instantAt, isObject } from './place.ts';
import { addressOf, isDeleted, keyOf, recordOf } from './record.ts';
import { createWalker } from './walk.ts';

/** Steps of one walk made inside one call (single reads and searches in a list); a list that never ends is refused. */
const STEPS_MAX = 10_000;
const SAMPLES = 50;

export type Reader = ReturnType<typeof createReader>;

export function createReader(client: Client, definition: Definition) {
  const walker = createWalker(client);
  /** Resources whose path for one record has answered: only then is a 404 of it believed at once. */
  const proven = new Set<Entity>();

  async function pull(entity: Entity, request: PullRequest): Promise<PullPage> {
    const from = parseCursor(request.cursor);
    const resource = definition.resources[entity];
    if (resource === undefined) return { records: [], cursor: writeCursor(START), more: false };
    const { since } = from;
    const step = await walker.step({
      resource,
      query: since === null ? {} : sinceQuery(resource, since),
      from,
      pageSize: request.pageSize,
      keyOf: (row) => keyOf(resource, row),
    });
    const stamps = step.rows.map((row) => instantAt(row, resource.updated)).filter((stamp) => stamp !== null);
    const newest = stamps.length === 0 ? from.newest : Math.max(...stamps, from.newest ?? -Infinity);
    const startedAt = from.startedAt ?? step.servedAt;
    const records = step.rows
      .filter((row) => !isDeleted(resource, row))
      .map((row) => recordOf(resource, row));
    if (step.next !== null) {
      return { records, cursor: writeCursor({ ...from, ...step.next, startedAt, newest }), more: true };
    }
    const next = { ...START, since: bound(resource, startedAt, newest), newest };
    return { records, cursor: writeCursor(next), more: false };
  }

  async function readOne(entity: Entity, externalId: string): Promise<ExternalRecord | null> {
    const resource = resourceOf(definition, entity);
    const row = resource.item === undefined ? null : await readItem(entity, resource, externalId);
    if (row !== null) return isDeleted(resource, row) ? null : recordOf(resource, row);
    if (resource.item !== undefined && proven.has(entity)) return null;
    const wanted = await search(resource, {}, (candidate) => keyOf(resource, candidate) === externalId, true);
    return wanted[0] ?? null;
  }

  async function readItem(
    entity: Entity,
    resource: Resource,
    externalId: string,
  ): Promise<JsonObject | null> {
    if (resource.item === undefined) return null;
    const path = addressOf(resource.item.path, externalId);
    try {
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
      throw error;
    }
  }

  async function read(entity: Entity, externalIds: readonly string[]): Promise<ExternalRecord[]> {
    const resource = definition.resources[entity];
    if (resource === undefined) return [];
    if (resource.item === undefined) {
      const wanted = new Set(externalIds);
      return search(resource, {}, (row) => wanted.has(keyOf(resource, row)), false);
    }
    const records = await inLanes(externalIds, definition.rate.parallel, (id) => readOne(entity, id));
    return records.filter((record) => record !== null);
  }

  /** Records of a list that fit, those that count as deleted left out. */
  async function search(
    resource: Resource,
    query: Record<string, string>,
    fits: (row: JsonObject) => boolean,
    firstOnly: boolean,
  ): Promise<ExternalRecord[]> {
    const found: ExternalRecord[] = [];
    let from: { at: number | string | null; last: string | null } = START;
    for (let steps = 0; steps < STEPS_MAX; steps += 1) {
      const pageSize = manifest.limits.pageSize;
      const step = await walker.step({
        resource,
        query,
        from,
        pageSize,
        keyOf: (row) => keyOf(resource, row),
      });
      const fitting = step.rows.filter((row) => !isDeleted(resource, row) && fits(row));
      found.push(...fitting.map((row) => recordOf(resource, row)));
      if (step.next === null || (firstOnly && found.length > 0)) return found;
      from = step.next;
    }
    throw new Failure(
      'unexpected_response',
      `The list ${resource.list.path} of ${client.host} does not end; correct list.paging in the definition.`,
    );
  }

  async function keys(entity: Entity, cursor: string | null): Promise<KeyPage> {
    // No keys at all would read as if every record were gone.
    const resource = resourceOf(definition, entity);
    const from = parseCursor(cursor);
    const { pageSize } = manifest.limits;
    const step = await walker.step({
      resource,
      query: {},
      from,
      pageSize,
      keyOf: (row) => keyOf(resource, row),
    });
    return {
      externalIds: step.rows.filter((row) => !isDeleted(resource, row)).map((row) => keyOf(resource, row)),
      cursor: step.next === null ? null : writeCursor({ ...START, ...step.next }),
    };
  }

  async function discover(): Promise<DiscoveredSchema> {
    const entities: { [E in Entity]?: { object: string; fields: ReturnType<typeof fieldsOfSamples> } } = {};
    for (const entity of ENTITIES) {
      const resource = definition.resources[entity];
      if (resource === undefined) continue;
      const { records } = await pull(entity, { cursor: null, pageSize: SAMPLES });
      entities[entity] = {
        object: resource.list.path,
        fields: fieldsOfSamples(records.slice(0, SAMPLES).map(({ raw }) => raw)),
      };
    }
    return { source: 'samples', entities };
  }

  return { pull, read, readOne, keys, search, discover };
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

function sinceQuery({ since }: Resource, epochMs: number): Record<string, string> {
  if (since === undefined) return {};
  const iso = new Date(epochMs).toISOString();
  const spelled = {
    rfc3339: iso,
    rfc3339_seconds: `${iso.slice(0, 19)}Z`,
    date: iso.slice(0, 10),
    epoch_ms: String(Math.floor(epochMs)),
    epoch_s: String(Math.floor(epochMs / 1_000)),
  };
  return { [since.param]: spelled[since.format] };
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
