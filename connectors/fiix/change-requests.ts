/** From what an update wants to the requests that bring a record there, and the columns they set. Sends nothing. */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import { differing } from './compare.ts';
import type { Fields } from './fields.ts';
import { ASSET_LINK, USER_LINK, replaceFirst, taskRequests } from './links.ts';
import type { WantedTask } from './links.ts';
import { where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { References } from './references.ts';
import { CLASSES, add, change, idOf, intOf } from './wire.ts';
import type { Request } from './wire.ts';

export interface Changes {
  /** Of the record itself. */
  columns: JsonObject;
  requests: Request[];
}

export interface ChangeRequestDeps {
  pages: Pages;
  references: References;
  fields: Fields;
  now: () => number;
}

export type ChangeRequests = ReturnType<typeof createChangeRequests>;

export function createChangeRequests({ pages, references, fields, now }: ChangeRequestDeps) {
  async function changesOf(entity: Entity, id: number, body: JsonObject, raw: JsonObject): Promise<Changes> {
    if (entity === 'work_order') return orderChanges(id, body, raw);
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

  async function orderChanges(id: number, body: JsonObject, raw: JsonObject): Promise<Changes> {
    const { columns: wanted, path } = await fields.changedWorkOrder(body, raw);
    const columns = differing(wanted, raw);
    const target = path.at(-1);
    // Steps on the way are changes of their own; the last one goes with everything else.
    const steps = path
      .slice(0, -1)
      .map((status) => change('WorkOrder', id, { intWorkOrderStatusID: status.id }));
    const final: JsonObject = { ...columns, ...(target ? { intWorkOrderStatusID: target.id } : {}) };
    const hanging = await childChanges(id, body, raw, {
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

  async function childChanges(
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
    const [open = []] = await pages.together([{ className: 'AssetOfflineTracker', fields: 'id', filters }]);
    if (online === 1)
      return open.map((row) => change('AssetOfflineTracker', idOf(row), { dtmOffLineTo: now() }));
    return open.length > 0
      ? []
      : [add('AssetOfflineTracker', { intAssetID: assetId, dtmOfflineFrom: now() })];
  }

  return { changesOf, offlineRequests };
}

export function tasksOf(body: JsonObject): WantedTask[] {
  return rowsOf(body['_tasks']) as unknown as WantedTask[];
}

export function rowsOf(value: JsonObject[string] | undefined): JsonObject[] {
  return Array.isArray(value) ? (value as JsonObject[]) : [];
}
