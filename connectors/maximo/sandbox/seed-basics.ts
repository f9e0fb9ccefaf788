/** What every seed holds: domains, work types, people of the users, meters. Times are those of the sandbox's start. */
import type { Database } from './database.ts';
import { seedDomains } from './domains.ts';
import type { Value } from './model.ts';

export const ORG = 'EAGLENA';

const WORK_TYPES: readonly (readonly [string, string])[] = [
  ['CM', 'Corrective Maintenance'],
  ['PM', 'Preventive Maintenance'],
  ['EM', 'Emergency Maintenance'],
  ['EV', 'Event Report'],
  ['CP', 'Capital Project'],
  ['CAL', 'Calibration'],
];

export interface PersonSeed {
  personid: string;
  firstname: string;
  lastname: string;
  email: string;
  title?: string;
  laborcode?: string;
}

export function seedPerson(db: Database, person: PersonSeed, site: string, at: number): void {
  const { personid, firstname, lastname, email, title = null, laborcode } = person;
  db.insert('PERSON', {
    personid,
    displayname: `${firstname} ${lastname}`.trim(),
    firstname,
    lastname,
    title,
    status: 'ACTIVE',
    statusdate: at,
    locationsite: site,
    locationorg: ORG,
    language: 'EN',
  });
  db.insert('EMAIL', { personid, emailaddress: email, type: 'WORK', isprimary: true });
  if (laborcode === undefined) return;
  db.insert('LABOR', { laborcode, orgid: ORG, personid, status: 'ACTIVE', worksite: site });
}

export function seedBasics(db: Database, site: string, at: number): void {
  seedDomains(db);
  for (const woclass of ['WORKORDER', 'ACTIVITY']) {
    for (const [worktype, wtypedesc] of WORK_TYPES) {
      db.insert('WORKTYPE', { orgid: ORG, woclass, worktype, wtypedesc, promptfail: false });
    }
  }
  const users: PersonSeed[] = [
    { personid: 'SYNCUSER', firstname: 'Sync', lastname: 'User', email: 'sync@plant.example' },
    {
      personid: 'WILSON',
      firstname: 'Wilson',
      lastname: 'Hart',
      email: 'wilson@plant.example',
      laborcode: 'WILSON',
    },
  ];
  for (const user of users) seedPerson(db, user, site, at);
  seedPerson(
    db,
    { personid: 'OUTSIDER', firstname: 'Olive', lastname: 'Outside', email: 'olive@plant.example' },
    'HARTFORD',
    at,
  );
  const meters: Record<string, Value>[] = [
    {
      metername: 'RUNHOURS',
      metertype: 'CONTINUOUS',
      readingtype: 'ACTUAL',
      measureunitid: 'HOURS',
      description: 'Run hours',
    },
    { metername: 'TEMP-C', metertype: 'GAUGE', measureunitid: 'DEG C', description: 'Temperature' },
    { metername: 'OILCOLOR', metertype: 'CHARACTERISTIC', description: 'Colour of the oil' },
  ];
  for (const meter of meters) db.insert('METER', meter);
}

/** Common attributes of a row that came into being at a time. */
export function stampedRow(at: number): Record<string, Value> {
  return { changedate: at, changeby: 'WILSON' };
}
