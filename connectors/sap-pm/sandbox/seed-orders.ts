/** Work orders of the seeds with one operation each. */
import { DAY_MS, type Plant, type PlantOrder } from '../../kit/sandbox/index.ts';
import { TEXT_MAX, type Places } from './seed-places.ts';
import { putRow, seedOperation, seedOrder } from './seed-rows.ts';
import type { Call } from './world.ts';

const HOUR_MS = 3_600_000;
const STATUSES = {
  ...{ new: 'CRTD MANC NTUP PRC SETC', released: 'REL MANC PRC SETC', started: 'REL PCNF PRC SETC' },
  ...{ completed: 'TECO CNF PRC SETC', closed: 'CLSD CNF PRC SETC' },
};
const OPERATION_STATUSES = {
  ...{ new: 'CRTD', released: 'REL', started: 'PCNF REL', completed: 'CNF REL', closed: 'CNF REL' },
};

/** The cells of the broken row where they stand: that is all SAP would have been given. */
function longTextOf({ broken, cells, text }: PlantOrder): string | null {
  if (broken !== null) return cells;
  return text.length > TEXT_MAX ? text : null;
}

function seedOne(call: Call, order: PlantOrder, places: Places): void {
  const { day, open, state, kind, broken } = order;
  const number = String(4_000_000 + order.number);
  const endMs = day + DAY_MS;
  const text = order.text.slice(0, TEXT_MAX);
  const longText = longTextOf(order);
  seedOrder(call, {
    ...{ number, type: broken === null ? kind : 'PM01', text, status: STATUSES[state] },
    ...{ startMs: day, endMs, createdMs: day - 18 * HOUR_MS },
    changedMs: !open && order.number % 3 === 0 ? null : endMs + order.number * 1000,
    more: {
      ...{ Equipment: places.equipmentOf(order.machine), FunctionalLocation: places.placeOf(order) },
      ...{ MaintPriority: String(order.urgency ?? 3), LatestAcceptableCompletionDate: day },
      ...{ MaintenanceActivityType: kind === 'PM02' ? 'SER' : 'REP' },
      ...{ MaintenancePlannerGroup: '010', CostCenter: 'PIT100' },
      ...(open ? {} : { MaintOrderReferenceDateTime: endMs }),
      ...(longText === null ? {} : { OrderHasLongText: true }),
    },
  });
  if (longText !== null) {
    putRow(call, 'MaintenanceOrderLongText', {
      ...{ MaintenanceOrder: number, TextObjectType: 'KOPF', Language: 'EN' },
      MaintenanceOrderLongText: longText,
    });
  }
  const hours = Math.max(0.5, order.hours);
  const worked = !open || state === 'started';
  seedOperation(call, number, 100_000 + order.number, {
    ...{ OperationDescription: text, MaintOrdOperationWorkDuration: hours },
    ...{ ActualWorkQuantity: worked ? hours : 0, MaintOrderConfCntrValue: worked ? '1' : '0' },
    _status: OPERATION_STATUSES[state],
  });
}

export function seedOrders(call: Call, { orders }: Plant, places: Places): void {
  for (const order of orders) seedOne(call, order, places);
}
