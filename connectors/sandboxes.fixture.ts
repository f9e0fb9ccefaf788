/** How the six vendor sandboxes are called alike: their list of work orders page by page, and what people type there. */
import { startChatterfixSandbox } from './chatterfix/sandbox/index.ts';
import { startCustomSandbox } from './custom/sandbox/index.ts';
import { orderFields, startClient as startFiix } from './fiix/sandbox/test-client.ts';
import type { RunningSandbox } from './kit/sandbox/index.ts';
import { call, type Answer, type Json } from './kit/sandbox/test-client.ts';
import { members, startClient as startMaximo } from './maximo/sandbox/test-client.ts';
import { ORDERS, startClient as startSap } from './sap-pm/sandbox/test-client.ts';
import { startUpkeepSandbox } from './upkeep/sandbox/index.ts';

export interface ShownPage {
  status: number;
  text: string;
  rows: Json[];
}

/** One element of a list within a record. */
interface ListCase {
  list: string;
  add: Json;
  change: Json;
}

export interface Stand {
  sandbox: RunningSandbox;
  /** Of work orders. */
  object: string;
  title: string;
  /** What a new one needs beside its title. */
  more: Json;
  /** `number` from 0. */
  page(number: number, size: number): Promise<ShownPage>;
  /** Of a record that `more` and a title made; empty where the records hold no lists. */
  lists: readonly ListCase[];
}

function shown(answer: Answer, rows: unknown): ShownPage {
  return { status: answer.status, text: answer.text, rows: Array.isArray(rows) ? (rows as Json[]) : [] };
}

async function upkeep(seed: string): Promise<Stand> {
  const sandbox = await startUpkeepSandbox({ seed });
  const headers = { 'session-token': sandbox.credentials['token'] ?? '' };
  const part = sandbox.control.insert('parts', { name: 'Seal' }) as { id: string };
  return {
    ...{ sandbox, object: 'work-orders', title: 'title', more: {} },
    async page(number, size) {
      const query = `limit=${size}&offset=${number * size}`;
      const answer = await call(`${sandbox.url}/api/v2/work-orders?${query}`, { headers });
      return shown(answer, answer.body['results']);
    },
    lists: [{ list: 'parts', add: { part: part.id, quantity: 2 }, change: { quantity: 3 } }],
  };
}

async function custom(seed: string): Promise<Stand> {
  const sandbox = await startCustomSandbox({ seed });
  const headers = { authorization: `Bearer ${sandbox.credentials['apiKey'] ?? ''}` };
  sandbox.control.setDial('paging', 'offset');
  const part = sandbox.control.insert('parts', { name: 'Seal' }) as { id: string };
  return {
    ...{ sandbox, object: 'work-orders', title: 'title', more: {} },
    async page(number, size) {
      const query = `limit=${size}&offset=${number * size}`;
      const answer = await call(`${sandbox.url}/api/work-orders?${query}`, { headers });
      return shown(answer, answer.body['work_orders']);
    },
    lists: [
      { list: 'tasks', add: { sequence_order: 1, title: 'Look' }, change: { title: 'Listen' } },
      { list: 'parts', add: { part_id: part.id, quantity: 2 }, change: { quantity: 3 } },
    ],
  };
}

async function chatterfix(seed: string): Promise<Stand> {
  const sandbox = await startChatterfixSandbox({ seed });
  return {
    ...{ sandbox, object: 'work-orders', title: 'title', more: { description: 'd' } },
    async page(number, size) {
      const query = `limit=${size}&offset=${number * size}`;
      const answer = await call(`${sandbox.url}/api/work-orders?${query}`);
      return shown(answer, answer.list);
    },
    lists: [],
  };
}

async function fiix(seed: string): Promise<Stand> {
  const client = await startFiix({ seed });
  const { sandbox } = client;
  const { strDescription: _, ...more } =
    seed === 'empty'
      ? await orderFields(client)
      : {
          intSiteID: await client.idOf('Asset', 'Pit Mine'),
          intWorkOrderStatusID: await client.idOf('WorkOrderStatus', 'Open'),
        };
  return {
    ...{ sandbox, object: 'WorkOrder', title: 'strDescription', more },
    async page(number, size) {
      const window = { startIndex: number * size, maxObjects: size, orderBy: 'id' };
      const reply = await client.find('WorkOrder', { fields: 'id, strDescription', ...window });
      const status = reply.error === undefined ? reply.status : 400;
      return { status, text: reply.text, rows: reply.objects };
    },
    lists: [
      {
        list: 'tasks',
        add: { strDescription: 'Look', intTaskType: 0 },
        change: { strDescription: 'Listen' },
      },
      { list: 'costs', add: { strDescription: 'Crane' }, change: { strDescription: 'Two cranes' } },
    ],
  };
}

async function maximo(seed: string): Promise<Stand> {
  const client = await startMaximo({ seed });
  const site = seed === 'empty' || seed === 'two-sites' ? 'BEDFORD' : 'PITMINE';
  return {
    ...{ sandbox: client.sandbox, object: 'mxapiwodetail', title: 'description' },
    more: { siteid: site, orgid: 'EAGLENA' },
    async page(number, size) {
      const window = { 'oslc.pageSize': String(size), pageno: String(number + 1) };
      const answer = await client.api('os/mxapiwodetail', { 'oslc.select': 'wonum,description', ...window });
      return shown(answer, members(answer));
    },
    lists: [
      { list: 'tasks', add: { description: 'Look', taskid: 10 }, change: { description: 'Listen' } },
      {
        list: 'comments',
        add: { description: 'Seen', logtype: 'CLIENTNOTE' },
        change: { description: 'Heard' },
      },
      {
        list: 'planned_labour',
        add: { laborcode: 'TBAKER', laborhrs: 2 },
        change: { laborhrs: 3 },
      },
      {
        list: 'planned_parts',
        add: { itemnum: 'FILTER-OIL', itemqty: 2, location: 'CENTRAL' },
        change: { itemqty: 3 },
      },
    ],
  };
}

async function sapPm(seed: string): Promise<Stand> {
  const client = await startSap({ seed });
  return {
    ...{ sandbox: client.sandbox, object: 'MaintenanceOrder', title: 'MaintenanceOrderDesc' },
    more: {
      ...{ MaintenanceOrderType: 'PM01', MaintenancePlanningPlant: '1000', MainWorkCenter: 'MECH-01' },
    },
    async page(number, size) {
      const answer = await client.get(`${ORDERS}/MaintenanceOrder?$top=${size}&$skip=${number * size}`);
      return shown(answer, answer.rows);
    },
    lists: [
      {
        list: 'tasks',
        add: { OperationDescription: 'Look' },
        change: { OperationDescription: 'Listen' },
      },
      {
        list: 'planned_parts',
        add: { MaintenanceOrderOperation: '0010', Product: 'GET-120-T', QuantityInUnitOfEntry: 2 },
        change: { QuantityInUnitOfEntry: 3 },
      },
    ],
  };
}

export const STANDS: Readonly<Record<string, (seed: string) => Promise<Stand>>> = {
  ...{ upkeep, custom, chatterfix, fiix, maximo },
  sap_pm: sapPm,
};

/** A work order as a person types it. */
export function typed({ sandbox, object, title, more }: Stand, text: string): Json {
  return sandbox.control.insert(object, { ...more, [title]: text }) as Json;
}
