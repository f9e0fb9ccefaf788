/** What each resource adds to, or refuses of, the values a client sent. Work orders have a file of their own. */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import { settleFile } from './files.ts';
import type { ObjectName } from './schema.ts';
import type { Row } from './store.ts';
import { settleWorkOrder } from './work-order-rules.ts';

const LEVELS_MAX = 6;
/** Longer chains than any account has; a guard against walking a cycle for ever. */
const CHAIN_MAX = 10_000;

type Settle = (account: Account, values: Values, before: Row | null, actor: Actor) => Values;

function refuseCycle(
  { store }: Account,
  object: ObjectName,
  field: string,
  { id, parent }: { id: string | undefined; parent: unknown },
): void {
  let at = typeof parent === 'string' ? store.tables.get(object, parent) : undefined;
  for (let steps = 0; at !== undefined && steps < CHAIN_MAX; steps += 1) {
    if (at.id === id) throw new ApiError(400, `${field} cannot be the record itself or below it`);
    at = store.tables.get(object, String(at.fields[field]));
  }
}

function childrenOf({ store }: Account, id: string): Row[] {
  return store.tables.where('locations', ['parentLocation'], [id]);
}

function levelsBelow(account: Account, id: string): number {
  const below = childrenOf(account, id).map((child) => 1 + levelsBelow(account, child.id));
  return Math.max(0, ...below);
}

function setLevels(account: Account, parent: string, level: number): void {
  for (const row of childrenOf(account, parent)) {
    account.store.replace('locations', row, { hierarchyLevel: level }, null);
    setLevels(account, row.id, level + 1);
  }
}

/** Levels 0 to 5; a move takes everything below along. */
const settleLocation: Settle = (account, values, before) => {
  const parent = values['parentLocation'];
  if (before !== null && parent === undefined) return values;
  refuseCycle(account, 'locations', 'parentLocation', { id: before?.id, parent });
  const above = account.store.tables.get('locations', String(parent))?.fields['hierarchyLevel'];
  const level = typeof above === 'number' ? above + 1 : 0;
  const below = before === null ? 0 : levelsBelow(account, before.id);
  if (level + below >= LEVELS_MAX) throw new ApiError(400, 'parentLocation is too deep, six levels at most');
  if (before !== null) setLevels(account, before.id, level + 1);
  return { ...values, hierarchyLevel: level };
};

/** A downtime status says whether the asset is down, so it and `status` move together (contract 3.4, pick). */
const settleAsset: Settle = (account, values, before) => {
  refuseCycle(account, 'assets', 'parentAsset', { id: before?.id, parent: values['parentAsset'] });
  const { tables } = account.store;
  const status = (id: unknown): Row | undefined => tables.get('asset-downtime-statuses', String(id));
  const chosen = values['downtimeStatus'];
  if (typeof chosen === 'string') {
    return { ...values, status: status(chosen)?.fields['isDowntime'] === true ? 'inactive' : 'active' };
  }
  const wanted = values['status'] ?? (before === null ? 'active' : undefined);
  if (wanted === undefined) return values;
  const fits = (row: Row | undefined): boolean =>
    (row?.fields['isDowntime'] === true) === (wanted === 'inactive');
  const current = status(before?.fields['downtimeStatus']);
  const match =
    current !== undefined && fits(current) ? current : tables.rows('asset-downtime-statuses').find(fits);
  return { ...values, status: wanted, ...(match === undefined ? {} : { downtimeStatus: match.id }) };
};

const settleUser: Settle = (account, values, before) => {
  const taken = account.store.tables
    .rows('users')
    .some((row) => row.fields['email'] === values['email'] && row.id !== before?.id);
  if (taken) throw new ApiError(400, 'email is already in use');
  return values;
};

const settleReading: Settle = (account, values, before) => {
  if (before !== null) return values;
  return { ...values, date: values['date'] ?? new Date(account.world.clock.now()).toISOString() };
};

const settleRequest: Settle = (_account, values, before) =>
  before === null ? { ...values, status: 'pending' } : values;

const settlePm: Settle = (_account, values, before, actor) =>
  before === null ? { tasks: [], partInventories: [], ...values, createdBy: actor.userId } : values;

export const SETTLE: Partial<Record<ObjectName, Settle>> = {
  locations: settleLocation,
  assets: settleAsset,
  users: settleUser,
  readings: settleReading,
  requests: settleRequest,
  'work-orders': settleWorkOrder,
  pm: settlePm,
  files: (_account, values, before) => (before === null ? settleFile(values) : values),
};
