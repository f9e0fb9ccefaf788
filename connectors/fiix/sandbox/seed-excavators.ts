/**
 * `excavators` and `site:<letters>`: the pit as its own crew keeps it in Fiix, machines by serial number under the crew's names.
 * The row that an unquoted comma broke is kept, and says so in its notes.
 */
import {
  DAY_MS,
  type Plant,
  type PlantMachine,
  type PlantOrder,
  type PlantRequest,
} from '../../kit/sandbox/index.ts';
import {
  referenceOf,
  seedAsset,
  seedUser,
  TENANT_START_MS as AT,
  type Basics,
  type Reference,
} from './seed-reference.ts';
import type { Changes, Row, Store } from './store.ts';
import { refreshPart, refreshPlan, refreshWorkOrder } from './work-order-texts.ts';

const OPEN_STATUSES = { new: 4, released: 3, started: 5, completed: 7, closed: 7 };
const TYPES: Readonly<Record<string, Parameters<Reference['type']>[0]>> = {
  ...{ PM01: 'Corrective', PM02: 'Preventive', PM04: 'Damage', PM05: 'Inspection', PM13: 'Project' },
};
const PRIORITIES = ['Highest', 'High', 'Medium'] as const;
const BOOKS = 6;
const CREW = 6;
/** Who asked without being a user of the tenant. */
const GUESTS: Readonly<Record<string, string>> = { B: 'Joe Guest', E: 'Ada Visitor' };

interface Pit extends Basics {
  store: Store;
  reference: Reference;
  plant: Plant;
  site: number;
  pits: { north: number; south: number };
  parts: number;
  people: ReadonlyMap<string, number>;
  machines: ReadonlyMap<string, number>;
}

type Places = Pick<Pit, 'store' | 'reference' | 'site' | 'pits' | 'parts'>;

function seedPlaces(store: Store): Places {
  const reference = referenceOf(store);
  const plant = (fields: Changes): number =>
    seedAsset(store, reference.category('Plants'), {
      ...{ bolIsSite: 1, strTimezone: 'Australia/Perth', ...fields },
    });
  const site = plant({
    ...{ strName: 'Pit Mine', strCode: 'PITMINE', intCountryID: reference.country('AU') },
    ...{ strAddress: 'Mine access road', strCity: 'Newman', strProvince: 'WA' },
    ...{ dblLatitude: -22.6, dblLongitude: 118.6 },
  });
  const place = (category: string, strName: string, strCode: string, parent = site): number =>
    seedAsset(store, reference.category(category), {
      ...{ strName, strCode, intSiteID: site, intAssetParentID: parent },
    });
  const workshop = place('Buildings', 'Heavy Workshop', 'WORKSHOP');
  const north = place('Locations And Facilities', 'North Pit', 'PIT-N');
  const south = place('Locations And Facilities', 'South Pit', 'PIT-S');
  const parts = place('Inventory Storage', 'Parts store', 'STORE', workshop);
  // A second site, so that nobody takes the only one for granted.
  plant({ strName: 'Rail Terminal', strCode: 'RAIL' });
  return { store, reference, site, pits: { north, south }, parts };
}

function seedPeople({ store, site }: Places, { people }: Plant): Map<string, number> {
  return new Map(
    people.slice(0, CREW).map(({ key, first, last, mail, trade }) => {
      const names = { strFullName: `${first} ${last}`, strUserName: key, strEmailAddress: mail };
      const id = seedUser(store, { ...names, strUserTitle: trade });
      store.add('SiteUser', { intSiteID: site, intUserID: id }, AT);
      return [key, id];
    }),
  );
}

function seedMachines({ store, reference, site, pits }: Places, { machines }: Plant): Map<string, number> {
  const family = { strName: 'Shovels', intParentID: reference.category('Equipment'), bolOverrideRules: 0 };
  const category = store.add('AssetCategory', family, AT).id;
  const seed = ({ key, serial, pit }: PlantMachine): number =>
    seedAsset(store, category, {
      ...{ strName: `Shovel ${key} (RH 120)`, strCode: `SHV-${key}`, strBarcode: `FX-SHV-${key}` },
      ...{ strDescription: 'Hydraulic mining shovel', strMake: 'O&K', strModel: 'RH120E' },
      ...{ strSerialNumber: serial, strCriticality: 'High' },
      ...{ intSiteID: site, intAssetLocationID: pits[pit] },
    });
  return new Map(machines.map((machine) => [machine.key, seed(machine)]));
}

