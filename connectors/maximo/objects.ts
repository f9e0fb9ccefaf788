/**
 * Which object structure stands for which entity, what identifies a record there and what is read of it (contract 2.1,
 * 2.3). Selects are explicit and narrow: without one Maximo answers with links only, and `*` is expensive.
 */
import type { Entity } from '../../domain/entities/index.ts';
import type { MaximoConfig } from './config.ts';
import { all, equal } from './where.ts';

export interface VendorObject {
  os: string;
  /** Unique id that never changes; full walks are ordered by it. */
  uid: string;
  /** Attributes of the natural key in the order of the external id. */
  key: readonly string[];
  /** The key attribute that single reads list with `in [...]`. */
  listBy: string;
  /** The number people know the record by. */
  number: string;
  /** Whether records carry a change date (contract 5.1). */
  dated: boolean;
  select: string;
  /** Child sets of the record and the attribute each is ordered by, so that equal content has equal text. */
  children: Readonly<Record<string, string>>;
  /** Dates of child rows whose change may leave the record's own change date alone (contract 5.1). */
  childDates: readonly string[];
  /** Attribute a created record is found again by; null where the natural key serves. */
  reference: string | null;
  /** Synonym domain of `status`. */
  domain: string | null;
  /** The part of every filter that says which rows are ours. */
  scope(config: MaximoConfig): string;
}

const bySite = (config: MaximoConfig): string => equal('siteid', config.site);

const WORK_ORDER_SELECT = [
  'wonum,siteid,orgid,workorderid,woclass,istask,parent,description,description_longdescription,status,statusdate',
  'worktype,wopriority,assetnum,location,failurecode,problemcode,reportedby,reportdate,phone,supervisor,lead,owner',
  'ownergroup,persongroup,vendor,targstartdate,targcompdate,schedstart,schedfinish,actstart,actfinish,estdur',
  'estlabhrs,actlabhrs,actlabcost,actmatcost,acttoolcost,actservcost,jpnum,pmnum,downtime,historyflag,glaccount',
  'changedate,changeby,externalrefid,sourcesysid',
  'woactivity{taskid,wonum,siteid,description,description_longdescription,status,estdur}',
  'worklog{worklogid,description,description_longdescription,logtype,createby,createdate,clientviewable}',
  'labtrans{labtransid,laborcode,craft,regularhrs,startdate,starttime,startdatetime,finishdatetime,transtype}',
  'matusetrans{matusetransid,itemnum,itemsetid,storeloc,quantity,issuetype,unitcost,linecost,actualdate}',
].join(',');

