/** Record access of the control port: a person who works in ChatterFix's own screens, or in its database. */
import type { FieldValues, ObjectName, Tenant } from './generation.ts';
import { OBJECTS } from './generation.ts';
import type { Row } from './table.ts';
import { objectName } from './tenant.ts';

function existing(tenant: Tenant, object: ObjectName, id: string): Row {
  const row = tenant.get(object, id);
  if (row === undefined) throw new TypeError(`There is no record "${id}" in ${object}.`);
  return row;
}

/** A field the generation has no column for is refused: an edit that leaves no trace helps no test. */
function checked(tenant: Tenant, object: ObjectName, fields: FieldValues): FieldValues {
  const def = tenant.generation().tables[object];
  const { name } = tenant.generation();
  if (def === undefined) throw new TypeError(`The generation ${name} has no ${object}.`);
  const known = ['id', ...Object.keys(def.columns), def.created, def.updated];
  const foreign = Object.keys(fields).find((field) => !known.includes(field));
  if (foreign !== undefined) {
    const columns = Object.keys(def.columns).join(', ');
    throw new TypeError(`The generation ${name} has no "${foreign}" in ${object}; it has ${columns}.`);
  }
  return fields;
}

export interface Screens {
  objects(): string[];
  list(object: string): object[];
  insert(object: string, fields: Record<string, unknown>): object;
  change(object: string, id: string, fields: Record<string, unknown>): object;
  remove(object: string, id: string): void;
}

export function createScreens(tenant: Tenant): Screens {
  return {
    objects: () => OBJECTS.filter((object) => tenant.generation().tables[object] !== undefined),
    list: (object) => {
      const name = objectName(object);
      return tenant.rows(name).map((row) => ({ ...tenant.show(name, row) }));
    },
    insert(object, fields) {
      const name = objectName(object);
      return { ...tenant.show(name, tenant.insert(name, checked(tenant, name, fields))) };
    },
    change(object, id, fields) {
      const name = objectName(object);
      const row = tenant.update(name, existing(tenant, name, id), checked(tenant, name, fields));
      return { ...tenant.show(name, row) };
    },
    remove(object, id) {
      const name = objectName(object);
      tenant.remove(name, existing(tenant, name, id));
    },
  };
}
