/** FindRequest and FindByIdRequest (contract 2.2, 2.4). */
import { unreadable } from './fiix-error.ts';
import { readPage, type Body } from './page.ts';
import { readProjection, show } from './projection.ts';
import { checkClass, checkRecord } from './rights.ts';
import type { ClassName } from './schema.ts';
import type { Call } from './tenant.ts';

export function find(call: Call, className: ClassName, body: Body): object {
  const { tenant } = call;
  checkClass(call, 'find', className);
  const projection = readProjection(tenant, className, body['fields']);
  const { rows, total } = readPage(call, className, body);
  const { filters, orderBy, startIndex, maxObjects } = body;
  const objects = rows.map((row) => show(tenant, projection, row));
  tenant.store.past.answered();
  tenant.paging.served(className, JSON.stringify({ filters, orderBy, startIndex, maxObjects }));
  const totalObjects = tenant.dials.totalObjects === 'matches' ? total : objects.length;
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
