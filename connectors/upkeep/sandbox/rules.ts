/** What each resource adds to, or refuses of, the values a client sent. Work orders have a file of their own. */
import type { Account, Actor } from './account.ts';
import { ApiError } from './api-error.ts';
import type { Values } from './field-values.ts';
import { settleFile } from './files.ts';
import type { ObjectName } from './schema.ts';
import type { Row, Table } from './table.ts';
import { settleWorkOrder } from './work-order-rules.ts';

const LEVELS_MAX = 6;
/** Longer chains than any account has; a guard against walking a cycle for ever. */
const CHAIN_MAX = 10_000;

type Settle = (account: Account, values: Values, before: Row | null, actor: Actor) => Values;

function refuseCycle(table: Table, field: string, id: string | undefined, parent: unknown): void {
  let at = typeof parent === 'string' ? table.get(parent) : undefined;
  for (let steps = 0; at !== undefined && steps < CHAIN_MAX; steps += 1) {
    if (at.id === id) throw new ApiError(400, `${field} cannot be the record itself or below it`);
    at = table.get(String(at.fields[field]));
  }
}

function levelsBelow(table: Table, id: string): number {
  const children = [...table.rows()].filter((row) => row.fields['parentLocation'] === id);
  return children.reduce((deepest, child) => Math.max(deepest, 1 + levelsBelow(table, child.id)), 0);
}

function setLevels(account: Account, parent: string, level: number): void {
  const table = account.store.table('locations');
  for (const row of [...table.rows()].filter((child) => child.fields['parentLocation'] === parent)) {
    account.store.replace('locations', row, { hierarchyLevel: level }, null);
    setLevels(account, row.id, level + 1);
  }
}

/** Levels 0 to 5; a move takes everything below along. */
const settleLocation: Settle = (account, values, before) => {
  const parent = values['parentLocation'];
  if (before !== null && parent === undefined) return values;
  const table = account.store.table('locations');
  refuseCycle(table, 'parentLocation', before?.id, parent);
  const above = typeof parent === 'string' ? table.get(parent)?.fields['hierarchyLevel'] : undefined;
  const level = typeof above === 'number' ? above + 1 : 0;
  const below = before === null ? 0 : levelsBelow(table, before.id);
  if (level + below >= LEVELS_MAX) throw new ApiError(400, 'parentLocation is too deep, six levels at most');
  if (before !== null) setLevels(account, before.id, level + 1);
  return { ...values, hierarchyLevel: level };
};

/** A downtime status says whether the asset is down, so it and `status` move together (contract 3.4, pick). */
const settleAsset: Settle = (account, values, before) => {
  refuseCycle(account.store.table('assets'), 'parentAsset', before?.id, values['parentAsset']);
  const statuses = account.store.table('asset-downtime-statuses');
  const chosen = values['downtimeStatus'];
  if (typeof chosen === 'string') {
    return { ...values, status: statuses.get(chosen)?.fields['isDowntime'] === true ? 'inactive' : 'active' };
  }
  const status = values['status'] ?? (before === null ? 'active' : undefined);
  if (status === undefined) return values;
  const fits = (row: Row | undefined): boolean =>
    (row?.fields['isDowntime'] === true) === (status === 'inactive');
  const current = statuses.get(String(before?.fields['downtimeStatus']));
  const match = current !== undefined && fits(current) ? current : [...statuses.rows()].find(fits);
  return { ...values, status, ...(match === undefined ? {} : { downtimeStatus: match.id }) };
};

const settleUser: Settle = (account, values, before) => {
  const taken = [...account.store.table('users').rows()].some(
    (row) => row.fields['email'] === values['email'] && row.id !== before?.id,
  );
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
