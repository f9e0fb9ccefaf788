/** Records as a person in the vendor's own screens edits them, and the stranger who works while somebody pages. */
import {
  asRecords,
  createElements,
  createPaging,
  createScreens,
  type Elements,
  type Paging,
  type Screens,
} from '../../kit/sandbox/index.ts';
import { refused } from './fiix-error.ts';
import { showAll } from './projection.ts';
import { CLASS_NAMES, type ClassName } from './schema.ts';
import { referenceOf } from './seed-reference.ts';
import type { Row, Store } from './store.ts';
import { createCall, type Call, type Tenant } from './tenant.ts';
import { addRecord, changeRecord, removeRecord } from './write.ts';

export function screensOf(tenant: Tenant): Screens {
  const { tables } = tenant.store;
  const start = (): Call => createCall(tenant, { userId: tenant.apiUserId, person: true });
  return createScreens<ClassName, Row>({
    objects: () => CLASS_NAMES,
    rows: tables.rows,
    find: (className, id) => tables.get(className, Number(id)),
    show: (className) => (row) => showAll(className, row),
    insert: (className, fields) => addRecord(start(), className, fields),
    change: (className, row, fields) => changeRecord(start(), className, row, Object.keys(fields), fields),
    remove: (className, row) => removeRecord(start(), className, row),
    atomically: tables.atomically,
  });
}

export function elementsOf(screens: Screens): Elements {
  const below = (object: ClassName, owner: string): ReturnType<typeof asRecords> =>
    asRecords({ screens, object, link: (id) => ({ [owner]: Number(id) }) });
  return createElements({
    WorkOrder: {
      tasks: below('WorkOrderTask', 'intWorkOrderID'),
      parts: below('WorkOrderPart', 'intWorkOrderID'),
      costs: below('MiscCost', 'intWorkOrderID'),
      people: below('WorkOrderUser', 'intWorkOrderID'),
    },
    ScheduledMaintenance: {
      tasks: below('ScheduledTask', 'intScheduledMaintenanceID'),
      planned_parts: below('ScheduledMaintenancePart', 'intScheduledMaintenanceID'),
    },
  });
}

function strangersRecord(store: Store, className: string): Record<string, unknown> {
  const reference = referenceOf(store);
  const name = `Inserted while paging ${store.tables.revision()}`;
  const [site] = store.referring('Asset', 'bolIsSite', 1);
  switch (className) {
    case 'WorkOrder':
      return { strDescription: name, intSiteID: site?.id, intWorkOrderStatusID: reference.status(4) };
    case 'Asset':
      return { strName: name, intCategoryID: reference.category('Equipment'), intSiteID: site?.id };
    case 'Business':
      return { strName: name };
    default:
      return { strCode: name };
  }
}

/** `screens` when somebody works in them: pages are part of the tenant that screens are made of. */
export function pagingOf({ world, dials, store }: Omit<Tenant, 'paging'>, screens: () => Screens): Paging {
  return createPaging({
    world,
    dials,
    refuse: (reason) => refused(reason === 'beyond' ? 'There is no such page.' : 'The page has expired.'),
    somebody: {
      inserts: (className) => void screens().insert(className, strangersRecord(store, className)),
      removes(className) {
        const [first] = store.tables.rows(className as ClassName);
        if (first !== undefined) screens().remove(className, String(first.id));
      },
    },
  });
}