function seedParts({ store, reference, site, parts, plant }: Pit): void {
  const category = reference.category('Parts And Supplies');
  for (const { code, name, stock, least, price } of plant.parts.slice(0, BOOKS)) {
    const names = { strName: name, strCode: code, dblLastPrice: price };
    const part = seedAsset(store, category, { ...names, intSiteID: site });
    const place = { intFacilityID: parts, strAisle: 'A', strRow: '1', strBin: 'A-1' };
    const amounts = { qtyOnHand: stock, qtyMinQty: least, qtyMaxQty: least * 4 };
    store.add('Stock', { intAssetID: part, ...place, ...amounts, bolDeactivated: 0 }, AT);
    refreshPart(store, part);
  }
  const vendor = { strName: 'Pilbara Hydraulics', strCode: 'PILHYD' };
  store.add('Business', { ...vendor, strPrimaryEmail: 'sales@pilhyd.example' }, AT);
}

function seedReadings({ store, reference, plant, machines, people }: Pit): void {
  for (const { key, hours } of plant.machines) {
    for (const [day, run] of [
      [1, 0],
      [8, 126],
    ] as const) {
      const at = Date.UTC(2012, 11, day, 6);
      const meter = { intAssetID: machines.get(key), intMeterReadingUnitsID: reference.unit('Hours') };
      const reading = { dblMeterReading: hours + run, dtmDateSubmitted: at };
      const by = { intSubmittedByUserID: people.get('maria.santos') };
      store.add('MeterReading', { ...meter, ...reading, ...by }, at);
    }
  }
}

const PLANNED_MS = Date.UTC(2012, 0, 9, 22);

function seedPlan(
  { store, reference, site, people }: Pit,
  text: string,
  assets: readonly number[],
  tasks: readonly string[],
): number {
  const at = PLANNED_MS;
  const { id } = store.add(
    'ScheduledMaintenance',
    {
      ...{ strCode: `SM${store.nextCode('ScheduledMaintenance')}`, strDescription: text, intSiteID: site },
      ...{
        intPriorityID: reference.priority('Medium'),
        intMaintenanceTypeID: reference.type('Preventive'),
      },
      ...{
        intScheduledMaintenanceStatusID: 1,
        intStartAsWorkOrderStatusID: reference.status(OPEN_STATUSES.new),
      },
      ...{ intSuggestedCompletion: 3, dblSuggestedTime: 2, bolCanFireSMWithOpenWO: 0 },
      ...{ dtmCreateDate: at, dtmUpdatedDate: at },
    },
    at,
  );
  const owner = { intScheduledMaintenanceID: id };
  for (const asset of assets) store.add('ScheduledMaintenanceAsset', { ...owner, intAssetID: asset }, at);
  tasks.forEach((strDescription, i) => {
    const task = { intTaskType: 0, intOrder: i + 1, strDescription, dblTimeEstimatedHours: 0.5 };
    store.add('ScheduledTask', { ...owner, ...task }, at);
  });
  store.add('ScheduledMaintenanceUser', { ...owner, intUserID: people.get('maria.santos') }, at);
  refreshPlan(store, id);
  return id;
}

/** A greasing plan for all machines by the calendar, and a service by the meter for the first. */
function seedPlans(pit: Pit): void {
  const { store, reference, machines, plant } = pit;
  const tasks = ['Check lines and pump', 'Check timers', 'Top up grease'];
  const greasing = seedPlan(pit, 'Grease system inspection', [...machines.values()], tasks);
  const day = (turn: number): number => PLANNED_MS + turn * 28 * DAY_MS;
  const monthly = store.add(
    'ScheduleTrigger',
    {
      ...{ intScheduledMaintenanceID: greasing, strScheduleDescription: 'Every 28 days' },
      ...{ strType: 't', strTSType: 'd', intTSDEveryDays: 28, intTRTriggerTime: 6, datTRStart: PLANNED_MS },
      ...{ strRRType: 'n', strDatLogicDaily: 'x', dtmLastTriggered: day(12) },
    },
    PLANNED_MS,
  );
  for (let turn = 13; turn <= 16; turn += 1) {
    const dates = { intScheduledMaintenanceID: greasing, intScheduleTriggerID: monthly.id };
    store.add('CalendarEvent', { ...dates, dtmDate: day(turn) });
  }
  const [first] = plant.machines;
  const asset = machines.get(first?.key ?? '');
  if (first === undefined || asset === undefined) return;
  const service = seedPlan(pit, '250 h service', [asset], ['Change engine oil', 'Change filters']);
  store.add(
    'ScheduleTrigger',
    {
      ...{ intScheduledMaintenanceID: service, strScheduleDescription: 'Every 250 hours' },
      ...{ intAssetID: asset, strType: 'r', strRRType: 'e', strTRType: 'n', strMrLogic: 'x' },
      ...{ dblRMeterReading: 250, intRMeterReadingUnitID: reference.unit('Hours') },
      dblLastMeterReading: first.hours + 126,
    },
    PLANNED_MS,
  );
}

