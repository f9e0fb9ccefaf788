/**
 * From the words of a push payload to columns of the tenant: statuses, priorities, types and categories by their record,
 * the site a new record belongs to, the marker by which a lost create is found again. Makes requests for nothing but lists.
 */
import type { JsonObject } from '../../domain/json.ts';
import { CODES } from './categories.ts';
import { withoutNulls } from './compare.ts';
import type { AssetRef, References } from './references.ts';
import { isClosed, meaningOf, SYS } from './statuses.ts';
import type { Status } from './statuses.ts';
import type { Tenant } from './tenant.ts';
import { intOf, textOf } from './wire.ts';

/** Where the marker stands; a line of its own that people may see (contract 6.1). */
export const MARKER_FIELD = { WorkOrder: 'strAdminNotes', Asset: 'strNotes' } as const;

/** The word for having no priority, unless a plant has one of that name. */
const NONE = /^none$/i;

export function markerOf(reference: string): string {
  return `[CF:${reference}]`;
}

export type Fields = ReturnType<typeof createFields>;

export function createFields(
  completionNote: string,
  tenant: Tenant,
  references: References,
  now: () => number,
) {
  async function refOf(id: number | null): Promise<AssetRef | null> {
    return id === null ? null : ((await references.assets([id])).get(id) ?? null);
  }

  /** The site of what the record hangs on, else the connection's own. */
  async function siteOf(...ids: (number | null)[]): Promise<number> {
    for (const id of ids) {
      const ref = await refOf(id);
      if (ref?.siteId != null) return ref.siteId;
    }
    return tenant.defaultSite();
  }

  /** Priority and type: names that become ids. A record that already means the wanted level is left alone (contract 6.3). */
  async function words(body: JsonObject, current: JsonObject | null): Promise<JsonObject> {
    const fields: JsonObject = {};
    const priority = body['_priority'];
    const none = typeof priority === 'string' && NONE.test(priority) && !(await tenant.hasPriority(priority));
    if (priority === null || none) fields['intPriorityID'] = null;
    else if (typeof priority === 'string') {
      const wanted = await tenant.priorityNamed(priority);
      const held = (await tenant.priorities()).find(({ id }) => id === current?.['intPriorityID']);
      if (held?.rank !== wanted.rank) fields['intPriorityID'] = wanted.id;
    }
    const type = body['_maintenanceType'];
    if (type === null) fields['intMaintenanceTypeID'] = null;
    if (typeof type === 'string') {
      const wanted = await tenant.typeNamed(type);
      if (wanted) fields['intMaintenanceTypeID'] = wanted.id;
    }
    return fields;
  }

  /** Whether Fiix insists on a note when an order is closed is unknown; its own app does (contract 3.2). */
  function noteOf(target: Status | null, before: Status | null, current: JsonObject): JsonObject {
    const closes = isClosed(target) && !isClosed(before);
    return closes && textOf(current['strCompletionNotes']) === ''
      ? { strCompletionNotes: completionNote }
      : {};
  }

  return {
    refOf,

    /** Columns of a new record of the class Asset. */
    async newAsset(
      entity: 'location' | 'asset' | 'part',
      body: JsonObject,
      reference: string,
    ): Promise<JsonObject> {
      const { _parent, _kind, _category, _type, ...columns } = body;
      const categories = await tenant.categories();
      const kindCode =
        entity === 'part'
          ? CODES.parts
          : entity === 'asset'
            ? _type === 'tool'
              ? CODES.tools
              : CODES.equipment
            : _kind === 'store'
              ? CODES.storage
              : CODES.locations;
      const named = textOf(_category) === '' ? null : categories.named(entity, textOf(_category));
      const category =
        named ??
        categories.withCode(kindCode) ??
        (entity === 'location' ? categories.withCode(CODES.locations) : null) ??
        categories.get(categories.idsOf(entity)[0] ?? null);
      const parent = intOf(_parent);
      const around = [intOf(columns['intAssetLocationID']), intOf(columns['intAssetParentID']), parent];
      return {
        ...withoutNulls(columns),
        ...(parent === null ? {} : { intAssetParentID: parent }),
        intSiteID: await siteOf(...around),
        ...(category === null ? {} : { intCategoryID: category.id }),
        [MARKER_FIELD.Asset]: markerOf(reference),
      };
    },

    /** Which column holds the parent of a location is not known (contract 7.14): the one in use stays in use. */
    changedAsset(body: JsonObject, current: JsonObject): JsonObject {
      const { _parent, _kind, _category, _type, ...columns } = body;
      if (_parent === undefined) return columns;
      const inUse = current['parent'] !== undefined && current['intAssetLocationID'] === current['parent'];
      return { ...columns, [inUse ? 'intAssetLocationID' : 'intAssetParentID']: _parent };
    },

    /** Columns of a new work order; what hangs on it is not in here. */
    async newWorkOrder(body: JsonObject, reference: string): Promise<JsonObject> {
      const statuses = await tenant.statuses();
      const status = statuses.withCode(intOf(body['_status']) ?? SYS.open);
      return {
        ...withoutNulls(own(body)),
        ...withoutNulls(await words(body, null)),
        intWorkOrderStatusID: status.id,
        ...completion(body, status, null, now()),
        ...noteOf(status, null, {}),
        intSiteID: await siteOf(intOf(body['_asset']), intOf(body['_location'])),
        [MARKER_FIELD.WorkOrder]: markerOf(reference),
      };
    },

    /** Columns to change, and the statuses to go through one after the other. */
    async changedWorkOrder(
      body: JsonObject,
      current: JsonObject,
    ): Promise<{ columns: JsonObject; path: Status[] }> {
      const statuses = await tenant.statuses();
      const before = statuses.get(intOf(current['intWorkOrderStatusID']));
      const wanted = intOf(body['_status']);
      const path = wanted === null ? [] : statuses.pathTo(wanted, before);
      const target = path.at(-1) ?? before;
      const stamps =
        path.length > 0
          ? { ...completion(body, target, before, now()), ...noteOf(target, before, current) }
          : {};
      return { columns: { ...own(body), ...(await words(body, current)), ...stamps }, path };
    },

    async changedPlan(body: JsonObject, current: JsonObject): Promise<JsonObject> {
      return { ...own(body), ...(await words(body, current)) };
    },
  };
}

/**
 * What goes with a move: an order is completed with its date, and loses it when it is opened again (contract 3.4: nobody
 * knows whether Fiix sees to it). One that is closed incomplete was not completed.
 */
function completion(body: JsonObject, target: Status | null, before: Status | null, now: number): JsonObject {
  const given = body['dtmDateCompleted'] ?? null;
  if (target !== null && meaningOf(target) === 'completed')
    return given === null ? { dtmDateCompleted: now } : {};
  return isClosed(before) && !isClosed(target) ? { dtmDateCompleted: null } : {};
}

/** What is a column already. */
function own(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !name.startsWith('_')));
}
