/**
 * From rows of Fiix to records as mappings read them: link rows and lists are joined, the words of the tenant stand beside
 * its ids, and what one text or one column holds for two things is taken apart. Names that Fiix does not have are listed
 * in `mappings/fiix/schema/`.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { JsonObject } from '../../domain/json.ts';
import type { ExternalRecord } from '../kit/contract.ts';
import { kindOf } from './categories.ts';
import type { Client } from './client.ts';
import { keyOf, pairOf } from './meters.ts';
import type { Pages } from './pages.ts';
import { createChildren } from './children.ts';
import type { KnownChildren } from './children.ts';
import { createPlanJoin } from './plan-join.ts';
import { known as seenAs, pick, present, priorityOf, recordOf, typeOf } from './record.ts';
import type { Joined } from './record.ts';
import type { AssetRef, References } from './references.ts';
import type { Tenant } from './tenant.ts';
import { idOf, intOf, normalise, splitText, textOf } from './wire.ts';

const ORDER_CHILDREN = ['WorkOrderTask', 'WorkOrderAsset', 'WorkOrderUser', 'WorkOrderPart'] as const;

export type Joins = ReturnType<typeof createJoins>;

export interface JoinDeps {
  client: Client;
  pages: Pages;
  tenant: Tenant;
  references: References;
  now: () => number;
}

export function createJoins({ client, pages, tenant, references, now }: JoinDeps) {
  const childrenOf = createChildren(pages);
  const plans = createPlanJoin({ client, tenant, references, childrenOf, now });

  async function workOrders(rows: readonly JsonObject[], known: KnownChildren): Promise<Joined[]> {
    const ids = rows.map(idOf);
    const [statuses, priorities, types] = [
      await tenant.statuses(rows.map((row) => intOf(row['intWorkOrderStatusID']))),
      await tenant.priorities(rows.map((row) => intOf(row['intPriorityID']))),
      await tenant.types(rows.map((row) => intOf(row['intMaintenanceTypeID']))),
    ];
    const children = await childrenOf(ORDER_CHILDREN, ids, known);
    const [tasks, links] = [children.WorkOrderTask, children.WorkOrderAsset];
    const [people, parts] = [children.WorkOrderUser, children.WorkOrderPart];
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
          requester: seenAs(users, row['intRequestedByUserID']),
          plan: seenAs(plans, row['intScheduledMaintenanceID']),
        }),
        tasks: own.tasks.map((task) => ({
          ...task,
          ...present({
            worker: seenAs(users, task['intCompletedByUserID']) ?? seenAs(users, task['intAssignedToUserID']),
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
    known: KnownChildren,
  ): Promise<Joined[]> {
    const categories = await tenant.categories(rows.map((row) => intOf(row['intCategoryID'])));
    const own = rows.filter((row) => kindOf(row, categories) === entity);
    const { Stock: stocks } = await childrenOf(['Stock'], entity === 'part' ? own.map(idOf) : [], known);
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

  /** One record for each row, the newest reading of its pair. Pairs on assets that are not shown are left out. */
  async function meters(rows: readonly JsonObject[]): Promise<Joined[]> {
    const wanted = rows.map((row) => intOf(row['intMeterReadingUnitsID']));
    const units = new Map((await tenant.units(wanted)).map((unit) => [unit.id, unit]));
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

  return async function complete(
    entity: Entity,
    rows: readonly JsonObject[],
    known: KnownChildren = {},
  ): Promise<ExternalRecord[]> {
    if (rows.length === 0) return [];
    const joined = await (async (): Promise<Joined[]> => {
      switch (entity) {
        case 'work_order':
          return workOrders(rows, known);
        case 'plan':
          return plans(rows);
        case 'meter':
          return meters(rows);
        case 'location':
        case 'asset':
        case 'part':
          return assetRows(entity, rows, known);
        default:
          return rows.map((row) => ({ raw: normalise(row), children: [] }));
      }
    })();
    return joined.map((each) => recordOf(entity, each));
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
