/** Maximo for the conformance suite: with an API key, and over a login session (other root, cookies, expiry). */
import type { ConformanceOptions, EntityFixture } from '../kit/conformance-options.ts';
import type { JsonObject } from '../../domain/json.ts';
import { maximo } from './index.ts';
import { startMaximoSandbox } from './sandbox/index.ts';

const SITE = 'BEDFORD';

/** External ids of the rows of an object that belong to our site, by its key attributes. */
function ids(...key: string[]): NonNullable<EntityFixture['externalIdsOf']> {
  return (record) => {
    if (record.istask === true) return [];
    if (record.siteid !== undefined && record.siteid !== SITE) return [];
    return [key.map((name) => String(record[name])).join('|')];
  };
}

function call(object: string): { method: string; path: string } {
  return { method: 'POST', path: `/os/${object}` };
}

const decommissioned = (raw: JsonObject): boolean => raw.status_maxvalue === 'DECOMMISSIONED';

const fixtures = {
  person: {
    object: 'mxapiperson',
    externalIdsOf: ids('personid'),
    insert: (n: number) => ({
      personid: `CREW${String(n)}`,
      firstname: 'Crew',
      lastname: `Member ${String(n)}`,
    }),
    change: { title: 'Fitter' },
  },
  location: {
    object: 'mxapilocations',
    externalIdsOf: ids('siteid', 'location'),
    insert: (n: number) => ({ location: `AREA${String(n)}`, siteid: SITE, description: `Area ${String(n)}` }),
    change: { description: 'Area, repainted' },
    create: (n: number) => ({
      location: `HALL${String(n)}`,
      description: `Hall ${String(n)}`,
      type: 'OPERATING',
    }),
    createCall: call('mxapilocations'),
    update: { description: 'Hall, extended' },
    updateCall: call('mxapilocations'),
    retired: decommissioned,
    retireCall: call('mxapilocations'),
    refused: { location: 'HALLX', description: 'Hall', type: 'NO SUCH TYPE' },
  },
  asset: {
    object: 'mxapiasset',
    externalIdsOf: ids('siteid', 'assetnum'),
    insert: (n: number) => ({ assetnum: `PUMP${String(n)}`, siteid: SITE, description: `Pump ${String(n)}` }),
    change: { description: 'Pump, overhauled' },
    create: (n: number) => ({
      assetnum: `FAN${String(n)}`,
      description: `Fan ${String(n)}`,
      serialnum: `F-${String(n)}`,
    }),
    createCall: call('mxapiasset'),
    update: { description: 'Fan, balanced' },
    updateCall: call('mxapiasset'),
    retired: decommissioned,
    retireCall: call('mxapiasset'),
    refused: { assetnum: 'FANX', description: 'Fan', location: 'NOWHERE' },
  },
  part: {
    object: 'mxapiitem',
    externalIdsOf: ids('itemsetid', 'itemnum'),
    insert: (n: number) => ({
      itemnum: `BELT${String(n)}`,
      description: `Belt ${String(n)}`,
      issueunit: 'EACH',
    }),
    change: { description: 'Belt, reinforced' },
    create: (n: number) => ({
      itemnum: `SEAL${String(n)}`,
      itemsetid: 'SET1',
      description: `Seal ${String(n)}`,
    }),
    createCall: call('mxapiitem'),
    update: { description: 'Seal, viton' },
    updateCall: call('mxapiitem'),
    retired: (raw) => raw.status === 'OBSOLETE',
    retireCall: call('mxapiitem'),
    refused: { itemnum: 'SEALX', itemsetid: 'SET1', description: 'x'.repeat(200) },
  },
  meter: {
    object: 'mxapiassetmeter',
    externalIdsOf: ids('siteid', 'assetnum', 'metername'),
    insert: (n, sandbox) => {
      sandbox.control.insert('mxapiasset', { assetnum: `ENGINE${String(n)}`, siteid: SITE });
      return { assetnum: `ENGINE${String(n)}`, siteid: SITE, metername: 'RUNHOURS', linearassetmeterid: 0 };
    },
    change: { remarks: 'Replaced the sensor' },
    update: { lastReading: { value: 1250, at: '2026-03-01T08:00:00.000Z' } },
    updateCall: call('mxapiasset'),
    retired: (raw) => raw.active !== true,
    shows: (raw, fields) =>
      'lastReading' in fields ? raw.lastreading === '1250' : raw.remarks === fields.remarks,
  },
  plan: {
    object: 'mxapipm',
    externalIdsOf: ids('siteid', 'pmnum'),
    insert: (n: number) => ({
      pmnum: `PM${String(n)}`,
      siteid: SITE,
      description: `Service ${String(n)}`,
      frequency: 1,
    }),
    change: { description: 'Service, yearly' },
  },
  request: {
    object: 'mxapisr',
    externalIdsOf: ids('class', 'ticketid'),
    insert: (n: number) => ({ class: 'SR', siteid: SITE, description: `Noise ${String(n)}` }),
    change: { description: 'Noise, louder' },
    create: (n: number) => ({ description: `Leak ${String(n)}`, reportedpriority: 2 }),
    createCall: call('mxapisr'),
    update: { description: 'Leak at the valve' },
    updateCall: call('mxapisr'),
    retired: (raw) => raw.status_maxvalue === 'CLOSED',
    retireCall: call('mxapisr'),
    refused: { description: 'Leak', reportedby: 'NOBODY' },
  },
  work_order: {
    object: 'mxapiwodetail',
    externalIdsOf: ids('siteid', 'wonum'),
    insert: (n: number) => ({ siteid: SITE, description: `Replace belt ${String(n)}` }),
    change: { description: 'Replace belt and pulley' },
    create: (n: number) => ({
      description: `Grease bearing ${String(n)}`,
      worktype: 'CM',
      woactivity: [{ taskid: 10, description: 'Clean' }],
    }),
    createCall: call('mxapiwodetail'),
    update: { description: 'Grease both bearings', wopriority: 2 },
    updateCall: call('mxapiwodetail'),
    refused: { description: 'Grease', worktype: 'NOPE' },
    literals: { text: 'description', instant: 'targcompdate', number: 'estdur' },
    commentsOf: (sandbox, externalId) => {
      const orders = sandbox.control.list('mxapiwodetail') as Record<string, unknown>[];
      const order = orders.find(
        (record) => `${String(record.siteid)}|${String(record.wonum)}` === externalId,
      );
      const logs = (order?.worklog ?? []) as Record<string, unknown>[];
      return logs.map((log) => String(log.description_longdescription ?? log.description));
    },
  },
} satisfies ConformanceOptions['fixtures'];

async function start(auth: 'apikey' | 'maxauth') {
  const sandbox = await startMaximoSandbox({ seed: 'empty' });
  const { apiKey = '', user = '', password = '' } = sandbox.credentials;
  const config: JsonObject = { baseUrl: `${sandbox.url}/maximo`, auth, site: SITE };
  const secret: JsonObject = auth === 'apikey' ? { apiKey } : { user, password };
  return { config, secret, sandbox };
}

export const conformance: readonly ConformanceOptions[] = [
  {
    connector: maximo,
    start: () => start('apikey'),
    wrongSecret: { apiKey: 'a-key-nobody-was-given' },
    fixtures,
    sessions: false,
  },
  {
    variant: 'login',
    connector: maximo,
    start: () => start('maxauth'),
    wrongSecret: { user: 'syncuser', password: 'a-wrong-password' },
    fixtures: { work_order: fixtures.work_order },
    sessions: true,
  },
];
