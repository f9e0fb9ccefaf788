/**
 * The site of the excavators as its own maintenance crew keeps it in Fiix: places, machines by serial number under the
 * crew's names, people, parts with stock, meters, plans and requests. Invented, around the real machines and orders.
 */
import { EXCAVATORS } from '../../kit/sandbox/index.ts';
import { refreshPart, refreshPlan, workOrderTexts } from './work-order-texts.ts';
import { referenceOf, seedAsset, seedUser, TENANT_START_MS } from './seed-reference.ts';
import type { Store } from './store.ts';

const DAY_MS = 86_400_000;
const AT = TENANT_START_MS;

const PIT_OF: Readonly<Record<string, 'North Pit' | 'South Pit'>> = {
  A: 'North Pit',
  B: 'North Pit',
  C: 'North Pit',
  D: 'South Pit',
  E: 'South Pit',
};

const PEOPLE = [
  ['Wilson', 'Reed', 'Maintenance planner'],
  ['Maria', 'Santos', 'Mechanic'],
  ['Tom', 'Baker', 'Mechanic'],
  ['Li', 'Chen', 'Electrician'],
  ['Anna', 'Novak', 'Supervisor'],
  ['Sam', 'Okafor', 'Operator'],
] as const;

/** Number, name, on hand, minimum, price. */
const PARTS = [
  ['TOOTH-RH120', 'Bucket tooth RH120', 16, 8, 312],
  ['GREASE-EP2', 'Grease cartridge EP2', 72, 30, 9.9],
  ['HOSE-HYD-19', 'Hydraulic hose 19 mm', 45, 20, 23.1],
  ['SEAL-KIT-CYL', 'Tilt cylinder seal kit', 4, 2, 482.5],
  ['FILTER-OIL', 'Engine oil filter', 20, 10, 36.2],
  ['BATTERY-12V', 'Battery 12 V 200 Ah', 6, 4, 298],
] as const;

export interface Places {
  site: number;
  pits: Readonly<Record<'North Pit' | 'South Pit', number>>;
  store: number;
}

export function seedPlaces(store: Store): Places {
  const reference = referenceOf(store);
  const site = seedAsset(store, reference.category('Plants'), {
    strName: 'Pit Mine',
    strCode: 'PITMINE',
    bolIsSite: 1,
    strAddress: 'Mine access road',
    strCity: 'Newman',
    strProvince: 'WA',
    intCountryID: reference.country('AU'),
    dblLatitude: -22.6,
    dblLongitude: 118.6,
    strTimezone: 'Australia/Perth',
  });
  const place = (category: string, strName: string, strCode: string, parent: number): number => {
    const fields = { strName, strCode, intSiteID: site, intAssetParentID: parent };
    return seedAsset(store, reference.category(category), fields);
  };
  const workshop = place('Buildings', 'Heavy Workshop', 'WORKSHOP', site);
  const places = {
    site,
    pits: {
      'North Pit': place('Locations And Facilities', 'North Pit', 'PIT-N', site),
      'South Pit': place('Locations And Facilities', 'South Pit', 'PIT-S', site),
    },
    store: place('Inventory Storage', 'Parts store', 'STORE', workshop),
  };
  // A second site, so that nobody takes the only one for granted.
  seedAsset(store, reference.category('Plants'), {
    strName: 'Rail Terminal',
    strCode: 'RAIL',
    bolIsSite: 1,
    strTimezone: 'Australia/Perth',
  });
  return places;
}

export function seedPeople(store: Store, site: number): number[] {
  return PEOPLE.map(([first, last, strUserTitle]) => {
    const name = `${first}.${last}`.toLowerCase();
    const id = seedUser(store, {
      strFullName: `${first} ${last}`,
      strUserName: name,
      strEmailAddress: `${name}@pitmine.example`,
      strUserTitle,
    });
    store.add('SiteUser', { intSiteID: site, intUserID: id }, AT);
    return id;
  });
}

export function seedMachines(
  store: Store,
  letters: readonly string[],
  { site, pits }: Places,
): Map<string, number> {
  const reference = referenceOf(store);
  const category = store.add(
    'AssetCategory',
    { strName: 'Shovels', intParentID: reference.category('Equipment'), bolOverrideRules: 0 },
    AT,
  ).id;
  return new Map(
    letters.map((letter) => {
      const id = seedAsset(store, category, {
        strName: `Shovel ${letter} (RH 120)`,
        strCode: `SHV-${letter}`,
        strDescription: 'Hydraulic mining shovel',
        strMake: 'O&K',
        strModel: 'RH120E',
        strSerialNumber: `RH120-${letter}-000${EXCAVATORS.findIndex((known) => known === letter) + 1}`,
        strBarcode: `FX-SHV-${letter}`,
        strCriticality: 'High',
        intSiteID: site,
        intAssetLocationID: pits[PIT_OF[letter] ?? 'North Pit'],
      });
      return [letter, id];
    }),
  );
}

export function seedParts(store: Store, places: Places): void {
  const category = referenceOf(store).category('Parts And Supplies');
  for (const [strCode, strName, qtyOnHand, qtyMinQty, dblLastPrice] of PARTS) {
    const part = seedAsset(store, category, { strName, strCode, dblLastPrice, intSiteID: places.site });
    const place = { intFacilityID: places.store, strAisle: 'A', strRow: '1', strBin: 'A-1' };
    const amounts = { qtyOnHand, qtyMinQty, qtyMaxQty: qtyMinQty * 4 };
    store.add('Stock', { intAssetID: part, ...place, ...amounts, bolDeactivated: 0 }, AT);
    refreshPart(store, part);
  }
  store.add(
    'Business',
    { strName: 'Pilbara Hydraulics', strCode: 'PILHYD', strPrimaryEmail: 'sales@pilhyd.example' },
    AT,
  );
}

