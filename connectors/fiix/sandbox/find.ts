/** FindRequest and FindByIdRequest (contract 2.2, 2.4). */
import { unreadable } from './fiix-error.ts';
import { readPage, type Body } from './page.ts';
import { readProjection, show } from './projection.ts';
import { checkClass, checkRecord } from './rights.ts';
import type { ClassName } from './schema.ts';
import { insertForeign } from './screens.ts';
import type { Call, Tenant } from './tenant.ts';

/** A read that lags takes one from the dial; the last one lets go of the past. */
function agePast(tenant: Tenant): void {
  if (tenant.dials.staleReads > 0) tenant.dials.staleReads -= 1;
  if (tenant.dials.staleReads === 0) tenant.past = null;
}

export function find(call: Call, className: ClassName, body: Body): object {
  const { tenant } = call;
  checkClass(call, 'find', className);
  const projection = readProjection(tenant, className, body['fields']);
  const { rows, matches } = readPage(call, className, body);
  const { filters, orderBy, startIndex, maxObjects } = body;
  tenant.world.stats.page(className, JSON.stringify({ filters, orderBy, startIndex, maxObjects }));
  const objects = rows.map((row) => show(tenant, projection, row));
  agePast(tenant);
  insertForeign(tenant, className);
  const totalObjects = tenant.dials.totalObjects === 'matches' ? matches : objects.length;
  return objects.length === 0 && tenant.dials.objectsMissing ? { totalObjects } : { totalObjects, objects };
}

/** An unknown id is no error: the answer has no object. */
export function findById(call: Call, className: ClassName, body: Body): object {
  checkClass(call, 'find', className);
  const projection = readProjection(call.tenant, className, body['fields']);
  const id = body['id'];
  if (typeof id !== 'number') throw unreadable('"id" must be a whole number.');
  const row = call.tenant.store.get(className, call.temporary.get(id) ?? id);
  if (row === undefined) return {};
  checkRecord(call, 'find', className, row.fields);
  return { object: show(call.tenant, projection, row) };
}
