/**
 * From rows of Fiix to records as mappings read them: link rows and lists are joined, the words of the tenant stand beside
 * its ids, and what one text or one column holds for two things is taken apart. Names that Fiix does not have are listed
 * in `mappings/fiix/schema/`.
 */
import { createHash } from 'node:crypto';
import type { Entity } from '../../domain/entities/index.ts';
import { canonicalJson } from '../../domain/json.ts';
import type { Json, JsonObject } from '../../domain/json.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import { kindOf } from './categories.ts';
import type { Client } from './client.ts';
import { keyOf, pairOf } from './meters.ts';
import { oneOf, where } from './pages.ts';
import type { Pages } from './pages.ts';
import type { AssetRef, References } from './references.ts';
import type { Tenant } from './tenant.ts';
import { idOf, intOf, normalise, splitText, textOf } from './wire.ts';

export interface Joined {
  raw: JsonObject;
  /** Rows whose change is a change of the record without moving its own mark. */
  children: JsonObject[];
}

const FIELDS = {
  WorkOrderTask:
    'id, intWorkOrderID, intTaskType, intOrder, strDescription, intAssetID, intAssignedToUserID, dblTimeEstimatedHours, dblTimeSpentHours, dtmStartDate, dtmDateCompleted, intCompletedByUserID, strResult, intMeterReadingUnitID, strTaskNotesCompletion, intUpdated',
  WorkOrderAsset: 'id, intWorkOrderID, intAssetID, intUpdated',
  WorkOrderUser: 'id, intWorkOrderID, intUserID',
  WorkOrderPart:
    'id, intWorkOrderID, intAssetID, intPartID, intStockID, qtySuggestedQuantity, qtyActualQuantityUsed, intUpdated',
  Stock:
    'id, intAssetID, intFacilityID, qtyOnHand, qtyMinQty, qtyMaxQty, strAisle, strRow, strBin, bolDeactivated, intUpdated',
  ScheduleTrigger: '*',
  ScheduledMaintenanceAsset: 'id, intScheduledMaintenanceID, intAssetID, intUpdated',
} as const;
/** Requests for the next dates of a page of plans; each settles at least one plan. */
const CALENDAR_REQUESTS_MAX = 10;
const CALENDAR_PAGE = 500;

export type Joins = ReturnType<typeof createJoins>;

