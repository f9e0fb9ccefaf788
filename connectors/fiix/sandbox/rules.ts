/**
 * What the server adds to a record that is written, and what it refuses, by class (contract 3 and 7). `settle` sees the
 * values before they are stored, `follow` what else happens afterwards.
 */
import { refused } from './fiix-error.ts';
import { settleWorkOrder, followWorkOrder } from './rules-work-order.ts';
import type { ClassName } from './schema.ts';
import type { Store } from './store.ts';
import type { Row, Value } from './store.ts';
import type { Call } from './tenant.ts';
import type { Values, Writing } from './writing.ts';
import { refreshNames, refreshPart, refreshPlan, refreshWorkOrder } from './work-order-texts.ts';

type Settle = (writing: Writing) => Values;
type Follow = (call: Call, before: Row | null, after: Row | null) => void;

/** Deterministic: nothing is drawn, so that 100,000 records are made quickly. */
export function uuidOf(store: Store, className: ClassName): string {
  const next = String(store.lastId(className) + 1).padStart(12, '0');
  const mark = className.length.toString(16).padStart(4, '0');
  return `f11c5a4d-${mark}-4000-8000-${next}`;
}

/** A field as it will be. */
function future({ values, before }: Writing, field: string): Value | null {
  return Object.hasOwn(values, field) ? (values[field] ?? null) : (before?.fields[field] ?? null);
}

const KINDS: Readonly<Record<number, number>> = { 1: 1, 2: 2, 3: 3, 4: 4, 11: 2 };
/** Categories whose code decides about the kind; the others only group. */
const SUPER_CODES: ReadonlySet<Value> = new Set([0, 1, 2, 3, 4, 10, 11]);

/** The code of the nearest super category above (contract 3.6). */
export function superCodeOf(store: Store, categoryId: unknown): number | null {
  let category = store.get('AssetCategory', categoryId);
  for (let depth = 0; category !== undefined && depth < 50; depth += 1) {
    const code = category.fields['intSysCode'];
    if (code !== undefined && SUPER_CODES.has(code)) return Number(code);
    category = store.get('AssetCategory', category.fields['intParentID']);
  }
  return null;
}

function settleAsset(writing: Writing): Values {
  const { call, values, before } = writing;
  const { store, dials, world } = call.tenant;
  for (const field of ['intAssetParentID', 'intAssetLocationID']) {
    if (before !== null && future(writing, field) === before.id) {
      throw refused(`An asset cannot be its own ${field}.`);
    }
  }
  const code = superCodeOf(store, future(writing, 'intCategoryID'));
  const settled: Values = {
    ...values,
    intSuperCategorySysCode: code,
    intKind: code === null ? null : (KINDS[code] ?? null),
  };
  if (before !== null) return settled;
  const site = values['bolIsSite'] === 1 && (call.actor.person || dials.createSites) ? 1 : 0;
  return {
    bolIsOnline: 1,
    ...settled,
    bolIsSite: site,
    bolIsRegion: 0,
    dtmCreated: world.clock.now(),
    strUuid: uuidOf(store, 'Asset'),
  };
}

/** A person must activate a user in the product (contract 3.10). */
function settleUser({ call, values, before }: Writing): Values {
  const { actor, tenant } = call;
  if (actor.person) return before === null ? { intUserStatusID: 1, ...values } : values;
  const activates = values['intUserStatusID'] === 1 && before?.fields['intUserStatusID'] !== 1;
  if (activates && !tenant.dials.deactivateUsers) {
    throw refused('Only inactive users can be written through the API.');
  }
  if (before === null || activates) return { ...values, intUserStatusID: 0 };
  return values;
}

function settlePlan({ call, values, before }: Writing): Values {
  const { store, world } = call.tenant;
  const now = world.clock.now();
  if (before !== null) return { ...values, dtmUpdatedDate: now };
  const code = values['strCode'] ?? `SM${store.nextCode('ScheduledMaintenance')}`;
  return {
    intScheduledMaintenanceStatusID: 0,
    ...values,
    strCode: code,
    dtmCreateDate: now,
    dtmUpdatedDate: now,
  };
}

