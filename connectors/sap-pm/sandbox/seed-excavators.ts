/**
 * `excavators` and `site:<machines>`: the pit's excavators as the owner keeps them in SAP, with their real work orders
 * (data/README.md). One site holds its machines and the repairs and replacements (PM01, PM02); `excavators` every type.
 */
import { ordersOfSite, type ExcavatorOrder, type ExcavatorSite } from '../../kit/sandbox/index.ts';
import { PLANT } from './customizing.ts';
import { MACHINES, positionOf, type Machine } from './machines.ts';
import { seedPitMeters, seedPitNotifications, seedPitPlans, seedPitStock } from './seed-pit.ts';
import { putRow, seedEquipment, seedLocation, seedOperation, seedOrder } from './seed-rows.ts';
import type { Call } from './world.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** Newest orders of each machine that are still open. */
const OPEN_ORDERS = 18;
const TEXT_MAX = 40;

function seedPlaces(call: Call, machines: readonly Machine[]): void {
  const site = { FunctionalLocationCategory: 'S' };
  seedLocation(call, 'PIT', 'IRON ORE PIT', '', site);
  for (const [key, name] of [
    ['PIT-N', 'NORTH PIT'],
    ['PIT-S', 'SOUTH PIT'],
  ] as const) {
    if (machines.some(({ pit }) => pit === key)) seedLocation(call, key, name, 'PIT', site);
  }
  seedLocation(call, 'PIT-W', 'HEAVY WORKSHOP', 'PIT', site);
  for (const machine of machines) {
    seedLocation(call, positionOf(machine), `EXCAVATOR ${machine.letter}`, machine.pit);
  }
}

function seedMachines(call: Call, machines: readonly Machine[]): void {
  for (const machine of machines) {
    const { letter, equipment, serial, model } = machine;
    seedEquipment(call, equipment, `SHOVEL HYDRAULIC ${letter} O&K ${model}`, {
      TechnicalObjectType: 'EXCAVATOR',
      AssetManufacturerName: 'O&K',
      ManufacturerPartTypeName: model,
      ManufacturerSerialNumber: serial,
      ManufacturerCountry: 'DE',
      ConstructionYear: '2000',
      TechnicalObjectSortCode: `EXC-${letter}`,
      InventoryNumber: `INV-7000${equipment.slice(-1)}`,
      OperationStartDate: Date.UTC(2001, 0, 15),
      AcquisitionDate: Date.UTC(2000, 10, 1),
      AcquisitionValue: 4_250_000,
      Currency: 'AUD',
      ABCIndicator: 'A',
      MainWorkCenter: 'MECH-01',
      MainWorkCenterPlant: PLANT,
      MaintenancePlannerGroup: '010',
      CostCenter: 'PIT100',
      FunctionalLocation: positionOf(machine),
    });
    putRow(call, 'EquipmentLongText', {
      Equipment: equipment,
      TextObjectKey: equipment,
      Language: 'EN',
      EquipmentLongText: `Hydraulic mining shovel ${letter}, serial ${serial}.\nTwin drive, face shovel front.`,
    });
  }
}

/** A place below the machine for every functional location its orders name. */
function seedSystems(call: Call, machine: Machine, orders: readonly ExcavatorOrder[]): Map<string, string> {
  const keys = new Map<string, string>();
  const top = positionOf(machine);
  for (const { functionalLocation: name, broken } of orders) {
    if (name === null || broken !== null || keys.has(name)) continue;
    const key = `${top}-${String(keys.size + 1).padStart(3, '0')}`;
    keys.set(name, key);
    seedLocation(call, key, name.slice(0, TEXT_MAX), top);
  }
  return keys;
}

function statusOf(rank: number, total: number, date: string): string {
  const fromNewest = total - 1 - rank;
  if (fromNewest >= OPEN_ORDERS) return date < '2011' ? 'CLSD CNF PRC SETC' : 'TECO CNF PRC SETC';
  return ['CRTD MANC NTUP PRC SETC', 'REL MANC PRC SETC', 'REL PCNF PRC SETC'][fromNewest % 3] ?? 'REL';
}