/** A work order with its machine. */
function addOrder(pit: Pit, fields: Changes, machine: string, at: { day: number; changed: number }): Row {
  const { store, site, machines } = pit;
  const dates = { dtmDateCreated: at.day, dtmDateLastModified: at.day, bolLocked: 0 };
  const own = { strCode: String(store.nextCode('WorkOrder')), intSiteID: site };
  const row = store.add('WorkOrder', { ...own, ...dates, ...fields }, at.changed);
  store.add('WorkOrderAsset', { intWorkOrderID: row.id, intAssetID: machines.get(machine) }, at.day);
  return row;
}

function statusFields({ reference }: Pit, code: number, group: number): Changes {
  const status = reference.status(code);
  return { intWorkOrderStatusID: status, intWorkOrderStatusGroup: group, statusId: status };
}

function seedRequest(pit: Pit, { text, machine, at, by }: PlantRequest): void {
  const guest = GUESTS[machine];
  const name = guest?.toLowerCase().replace(' ', '.') ?? '';
  const requester =
    guest === undefined
      ? { intRequestedByUserID: pit.people.get(by) }
      : {
          ...{ intRequestedByUserID: pit.guestId, strNameUserGuest: guest },
          strEmailUserGuest: `${name}@visitors.example`,
        };
  const fields = { strDescription: text, ...statusFields(pit, 2, 100), ...requester };
  refreshWorkOrder(pit.store, addOrder(pit, fields, machine, { day: at, changed: at }).id, true);
}

function seedOrder(pit: Pit, order: PlantOrder): void {
  const { store, reference, people } = pit;
  const { number, text, day, open, state, urgency, kind, broken } = order;
  const crew = ['maria.santos', 'tom.baker', 'li.chen'];
  const mechanic = people.get(crew[number % 3] ?? '');
  const fields = {
    ...{ strDescription: text, ...statusFields(pit, OPEN_STATUSES[state], open ? 101 : 102) },
    strAdminNotes: broken === null ? null : `Imported row ${number}: ${broken}.`,
    intPriorityID: urgency === null ? null : reference.priority(PRIORITIES[urgency - 1] ?? 'Medium'),
    intMaintenanceTypeID: broken === null ? reference.type(TYPES[kind] ?? 'Other') : null,
    dtmSuggestedCompletionDate: day,
    strUuid: `f11c5a4d-3000-4000-8000-${String(number).padStart(12, '0')}`,
    ...(open ? {} : { dtmDateCompleted: day, intCompletedByUserID: mechanic }),
  };
  const { id } = addOrder(pit, fields, order.machine, order);
  const owner = { intWorkOrderID: id };
  if (open) store.add('WorkOrderUser', { ...owner, intUserID: mechanic, bolNotifyOnAssignment: 0 });
  if (order.cost > 0) {
    const done = open ? {} : { dtmDateCompleted: day, intCompletedByUserID: mechanic };
    const task = { intTaskType: 0, intOrder: 1, strDescription: order.action ?? 'Repair', ...done };
    const times = { dblTimeSpentHours: order.hours, dtmStartDate: day };
    store.add('WorkOrderTask', { ...owner, ...task, ...times }, day);
    const type = { intMiscCostTypeID: store.tables.rows('MiscCostType')[0]?.id, strDescription: 'Material' };
    const sum = { qtyQuantity: 1, dblActualUnitCost: order.material, dblActualTotalCost: order.material };
    store.add('MiscCost', { ...owner, ...type, ...sum }, day);
  }
  refreshWorkOrder(store, id, true);
}

export function seedExcavators(store: Store, plant: Plant, basics: Basics): void {
  const places = seedPlaces(store);
  const people = seedPeople(places, plant);
  const pit: Pit = { ...basics, ...places, plant, people, machines: seedMachines(places, plant) };
  seedParts(pit);
  seedReadings(pit);
  seedPlans(pit);
  for (const order of plant.orders) seedOrder(pit, order);
  for (const request of plant.requests) if (request.state !== 'rejected') seedRequest(pit, request);
}
