/** Pages of the services, and the colleague who works in the system meanwhile. */
import { createPaging, type Paging } from '../../kit/sandbox/index.ts';
import { FIRST_NUMBER } from './customizing.ts';
import { textOf } from './draft.ts';
import { SapError } from './sap-error.ts';
import type { World } from './world.ts';

/** A copy of the newest order. */
function insertOrder({ db, kit }: World): void {
  const model = db.rows('MaintenanceOrder').at(-1);
  if (model === undefined) return;
  db.put('MaintenanceOrder', {
    ...model.values,
    MaintenanceOrder: String(db.next('MaintenanceOrder', FIRST_NUMBER['MaintenanceOrder'] ?? 1)),
    MaintenanceOrderDesc: `Inserted while paging after ${textOf(model.values, 'MaintenanceOrder')}`,
    MaintOrderCreationDateTime: Math.floor(kit.clock.now() / 1000) * 1000,
  });
}

export function pagingOf(world: World): Paging {
  const refused = (text: string): SapError => new SapError(404, '/IWBEP/CM_MGW_RT/020', text);
  return createPaging({
    world: world.kit,
    dials: world.dials,
    refuse: (reason) =>
      refused(reason === 'beyond' ? 'Resource not found for the page' : 'The skip token has expired'),
    somebody: {
      inserts: () => insertOrder(world),
      removes(object) {
        const [first] = world.db.rows(object);
        if (first !== undefined) world.db.drop(object, first.id);
      },
    },
  });
}