function priorityOf({ failureMode }: ExcavatorOrder): string {
  if (failureMode === null) return '3';
  return /Fail to|Smoke|Over Temp/.test(failureMode) ? '1' : /Leak|Structural/.test(failureMode) ? '2' : '3';
}

/** The cells of the broken row where they stand: that is all SAP would have been given. */
function rawCells(order: ExcavatorOrder): string {
  return `${order.date},${order.asset},${order.text},${order.pmType}`;
}

function seedOrderOf(
  call: Call,
  machine: Machine,
  order: ExcavatorOrder,
  status: string,
  place: string,
): void {
  const number = String(4_000_000 + order.line);
  const startMs = Date.parse(`${order.date}T00:00:00Z`);
  const longText = order.broken !== null ? rawCells(order) : order.text.length > TEXT_MAX ? order.text : null;
  const ended = /^(TECO|CLSD)/.test(status);
  const endMs = startMs + DAY_MS;
  const hours = Math.max(0.5, Math.round((order.cost ?? 0) / 95) / 2);
  seedOrder(call, {
    number,
    type: order.broken === null ? order.pmType : 'PM01',
    text: order.text.slice(0, TEXT_MAX),
    status,
    startMs,
    endMs,
    createdMs: startMs - 18 * HOUR_MS,
    changedMs: ended && order.line % 3 === 0 ? null : endMs + order.line * 1000,
    more: {
      Equipment: machine.equipment,
      FunctionalLocation: place,
      MaintPriority: priorityOf(order),
      MaintenanceActivityType: order.pmType === 'PM02' ? 'SER' : 'REP',
      MaintenancePlannerGroup: '010',
      CostCenter: 'PIT100',
      LatestAcceptableCompletionDate: startMs,
      ...(ended ? { MaintOrderReferenceDateTime: endMs } : {}),
      ...(longText === null ? {} : { OrderHasLongText: true }),
    },
  });
  if (longText !== null) {
    putRow(call, 'MaintenanceOrderLongText', {
      MaintenanceOrder: number,
      TextObjectType: 'KOPF',
      Language: 'EN',
      MaintenanceOrderLongText: longText,
    });
  }
  const worked = ended || status.includes('PCNF');
  seedOperation(call, number, 100_000 + order.line, {
    OperationDescription: order.text.slice(0, TEXT_MAX),
    MaintOrdOperationWorkDuration: hours,
    ActualWorkQuantity: worked ? hours : 0,
    MaintOrderConfCntrValue: worked ? '1' : '0',
    _status: status.startsWith('CRTD')
      ? 'CRTD'
      : ended
        ? 'CNF REL'
        : status.includes('PCNF')
          ? 'PCNF REL'
          : 'REL',
  });
}

function seedMachineOrders(call: Call, machine: Machine, orders: readonly ExcavatorOrder[]): void {
  const places = seedSystems(call, machine, orders);
  const byDate = [...orders].sort((a, b) => a.date.localeCompare(b.date) || a.line - b.line);
  for (const [rank, order] of byDate.entries()) {
    const place = order.broken === null ? places.get(order.functionalLocation ?? '') : undefined;
    seedOrderOf(
      call,
      machine,
      order,
      statusOf(rank, byDate.length, order.date),
      place ?? positionOf(machine),
    );
  }
}

export interface PitScope extends ExcavatorSite {
  /** Every order type, and the row a comma broke; otherwise repairs and replacements. */
  everyType: boolean;
}

export function seedExcavators(call: Call, orders: readonly ExcavatorOrder[], scope: PitScope): void {
  const machines = MACHINES.filter(({ letter }) => scope.machines.includes(letter));
  const held = ordersOfSite(orders, scope);
  seedPlaces(call, machines);
  seedMachines(call, machines);
  seedPitStock(call);
  seedPitMeters(call, machines);
  seedPitPlans(call, machines);
  for (const machine of machines) {
    const own = held.filter(
      ({ asset, pmType }) =>
        asset === machine.letter && (scope.everyType || pmType === 'PM01' || pmType === 'PM02'),
    );
    seedMachineOrders(call, machine, own);
  }
  seedPitNotifications(call, machines);
}
