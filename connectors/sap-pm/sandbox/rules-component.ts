/** Components of an order (contract 2.1): material, quantity, and the reservation that each becomes. */
import { checkPlant, checkUnit, refuse } from './checks.ts';
import { FIRST_NUMBER, PLANT } from './customizing.ts';
import { textOf, todayOf, type Draft, type Rules } from './draft.ts';
import { nextInSteps, orderBelowChanged, setOrderStatus } from './order-state.ts';
import { tokensOf } from './status-line.ts';
import type { Call } from './world.ts';

export const componentRules: Rules = {
  create(call, draft) {
    const { db } = call.world;
    const order = textOf(draft, 'MaintenanceOrder');
    const existing = db.where('MaintOrderOpComponent', ['MaintenanceOrder'], [order]);
    checkProduct(call, draft);
    checkUnit(draft, 'UnitOfEntry');
    checkPlant(draft, 'Plant');
    const item = nextInSteps(existing, 'MaintenanceOrderComponent', 10, 4);
    const reservation =
      existing.map((row) => textOf(row.values, 'Reservation')).find((number) => number !== '') ??
      String(db.next('Reservation', FIRST_NUMBER['Reservation'] ?? 1));
    const quantity = draft['QuantityInUnitOfEntry'] ?? draft['MaintOrdOpCompRequiredQuantity'] ?? 0;
    const position = existing.length + 1;
    const product = db.get('A_Product', textOf(draft, 'Product'));
    Object.assign(draft, {
      MaintenanceOrderComponent: textOf(draft, 'MaintenanceOrderComponent') || item,
      MaintOrderComponentInternalID: `OK${reservation.padStart(10, '0')}${String(position).padStart(4, '0')}`,
      Plant: textOf(draft, 'Plant') || PLANT,
      UnitOfEntry: textOf(draft, 'UnitOfEntry') || textOf(product?.values ?? {}, 'BaseUnit') || 'PC',
      BaseUnit: textOf(product?.values ?? {}, 'BaseUnit') || textOf(draft, 'UnitOfEntry') || 'PC',
      QuantityInUnitOfEntry: quantity,
      MaintOrdOpCompRequiredQuantity: quantity,
      MaintComponentItemCategory:
        textOf(draft, 'MaintComponentItemCategory') || (product === undefined ? 'T' : 'L'),
      GoodsMovementType: '261',
      GoodsMovementIsAllowed: true,
      Reservation: reservation,
      ReservationItem: String(position),
    });
    const key = { Reservation: reservation, RecordType: '', OrderID: order };
    if (db.where('A_ReservationDocumentHeader', ['Reservation'], [reservation]).length === 0) {
      db.put('A_ReservationDocumentHeader', {
        ...key,
        GoodsMovementType: '261',
        ReservationDate: todayOf(call),
      });
    }
    db.put('A_ReservationDocumentItem', {
      ...key,
      ReservationItem: String(position),
      Product: textOf(draft, 'Product'),
      Plant: textOf(draft, 'Plant'),
      StorageLocation: textOf(draft, 'StorageLocation'),
      BaseUnit: textOf(draft, 'BaseUnit'),
      ResvnItmRequiredQtyInBaseUnit: quantity,
      GoodsMovementType: '261',
    });
    const owner = db.get('MaintenanceOrder', order);
    if (owner !== undefined && tokensOf(owner.values).includes('NMAT'))
      setOrderStatus(call, owner, ['MANC'], ['NMAT']);
  },
  update(call, _before, draft, changed) {
    checkProduct(call, draft);
    checkUnit(draft, 'UnitOfEntry');
    if (changed.has('QuantityInUnitOfEntry'))
      draft['MaintOrdOpCompRequiredQuantity'] = draft['QuantityInUnitOfEntry'] ?? 0;
  },
  belowChanged: orderBelowChanged,
};

function checkProduct(call: Call, draft: Draft): void {
  const product = textOf(draft, 'Product');
  if (product !== '' && call.world.db.get('A_Product', product) === undefined) {
    throw refuse('M3/305', `Material ${product} does not exist or is not activated`, 'Product');
  }
}
