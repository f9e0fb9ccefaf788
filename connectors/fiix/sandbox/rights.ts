/** What the user of the keys may do: the codes of contract 2.8, by class and site, as the dial `permissions` says. */
import { refused } from './fiix-error.ts';
import type { ClassName } from './schema.ts';
import type { Store } from './store.ts';
import type { Row, Value } from './store.ts';
import type { Call } from './tenant.ts';

export type Verb = 'add' | 'change' | 'remove' | 'find';

const CODES: Readonly<Record<Verb, number>> = { add: 2020, change: 2030, remove: 2040, find: 2050 };

type Fields = Readonly<Record<string, Value | null | undefined>>;

const PARENTS: readonly (readonly [column: string, className: ClassName])[] = [
  ['intWorkOrderID', 'WorkOrder'],
  ['intScheduledMaintenanceID', 'ScheduledMaintenance'],
  ['intAssetID', 'Asset'],
];

/** The site a record belongs to, by itself or through the one it hangs on; null when it belongs to none. */
function siteOf(store: Store, className: ClassName, fields: Fields): number | null {
  if (className === 'Asset' && fields['bolIsSite'] === 1) return Number(fields['id']);
  const own = fields['intSiteID'];
  if (typeof own === 'number') return own;
  for (const [column, parent] of PARENTS) {
    const row = store.get(parent, fields[column]);
    if (row !== undefined) return siteOf(store, parent, row.fields);
  }
  return null;
}

/** Classes whose records always belong to a site; the others are the whole tenant's. */
const OF_A_SITE: readonly ClassName[] = ['WorkOrder', 'Asset', 'ScheduledMaintenance'];

function seesSite({ tenant }: Call, className: ClassName, fields: Fields): boolean {
  const sites = tenant.dials.permissions?.sites ?? null;
  if (sites === null) return true;
  const site = siteOf(tenant.store, className, fields);
  return site === null ? !OF_A_SITE.includes(className) : sites.includes(site);
}

export function denial(verb: Verb, className: ClassName): Error {
  return refused(`No permission to ${verb} ${className}.`, CODES[verb]);
}

export function checkClass({ tenant, actor }: Call, verb: Verb, className: ClassName): void {
  if (actor.person) return;
  const denied = tenant.dials.permissions?.[verb] ?? [];
  if (denied.includes(className) || denied.includes('*')) throw denial(verb, className);
}

export function checkRecord(call: Call, verb: Verb, className: ClassName, fields: Fields): void {
  checkClass(call, verb, className);
  if (!call.actor.person && !seesSite(call, className, fields)) throw denial(verb, className);
}

/** Null when every row may be seen. */
export function visible(call: Call, className: ClassName): ((row: Row) => boolean) | null {
  if (call.actor.person || (call.tenant.dials.permissions?.sites ?? null) === null) return null;
  return (row) => seesSite(call, className, row.fields);
}

export function checkRpc({ tenant }: Call, name: string): void {
  const denied = tenant.dials.permissions?.rpc ?? [];
  if (denied.includes(name) || denied.includes('*')) {
    throw refused(`No permission to call ${name}.`, 2100);
  }
}
