/** Places and machines of the seeds, as SAP numbers and names them. */
import type { Plant, PlantMachine, PlantOrder } from '../../kit/sandbox/index.ts';
import { PLANT } from './customizing.ts';
import { putRow, seedEquipment, seedLocation } from './seed-rows.ts';
import type { Call } from './world.ts';

const PITS = { north: 'PIT-N', south: 'PIT-S' };
export const TEXT_MAX = 40;

/** Where an order belongs. */
export interface Places {
  equipmentOf(key: string): string;
  placeOf(order: PlantOrder): string;
}

export function equipmentOf({ number }: PlantMachine): string {
  return String(10_000_000 + number);
}

export function positionOf({ key, pit }: PlantMachine): string {
  return `${PITS[pit]}-EX${key}`;
}

function seedMachine(call: Call, machine: PlantMachine): void {
  const { key, number, serial } = machine;
  const equipment = equipmentOf(machine);
  const model = key === 'B' ? 'RH120C' : 'RH120E';
  seedLocation(call, positionOf(machine), `EXCAVATOR ${key}`, PITS[machine.pit]);
  seedEquipment(call, equipment, `SHOVEL HYDRAULIC ${key} O&K ${model}`, {
    ...{ TechnicalObjectType: 'EXCAVATOR', TechnicalObjectSortCode: `EXC-${key}`, ABCIndicator: 'A' },
    ...{ AssetManufacturerName: 'O&K', ManufacturerPartTypeName: model, ManufacturerSerialNumber: serial },
    ...{ ManufacturerCountry: 'DE', ConstructionYear: '2000', InventoryNumber: `INV-7000${number}` },
    ...{ OperationStartDate: Date.UTC(2001, 0, 15), AcquisitionDate: Date.UTC(2000, 10, 1) },
    ...{ AcquisitionValue: 4_250_000, Currency: 'AUD', CostCenter: 'PIT100' },
    ...{ MainWorkCenter: 'MECH-01', MainWorkCenterPlant: PLANT, MaintenancePlannerGroup: '010' },
    FunctionalLocation: positionOf(machine),
  });
  putRow(call, 'EquipmentLongText', {
    ...{ Equipment: equipment, TextObjectKey: equipment, Language: 'EN' },
    EquipmentLongText: `Hydraulic mining shovel ${key}, serial ${serial}.\nTwin drive, face shovel front.`,
  });
}

/** With a place below its machine for every functional location that the orders name. */
export function seedPit(call: Call, { machines, orders }: Plant): Places {
  const site = { FunctionalLocationCategory: 'S' };
  seedLocation(call, 'PIT', 'IRON ORE PIT', '', site);
  for (const pit of ['north', 'south'] as const) {
    const used = machines.some((machine) => machine.pit === pit);
    if (used) seedLocation(call, PITS[pit], `${pit.toUpperCase()} PIT`, 'PIT', site);
  }
  seedLocation(call, 'PIT-W', 'HEAVY WORKSHOP', 'PIT', site);
  const byKey = new Map(machines.map((machine) => [machine.key, machine]));
  const systems = new Map(machines.map(({ key }) => [key, new Map<string, string>()]));
  for (const machine of machines) seedMachine(call, machine);
  const top = (key: string): string => {
    const machine = byKey.get(key);
    return machine === undefined ? 'PIT' : positionOf(machine);
  };
  for (const { machine, place } of orders.toSorted((a, b) => a.number - b.number)) {
    const known = systems.get(machine);
    if (place === null || known === undefined || known.has(place)) continue;
    const key = `${top(machine)}-${String(known.size + 1).padStart(3, '0')}`;
    known.set(place, key);
    seedLocation(call, key, place.slice(0, TEXT_MAX), top(machine));
  }
  return {
    equipmentOf: (key) => String(10_000_000 + (byKey.get(key)?.number ?? 0)),
    placeOf: ({ machine, place }) => systems.get(machine)?.get(place ?? '') ?? top(machine),
  };
}

const PUMPS_FROM = 10_000_100;

export function seedPumps(call: Call, { machines }: Plant): Places {
  seedLocation(call, 'PLANT', 'Synthetic plant', '', { FuncLocationStructure: 'STND' });
  for (const { key, number, serial } of machines) {
    const code = `PUMP-${key.padStart(2, '0')}`;
    const names = { ManufacturerSerialNumber: serial, TechnicalObjectSortCode: code };
    const place = { FunctionalLocation: 'PLANT' };
    seedEquipment(call, String(PUMPS_FROM + number), `PUMP ${key}`, { ...place, ...names });
  }
  return { equipmentOf: (key) => String(PUMPS_FROM + Number(key)), placeOf: () => 'PLANT' };
}