export function createJoins(
  client: Client,
  pages: Pages,
  tenant: Tenant,
  references: References,
  now: () => number,
) {
  /** Children of these parents by parent id, each list in the order of their ids. */
  async function childrenOf(
    className: keyof typeof FIELDS,
    field: string,
    ids: readonly number[],
  ): Promise<Map<number, JsonObject[]>> {
    const rows = await pages.allOf({ className, fields: FIELDS[className] }, field, ids);
    const byParent = new Map<number, JsonObject[]>();
    for (const row of rows.map(normalise)) {
      const parent = intOf(row[field]) ?? 0;
      const siblings = byParent.get(parent);
      if (siblings) siblings.push(row);
      else byParent.set(parent, [row]);
    }
    return byParent;
  }

  async function workOrders(rows: readonly JsonObject[]): Promise<Joined[]> {
    const ids = rows.map(idOf);
    const [statuses, priorities, types] = [
      await tenant.statuses(),
      await tenant.priorities(),
      await tenant.types(),
    ];
    const tasks = await childrenOf('WorkOrderTask', 'intWorkOrderID', ids);
    const links = await childrenOf('WorkOrderAsset', 'intWorkOrderID', ids);
    const people = await childrenOf('WorkOrderUser', 'intWorkOrderID', ids);
    const parts = await childrenOf('WorkOrderPart', 'intWorkOrderID', ids);
    const assets = await references.assets([...pick(links, 'intAssetID'), ...pick(parts, 'intPartID')]);
    const placed = await references.assets([...assets.values()].map(({ placeId }) => placeId));
    const users = await references.people([
      ...pick(people, 'intUserID'),
      ...pick(tasks, 'intAssignedToUserID'),
      ...pick(tasks, 'intCompletedByUserID'),
      ...rows.map((row) => intOf(row['intRequestedByUserID'])),
    ]);
    const plans = await references.plans(rows.map((row) => intOf(row['intScheduledMaintenanceID'])));

    return rows.map((row) => {
      const id = idOf(row);
      const own = {
        tasks: sortTasks(tasks.get(id) ?? []),
        links: links.get(id) ?? [],
        people: people.get(id) ?? [],
        parts: parts.get(id) ?? [],
      };
      const status = statuses.get(intOf(row['intWorkOrderStatusID']));
      const linked = own.links.flatMap((link) => assets.get(intOf(link['intAssetID']) ?? 0) ?? []);
      const asset = linked.find(({ kind }) => kind === 'asset');
      const place = linked.find(({ kind }) => kind === 'location') ?? placed.get(asset?.placeId ?? 0);
      const assigned = [
        ...own.people.map((link) => intOf(link['intUserID'])),
        ...own.tasks.map((task) => intOf(task['intAssignedToUserID'])),
      ].find((user) => user !== null && users.has(user));
      const { title, details } = splitText(textOf(row['strDescription']));
      const raw: JsonObject = {
        ...normalise(row),
        ...present({
          title,
          details,
          status: status && {
            ...present({ strName: status.name, intSysCode: status.sysCode, intControlID: status.group }),
          },
          priority: priorityOf(priorities, row),
          maintenanceType: typeOf(types, row),
          asset: asset?.id,
          location: place?.kind === 'location' ? place.id : null,
          assignee: assigned,
          requester: known(users, row['intRequestedByUserID']),
          plan: known(plans, row['intScheduledMaintenanceID']),
        }),
        tasks: own.tasks.map((task) => ({
          ...task,
          ...present({
            worker: known(users, task['intCompletedByUserID']) ?? known(users, task['intAssignedToUserID']),
            // Fiix shows a task nobody has booked on with 0 hours.
            spent: Number(task['dblTimeSpentHours'] ?? 0) > 0 ? task['dblTimeSpentHours'] : null,
          }),
        })),
        links: own.links,
        people: own.people,
        parts: own.parts.map((part) => {
          const id = intOf(part['intPartID']);
          return { ...part, ...present({ part: assets.get(id ?? 0)?.kind === 'part' ? id : null }) };
        }),
      };
      return { raw, children: [...own.tasks, ...own.links, ...own.people, ...own.parts] };
    });
  }

  async function assetRows(
    entity: 'location' | 'asset' | 'part',
    rows: readonly JsonObject[],
  ): Promise<Joined[]> {
    let categories = await tenant.categories();
    const known = (row: JsonObject): boolean =>
      intOf(row['intCategoryID']) === null || categories.get(intOf(row['intCategoryID'])) !== null;
    // A category made since the list was read.
    if (!rows.every(known)) categories = await tenant.categories('renew');
    const own = rows.filter((row) => kindOf(row, categories) === entity);
    const stocks =
      entity === 'part'
        ? await childrenOf('Stock', 'intAssetID', own.map(idOf))
        : new Map<number, JsonObject[]>();
    const around = await references.assets([
      ...own.flatMap((row) => [intOf(row['intAssetParentID']), intOf(row['intAssetLocationID'])]),
      ...pick(stocks, 'intFacilityID'),
    ]);
    return own.map((row) => {
      const category = categories.get(intOf(row['intCategoryID']));
      const held = (stocks.get(idOf(row)) ?? []).filter((stock) => stock['bolDeactivated'] !== 1);
      const store = held
        .map((stock) => around.get(intOf(stock['intFacilityID']) ?? 0))
        .find((place) => place?.kind === 'location');
      return {
        raw: {
          ...normalise(row),
          ...present({
            category: category && { strName: category.name, intSysCode: category.code },
            parent: refOf(
              row,
              ['intAssetParentID', 'intAssetLocationID'],
              entity === 'location' ? 'location' : 'asset',
              around,
            ),
            location:
              entity === 'asset'
                ? refOf(row, ['intAssetLocationID', 'intAssetParentID'], 'location', around)
                : null,
            store: store?.id,
          }),
          ...(entity === 'part' ? { stocks: held } : {}),
        },
        children: stocks.get(idOf(row)) ?? [],
      };
    });
  }

  async function plans(rows: readonly JsonObject[]): Promise<Joined[]> {
    const ids = rows.map(idOf);
    const [priorities, types] = [await tenant.priorities(), await tenant.types()];
    const triggers = await childrenOf('ScheduleTrigger', 'intScheduledMaintenanceID', ids);
    const links = await childrenOf('ScheduledMaintenanceAsset', 'intScheduledMaintenanceID', ids);
    const next = await nextDates(ids);
    const assigned = new Map(rows.map((row) => [idOf(row), idsIn(row['strAssignedUserIds'])]));
    const users = await references.people([...assigned.values()].flat());
    const assets = await references.assets([...pick(links, 'intAssetID'), ...pick(triggers, 'intAssetID')]);
    return rows.map((row) => {
      const id = idOf(row);
      const own = triggers.get(id) ?? [];
      const linked = (links.get(id) ?? []).flatMap(
        (link) => assets.get(intOf(link['intAssetID']) ?? 0) ?? [],
      );
      const asset = linked.find(({ kind }) => kind === 'asset');
      const time = own.find((trigger) => trigger['strType'] === 't');
      const meter = own.find((trigger) => trigger['strType'] === 'r' && trigger['strRType'] === 'e');
      const { title, details } = splitText(textOf(row['strDescription']));
      return {
        raw: {
          ...normalise(row),
          ...present({
            title,
            details,
            priority: priorityOf(priorities, row),
            maintenanceType: typeOf(types, row),
            asset: asset?.id,
            location: linked.find(({ kind }) => kind === 'location')?.id,
            assignee: assigned.get(id)?.find((user) => users.has(user)),
            nextDate: next.get(id),
            timeTrigger: time && { ...time, ...present(intervalOf(time)) },
            meterTrigger: meter && { ...meter, ...present({ meter: meterOf(meter, asset) }) },
          }),
          triggers: own,
          links: links.get(id) ?? [],
        },
        children: [...own, ...(links.get(id) ?? [])],
      };
    });
  }

  /** The first forecast date from now on, by plan. Forecasts may be long, so they are asked for in the order of dates. */
  async function nextDates(ids: readonly number[]): Promise<Map<number, number>> {
    const found = new Map<number, number>();
    let open = [...ids];
    for (let tries = 0; tries < CALENDAR_REQUESTS_MAX && open.length > 0; tries += 1) {
      const rows = await client.find({
        className: 'CalendarEvent',
        fields: 'id, intScheduledMaintenanceID, dtmDate',
        filters: [oneOf('intScheduledMaintenanceID', open), where('dtmDate >= ?', [now()])],
        orderBy: 'dtmDate',
        maxObjects: CALENDAR_PAGE,
      });
      for (const row of rows) {
        const plan = intOf(row['intScheduledMaintenanceID']);
        const at = intOf(row['dtmDate']);
        if (plan !== null && at !== null) found.set(plan, Math.min(at, found.get(plan) ?? at));
      }
      if (rows.length === 0) break;
      open = open.filter((id) => !found.has(id));
    }
    return found;
  }

  /** One record for each row, the newest reading of its pair. Pairs on assets that are not shown are left out. */
  async function meters(rows: readonly JsonObject[]): Promise<Joined[]> {
    const units = new Map((await tenant.units()).map((unit) => [unit.id, unit]));
    const assets = await references.assets(rows.map((row) => intOf(row['intAssetID'])));
    return rows.flatMap((row): Joined[] => {
      const pair = pairOf(row);
      const on = pair && assets.get(pair.assetId);
      if (!pair || !on) return [];
      const unit = units.get(pair.unitId);
      const raw: JsonObject = {
        ...normalise(row),
        id: keyOf(pair),
        reading: idOf(row),
        ...present({
          unit: unit && present({ strName: unit.name, strSymbol: unit.symbol }),
          asset: on.kind === 'asset' ? on.id : null,
          location: on.kind === 'location' ? on.id : null,
        }),
      };
      return [{ raw, children: [{ id: idOf(row) }] }];
    });
  }

  return async function complete(entity: Entity, rows: readonly JsonObject[]): Promise<ExternalRecord[]> {
    if (rows.length === 0) return [];
    const joined = await (async (): Promise<Joined[]> => {
      switch (entity) {
        case 'work_order':
          return workOrders(rows);
        case 'plan':
          return plans(rows);
        case 'meter':
          return meters(rows);
        case 'location':
        case 'asset':
        case 'part':
          return assetRows(entity, rows);
        default:
          return rows.map((row) => ({ raw: normalise(row), children: [] }));
      }
    })();
    return joined.map(recordOf);
  };
}

