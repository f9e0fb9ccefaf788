/** The dial `insertWhilePaging`: somebody creates an order between two pages of a client. */
import { FIRST_NUMBER } from './customizing.ts';
import { nowOf, textOf } from './draft.ts';
import type { EntitySet } from './schema.ts';
import type { Call } from './world.ts';

export function insertOneMore(call: Call, set: EntitySet): void {
  const { dials, db } = call.world;
  if (dials.insertWhilePaging <= 0 || set.table !== 'MaintenanceOrder') return;
  const model = db.rows('MaintenanceOrder').at(-1);
  if (model === undefined) return;
  dials.insertWhilePaging -= 1;
  const number = String(db.next('MaintenanceOrder', FIRST_NUMBER['MaintenanceOrder'] ?? 1));
  db.put('MaintenanceOrder', {
    ...model.values,
    MaintenanceOrder: number,
    MaintenanceOrderDesc: `Inserted while paging after ${textOf(model.values, 'MaintenanceOrder')}`,
    MaintOrderCreationDateTime: nowOf(call),
  });
}