export function seedReadings(store: Store, machines: ReadonlyMap<string, number>, userId: number): void {
  const unit = referenceOf(store).unit('Hours');
  for (const [letter, asset] of machines) {
    const hours = 20_000 + EXCAVATORS.findIndex((known) => known === letter) * 1_500;
    for (const [at, dblMeterReading] of [
      [Date.UTC(2012, 11, 1, 6), hours - 126],
      [Date.UTC(2012, 11, 8, 6), hours],
    ] as const) {
      const reading = { intAssetID: asset, intMeterReadingUnitsID: unit, dblMeterReading };
      store.add('MeterReading', { ...reading, dtmDateSubmitted: at, intSubmittedByUserID: userId }, at);
    }
  }
}

/** A monthly greasing plan for each machine by the calendar, and a service by the meter for the first. */
export function seedPlans(
  store: Store,
  machines: ReadonlyMap<string, number>,
  { site }: Places,
  mechanic: number,
): void {
  const reference = referenceOf(store);
  const start = Date.UTC(2012, 0, 9, 22);
  const plan = (strDescription: string, assets: readonly number[], tasks: readonly string[]): number => {
    const { id } = store.add(
      'ScheduledMaintenance',
      {
        strCode: `SM${store.nextCode('ScheduledMaintenance')}`,
        strDescription,
        intSiteID: site,
        intPriorityID: reference.priority('Medium'),
        intMaintenanceTypeID: reference.type('Preventive'),
        intScheduledMaintenanceStatusID: 1,
        intStartAsWorkOrderStatusID: reference.status(4),
        intSuggestedCompletion: 3,
        dblSuggestedTime: 2,
        bolCanFireSMWithOpenWO: 0,
        dtmCreateDate: start,
        dtmUpdatedDate: start,
      },
      start,
    );
    const owner = { intScheduledMaintenanceID: id };
    for (const asset of assets)
      store.add('ScheduledMaintenanceAsset', { ...owner, intAssetID: asset }, start);
    tasks.forEach((text, at) => {
      const task = { intTaskType: 0, intOrder: at + 1, strDescription: text, dblTimeEstimatedHours: 0.5 };
      store.add('ScheduledTask', { ...owner, ...task }, start);
    });
    store.add('ScheduledMaintenanceUser', { ...owner, intUserID: mechanic }, start);
    refreshPlan(store, id);
    return id;
  };
  const greasing = plan(
    'Grease system inspection',
    [...machines.values()],
    ['Check lines and pump', 'Check timers', 'Top up grease'],
  );
  const trigger = store.add(
    'ScheduleTrigger',
    {
      intScheduledMaintenanceID: greasing,
      strType: 't',
      strTSType: 'd',
      intTSDEveryDays: 28,
      intTRTriggerTime: 6,
      datTRStart: start,
      strRRType: 'n',
      strDatLogicDaily: 'x',
      dtmLastTriggered: start + 12 * 28 * DAY_MS,
      strScheduleDescription: 'Every 28 days',
    },
    start,
  );
  for (let next = 13; next <= 16; next += 1) {
    const dates = { intScheduledMaintenanceID: greasing, intScheduleTriggerID: trigger.id };
    store.add('CalendarEvent', { ...dates, dtmDate: start + next * 28 * DAY_MS });
  }
  const [first] = machines.values();
  if (first === undefined) return;
  const service = plan('250 h service', [first], ['Change engine oil', 'Change filters']);
  store.add(
    'ScheduleTrigger',
    {
      intScheduledMaintenanceID: service,
      intAssetID: first,
      strType: 'r',
      strRType: 'e',
      dblRMeterReading: 250,
      intRMeterReadingUnitID: reference.unit('Hours'),
      strMrLogic: 'x',
      strTRType: 'n',
      dblLastMeterReading: 20_000,
      strScheduleDescription: 'Every 250 hours',
    },
    start,
  );
}

/** Text, machine, who asks: a user of the tenant, or a guest by name. */
const REQUESTS = [
  ['Cabin air conditioning blows warm air', 'D', null],
  ['Oil on the ground under the slew ring', 'B', 'Joe Guest'],
  ['Fire suppression light stays on', 'C', null],
  ['Door handle loose', 'E', 'Ada Visitor'],
  ['Horn does not work', 'A', null],
] as const;

export function seedRequests(
  store: Store,
  machines: ReadonlyMap<string, number>,
  { site }: Places,
  people: { operator: number; guest: number },
): void {
  const reference = referenceOf(store);
  const status = reference.status(2);
  REQUESTS.forEach(([strDescription, letter, guest], i) => {
    const asset = machines.get(letter);
    if (asset === undefined) return;
    const at = Date.UTC(2012, 11, 10 + i, 6, 30);
    const requester =
      guest === null
        ? { intRequestedByUserID: people.operator }
        : {
            intRequestedByUserID: people.guest,
            strNameUserGuest: guest,
            strEmailUserGuest: `${guest.toLowerCase().replace(' ', '.')}@visitors.example`,
          };
    const order = store.add(
      'WorkOrder',
      {
        strCode: String(store.nextCode('WorkOrder')),
        strDescription,
        intSiteID: site,
        intWorkOrderStatusID: status,
        intWorkOrderStatusGroup: 100,
        statusId: status,
        dtmDateCreated: at,
        dtmDateLastModified: at,
        bolLocked: 0,
        ...requester,
      },
      at,
    );
    store.add('WorkOrderAsset', { intWorkOrderID: order.id, intAssetID: asset }, at);
    store.replace('WorkOrder', order, workOrderTexts(store, order), true);
  });
}