/** The version is the row's own mark and a digest of its children: links to people have no mark at all (contract 4.2). */
function recordOf({ raw, children }: Joined): ExternalRecord {
  const own = intOf(raw['intUpdated']);
  const stamps = [own, ...children.map((child) => intOf(child['intUpdated']))].filter((at) => at !== null);
  const digest =
    children.length === 0
      ? ''
      : `.${createHash('sha256').update(canonicalJson(children)).digest('hex').slice(0, 12)}`;
  return {
    externalId: String(raw['id']),
    address: null,
    version: own === null && digest === '' ? null : `${own ?? ''}${digest}`,
    updatedAt: stamps.length === 0 ? null : new Date(Math.max(...stamps)).toISOString(),
    number: textOf(raw['strCode']) || null,
    raw,
  };
}

/** Tasks in their order; numbered anew where the plant's numbers are missing or double, because the number is a task's identity. */
function sortTasks(tasks: readonly JsonObject[]): JsonObject[] {
  const sorted = [...tasks].sort(
    (a, b) => Number(a['intOrder'] ?? 0) - Number(b['intOrder'] ?? 0) || idOf(a) - idOf(b),
  );
  const orders = sorted.map((task) => intOf(task['intOrder']));
  const usable = !orders.includes(null) && new Set(orders).size === orders.length;
  return sorted.map((task, i) => ({
    ...task,
    sequence: usable ? (orders[i] ?? i + 1) : i + 1,
    ...present(splitText(textOf(task['strDescription']))),
    completed: task['dtmDateCompleted'] !== undefined,
  }));
}