function settleStock({ call, values, before }: Writing): Values {
  const { actor, tenant } = call;
  const moved = before !== null && Object.hasOwn(values, 'qtyOnHand');
  if (moved && !actor.person && !tenant.dials.stockWritable) {
    throw refused('qtyOnHand cannot be changed; it moves with transactions.');
  }
  return values;
}

/** Each movement of stock leaves a row in the ledger. */
function followStock({ tenant, actor }: Call, before: Row | null, after: Row | null): void {
  const { store, world } = tenant;
  refreshPart(store, (after ?? before)?.fields['intAssetID']);
  if (after === null) return;
  const [was, is] = [before, after].map((row) => Number(row?.fields['qtyOnHand'] ?? 0));
  if (was === is || was === undefined || is === undefined) return;
  const type = store.tables.rows('StockTxType')[0];
  store.add('StockHistory', {
    intStockID: after.id,
    dtmDate: world.clock.now(),
    qtyBefore: was,
    qtyAfter: is,
    qtyQuantity: is - was,
    intStockTxTypeID: type?.id,
    intUserID: actor.userId,
  });
}

function settlePurchaseOrder({ call, values, before }: Writing): Values {
  if (before !== null) return values;
  return { ...values, intCode: call.tenant.store.nextCode('PurchaseOrder') };
}

/** Bytes arrive as Base64 text in `strContents`. */
function settleFileContents(writing: Writing): Values {
  const contents = future(writing, 'strContents');
  return typeof contents === 'string'
    ? { ...writing.values, intSize: Buffer.from(contents, 'base64').length }
    : writing.values;
}

const SETTLE: Readonly<Partial<Record<ClassName, Settle>>> = {
  WorkOrder: settleWorkOrder,
  Asset: settleAsset,
  User: settleUser,
  ScheduledMaintenance: settlePlan,
  Stock: settleStock,
  PurchaseOrder: settlePurchaseOrder,
  FileContents: settleFileContents,
};

export function settle(className: ClassName, writing: Writing): Values {
  return SETTLE[className]?.(writing) ?? writing.values;
}

function renamed(className: 'Asset' | 'User', fields: readonly string[]): Follow {
  return ({ tenant }, before, after) => {
    if (before === null || after === null) return;
    if (fields.some((field) => before.fields[field] !== after.fields[field])) {
      refreshNames(tenant.store, className, after.id);
    }
  };
}

const ofPlan: Follow = ({ tenant }, before, after) => {
  refreshPlan(tenant.store, (after ?? before)?.fields['intScheduledMaintenanceID']);
};

const FOLLOW: Readonly<Partial<Record<ClassName, Follow>>> = {
  WorkOrder: followWorkOrder,
  Asset: renamed('Asset', ['strName', 'strCode']),
  User: renamed('User', ['strFullName']),
  ScheduledMaintenanceUser: ofPlan,
  Stock: followStock,
};

/** Children of a work order whose rows its texts are made of, or that move it when the dial says so. */
const CHILDREN: readonly ClassName[] = [
  'WorkOrderAsset',
  'WorkOrderUser',
  'WorkOrderPart',
  'WorkOrderTask',
  'WorkOrderBusiness',
  'MiscCost',
];

export function follow(call: Call, className: ClassName, before: Row | null, after: Row | null): void {
  FOLLOW[className]?.(call, before, after);
  const { store, dials } = call.tenant;
  const linksTexts = className === 'WorkOrderAsset' || className === 'WorkOrderUser';
  if (!CHILDREN.includes(className) || (!linksTexts && !dials.childMovesParent)) return;
  const owners = new Set([before, after].map((row) => row?.fields['intWorkOrderID']));
  for (const owner of owners) refreshWorkOrder(store, owner, !dials.childMovesParent);
}
