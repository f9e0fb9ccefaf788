/**
 * Making records. A new order goes in one batch with its links and tasks, which name it by a negative id (contract 2.7) and are
 * answered as they are shown, so that only the order itself is read again. A create is sent once and carries a marker.
 */
import type { Entity } from '../../domain/entities/index.ts';
import { jsonEqual } from '../../domain/json.ts';
import type { JsonObject } from '../../domain/json.ts';
import { Failure, toFailure } from '../../domain/kernel/failure.ts';
import type { CreateOp, WriteOutcome } from '../kit/contract.ts';
import { outcomeOf } from '../kit/outcomes.ts';
import { tasksOf } from './change-requests.ts';
import type { ChangeRequests } from './change-requests.ts';
import { CHILD_FIELDS } from './children.ts';
import type { ChildClass, KnownChildren } from './children.ts';
import { idOfAdded } from './client.ts';
import type { BatchPart, Client } from './client.ts';
import { withoutNulls } from './compare.ts';
import type { Fields } from './fields.ts';
import type { Finder } from './find-created.ts';
import type { Joins } from './joins.ts';
import { ASSET_LINK, USER_LINK, replaceFirst, taskRequests } from './links.ts';
import type { Pages } from './pages.ts';
import type { Reader } from './read.ts';
import { BATCH_MAX } from './send.ts';
import type { Sender } from './send.ts';
import { CLASSES, add, bodyOf, change, intOf, one } from './wire.ts';
import type { Request } from './wire.ts';

/** A negative id stands for the new record in the rest of its batch. */
const NEW = -1;

export interface CreatorDeps {
  client: Client;
  pages: Pages;
  reader: Reader;
  complete: Joins;
  fields: Fields;
  finder: Finder;
  changes: ChangeRequests;
  sender: Sender;
  now: () => number;
}

interface Made {
  id: number;
  children: KnownChildren;
}

