/** Records as a person in the vendor's own screens edits them, and the stranger who inserts while somebody pages. */
import { showAll } from './projection.ts';
import { referenceOf } from './seed-reference.ts';
import { CLASS_NAMES, classNamed, type ClassName } from './schema.ts';
import type { Row } from './table.ts';
import { committed, createCall, type Call, type Tenant } from './tenant.ts';
import { addRecord, changeRecord, removeRecord } from './write.ts';

function classOf(object: string): ClassName {
  const className = classNamed(object);
  if (className === null)
    throw new TypeError(`There is no class "${object}"; use one of ${CLASS_NAMES.join(', ')}.`);
  return className;
}

function rowOf(tenant: Tenant, className: ClassName, id: string): Row {
  const row = tenant.store.get(className, Number(id));
  if (row === undefined) throw new TypeError(`There is no ${className} ${id}.`);
  return row;
}

export interface Screens {
  objects(): string[];
  list(object: string): object[];
  insert(object: string, fields: Record<string, unknown>): object;
  change(object: string, id: string, fields: Record<string, unknown>): object;
  remove(object: string, id: string): void;
}

export function createScreens(tenant: Tenant, userId: number): Screens {
  const start = (): Call => createCall(tenant, { userId, person: true });
  const reread = (className: ClassName, { id }: Row): object =>
    showAll(className, rowOf(tenant, className, String(id)));
  return {
    objects: () => [...CLASS_NAMES],
    list: (object) => {
      const className = classOf(object);
      return tenant.store
        .table(className)
        .ordered('id')
        .map((row) => showAll(className, row));
    },
    insert: (object, fields) => {
      const className = classOf(object);
      const call = start();
      return reread(
        className,
        committed(call, () => addRecord(call, className, fields)),
      );
    },
    change: (object, id, fields) => {
      const className = classOf(object);
      const before = rowOf(tenant, className, id);
      const call = start();
      return reread(
        className,
        committed(call, () => changeRecord(call, className, before, Object.keys(fields), fields)),
      );
    },
    remove: (object, id) => {
      const className = classOf(object);
      const row = rowOf(tenant, className, id);
      const call = start();
      committed(call, () => removeRecord(call, className, row));
    },
  };
}

/** After a page of the dial's class, somebody inserts one more record of it. */
export function insertForeign(tenant: Tenant, className: ClassName): void {
  const { insertWhilePaging } = tenant.dials;
  if (insertWhilePaging.times === 0 || insertWhilePaging.className !== className) return;
  insertWhilePaging.times -= 1;
  const { store, apiUserId } = tenant;
  const reference = referenceOf(store);
  const name = `Inserted while paging ${store.revision()}`;
  const site = store.table('Asset').referring('bolIsSite', 1)[0];
  const samples: Readonly<Partial<Record<ClassName, Record<string, unknown>>>> = {
    WorkOrder: { strDescription: name, intSiteID: site?.id, intWorkOrderStatusID: reference.status(4) },
    Asset: { strName: name, intCategoryID: reference.category('Equipment'), intSiteID: site?.id },
    Business: { strName: name },
    Account: { strCode: name },
  };
  createScreens(tenant, apiUserId).insert(className, samples[className] ?? {});
}