export const OBJECTS: Readonly<Record<Entity, VendorObject>> = {
  person: {
    os: 'mxapiperson',
    uid: 'personuid',
    key: ['personid'],
    listBy: 'personid',
    number: 'personid',
    dated: false,
    select:
      'personid,personuid,displayname,firstname,lastname,status,department,title,supervisor,location,locationsite,primaryemail,primaryphone,timezone,language',
    children: {},
    childDates: [],
    reference: null,
    domain: null,
    scope: () => '',
  },
  location: {
    os: 'mxapilocations',
    uid: 'locationsid',
    key: ['siteid', 'location'],
    listBy: 'location',
    number: 'location',
    dated: true,
    select:
      'location,siteid,orgid,locationsid,description,description_longdescription,type,status,statusdate,disabled,parent,systemid,glaccount,isrepairfacility,changedate,changeby,externalrefid,sourcesysid',
    children: {},
    childDates: [],
    reference: null,
    domain: 'LOCASSETSTATUS',
    scope: bySite,
  },
  asset: {
    os: 'mxapiasset',
    uid: 'assetuid',
    key: ['siteid', 'assetnum'],
    listBy: 'assetnum',
    number: 'assetnum',
    dated: true,
    select:
      'assetnum,siteid,orgid,assetuid,assetid,description,description_longdescription,status,statusdate,location,parent,assettype,serialnum,assettag,manufacturer,vendor,installdate,warrantyexpdate,priority,purchaseprice,replacecost,isrunning,disabled,itemnum,itemsetid,failurecode,glaccount,changedate,changeby,externalrefid,sourcesysid',
    children: {},
    childDates: [],
    reference: null,
    domain: 'LOCASSETSTATUS',
    scope: bySite,
  },
  part: {
    os: 'mxapiitem',
    uid: 'itemid',
    key: ['itemsetid', 'itemnum'],
    listBy: 'itemnum',
    number: 'itemnum',
    dated: false,
    select:
      'itemnum,itemsetid,itemid,description,description_longdescription,itemtype,status,rotating,lottype,issueunit,orderunit,commoditygroup,commodity,externalrefid,sourcesysid',
    children: {},
    childDates: [],
    reference: null,
    domain: 'ITEMSTATUS',
    scope: (config) => (config.itemSet === undefined ? '' : equal('itemsetid', config.itemSet)),
  },
  meter: {
    os: 'mxapiassetmeter',
    uid: 'assetmeterid',
    key: ['siteid', 'assetnum', 'metername'],
    listBy: 'assetnum',
    number: 'metername',
    dated: true,
    select:
      'assetmeterid,assetnum,siteid,orgid,metername,linearassetmeterid,active,lastreading,lastreadingdate,lastreadinginspctr,lifetodate,measureunitid,readingtype,remarks,changedate,changeby',
    children: {},
    childDates: [],
    reference: null,
    domain: null,
    scope: bySite,
  },
  plan: {
    os: 'mxapipm',
    uid: 'pmuid',
    key: ['siteid', 'pmnum'],
    listBy: 'pmnum',
    number: 'pmnum',
    dated: true,
    select:
      'pmnum,siteid,orgid,pmuid,description,description_longdescription,status,assetnum,location,worktype,priority,jpnum,frequency,frequnit,firstdate,nextdate,extdate,lastcompdate,laststartdate,usetargetdate,leadtime,wostatus,supervisor,lead,changedate,changeby,pmmeter{metername,frequency,tolerance}',
    children: { pmmeter: 'metername' },
    childDates: [],
    reference: null,
    domain: null,
    scope: bySite,
  },
  request: {
    os: 'mxapisr',
    uid: 'ticketuid',
    key: ['class', 'ticketid'],
    listBy: 'ticketid',
    number: 'ticketid',
    dated: true,
    select:
      'ticketid,class,ticketuid,siteid,orgid,description,description_longdescription,status,statusdate,assetnum,assetsiteid,location,reportedby,reportdate,reportedphone,reportedemail,affectedperson,affecteddate,reportedpriority,internalpriority,owner,ownergroup,supervisor,targetstart,targetfinish,actualstart,actualfinish,externalrecid,historyflag,changedate,changeby',
    children: {},
    childDates: [],
    reference: 'externalrecid',
    domain: 'SRSTATUS',
    scope: (config) => all(equal('class', 'SR'), bySite(config)),
  },
  work_order: {
    os: 'mxapiwodetail',
    uid: 'workorderid',
    key: ['siteid', 'wonum'],
    listBy: 'wonum',
    number: 'wonum',
    dated: true,
    select: WORK_ORDER_SELECT,
    children: {
      woactivity: 'taskid',
      worklog: 'worklogid',
      labtrans: 'labtransid',
      matusetrans: 'matusetransid',
    },
    // Bookings move the roll-ups of the order and with them its change date; a log entry or a task need not.
    childDates: ['worklog.modifydate', 'woactivity.changedate'],
    reference: 'externalrefid',
    domain: 'WOSTATUS',
    // The table also holds tasks and other classes (contract 7.10).
    scope: (config) => all(bySite(config), equal('woclass', 'WORKORDER'), 'istask=0'),
  },
};

export function externalIdOf(object: VendorObject, values: Readonly<Record<string, unknown>>): string | null {
  const parts: string[] = [];
  for (const name of object.key) {
    const value = values[name];
    if (typeof value !== 'string' || value === '') return null;
    parts.push(value);
  }
  return parts.join('|');
}

/** Key attribute to value; null when the external id does not have the shape of this entity's ids. */
export function keyOf(object: VendorObject, externalId: string): Record<string, string> | null {
  const parts = externalId.split('|');
  // The last part may itself hold the separator.
  if (parts.length > object.key.length) parts.push(parts.splice(object.key.length - 1).join('|'));
  if (parts.length !== object.key.length || parts.includes('')) return null;
  return Object.fromEntries(object.key.map((name, index) => [name, parts[index] ?? '']));
}