/** The first of these fields that points at a record of this kind. */
function refOf(
  row: JsonObject,
  fields: readonly string[],
  kind: AssetRef['kind'],
  around: ReadonlyMap<number, AssetRef>,
): number | null {
  for (const field of fields) {
    const ref = around.get(intOf(row[field]) ?? 0);
    if (ref?.kind === kind && ref.id !== row['id']) return ref.id;
  }
  return null;
}

function priorityOf(
  priorities: Awaited<ReturnType<Tenant['priorities']>>,
  row: JsonObject,
): JsonObject | null {
  const found = priorities.find(({ id }) => id === row['intPriorityID']);
  return found ? { strName: found.name, rank: found.rank } : null;
}

function typeOf(types: Awaited<ReturnType<Tenant['types']>>, row: JsonObject): JsonObject | null {
  const found = types.find(({ id }) => id === row['intMaintenanceTypeID']);
  return found ? { strName: found.name } : null;
}

const INTERVALS: Readonly<Record<string, string>> = {
  h: 'intTSHEveryHours',
  d: 'intTSDEveryDays',
  w: 'intTSWEveryWeeks',
  m: 'intTSMEveryMonths',
  y: 'intTSYEveryYears',
};
const LOGICS: Readonly<Record<string, string>> = {
  h: 'strDatLogicHourly',
  d: 'strDatLogicDaily',
  w: 'strDatLogicDaily',
  m: 'strDatLogicMonthly',
  y: 'strDatLogicYearly',
};

/** Of its many columns only those of the trigger's own type count (contract 3.8). */
function intervalOf(trigger: JsonObject): { interval: Json; logic: Json } {
  const type = textOf(trigger['strTSType']);
  return { interval: trigger[INTERVALS[type] ?? ''] ?? null, logic: trigger[LOGICS[type] ?? ''] ?? null };
}

function meterOf(trigger: JsonObject, asset: AssetRef | undefined): string | null {
  const assetId = intOf(trigger['intAssetID']) ?? asset?.id ?? null;
  const unitId = intOf(trigger['intRMeterReadingUnitID']);
  return assetId === null || unitId === null ? null : keyOf({ assetId, unitId });
}

function* pick(
  children: ReadonlyMap<number, readonly JsonObject[]>,
  field: string,
): Generator<number | null> {
  for (const siblings of children.values()) for (const row of siblings) yield intOf(row[field]);
}

function known(found: ReadonlyMap<number, unknown>, id: Json | undefined): number | null {
  const value = intOf(id);
  return value !== null && found.has(value) ? value : null;
}

/** `" 9 78 675 "` (contract 3.2). */
function idsIn(value: Json | undefined): number[] {
  return textOf(value)
    .split(/\s+/)
    .flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
}

function present(fields: Record<string, Json | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(fields).filter(
      (entry): entry is [string, Json] => entry[1] !== undefined && entry[1] !== null && entry[1] !== '',
    ),
  );
}
