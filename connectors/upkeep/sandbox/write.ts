/** Creates, changes and deletes records: reads the values, applies the resource's rules, stores, tells the webhooks. */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import { readFields, type Values } from './field-values.ts';
import { SETTLE } from './rules.ts';
import { SCHEMA, type ObjectName } from './schema.ts';
import { show } from './show.ts';
import type { Row } from './store.ts';
import { moveStock } from './work-order-rules.ts';

export function find(account: Account, object: ObjectName, id: string): Row {
  const row = account.store.tables.get(object, id);
  if (row === undefined) throw new ApiError(404, `${SCHEMA[object].singular} not found`);
  return row;
}

function count(
  account: Account,
  actor: Actor,
  kind: 'created' | 'updated' | 'deleted',
  object: ObjectName,
): void {
  if (!actor.person) account.world.stats.wrote(kind, object);
}

function read(account: Account, object: ObjectName, body: Values, creating: boolean): Values {
  return readFields(SCHEMA[object], body, {
    strict: account.dials.strictFields,
    creating,
    exists: (target, id) => account.store.tables.get(target, id) !== undefined,
  });
}

/** Splits off what is kept but never shown. */
function conceal(object: ObjectName, values: Values): { shown: Values; hidden: Values } {
  const shown = { ...values };
  const hidden: Values = {};
  for (const field of SCHEMA[object].writeOnly) {
    if (Object.hasOwn(shown, field)) hidden[field] = shown[field];
    delete shown[field];
  }
  return { shown, hidden };
}

function announce(account: Account, object: ObjectName, before: Row | null, after: Row): void {
  const { webhooks } = account;
  if (object === 'work-orders') {
    const body = show(account, object, after);
    webhooks.fire(before === null ? 'WORK_ORDER_CREATED' : 'WORK_ORDER_UPDATED', body);
    if (before !== null && before.fields['status'] !== after.fields['status']) {
      webhooks.fire('WORK_ORDER_STATUS_UPDATED', body);
    }
  } else if (object === 'requests') {
    const was = before?.fields['status'];
    const is = after.fields['status'];
    const event =
      before === null
        ? 'REQUEST_CREATED'
        : is !== was && is === 'approved'
          ? 'REQUEST_APPROVED'
          : is !== was && is === 'rejected'
            ? 'REQUEST_REJECTED'
            : 'REQUEST_UPDATED';
    webhooks.fire(event, show(account, object, after));
  }
}

export function create(account: Account, object: ObjectName, body: Values, actor: Actor): Row {
  const values = read(account, object, body, true);
  const settled = SETTLE[object]?.(account, values, null, actor) ?? values;
  const { shown, hidden } = conceal(object, settled);
  if (SCHEMA[object].createdByUser) shown['createdByUser'] = actor.userId;
  const row = account.store.add(object, shown, { ...hidden, creator: actor.userId });
  if (object === 'work-orders' && values['decreaseInventory'] !== 'manual') moveStock(account, null, row);
  if (object === 'readings' && !account.dials.quietReadings) {
    const meter = account.store.tables.get('meters', String(row.fields['meter']));
    if (meter !== undefined) account.store.replace('meters', meter, {}, account.store.stamp());
  }
  count(account, actor, 'created', object);
  announce(account, object, null, row);
  return row;
}

/** Changes only what is sent; null clears (contract 6, quirks 1 and 2). */
export function update(account: Account, object: ObjectName, id: string, body: Values, actor: Actor): Row {
  const before = find(account, object, id);
  const values = read(account, object, body, false);
  const settled = SETTLE[object]?.(account, values, before, actor) ?? values;
  const { shown, hidden } = conceal(object, settled);
  return store(account, object, before, shown, { ...before.hidden, ...hidden }, actor, values);
}

function store(
  account: Account,
  object: ObjectName,
  before: Row,
  shown: Values,
  hidden: Values,
  actor: Actor,
  sent: Values,
): Row {
  const row = account.store.replace(object, before, shown, account.store.stamp(), hidden);
  if (object === 'work-orders' && sent['decreaseInventory'] !== 'manual') moveStock(account, before, row);
  count(account, actor, 'updated', object);
  announce(account, object, before, row);
  return row;
}

/** Sets fields no client may send, such as a request's status. */
export function setFields(
  account: Account,
  object: ObjectName,
  id: string,
  fields: Values,
  actor: Actor,
): Row {
  const before = find(account, object, id);
  return store(account, object, before, fields, { ...before.hidden }, actor, {});
}

/** PM templates are only marked (quirk 6); everything else is gone. */
export function remove(account: Account, object: ObjectName, id: string, actor: Actor): void {
  find(account, object, id);
  if (object === 'pm') {
    const deletedAt = account.store.stamp();
    const before = find(account, object, id);
    account.store.replace('pm', before, { deletedAt, deletedBy: actor.userId }, deletedAt);
  } else account.store.tables.drop(object, id);
  count(account, actor, 'deleted', object);
  if (object === 'work-orders') account.webhooks.fire('WORK_ORDER_DELETED', { id });
}
