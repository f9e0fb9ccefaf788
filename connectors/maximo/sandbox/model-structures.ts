/** The object structures served, with the children each includes (contract 2.1). */
import { ASSET_MBOS } from './model-assets.ts';
import { WORK_MBOS } from './model-work.ts';
import { buildModel, type Model, type StructureSource } from './model.ts';

const WORK_ORDER_CHILDREN = [
  'woactivity',
  'wplabor',
  'wpmaterial',
  'labtrans',
  'matusetrans',
  'failurereport',
  'assignment',
  'worklog',
  'wostatus',
];

const STRUCTURES: Readonly<Record<string, StructureSource>> = {
  mxapiwodetail: { mbo: 'WORKORDER', children: WORK_ORDER_CHILDREN, application: 'WOTRACK' },
  mxapiwo: {
    mbo: 'WORKORDER',
    children: ['woactivity', 'wplabor', 'wpmaterial', 'worklog'],
    application: 'WOTRACK',
  },
  mxapisr: { mbo: 'SR', children: ['worklog'], application: 'SR' },
  mxapiasset: { mbo: 'ASSET', children: ['assetmeter', 'assetspec'], application: 'ASSET' },
  mxapioperloc: {
    mbo: 'LOCATIONS',
    children: ['lochierarchy', 'locationmeter'],
    filter: { type: 'OPERATING' },
    application: 'LOCATION',
  },
  mxapilocations: { mbo: 'LOCATIONS', children: ['lochierarchy', 'locationmeter'], application: 'LOCATION' },
  mxapiitem: { mbo: 'ITEM', application: 'ITEM' },
  mxapiinventory: { mbo: 'INVENTORY', children: ['invbalances', 'invcost'], application: 'INVENTOR' },
  mxapiinvbal: { mbo: 'INVBALANCES', application: 'INVENTOR' },
  mxapipm: { mbo: 'PM', children: ['pmmeter'], application: 'PM' },
  mxapijobplan: { mbo: 'JOBPLAN', children: ['jobtask'], application: 'JOBPLAN' },
  mxapimeter: { mbo: 'METER', application: 'METER' },
  mxapiassetmeter: { mbo: 'ASSETMETER', children: ['meterreading', 'measurement'], application: 'ASSET' },
  mxapilocationmeter: {
    mbo: 'LOCATIONMETER',
    children: ['meterreading', 'measurement'],
    application: 'LOCATION',
  },
  mxapiperson: { mbo: 'PERSON', children: ['phone', 'email'], application: 'PERSON' },
  mxapilabor: { mbo: 'LABOR', application: 'LABOR' },
  mxapisynonymdomain: { mbo: 'SYNONYMDOMAIN', application: 'DOMAINADM' },
  mxapiworktype: { mbo: 'WORKTYPE', application: 'ORGANIZATI' },
};

export function createModel(): Model {
  return buildModel({ ...WORK_MBOS, ...ASSET_MBOS }, STRUCTURES);
}