export function createCreator(deps: CreatorDeps) {
  const { client, pages, reader, complete, fields, finder, changes, sender, now } = deps;

  return async function create(entity: Entity, op: CreateOp): Promise<WriteOutcome> {
    const requests = await newRequests(entity, bodyOf(entity, op.payload), op.reference);
    const [main, ...rest] = requests;
    if (main === undefined) throw new Failure('bug', 'A create without a request.');
    const made = await addWhole(entity, op, requests.slice(0, BATCH_MAX));
    if ('outcome' in made) return made;
    const later = rest.slice(BATCH_MAX - 1).map((request) => pointAt(request, made.id));
    try {
      await sender.all(later);
      return await shown(entity, op.key, {
        made: later.length === 0 ? made : { ...made, children: {} },
        asked: 'object' in main ? main.object : {},
      });
    } catch (error) {
      return partly(entity, op.key, made.id, toFailure(error));
    }
  };

  /** Adds a record with what hangs on it; an outcome instead of it when that failed. */
  async function addWhole(
    entity: Entity,
    op: CreateOp,
    requests: readonly Request[],
  ): Promise<Made | WriteOutcome> {
    const [main] = requests;
    if (requests.length === 1 && main)
      return { id: await client.add(main), children: childrenIn(entity, [], []) };
    const { parts, failure } = await client.batch(requests);
    if (failure) {
      // All or nothing, says the guide (2.7); nobody has seen it fail. So it is looked at.
      const [there] = await finder.byMarker(entity, [op.reference]);
      if (there) return { key: op.key, outcome: 'rejected', failure, record: there };
      return outcomeOf(op.key, failure);
    }
    const [first] = parts;
    const id = idOfAdded(first && 'answer' in first ? first.answer : null, client.host);
    return { id, children: childrenIn(entity, requests, parts) };
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
    const asset = intOf(body['_asset']);
    const location = intOf(body['_location']);
    const assignee = intOf(body['_assignee']);
    const place = (await fields.refOf(asset))?.placeId ?? null;
    const children = [
      ...replaceFirst(ASSET_LINK, NEW, [], asset),
      // An order on an asset is where the asset is.
      ...(location === place ? [] : replaceFirst(ASSET_LINK, NEW, [], location)),
      ...replaceFirst(USER_LINK, NEW, [], assignee),
      ...taskRequests(NEW, [], tasksOf(body), { at: intOf(main['dtmDateCompleted']) ?? now(), by: assignee }),
    ];
    const numbered = children.map((request, i) => asNew(request, NEW - 1 - i));
    return [add('WorkOrder', main, numbered.length === 0 ? undefined : NEW), ...numbered];
  }

  /** The new record as it is shown, once the columns that Fiix sets itself on an add are what was asked for. */
  async function shown(
    entity: Entity,
    key: string,
    { made: { id, children }, asked }: { made: Made; asked: JsonObject },
  ): Promise<WriteOutcome> {
    const query = await reader.queryOf(entity);
    let [row] = await pages.byIds(query, [id]);
    if (row !== undefined && (await settle(entity, row, asked))) [row] = await pages.byIds(query, [id]);
    const [record] = row === undefined ? [] : await complete(entity, [row], children);
    if (record !== undefined) return { key, outcome: 'done', record, comments: [] };
    const message = `Fiix wrote the ${CLASSES[entity].noun} ${String(id)} but does not show it; check the sites and rights of the keys.`;
    const failure = new Failure('unexpected_response', message, { applied: 'unknown' });
    return { key, outcome: 'unknown', failure };
  }

  /** Whether anything was left to change. */
  async function settle(entity: Entity, row: JsonObject, asked: JsonObject): Promise<boolean> {
    const names =
      entity === 'asset' ? ['bolIsOnline'] : entity === 'work_order' ? ['intWorkOrderStatusID'] : [];
    const open = Object.fromEntries(
      names
        .filter((name) => name in asked && !jsonEqual(row[name], asked[name]))
        .map((name) => [name, asked[name] ?? null]),
    );
    const id = intOf(row['id']) ?? 0;
    const offline = asked['bolIsOnline'] === 0 ? await changes.offlineRequests(id, 0) : [];
    const requests = [
      ...(Object.keys(open).length === 0 ? [] : [change(CLASSES[entity].className, id, open)]),
      ...offline,
    ];
    await sender.all(requests);
    return requests.length > 0;
  }

  /** The record is there, and not all of it: what it is now goes with what is to be said. */
  async function partly(entity: Entity, key: string, id: number, failure: Failure): Promise<WriteOutcome> {
    const outcome = outcomeOf(key, failure);
    if (outcome.outcome === 'unknown') return outcome;
    const [record] = await reader.read(entity, [String(id)]).catch(() => []);
    if (outcome.outcome === 'rejected') return record ? { ...outcome, record } : outcome;
    return { key, outcome: 'unknown', failure };
  }
}

/** A child is asked for all that it shows. */
function asNew(request: Request, temporaryId: number): Request {
  if (request._maCn !== 'AddRequest') return request;
  const fields = CHILD_FIELDS[request.className as ChildClass];
  return { ...request, fields, object: { ...request.object, id: temporaryId } };
}

/** What hangs on a new record, as the answers show it; nothing is known where one of them does not show it. */
function childrenIn(
  entity: Entity,
  requests: readonly Request[],
  parts: readonly BatchPart[],
): KnownChildren {
  if (entity === 'part') return { Stock: [] };
  if (entity !== 'work_order') return {};
  const known: Record<'WorkOrderTask' | 'WorkOrderAsset' | 'WorkOrderUser', JsonObject[]> = {
    WorkOrderTask: [],
    WorkOrderAsset: [],
    WorkOrderUser: [],
  };
  for (const [i, request] of requests.entries()) {
    if (i === 0 || request._maCn !== 'AddRequest') continue;
    const part = parts[i];
    const row = part && 'answer' in part ? one.safeParse(part.answer).data : null;
    const list = known[request.className as keyof typeof known];
    if (!row || intOf(row['intWorkOrderID']) === null) return {};
    list.push(row);
  }
  return { ...known, WorkOrderPart: [] };
}

/** Rows that no longer fit into the batch of their order name it by its real id. */
function pointAt(request: Request, id: number): Request {
  if (request._maCn !== 'AddRequest') return request;
  const { id: _temporary, ...object } = request.object;
  return { ...request, object: { ...object, intWorkOrderID: id } };
}
