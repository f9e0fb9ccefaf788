/** `orders:N`: N synthetic orders with one operation each on fifty pumps, for benchmarks. */
import { seedEquipment, seedLocation, seedOperation, seedOrder } from './seed-rows.ts';
import type { Call } from './world.ts';

const PUMPS = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2020, 0, 1);
const FAULTS = [
  'LEAKS',
  'VIBRATES',
  'RUNS HOT',
  'DOES NOT START',
  'TRIPS BREAKER',
  'LOST PRESSURE',
  'IS WORN',
];
const STATES = [
  'CRTD MANC PRC SETC',
  'REL MANC PRC SETC',
  'REL PCNF PRC SETC',
  'TECO CNF PRC SETC',
  'CLSD CNF PRC SETC',
];
const TYPES = ['PM01', 'PM01', 'PM02', 'PM03', 'PM05'];

export function seedOrders(call: Call, count: number): void {
  seedLocation(call, 'PLANT', 'Synthetic plant', '', { FuncLocationStructure: 'STND' });
  for (let at = 0; at < PUMPS; at += 1) {
    seedEquipment(call, String(10_000_100 + at), `PUMP ${at}`, {
      FunctionalLocation: 'PLANT',
      ManufacturerSerialNumber: `SYN-${at + 1}`,
      TechnicalObjectSortCode: `PUMP-${String(at).padStart(2, '0')}`,
    });
  }
  for (let at = 0; at < count; at += 1) {
    const number = String(4_000_000 + at);
    const created = FIRST_MS + at * 7 * MINUTE_MS;
    const status = STATES[at % STATES.length] ?? 'CRTD';
    seedOrder(call, {
      number,
      type: TYPES[at % TYPES.length] ?? 'PM01',
      text: `PUMP ${at % PUMPS} ${FAULTS[at % FAULTS.length] ?? ''} (${at})`,
      status,
      startMs: created + DAY_MS,
      endMs: created + 3 * DAY_MS,
      createdMs: created,
      changedMs: at % 3 === 0 ? null : created + 2 * DAY_MS,
      more: {
        Equipment: String(10_000_100 + (at % PUMPS)),
        FunctionalLocation: 'PLANT',
        MaintPriority: String((at % 4) + 1),
        MaintenanceActivityType: '001',
        MaintenancePlannerGroup: '010',
      },
    });
    seedOperation(call, number, 100_000 + at, {
      OperationDescription: `INSPECT, REPAIR, TEST (${at})`,
      MaintOrdOperationWorkDuration: 4,
      _status: status.startsWith('CRTD')
        ? 'CRTD'
        : status.includes('PCNF')
          ? 'PCNF REL'
          : status.includes('CNF')
            ? 'CNF REL'
            : 'REL',
    });
  }
}
