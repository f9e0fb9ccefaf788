/** Record access of the control port: a person who works in ChatterFix's own screens, or in its database. */
import { createScreens, refuseForeign, type Screens } from '../../kit/sandbox/index.ts';
import { OBJECTS, type FieldValues, type ObjectName, type Tenant } from './generation.ts';
import type { Row } from './table.ts';

/** Refuses a field the generation has no column for. */
function checked(tenant: Tenant, object: ObjectName, fields: FieldValues): FieldValues {
  const { name, tables } = tenant.generation();
  const def = tables[object];
  const times = [def?.created, def?.updated].filter((column) => column !== undefined);
  const known = ['id', ...Object.keys(def?.columns ?? {}), ...times];
  refuseForeign(`${object} of the generation ${name}`, fields, known);
  return fields;
}

export function screensOf(tenant: Tenant): Screens {
  return createScreens<ObjectName, Row>({
    objects: () => OBJECTS.filter((object) => tenant.generation().tables[object] !== undefined),
    rows: tenant.rows,
    find: tenant.get,
    show: (object) => (row) => ({ ...tenant.show(object, row) }),
    insert: (object, fields) => tenant.insert(object, checked(tenant, object, fields)),
    change: (object, row, fields) => tenant.update(object, row, checked(tenant, object, fields)),
    remove: (object, row) => tenant.remove(object, row),
  });
}
