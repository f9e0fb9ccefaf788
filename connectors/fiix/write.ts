/**
 * Writing Fiix. One record is one request or one batch that applies whole or not at all (contract 2.7); links and tasks of
 * a new order refer to it by a negative id. There is no locking and no idempotency key: an update reads before it writes
 * and again after it, a create is sent once and carries a marker by which it is found again.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, ExternalRecord, UpdateOp, WriteOutcome } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import type { Client } from './client.ts';
import { idOfAdded } from './client.ts';
import type { Fields } from './fields.ts';
import type { Finder } from './find-created.ts';
import { differing, notStored, withoutNulls } from './compare.ts';
import { ASSET_LINK, USER_LINK, replaceFirst, taskRequests } from './links.ts';
import type { WantedTask } from './links.ts';
import { manifest } from './manifest.ts';
import type { MeterWriter } from './meter-write.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { Reader } from './read.ts';
import type { References } from './references.ts';
import { CLASSES, add, bodyOf, change, idOf, intOf, parseId } from './wire.ts';
import type { Request } from './wire.ts';

/** Contract 2.7: the largest batch is unknown, 200 are in live use. */
const BATCH_MAX = 50;
/** A negative id stands for the new record in the rest of its batch. */
const NEW = -1;

export function createWriter(
  client: Client,
  pages: Pages,
  reader: Reader,
  references: References,
  fields: Fields,
  meters: MeterWriter,
  finder: Finder,
  now: () => number,
) {
  async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'create');
    const body = bodyOf(entity, op.payload);
    if (entity === 'meter') return meters.create(op.key, body);
    const [main, ...rest] = await newRequests(entity, body, op.reference);
    if (main === undefined) throw new Failure('bug', 'A create without a request.');
    const sent = [main, ...rest.slice(0, BATCH_MAX - 1)];
    const id = await addWhole(entity, op, sent);
    if (typeof id !== 'number') return id;
    try {
      await sendAll(rest.slice(BATCH_MAX - 1).map((request) => pointAt(request, id)));
      await settle(entity, id, 'object' in main ? main.object : {});
    } catch (error) {
      return partly(entity, op.key, String(id), toFailure(error));
    }
    return written(entity, op.key, String(id));
  }

  /** Adds a record with what hangs on it; an outcome instead of its id when that failed. */
  async function addWhole(entity: Entity, op: CreateOp, requests: Request[]): Promise<number | WriteOutcome> {
    const [main] = requests;
    if (requests.length === 1 && main) return client.add(main);
    const { parts, failure } = await client.batch(requests);
    if (failure) {
      // All or nothing, says the guide (2.7); nobody has seen it fail. So it is looked at.
      const [there] = await finder.byMarker(entity, [op.reference]);
      if (there) return { key: op.key, outcome: 'rejected', failure, record: there };
      return outcomeOf(op.key, failure);
    }
    const [first] = parts;
    return idOfAdded(first && 'answer' in first ? first.answer : null, client.host);
  }

  async function newRequests(entity: Entity, body: JsonObject, reference: string): Promise<Request[]> {
    switch (entity) {
      case 'person':
        // Only inactive users can be added (contract 3.10).
        return [add('User', { ...withoutNulls(body), intUserStatusID: 0 })];
      case 'work_order':
        return newOrder(body, reference);
      default:
        return [add('Asset', await fields.newAsset(entity as 'asset', body, reference))];
    }
  }

  async function newOrder(body: JsonObject, reference: string): Promise<Request[]> {
    const main = await fields.newWorkOrder(body, reference);
    const [asset, location, assignee] = [
      intOf(body['_asset']),
      intOf(body['_location']),
      intOf(body['_assignee']),
    ];
    const place = (await fields.refOf(asset))?.placeId ?? null;
    const children = [
      ...replaceFirst(ASSET_LINK, NEW, [], asset),
      // An order on an asset is where the asset is.
      ...(location === place ? [] : replaceFirst(ASSET_LINK, NEW, [], location)),
      ...replaceFirst(USER_LINK, NEW, [], assignee),
      ...taskRequests(NEW, [], tasksOf(body), { at: intOf(main['dtmDateCompleted']) ?? now(), by: assignee }),
    ];
    const numbered = children.map((request, i) =>
      request._maCn === 'AddRequest'
        ? { ...request, object: { ...request.object, id: NEW - 1 - i } }
        : request,
    );
    return [add('WorkOrder', main, numbered.length === 0 ? undefined : NEW), ...numbered];
  }

  /** Columns that Fiix sets itself on an add (online, the status) are changed to what was asked for. */
  async function settle(entity: Entity, id: number, object: JsonObject): Promise<void> {
    const names =
      entity === 'asset' ? ['bolIsOnline'] : entity === 'work_order' ? ['intWorkOrderStatusID'] : [];
    const asked = names.filter((name) => name in object);
    if (asked.length === 0) return;
    const { className } = CLASSES[entity];
    const [row] = await pages.byIds({ className, fields: ['id', ...asked].join(', ') }, [id]);
    const open = Object.fromEntries(
      asked
        .filter((name) => row !== undefined && !jsonEqual(row[name], object[name]))
        .map((name) => [name, object[name] ?? null]),
    );
    const offline = object['bolIsOnline'] === 0 ? await offlineRequests(id, 0) : [];
    await sendAll([...(Object.keys(open).length === 0 ? [] : [change(className, id, open)]), ...offline]);
  }

  async function update(entity: Entity, op: UpdateOp): Promise<WriteOutcome> {
    assertAllowed(entity, 'update');
    const body = bodyOf(entity, op.payload);
    const [before] = await reader.read(entity, [op.externalId]);
    if (!before) return { key: op.key, outcome: 'missing' };
    if (Object.keys(body).length > 0 && op.version !== null && before.version !== op.version) {
      return { key: op.key, outcome: 'stale', record: before };
    }
    if (entity === 'meter') return meters.update(op.key, before, body);
    const id = parseId(op.externalId) ?? 0;
    const { columns, requests } = await changeRequests(entity, id, body, before.raw);
    if (requests.length === 0) return { key: op.key, outcome: 'done', record: before, comments: [] };
    try {
      const gone = await sendAll(requests);
      if (gone) return { key: op.key, outcome: 'missing' };
    } catch (error) {
      return partly(entity, op.key, op.externalId, toFailure(error), before);
    }
    const outcome = await written(entity, op.key, op.externalId);
    if (outcome.outcome !== 'done') return outcome;
    if (outcome.record.version === before.version) {
      // Carried out, and a find that lags behind still shows the record as it was.
      const message = `${client.host} accepted the change of ${op.externalId} and does not show it yet; it is read again.`;
      return {
        key: op.key,
        outcome: 'unknown',
        failure: new Failure('unavailable', message, { applied: 'unknown' }),
      };
    }
    const lost = notStored(columns, before.raw, outcome.record.raw);
    if (lost === undefined) return outcome;
    const message = `Fiix accepted the change of "${lost}" and kept the old value; check the rights of the keys and whether the record is locked there.`;
    const failure = new Failure('rejected', message, { code: 'NOT_STORED', path: lost });
    return { key: op.key, outcome: 'rejected', failure, record: outcome.record };
  }

  async function changeRequests(
    entity: Entity,
    id: number,
    body: JsonObject,
    raw: JsonObject,
  ): Promise<{ columns: JsonObject; requests: Request[] }> {
    if (entity === 'work_order') return changeOrder(id, body, raw);
    const { className } = CLASSES[entity];
    const wanted =
      entity === 'plan'
        ? await fields.changedPlan(body, raw)
        : entity === 'person'
          ? body
          : fields.changedAsset(body, raw);
    const columns = differing(wanted, raw);
    const requests = Object.keys(columns).length === 0 ? [] : [change(className, id, columns)];
    const online = columns['bolIsOnline'];
    if (online === 0 || online === 1) requests.push(...(await offlineRequests(id, online)));
    return { columns, requests };
  }

  async function changeOrder(
    id: number,
    body: JsonObject,
    raw: JsonObject,
  ): Promise<{ columns: JsonObject; requests: Request[] }> {
    const { columns: wanted, path } = await fields.changedWorkOrder(body, raw);
    const columns = differing(wanted, raw);
    const target = path.at(-1);
    // Steps on the way are changes of their own; the last one goes with everything else.
    const steps = path
      .slice(0, -1)
      .map((status) => change('WorkOrder', id, { intWorkOrderStatusID: status.id }));
    const final: JsonObject = { ...columns, ...(target ? { intWorkOrderStatusID: target.id } : {}) };
    const hanging = await changeChildren(id, body, raw, {
      at: intOf(final['dtmDateCompleted'] ?? raw['dtmDateCompleted']) ?? now(),
      by: intOf(raw['assignee']),
    });
    // Children first: a closed order may not take them any more.
    const requests = [
      ...hanging,
      ...steps,
      ...(Object.keys(final).length === 0 ? [] : [change('WorkOrder', id, final)]),
    ];
    return { columns: final, requests };
  }

  async function changeChildren(
    id: number,
    body: JsonObject,
    raw: JsonObject,
    done: { at: number; by: number | null },
  ): Promise<Request[]> {
    const requests: Request[] = [];
    const links = rowsOf(raw['links']);
    const linked = await references.assets([
      ...links.map((row) => intOf(row['intAssetID'])),
      intOf(body['_asset']),
      intOf(body['_location']),
    ]);
    const ofKind = (kind: string): JsonObject[] =>
      links.filter((row) => linked.get(intOf(row['intAssetID']) ?? 0)?.kind === kind);
    const asset = body['_asset'] === undefined ? intOf(raw['asset']) : intOf(body['_asset']);
    if (body['_asset'] !== undefined) requests.push(...replaceFirst(ASSET_LINK, id, ofKind('asset'), asset));
    if (body['_location'] !== undefined) {
      const wanted = intOf(body['_location']);
      const places = ofKind('location');
      const place = (await fields.refOf(asset))?.placeId ?? null;
      if (places.length > 0 || wanted !== place)
        requests.push(...replaceFirst(ASSET_LINK, id, places, wanted));
    }
    if (body['_assignee'] !== undefined && body['_assignee'] !== (raw['assignee'] ?? null)) {
      const users = rowsOf(raw['people']);
      const people = await references.people(users.map((row) => intOf(row['intUserID'])));
      const assigned = users.filter((row) => people.has(intOf(row['intUserID']) ?? 0));
      requests.push(...replaceFirst(USER_LINK, id, assigned, intOf(body['_assignee'])));
    }
    if (body['_tasks'] !== undefined)
      requests.push(...taskRequests(id, rowsOf(raw['tasks']), tasksOf(body), done));
    return requests;
  }

  /** Online and the period offline are kept in two places (contract 3.6). */
  async function offlineRequests(assetId: number, online: 0 | 1): Promise<Request[]> {
    const filters = [where('intAssetID = ? AND dtmOffLineTo IS NULL', [assetId])];
    const open = await pages.all({ className: 'AssetOfflineTracker', fields: 'id', filters });
    if (online === 1)
      return open.map((row) => change('AssetOfflineTracker', idOf(row), { dtmOffLineTo: now() }));
    return open.length > 0
      ? []
      : [add('AssetOfflineTracker', { intAssetID: assetId, dtmOfflineFrom: now() })];
  }

  /** One request, or batches; true when the one record to change does not exist. */
  async function sendAll(requests: readonly Request[]): Promise<boolean> {
    const [only] = requests;
    if (only?._maCn === 'ChangeRequest' && requests.length === 1) return !(await client.change(only));
    for (let from = 0; from < requests.length; from += BATCH_MAX) {
      const { failure } = await client.batch(requests.slice(from, from + BATCH_MAX));
      if (failure) throw failure;
    }
    return false;
  }

  /** After an error in the middle: what the record is now decides whether anything was written. */
  async function partly(
    entity: Entity,
    key: string,
    externalId: string,
    failure: Failure,
    before?: ExternalRecord,
  ): Promise<WriteOutcome> {
    const outcome = outcomeOf(key, failure);
    if (outcome.outcome === 'unknown') return outcome;
    const [record] = await reader.read(entity, [externalId]).catch(() => []);
    if (before !== undefined && record?.version === before.version) return outcome;
    if (outcome.outcome === 'rejected') return record ? { ...outcome, record } : outcome;
    return { key, outcome: 'unknown', failure };
  }

  async function written(entity: Entity, key: string, externalId: string): Promise<WriteOutcome> {
    try {
      const [record] = await reader.read(entity, [externalId]);
      if (record) return { key, outcome: 'done', record, comments: [] };
    } catch (error) {
      const failure = toFailure(error);
      if (failure.kind === 'bug') throw failure;
      return { key, outcome: 'unknown', failure };
    }
    const message = `Fiix wrote the ${CLASSES[entity].noun} ${externalId} but does not show it; check the sites and rights of the keys.`;
    return {
      key,
      outcome: 'unknown',
      failure: new Failure('unexpected_response', message, { applied: 'unknown' }),
    };
  }

  return { create, update };
}

function assertAllowed(entity: Entity, verb: 'create' | 'update'): void {
  const capability = manifest.capabilities[entity];
  if (capability[verb]) return;
  const message = `Fiix cannot ${verb} a ${CLASSES[entity].noun} through its API; ${capability.note ?? 'leave it out'}`;
  throw new Failure('rejected', message.replace(/\.?$/, '.'));
}

/** Rows that no longer fit into the batch of their order name it by its real id. */
function pointAt(request: Request, id: number): Request {
  if (request._maCn !== 'AddRequest') return request;
  const { id: _temporary, ...object } = request.object;
  return { ...request, object: { ...object, intWorkOrderID: id } };
}

function tasksOf(body: JsonObject): WantedTask[] {
  return rowsOf(body['_tasks']) as unknown as WantedTask[];
}

function rowsOf(value: JsonObject[string] | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
