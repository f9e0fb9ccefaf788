/** What every tenant has from its first day: statuses, priorities, types, categories, units, countries, users, two sites. */
import { superCodeOf, uuidOf } from './rules.ts';
import type { ClassName } from './schema.ts';
import type { Changes, Store } from './store.ts';

export const TENANT_START_MS = Date.UTC(2001, 0, 1);

/** Contract 3.4: system code, name, group. */
const STATUSES = [
  [2, 'Requested', 100],
  [3, 'Assigned', 101],
  [4, 'Open', 101],
  [5, 'Work In Progress', 101],
  [6, 'On Hold', 101],
  [7, 'Closed, Completed', 102],
  [8, 'Draft', 103],
  [9, 'Closed, Incomplete', 102],
] as const;

const PRIORITIES = ['Highest', 'High', 'Medium', 'Low', 'Lowest'] as const;

const TYPES = [
  ['Preventive', '#2e7d32'],
  ['Corrective', '#ef6c00'],
  ['Damage', '#c62828'],
  ['Safety', '#fdd835'],
  ['Upgrade', '#1565c0'],
  ['Electrical', '#6a1b9a'],
  ['Project', '#00838f'],
  ['Inspection', '#558b2f'],
  ['Meter Reading', '#4e342e'],
  ['Other', '#757575'],
] as const;

/** Contract 3.6: name, code, the category above. Storage, buildings and plants are locations. */
const CATEGORIES = [
  ['Assets', 0, null],
  ['Locations And Facilities', 1, 'Assets'],
  ['Equipment', 2, 'Assets'],
  ['Tools', 3, 'Assets'],
  ['Parts And Supplies', 4, 'Assets'],
  ['Inventory Storage', 5, 'Locations And Facilities'],
  ['Buildings', 6, 'Locations And Facilities'],
  ['Plants', 7, 'Locations And Facilities'],
  ['Regions', 10, 'Assets'],
  ['Rotating Spares', 11, 'Assets'],
] as const;

const UNITS = [
  ['Hours', 'h', 1],
  ['Kilometers', 'km', 0],
  ['Degrees Celsius', '°C', 1],
] as const;

const PO_STATUSES = [
  [1, 'Draft', 100],
  [3, 'Waiting For Approval', 101],
  [4, 'Approved', 102],
  [5, 'On order', 103],
  [6, 'Order Fulfilled', 104],
  [7, 'Order Not Fulfilled', 104],
  [8, 'Cancelled', 104],
] as const;

/** Ids of what was seeded, by name. */
export interface Reference {
  status(sysCode: number): number;
  priority(name: (typeof PRIORITIES)[number]): number;
  type(name: (typeof TYPES)[number][0]): number;
  category(name: string): number;
  unit(name: string): number;
  country(short: string): number;
}

function idWhere(store: Store, className: ClassName, column: string, value: string | number): number {
  const row = store.tables.rows(className).find(({ fields }) => fields[column] === value);
  if (row === undefined) throw new TypeError(`There is no ${className} with ${column} ${value}.`);
  return row.id;
}

export function referenceOf(store: Store): Reference {
  return {
    status: (sysCode) => idWhere(store, 'WorkOrderStatus', 'intSysCode', sysCode),
    priority: (name) => idWhere(store, 'Priority', 'strName', name),
    type: (name) => idWhere(store, 'MaintenanceType', 'strName', name),
    category: (name) => idWhere(store, 'AssetCategory', 'strName', name),
    unit: (name) => idWhere(store, 'MeterReadingUnit', 'strName', name),
    country: (short) => idWhere(store, 'Country', 'strShort2', short),
  };
}

export function seedUser(store: Store, fields: Changes): number {
  return store.add('User', { intUserStatusID: 1, bolGroup: 0, ...fields }, TENANT_START_MS).id;
}

const KINDS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 11: 2 };

/** An asset of a category, with what the server derives from it. */
export function seedAsset(store: Store, category: number, fields: Changes, at = TENANT_START_MS): number {
  const code = superCodeOf(store, category);
  const derived = {
    intSuperCategorySysCode: code,
    intKind: code === null ? null : KINDS[code],
    bolIsSite: 0,
    bolIsRegion: 0,
    bolIsOnline: 1,
    dtmCreated: at,
    strUuid: uuidOf(store, 'Asset'),
  };
  return store.add('Asset', { ...derived, intCategoryID: category, ...fields }, at).id;
}

function seedSite(store: Store, name: string, code: string, location: string): number {
  const reference = referenceOf(store);
  const plants = reference.category('Plants');
  const site = seedAsset(store, plants, {
    strName: name,
    strCode: code,
    bolIsSite: 1,
    strTimezone: 'America/Toronto',
    intCountryID: reference.country('CA'),
  });
  const inside = { intSiteID: site, intAssetParentID: site };
  seedAsset(store, reference.category('Buildings'), { strName: location, strCode: `${code}-1`, ...inside });
  return site;
}

export interface Basics {
  apiUserId: number;
  guestId: number;
}

export function seedReference(store: Store): Basics {
  const at = TENANT_START_MS;
  for (const [intSysCode, strName, intControlID] of STATUSES) {
    const labels = { strName, strDefaultLabel: strName, strUniqueKey: `wos.${intSysCode}` };
    store.add('WorkOrderStatus', { ...labels, intSysCode, intControlID }, at);
  }
  PRIORITIES.forEach((strName, i) => {
    store.add('Priority', { strName, intOrder: i + 1, intSysCode: i + 1 }, at);
  });
  TYPES.forEach(([strName, strColor], i) => {
    store.add('MaintenanceType', { strName, strColor, intSysCode: i + 1 }, at);
  });
  const categories = new Map<string, number>();
  for (const [strName, intSysCode, parent] of CATEGORIES) {
    const intParentID = parent === null ? null : categories.get(parent);
    const fields = { strName, intSysCode, intParentID, bolOverrideRules: 0 };
    categories.set(strName, store.add('AssetCategory', fields, at).id);
  }
  for (const [strName, strSymbol, intPrecision] of UNITS) {
    store.add('MeterReadingUnit', { strName, strSymbol, intPrecision }, at);
  }
  for (const [intSysCode, strName, intControlID] of PO_STATUSES) {
    store.add('PurchaseOrderStatus', { strName, intSysCode, intControlID }, at);
  }
  for (const [strName, strShort2] of [
    ['Canada', 'CA'],
    ['United States', 'US'],
    ['Australia', 'AU'],
  ] as const) {
    store.add('Country', { strName, strShort2 }, at);
  }
  for (const [strISOCode, strName, strSymbol] of [
    ['CAD', 'Canadian Dollar', '$'],
    ['USD', 'US Dollar', '$'],
    ['AUD', 'Australian Dollar', '$'],
  ] as const) {
    store.add('Currency', { strISOCode, strName, strSymbol }, at);
  }
  for (const strName of ['Adjustment', 'Receipt', 'Work Order Usage']) store.add('StockTxType', { strName });
  for (const strName of ['Breakdown', 'Scheduled']) {
    store.add('ReasonToSetAssetOffline', { strName }, at);
  }
  store.add('ReasonToSetAssetOnline', { strName: 'Repaired' }, at);
  store.add('MiscCostType', { strName: 'Other' }, at);
  const apiUserId = seedUser(store, {
    strFullName: 'Integration User',
    strUserName: 'integration',
    strEmailAddress: 'integration@fiix.example',
    bolApiApplicationUser: 1,
  });
  const guestId = seedUser(store, { strFullName: 'Guest', strUserName: 'guest' });
  return { apiUserId, guestId };
}

/** Two sites with a building each, for tenants that bring no places of their own. */
export function seedSites(store: Store): number[] {
  return [
    seedSite(store, 'Main Plant', 'MAIN', 'Building 1'),
    seedSite(store, 'Second Plant', 'SECOND', 'Building 2'),
  ];
}
